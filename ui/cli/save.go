package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/ui/flashing"
)

// saveFlags are those of the command save.
type saveFlags struct{ used, force bool }

func (a *app) saveCommand() *cobra.Command {
	var f saveFlags
	c := &cobra.Command{
		Use:   "save DEVICE FILE",
		Short: "Copy a drive to a file",
		Long: "Save copies a drive to a file, which gets its name when it is complete. Zeros take\n" +
			"no space in it. With --used the copy ends behind the last partition.",
		Example: "  isowright save /dev/sdb stick.img\n  isowright save /dev/sdb stick.img --used",
		Args:    arguments(0, "DEVICE", "FILE"),
		ValidArgsFunction: func(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
			if len(args) > 0 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return a.completeDrives(c, args, word)
		},
		RunE: func(c *cobra.Command, args []string) error { return a.save(c.Context(), args[0], args[1], f) },
	}
	c.Flags().BoolVar(&f.used, "used", false, "stop behind the last partition")
	c.Flags().BoolVar(&f.force, "force", false, "replace FILE")
	return c
}

func (a *app) save(ctx context.Context, word, path string, f saveFlags) error {
	if _, err := os.Lstat(path); !f.force && !errors.Is(err, fs.ErrNotExist) {
		return &refusedError{text: path + " is there already", hint: "Choose another name, or replace it with --force."}
	}
	d, target, err := a.openToRead(ctx, word)
	if err != nil {
		return err
	}
	o := flash.SaveOptions{}
	if f.used {
		o.End = flash.UsedEnd(d.Parts)
	}
	display := a.startProgress()
	defer display.stop()
	o.Progress = display.report
	saved, err := flash.Save(ctx, target, path, o)
	record := flashing.Record("save", d, a.Now, time.Now(), err)
	record.Image, record.Size, record.SHA256 = path, saved.Size, saved.SHA256
	a.journal(record)
	if err != nil {
		return err
	}
	display.done()
	if a.json {
		return a.printJSON(map[string]any{"device": d.Path, "file": path, "saved": saved})
	}
	fmt.Fprintf(a.Stdout, "%s: %s of %s, SHA-256 %s\n", plain(path), size(saved.Size), d.Path, saved.SHA256)
	return nil
}
