package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/flash/drives"
	"github.com/isowright/isowright/ui/flashing"
)

func (a *app) devicesCommand() *cobra.Command {
	var watch bool
	c := &cobra.Command{
		Use:   "devices",
		Short: "List the drives of this computer, and which of them may be written",
		Long: "Devices lists every drive with its size, bus and serial number, and says which\n" +
			"can be flashed and, for the others, why not. The disks that the running system\n" +
			"needs are found through every layer; nothing can write them.\n\n" +
			"The name in the column ID stays with a stick wherever it is plugged in; flash\n" +
			"and restore want it where they are not to ask (--yes).",
		Example:           "  isowright devices\n  isowright devices --json\n  isowright devices --watch",
		Args:              arguments(0),
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE: func(c *cobra.Command, _ []string) error {
			if watch {
				return a.watchDevices(c.Context())
			}
			all, err := a.listDrives(c.Context())
			if err != nil {
				return err
			}
			return a.printDevices(all)
		},
	}
	c.Flags().BoolVar(&watch, "watch", false, "go on, and list them again whenever one comes or goes")
	return c
}

// device is a drive as the list shows it.
type device struct {
	drives.Drive
	// ID is the name that --yes takes.
	ID string `json:"id"`
	// Writable: nothing stands against it for good.
	Writable bool            `json:"writable"`
	Against  []flash.Refusal `json:"against,omitempty"`
}

// describeDevice holds a drive against the rules, without an image.
func describeDevice(d drives.Drive) device {
	// An image of no length fits everywhere and says nothing of itself.
	image := flash.ImageInfo{Boot: flash.BootDisk}
	all := flash.Check(d, image, drives.Identity{})
	never := func(r flash.Refusal) bool { return r.Level == flash.Never }
	return device{Drive: d, ID: flashing.DriveID(d), Writable: !slices.ContainsFunc(all, never), Against: all}
}

func (a *app) listDrives(ctx context.Context) ([]drives.Drive, error) {
	return a.computer().Drives(ctx)
}

func (a *app) printDevices(all []drives.Drive) error {
	list := make([]device, len(all))
	for i, d := range all {
		list[i] = describeDevice(d)
	}
	if a.json {
		return a.printJSON(map[string]any{"devices": list})
	}
	writeDevices(a.Stdout, list)
	return nil
}

// writeDevices writes the drives that can be written first.
func writeDevices(w io.Writer, list []device) {
	if len(list) == 0 {
		fmt.Fprintln(w, "There is no drive.")
		return
	}
	for _, writable := range []bool{true, false} {
		head := "Drives that can be written:"
		if !writable {
			head = "Drives that cannot:"
		}
		for _, d := range list {
			if d.Writable != writable {
				continue
			}
			if head != "" {
				fmt.Fprintln(w, head)
				head = ""
			}
			writeDevice(w, d)
		}
	}
}

func writeDevice(w io.Writer, d device) {
	parts := []string{d.Path, driveName(d.Drive), flash.HumanSize(d.Size)}
	if d.Bus != "" {
		parts = append(parts, d.Bus)
	}
	if d.Serial != "" {
		parts = append(parts, "serial "+d.Serial)
	}
	fmt.Fprintf(w, "  %s\n", strings.Join(parts, "  "))
	fmt.Fprintf(w, "      ID: %s\n", d.ID)
	for _, p := range d.Parts {
		fmt.Fprintf(w, "      %s\n", partLine(p))
	}
	for _, r := range d.Against {
		fmt.Fprintf(w, "      %s: %s\n", r.Level, r.Text)
	}
}

// partLine is a partition in words.
func partLine(p drives.Part) string {
	words := []string{p.Path, flash.HumanSize(p.Size)}
	if p.FileSystem != "" {
		words = append(words, p.FileSystem)
	}
	if p.Label != "" {
		words = append(words, quote(p.Label))
	}
	if len(p.Mounts) > 0 {
		words = append(words, "mounted on "+plain(strings.Join(p.Mounts, ", ")))
	}
	return strings.Join(words, "  ")
}

// driveName is what stands on the drive.
func driveName(d drives.Drive) string {
	if name := flashing.DriveName(d); name != "" {
		return name
	}
	return "(no name)"
}

// findDrive finds the drive that a word on the command line means. sure says
// that the word is a name of this drive, not only of the place it is in.
func findDrive(all []drives.Drive, word string) (d drives.Drive, sure bool, err error) {
	var places, names []drives.Drive
	for _, d := range all {
		switch {
		case slices.Contains(d.ByID, flashing.ByIDFolder+strings.TrimPrefix(word, flashing.ByIDFolder)),
			d.Serial != "" && d.Serial == word,
			d.Sequence != 0 && flashing.SequencePrefix+strconv.FormatUint(d.Sequence, 10) == word:
			names = append(names, d)
		case d.Path == word || d.Name == word:
			places = append(places, d)
		}
	}
	switch {
	case len(names) == 1:
		return names[0], true, nil
	case len(names) > 1:
		return d, false, &refusedError{text: fmt.Sprintf("%d drives have the name %s", len(names), quote(word)),
			hint: "Name the one by its path: isowright devices lists them."}
	case len(places) == 1:
		return places[0], false, nil
	}
	return d, false, &hintedError{err: noDrive(all, word), hint: "`isowright devices` lists the drives. Give a whole drive, not a partition."}
}

func noDrive(all []drives.Drive, word string) error {
	for _, d := range all {
		for _, p := range d.Parts {
			if p.Number > 0 && p.Path == word {
				return fmt.Errorf("%s is a partition of %s", word, d.Path)
			}
		}
	}
	return fmt.Errorf("there is no drive %s", quote(word))
}

// watchDevices prints the list anew with every change, until it is cancelled.
func (a *app) watchDevices(ctx context.Context) error {
	for u := range drives.Watch(ctx, drives.Live()) {
		if u.Err != nil {
			return fmt.Errorf("watch the drives: %w", u.Err)
		}
		if err := a.printDevices(u.Drives); err != nil {
			return err
		}
		if !a.json {
			fmt.Fprintln(a.Stdout)
		}
	}
	if errors.Is(ctx.Err(), context.Canceled) {
		return ctx.Err()
	}
	return nil
}

// completeDrives are the names of the drives that can be written.
func (a *app) completeDrives(c *cobra.Command, _ []string, _ string) ([]string, cobra.ShellCompDirective) {
	all, err := drives.List(c.Context(), drives.Live())
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	var names []string
	for _, d := range all {
		if describeDevice(d).Writable {
			names = append(names, fmt.Sprintf("%s\t%s, %s", d.Path, driveName(d), flash.HumanSize(d.Size)))
		}
	}
	return names, cobra.ShellCompDirectiveNoFileComp
}
