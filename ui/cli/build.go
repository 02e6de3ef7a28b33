package cli

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/builder"
)

// buildFlags are those of the command build.
type buildFlags struct {
	builderFlags
	out             string
	clean, keepWork bool
	workOnDisk      bool
	workers         int
}

func (a *app) buildCommand() *cobra.Command {
	var f buildFlags
	c := &cobra.Command{
		Use:   "build FILE",
		Short: "Build the image",
		Long: "Build makes the image of a design: a hybrid ISO that boots from CD and USB,\n" +
			"under BIOS and UEFI. Beside it lie its checksum, the list of packages, a bill\n" +
			"of materials and the log. Until it is complete nothing has the image's name.",
		Example: "  isowright build rescue.isowright\n" +
			"  isowright build rescue.isowright -o out/rescue.iso --clean",
		Args:              arguments(0, "FILE"),
		ValidArgsFunction: completeDesigns(1),
		RunE: func(c *cobra.Command, args []string) error {
			return a.build(c.Context(), args[0], f)
		},
	}
	f.add(c)
	c.Flags().StringVarP(&f.out, "output", "o", "", "`OUT`, the image's path (default: the design's output name, here)")
	c.Flags().BoolVar(&f.clean, "clean", false, "build everything anew")
	c.Flags().BoolVar(&f.keepWork, "keep-work", false, "leave the work folder behind")
	c.Flags().BoolVar(&f.workOnDisk, "work-on-disk", false, "unpack on disk even where there is enough memory")
	c.Flags().IntVarP(&f.workers, "workers", "j", 0, "`N` compressors at once (default: one for each processor)")
	c.MarkFlagFilename("output", "iso")
	return c
}

func (a *app) build(ctx context.Context, file string, f buildFlags) error {
	if f.workers < 0 {
		return &usageError{text: "--workers must not be negative"}
	}
	f.nix.design = file
	begun := time.Now()
	p, err := a.makePlan(ctx, file, f.builderFlags)
	if err != nil {
		return err
	}
	show := a.startProgress()
	defer show.stop()
	o, err := a.options(f.builderFlags, show.report)
	if err != nil {
		return err
	}
	o.Out, o.Clean, o.KeepWork, o.Workers = f.out, f.clean, f.keepWork, f.workers
	o.WorkOnDisk = f.workOnDisk
	record := builder.NewRecord(absolute(file), p, a.Now, &o)
	image, err := a.Actions.Build(ctx, p, o)
	a.remember(record.End(ctx, image, err, a.Now.Add(time.Since(begun))))
	if err != nil {
		return inFile(file, err)
	}
	show.done()
	if a.json {
		return a.printJSON(image)
	}
	return printImage(a.Stdout, image)
}

// printImage tells what was built and what can be done with it.
func printImage(out io.Writer, image builder.Image) error {
	path := shown(image.Path)
	w := table(out)
	fmt.Fprintf(w, "Image\t%s\n", path)
	fmt.Fprintf(w, "Size\t%s (%s bytes)\n", size(image.Size), group(image.Size))
	fmt.Fprintf(w, "SHA-256\t%s\n", image.SHA256)
	for i, beside := range image.Beside {
		head := ""
		if i == 0 {
			head = "Beside it"
		}
		fmt.Fprintf(w, "%s\t%s\n", head, shown(beside))
	}
	total := time.Duration(0)
	for i, phase := range image.Phases {
		head := ""
		if i == 0 {
			head = "Time"
		}
		took := time.Duration(phase.Seconds * float64(time.Second))
		total += took
		fmt.Fprintf(w, "%s\t%s  %s\n", head, phase.Step, duration(took))
	}
	if len(image.Phases) > 1 {
		fmt.Fprintf(w, "\tin all  %s\n", duration(total))
	}
	if err := w.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\nNext:\n  isowright try %s\n  isowright inspect %[1]s\n", shellWord(path))
	return err
}
