package cli

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/flash/drives"
	"github.com/isowright/isowright/ui/flashing"
)

// flashFlags are those of the command flash.
type flashFlags struct {
	consentFlags
	full, noVerify, eject bool
	sha256                string
}

func (a *app) flashCommand() *cobra.Command {
	var f flashFlags
	c := &cobra.Command{
		Use:   "flash IMAGE DEVICE...",
		Short: "Write an image to USB sticks and prove that it is there",
		Long: "Flash writes an image to one drive or several and reads every byte back. What a\n" +
			"stick holds already is not written again, so flashing a new build is quick, and\n" +
			"so is going on after an interruption; --full writes everything. A compressed image\n" +
			"(gz, xz, zst, bz2) is unpacked on the way. A checksum beside the image\n" +
			"(IMAGE.sha256) is checked.\n\n" +
			"The first MiB of a stick is blank from before the first byte until all others are\n" +
			"proven: a stick that was left half-written never looks bootable.\n\n" +
			"DEVICE is a path (/dev/sdb), a name in /dev/disk/by-id or a serial number. On a\n" +
			"terminal you are shown what will be lost and asked. In scripts give --yes, for\n" +
			"which DEVICE has to be a name that no other drive can have: `isowright devices`\n" +
			"prints it as ID. The disks of the running system are refused, always.",
		Example: "  isowright flash rescue.iso /dev/sdb\n" +
			"  isowright flash rescue.iso usb-SanDisk_Ultra_4C5300-0:0 --yes --eject",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) < 2 {
				return arguments(0, "IMAGE", "DEVICE")(c, args)
			}
			return nil
		},
		ValidArgsFunction: func(c *cobra.Command, args []string, word string) ([]string, cobra.ShellCompDirective) {
			if len(args) == 0 {
				return nil, cobra.ShellCompDirectiveDefault
			}
			return a.completeDrives(c, args, word)
		},
		RunE: func(c *cobra.Command, args []string) error { return a.flash(c.Context(), args[0], args[1:], f) },
	}
	f.add(c)
	flags := c.Flags()
	flags.BoolVar(&f.full, "full", false, "write everything, also what the stick holds already")
	flags.BoolVar(&f.noVerify, "no-verify", false, "do not read back; the stick then counts as written, not verified")
	flags.BoolVar(&f.eject, "eject", false, "eject the stick when it is done")
	flags.StringVar(&f.sha256, "sha256", "", "the image must have this checksum, in `HEX` digits (of its content where it is compressed)")
	return c
}

// flashed is the outcome for one drive.
type flashed struct {
	Device string       `json:"device"`
	ID     string       `json:"id"`
	Report flash.Report `json:"report"`
	Error  string       `json:"error,omitempty"`
	Kind   flash.Kind   `json:"kind,omitempty"`
}

func (a *app) flash(ctx context.Context, path string, words []string, f flashFlags) error {
	image, err := flash.OpenImage(path)
	if err != nil {
		return err
	}
	o := flash.Options{Full: f.full, NoVerify: f.noVerify, Inhibit: flash.InhibitSleep, SHA256: strings.ToLower(f.sha256)}
	if o.SHA256 == "" {
		if o.SHA256, o.FileSHA256, err = flash.SumsBeside(image); err != nil {
			return err
		}
	}
	job := &flashJob{app: a, image: image, path: path}
	if job.info, err = flash.Describe(ctx, image, drives.Live()); err != nil {
		return err
	}
	if err := job.choose(ctx, words, f.consentFlags, "write "+filepath.Base(path)); err != nil {
		return err
	}
	sticks, err := job.open(ctx, f.eject)
	if err != nil {
		return err
	}
	display := a.startProgress()
	defer display.stop()
	together := flashing.NewTogether(len(sticks), display.report)
	for i := range sticks {
		sticks[i].Progress = together.Sink(i)
	}
	started := a.Now
	results := flash.WriteAll(ctx, sticks, image, o)
	failed := firstError(results)
	if failed == nil {
		display.done()
	} else {
		display.stop()
	}
	for i, r := range results {
		a.journal(flashing.FlashRecord("flash", path, job.chosen[i].Drive, r, started, time.Now()))
	}
	return a.printFlashed(job, results)
}

func firstError(results []flash.Result) error {
	for _, r := range results {
		if r.Err != nil {
			return r.Err
		}
	}
	return nil
}

// flashJob is what is to be written where.
type flashJob struct {
	*app
	image  flash.Image
	path   string
	info   flash.ImageInfo
	chosen []flashing.Chosen
}

// open opens the chosen drives.
func (j *flashJob) open(ctx context.Context, eject bool) ([]flash.Stick, error) {
	return j.computer().OpenSticks(ctx, j.chosen, j.info, eject)
}

// computer is this one.
func (a *app) computer() flashing.Computer { return flashing.Here(a.terminal()) }

// printFlashed tells how it ended. The error of the first stick that failed
// decides the exit code.
func (a *app) printFlashed(j *flashJob, results []flash.Result) error {
	list := make([]flashed, len(results))
	for i, r := range results {
		d := j.chosen[i].Drive
		list[i] = flashed{Device: d.Path, ID: flashing.DriveID(d), Report: r.Report}
		if r.Err != nil {
			list[i].Error = r.Err.Error()
			if e := (*flash.Error)(nil); errors.As(r.Err, &e) {
				list[i].Kind = e.Kind
			}
		}
	}
	failed := firstError(results)
	if a.json {
		if err := a.printJSON(map[string]any{"image": j.path, "sticks": list}); err != nil {
			return err
		}
		return failed
	}
	for i, r := range results {
		if r.Err == nil {
			fmt.Fprintln(a.Stdout, outcome(j.chosen[i].Drive, r.Report))
		} else if len(results) > 1 {
			fmt.Fprintf(a.Stdout, "%s: %v\n", j.chosen[i].Drive.Path, r.Err)
		}
		for _, note := range r.Report.Notes {
			fmt.Fprintf(a.Stdout, "  %s\n", note)
		}
		if r.Err != nil {
			fmt.Fprintln(a.Stdout, firstMiB(j.chosen[i].Drive, r.Report.FirstMiB))
		}
	}
	return failed
}

// outcome is a success in words. What was not read back is never called done.
func outcome(d drives.Drive, r flash.Report) string {
	word := "written, not verified"
	if r.Verified {
		word = "verified"
	}
	text := fmt.Sprintf("%s (%s): %s. %s, %s written, %s there already; SHA-256 %s", d.Path, driveName(d), word,
		size(r.Size), size(r.Written), size(r.Kept), r.SHA256)
	if r.Ejected {
		text += "\n  It can be pulled out."
	}
	return text
}

// firstMiB says what a stick is after a failure.
func firstMiB(d drives.Drive, f flash.FirstMiB) string {
	switch f {
	case flash.FirstUntouched:
		return d.Path + " was not written to."
	case flash.FirstBlank:
		return d.Path + " does not boot: write it again, or make it usable with `isowright restore`."
	}
	return d.Path + " may hold anything: write it again, or make it usable with `isowright restore`."
}
