package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
)

func (a *app) checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "check FILE",
		Short:             "Name everything that is wrong with a design",
		Long:              "Check reads a design and names all its problems at once, each with its line,\nits field, the reason and the way out, and warns of what the boot menu will not show\nas it was meant. It needs no network.",
		Example:           "  isowright check rescue.isowright",
		Args:              arguments(0, "FILE"),
		ValidArgsFunction: completeDesigns(1),
		RunE:              func(c *cobra.Command, args []string) error { return a.check(c.Context(), args[0]) },
	}
}

// checkResult is check's JSON where nothing is wrong.
type checkResult struct {
	File     string           `json:"file"`
	ID       string           `json:"id"`
	Problems []design.Problem `json:"problems"`
	// Warnings are what the boot menu will not show as it was meant.
	Warnings []grub.Warning `json:"warnings"`
}

func (a *app) check(ctx context.Context, file string) error {
	d, err := loadDesign(file)
	if err != nil {
		return err
	}
	warnings, err := a.menuWarnings(ctx, d)
	if err != nil {
		return inFile(file, err)
	}
	if a.json {
		if warnings == nil {
			warnings = []grub.Warning{}
		}
		return a.printJSON(checkResult{File: file, ID: design.ID(d), Problems: []design.Problem{}, Warnings: warnings})
	}
	a.printWarnings(warnings)
	_, err = fmt.Fprintf(a.Stdout, "%s: no problems\n", file)
	return err
}
