package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/ui/flashing"
)

func (a *app) capacityCommand() *cobra.Command {
	var f consentFlags
	var full bool
	c := &cobra.Command{
		Use:   "capacity DEVICE",
		Short: "Find out whether a stick has the memory that it claims",
		Long: "Capacity writes to about a hundred places of a drive, reads them back, and puts\n" +
			"back what was there. With --full the whole drive is written and everything on it\n" +
			"is lost, but no counterfeit can hide. You are asked as by flash.",
		Example:           "  isowright capacity /dev/sdb\n  isowright capacity /dev/sdb --full",
		Args:              arguments(0, "DEVICE"),
		ValidArgsFunction: a.completeDrives,
		RunE:              func(c *cobra.Command, args []string) error { return a.capacity(c.Context(), args[0], full, f) },
	}
	f.add(c)
	c.Flags().BoolVar(&full, "full", false, "write and read the whole drive")
	return c
}

// errCounterfeit is a stick that claims too much.
type errCounterfeit struct{ verdict string }

func (e *errCounterfeit) Error() string { return e.verdict }

func (a *app) capacity(ctx context.Context, word string, full bool, f consentFlags) error {
	job := &flashJob{app: a, info: flash.ImageInfo{Boot: flash.BootDisk}}
	if err := job.choose(ctx, []string{word}, f, "test its capacity"); err != nil {
		return err
	}
	sticks, err := job.open(ctx, false)
	if err != nil {
		return err
	}
	display := a.startProgress()
	defer display.stop()
	d := job.chosen[0].Drive
	found, err := flash.CheckCapacity(ctx, sticks[0].Target,
		flash.CapacityOptions{Full: full, Progress: display.report, Seed: uint64(a.Now.UnixNano())})
	if err == nil {
		display.done()
		if !found.Genuine {
			err = &errCounterfeit{found.Verdict}
		}
	}
	a.journal(flashing.Record("capacity", d, a.Now, time.Now(), err))
	if a.json {
		if printed := a.printJSON(map[string]any{"device": d.Path, "id": flashing.DriveID(d), "capacity": found}); printed != nil {
			return printed
		}
		return err
	}
	if err == nil {
		fmt.Fprintf(a.Stdout, "%s (%s): %s\n", d.Path, driveName(d), found.Verdict)
	}
	return err
}
