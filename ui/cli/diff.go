package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/diff"
	"github.com/isowright/isowright/builder/inspect"
	"github.com/isowright/isowright/builder/plan"
)

// diffFlags are those of the command diff.
type diffFlags struct{ all, exitCode bool }

func (a *app) diffCommand() *cobra.Command {
	var f diffFlags
	c := &cobra.Command{
		Use:   "diff A B",
		Short: "Compare two designs, plans or images",
		Long: "Diff tells what changed from A to B: settings, packages added, removed and of\n" +
			"another version, sizes, and in images the files on the medium and in the\n" +
			"system's tree by their content. A and B are both designs, both plans (the output\n" +
			"of plan --json) or both images.",
		Example:           "  isowright diff old.iso new.iso\n  isowright diff rescue.isowright other.isowright --exit-code",
		Args:              arguments(0, "A", "B"),
		ValidArgsFunction: completeFiles(2),
		RunE: func(c *cobra.Command, args []string) error {
			return a.diff(c.Context(), args[0], args[1], f)
		},
	}
	c.Flags().BoolVar(&f.all, "all", false, "list every file, not only the first ones")
	c.Flags().BoolVar(&f.exitCode, "exit-code", false, "end with 1 where something differs")
	return c
}

func (a *app) diff(ctx context.Context, fileA, fileB string, f diffFlags) error {
	kind, err := kindOf(fileA)
	if err != nil {
		return err
	}
	kindB, err := kindOf(fileB)
	if err != nil {
		return err
	}
	if kind != kindB {
		return &usageError{
			text: fmt.Sprintf("%s is %s and %s is %s", fileA, kind, fileB, kindB),
			hint: "Compare two of a kind: designs, plans or images.",
		}
	}
	var result diff.Result
	switch kind {
	case kindDesign:
		result, err = diffDesigns(fileA, fileB)
	case kindPlan:
		result, err = diffPlans(fileA, fileB)
	case kindImage:
		result, err = a.diffImages(ctx, fileA, fileB)
	}
	if err != nil {
		return err
	}
	if a.json {
		err = a.printJSON(result)
	} else {
		err = printDiff(a.Stdout, result, f.all)
	}
	if err == nil && f.exitCode && !result.Same() {
		err = errDifferent
	}
	return err
}

// The kinds of what can be compared, with their article.
const (
	kindDesign = "a design"
	kindPlan   = "a plan"
	kindImage  = "an image"
)

// kindOf tells kinds apart by their content: plans are JSON objects, images
// hold zero bytes, designs are the text that is left.
func kindOf(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	head := make([]byte, 64<<10)
	n, err := io.ReadFull(f, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return "", err
	}
	head = bytes.TrimLeft(head[:n], " \t\r\n")
	switch {
	case bytes.HasPrefix(head, []byte("{")):
		return kindPlan, nil
	case bytes.IndexByte(head, 0) >= 0:
		return kindImage, nil
	}
	return kindDesign, nil
}

// diffDesigns compares designs that can be read; their values need not be
// sound.
func diffDesigns(fileA, fileB string) (diff.Result, error) {
	a, err := design.Load(fileA)
	if err != nil {
		return diff.Result{}, inFile(fileA, err)
	}
	b, err := design.Load(fileB)
	if err != nil {
		return diff.Result{}, inFile(fileB, err)
	}
	return diff.Designs(a, b)
}

func diffPlans(fileA, fileB string) (diff.Result, error) {
	a, err := readPlan(fileA)
	if err != nil {
		return diff.Result{}, err
	}
	b, err := readPlan(fileB)
	if err != nil {
		return diff.Result{}, err
	}
	return diff.Plans(a, b)
}

func readPlan(file string) (plan.Plan, error) {
	var p plan.Plan
	data, err := os.ReadFile(file)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(data, &p); err != nil {
		return p, &hintedError{fmt.Errorf("read the plan %s: %w", file, err), "Make plans with: isowright plan FILE --json"}
	}
	if p.ID == "" {
		return p, &hintedError{fmt.Errorf("%s is JSON, but no plan", file), "Make plans with: isowright plan FILE --json"}
	}
	return p, nil
}

func (a *app) diffImages(ctx context.Context, fileA, fileB string) (diff.Result, error) {
	x, err := inspect.Open(fileA)
	if err != nil {
		return diff.Result{}, imageError(err)
	}
	defer x.Close()
	y, err := inspect.Open(fileB)
	if err != nil {
		return diff.Result{}, imageError(err)
	}
	defer y.Close()
	show := a.startProgress()
	defer show.stop()
	result, err := diff.Images(ctx, x, y, show.report)
	if err != nil {
		return result, err
	}
	show.done()
	return result, nil
}
