package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/ui/flashing"
)

// restoreFlags are those of the command restore.
type restoreFlags struct {
	consentFlags
	gpt, eject bool
	label      string
}

func (a *app) restoreCommand() *cobra.Command {
	var f restoreFlags
	c := &cobra.Command{
		Use:   "restore DEVICE",
		Short: "Make a flashed stick an empty one again",
		Long: "Restore gives a drive one partition with an empty FAT32 file system, so that it\n" +
			"can carry files as before. Everything on it is lost; you are asked as by flash.",
		Example:           "  isowright restore /dev/sdb\n  isowright restore usb-SanDisk_Ultra_4C5300-0:0 --yes --label STICK",
		Args:              arguments(0, "DEVICE"),
		ValidArgsFunction: a.completeDrives,
		RunE:              func(c *cobra.Command, args []string) error { return a.restore(c.Context(), args[0], f) },
	}
	f.add(c)
	flags := c.Flags()
	flags.BoolVar(&f.gpt, "gpt", false, "make a GPT instead of an MBR")
	flags.StringVar(&f.label, "label", "", "`LABEL` of the file system, at most 11 capital letters and digits")
	flags.BoolVar(&f.eject, "eject", false, "eject the stick when it is done")
	return c
}

func (a *app) restore(ctx context.Context, word string, f restoreFlags) error {
	// Nothing is written that could not fit or start.
	job := &flashJob{app: a, info: flash.ImageInfo{Boot: flash.BootDisk}}
	if err := job.choose(ctx, []string{word}, f.consentFlags, "make it an empty stick"); err != nil {
		return err
	}
	sticks, err := job.open(ctx, f.eject)
	if err != nil {
		return err
	}
	display := a.startProgress()
	defer display.stop()
	sticks[0].Progress = flashing.Underway(display.report)
	report, err := flash.Restore(ctx, sticks[0], flash.RestoreOptions{GPT: f.gpt, Label: f.label})
	d := job.chosen[0].Drive
	a.journal(flashing.Record("restore", d, a.Now, time.Now(), err))
	if err == nil {
		display.done()
	}
	if a.json {
		if printed := a.printJSON(map[string]any{"device": d.Path, "id": flashing.DriveID(d), "report": report}); printed != nil {
			return printed
		}
		return err
	}
	if err == nil {
		fmt.Fprintf(a.Stdout, "%s (%s) is empty and ready for files.\n", d.Path, driveName(d))
	}
	return err
}
