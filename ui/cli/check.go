package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/builder/design"
)

func (a *app) checkCommand() *cobra.Command {
	return &cobra.Command{
		Use:               "check FILE",
		Short:             "Name everything that is wrong with a design",
		Long:              "Check reads a design and names all its problems at once, each with its line,\nits field, the reason and the way out. It needs no network.",
		Example:           "  isowright check rescue.isowright",
		Args:              arguments(0, "FILE"),
		ValidArgsFunction: completeDesigns(1),
		RunE:              func(_ *cobra.Command, args []string) error { return a.check(args[0]) },
	}
}

// checkResult is check's JSON where nothing is wrong.
type checkResult struct {
	File     string           `json:"file"`
	ID       string           `json:"id"`
	Problems []design.Problem `json:"problems"`
}

func (a *app) check(file string) error {
	d, err := loadDesign(file)
	if err != nil {
		return err
	}
	if a.json {
		return a.printJSON(checkResult{File: file, ID: design.ID(d), Problems: []design.Problem{}})
	}
	_, err = fmt.Fprintf(a.Stdout, "%s: no problems\n", file)
	return err
}
