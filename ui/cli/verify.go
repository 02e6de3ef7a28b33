package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/flash/drives"
	"github.com/isowright/isowright/ui/flashing"
)

func (a *app) verifyCommand() *cobra.Command {
	var sha256 string
	c := &cobra.Command{
		Use:   "verify IMAGE DEVICE",
		Short: "Compare a drive with an image, byte by byte",
		Long: "Verify reads a drive past every cache and compares it with an image, which may be\n" +
			"compressed. Nothing is written. A difference is told with its place.",
		Example:           "  isowright verify rescue.iso /dev/sdb\n  isowright verify rescue.iso /dev/sdb --json",
		Args:              arguments(0, "IMAGE", "DEVICE"),
		ValidArgsFunction: a.completeImageAndDrive,
		RunE:              func(c *cobra.Command, args []string) error { return a.verify(c.Context(), args[0], args[1], sha256) },
	}
	c.Flags().StringVar(&sha256, "sha256", "", "the image must have this checksum, in `HEX` digits")
	return c
}

func (a *app) completeImageAndDrive(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
	if len(args) == 0 {
		return nil, cobra.ShellCompDirectiveDefault
	}
	return a.completeDrives(c, args, word)
}

func (a *app) verify(ctx context.Context, path, word, sha256 string) error {
	image, err := flash.OpenImage(path)
	if err != nil {
		return err
	}
	o := flash.VerifyOptions{SHA256: sha256}
	if sha256 == "" {
		if o.SHA256, o.FileSHA256, err = flash.SumsBeside(image); err != nil {
			return err
		}
	}
	d, target, err := a.openToRead(ctx, word)
	if err != nil {
		return err
	}
	display := a.startProgress()
	defer display.stop()
	o.Progress = display.report
	found, err := flash.Verify(ctx, target, image, o)
	if err == nil {
		display.done()
	}
	a.journal(flashing.FlashRecord("verify", path, d, flashing.VerifyResult(found, err), a.Now, time.Now()))
	if a.json {
		if printed := a.printJSON(map[string]any{"image": path, "device": d.Path, "id": flashing.DriveID(d), "equal": err == nil, "comparison": found}); printed != nil {
			return printed
		}
		return err
	}
	if err == nil {
		fmt.Fprintf(a.Stdout, "%s (%s) holds %s: %s compared, SHA-256 %s\n", d.Path, driveName(d), plain(path), size(found.Compared), found.SHA256)
	}
	return err
}

// openToRead opens a drive of which nothing will change. Any may be read.
func (a *app) openToRead(ctx context.Context, word string) (drives.Drive, flash.Target, error) {
	all, err := a.listDrives(ctx)
	if err != nil {
		return drives.Drive{}, nil, err
	}
	d, _, err := findDrive(all, word)
	if err != nil {
		return d, nil, err
	}
	target, err := a.computer().OpenToRead(ctx, d)
	return d, target, err
}
