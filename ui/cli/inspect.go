package cli

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/builder/inspect"
	"github.com/isowright/isowright/builder/tree"
)

func (a *app) inspectCommand() *cobra.Command {
	var extract string
	c := &cobra.Command{
		Use:   "inspect IMAGE [PATH]",
		Short: "Look into an image",
		Long: "Inspect tells what an image is: volume, boot records, partitions, which\n" +
			"firmware can start it from which medium, boot menu, SquashFS, packages. It reads\n" +
			"any ISO 9660 image and any SquashFS.\n\n" +
			"With PATH it lists a folder or prints a file of the medium. A path goes on into\n" +
			"a SquashFS (live/ID/filesystem.squashfs/etc/hostname); root: in front means the\n" +
			"system's tree (root:/etc/hostname).",
		Example: "  isowright inspect rescue.iso\n" +
			"  isowright inspect rescue.iso root:/etc/hostname\n" +
			"  isowright inspect rescue.iso boot/grub --extract grub-files",
		Args:              arguments(1, "IMAGE", "PATH"),
		ValidArgsFunction: completeFiles(1),
		RunE: func(c *cobra.Command, args []string) error {
			path := ""
			if len(args) > 1 {
				path = args[1]
			}
			return a.inspect(c.Context(), args[0], path, len(args) > 1, extract)
		},
	}
	c.Flags().StringVar(&extract, "extract", "", "copy the file or folder to `DEST`, which must not exist")
	c.MarkFlagFilename("extract")
	return c
}

func (a *app) inspect(ctx context.Context, file, path string, hasPath bool, extract string) error {
	image, err := inspect.Open(file)
	if err != nil {
		return imageError(err)
	}
	defer image.Close()
	switch {
	case extract != "":
		return a.extract(ctx, image, path, extract)
	case hasPath:
		return a.showPath(ctx, image, path)
	}
	report := image.Report()
	if a.json {
		return a.printJSON(report)
	}
	return printReport(a.Stdout, file, report)
}

// imageError adds the way out to an error about an image.
func imageError(err error) error {
	var hint string
	switch {
	case errors.Is(err, inspect.ErrNoImage):
		hint = "Name an ISO 9660 image or a SquashFS."
	case errors.Is(err, inspect.ErrNoRoot):
		hint = "List the medium with: isowright inspect IMAGE /"
	default:
		return err
	}
	return &hintedError{err, hint}
}

func (a *app) extract(ctx context.Context, image *inspect.Image, path, dest string) error {
	index, e, err := image.Find(path)
	if err != nil {
		return imageError(err)
	}
	show := a.startProgress()
	defer show.stop()
	left, err := inspect.Extract(ctx, index, e, dest, show.report)
	if errors.Is(err, fs.ErrExist) {
		return &refusedError{text: err.Error(), hint: "Name another place, or remove what is there."}
	}
	if err != nil {
		return err
	}
	show.done()
	if a.json {
		return a.printJSON(map[string]any{"path": path, "destination": dest, "left_out": jsonEntries(left)})
	}
	fmt.Fprintf(a.Stdout, "copied to %s\n", dest)
	if len(left) == 0 {
		return nil
	}
	fmt.Fprintf(a.Stderr, "isowright: left out %s that are neither files nor folders\n", count(len(left), "name"))
	return nil
}

// showPath lists a folder or prints a file.
func (a *app) showPath(ctx context.Context, image *inspect.Image, path string) error {
	index, e, err := image.Find(path)
	if err != nil {
		return imageError(err)
	}
	entries := []tree.Entry{e}
	if e.Type == tree.Dir {
		entries = index.Children(e.Path)
	}
	switch {
	case a.json:
		return a.printJSON(jsonEntries(entries))
	case e.Type == tree.File:
		if err := inspect.Copy(ctx, a.Stdout, e); err != nil {
			return fmt.Errorf("print /%s: %w", e.Path, err)
		}
		return nil
	}
	return printEntries(a.Stdout, entries)
}

func jsonEntries(entries []tree.Entry) []jsonEntry {
	list := []jsonEntry{}
	for _, e := range entries {
		j := jsonEntry{
			Path: "/" + e.Path, Type: e.Type.String(), Mode: fmt.Sprintf("%04o", e.Mode), UID: e.UID, GID: e.GID,
			Size: e.Size, Date: time.Unix(e.ModTime, 0).UTC(), Link: e.Link, Xattrs: slices.Sorted(maps.Keys(e.Xattrs)),
		}
		list = append(list, j)
	}
	return list
}
