package cli

import (
	"context"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/builder/plan"
)

func (a *app) planCommand() *cobra.Command {
	var f builderFlags
	var all bool
	c := &cobra.Command{
		Use:   "plan FILE",
		Short: "Show what a design will become, without building it",
		Long: "Plan resolves a design against the present state of the distribution's\n" +
			"archive: exact packages with versions and sizes, users, services, files, the\n" +
			"kernel's command line, the boot menu and the size of the result. Only the\n" +
			"archive's indexes are fetched. With --json it prints the plan, which diff reads.",
		Example:           "  isowright plan rescue.isowright\n  isowright plan rescue.isowright --json > rescue.plan",
		Args:              arguments(0, "FILE"),
		ValidArgsFunction: completeDesigns(1),
		RunE: func(c *cobra.Command, args []string) error {
			p, err := a.makePlan(c.Context(), args[0], f)
			if err != nil {
				return err
			}
			if a.json {
				return a.printJSON(p)
			}
			return printPlan(a.Stdout, p, all)
		},
	}
	f.add(c)
	c.Flags().BoolVar(&all, "packages", false, "list all packages, not only those the design names")
	return c
}

// makePlan loads a design and plans it, with progress.
func (a *app) makePlan(ctx context.Context, file string, f builderFlags) (plan.Plan, error) {
	f.nix.design = file
	d, err := loadDesign(file)
	if err != nil {
		return plan.Plan{}, err
	}
	show := a.startProgress()
	defer show.stop()
	o, err := a.options(f, show.report)
	if err != nil {
		return plan.Plan{}, err
	}
	p, err := a.Actions.Plan(ctx, d, o)
	if err != nil {
		return p, inFile(file, err)
	}
	show.done()
	return p, nil
}
