package cli

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"
)

func (a *app) exportCommand() *cobra.Command {
	var f builderFlags
	var dir string
	c := &cobra.Command{
		Use:   "export FILE -o DIR",
		Short: "Write a design in the distribution's own terms",
		Long: "Export writes into a folder what the distribution's own tools need to make the\n" +
			"same system without Isowright: for Debian the list of packages, the\n" +
			"configuration files and the bootstrap command.",
		Example:           "  isowright export rescue.isowright -o rescue-source",
		Args:              arguments(0, "FILE"),
		ValidArgsFunction: completeDesigns(1),
		RunE: func(c *cobra.Command, args []string) error {
			if dir == "" {
				return &usageError{text: "export: the folder to write into is missing", hint: "Name it with -o DIR."}
			}
			return a.export(c.Context(), args[0], dir, f)
		},
	}
	f.add(c)
	c.Flags().StringVarP(&dir, "output", "o", "", "`DIR` to write into")
	c.MarkFlagDirname("output")
	return c
}

func (a *app) export(ctx context.Context, file, dir string, f builderFlags) error {
	d, err := loadDesign(file)
	if err != nil {
		return err
	}
	show := a.startProgress()
	defer show.stop()
	o, err := a.options(f, show.report)
	if err != nil {
		return err
	}
	if err := a.Actions.Export(ctx, d, dir, o); err != nil {
		return inFile(file, err)
	}
	show.done()
	if a.json {
		return a.printJSON(map[string]string{"file": file, "folder": dir})
	}
	_, err = fmt.Fprintf(a.Stdout, "The source of %s is in %s\n", file, dir)
	return err
}
