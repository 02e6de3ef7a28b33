package diff

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/inspect"
	"github.com/isowright/isowright/builder/tree"
	"github.com/isowright/isowright/internal/progress"
)

// Images compares two images: the medium, the tree in the SquashFS and the
// packages. Reports go to sink under the step "compare".
//
// Where both media hold their system in a single folder below /live, the
// folders are compared with each other whatever they are called.
func Images(ctx context.Context, a, b *inspect.Image, sink progress.Sink) (Result, error) {
	r := empty()
	var err error
	reports(a.Report(), b.Report(), &r)
	if r.Packages, err = imagePackages(a, b); err != nil {
		return r, err
	}
	x, errA := a.Root()
	y, errB := b.Root()
	// Without a SquashFS in both, the medium's comparison tells.
	rooted := !errors.Is(errA, inspect.ErrNoRoot) && !errors.Is(errB, inspect.ErrNoRoot)
	if rooted && (errA != nil || errB != nil) {
		return r, errors.Join(errA, errB)
	}
	counter := progress.NewCounter(sink, progress.Event{
		Step: "compare", Text: "reading files", Total: a.Medium().Bytes() + x.Bytes(),
	})
	if a.Medium() != nil && b.Medium() != nil {
		t := treeDiff{where: Medium, a: a.Medium(), b: b.Medium(), counter: counter, result: &r,
			skip: func(e tree.Entry) bool { return a.IsSquash(e.Path) }}
		if err := t.run(ctx, places(t.a, liveFolder(t.a)), places(t.b, liveFolder(t.b))); err != nil {
			return r, err
		}
	}
	if rooted {
		t := treeDiff{where: Root, a: x, b: y, counter: counter, result: &r, skip: func(tree.Entry) bool { return false }}
		err = t.run(ctx, places(x, ""), places(y, ""))
	}
	return r, err
}

// reports compares what the images say of themselves, and their sizes.
func reports(x, y inspect.Report, r *Result) {
	r.Settings = compareFields(reportFields(x), reportFields(y))
	r.Sizes = []Size{{"image", x.Size, y.Size}}
	if len(x.Roots) > 0 && len(y.Roots) > 0 {
		r.Sizes = append(r.Sizes, Size{"squashfs", x.Roots[0].Size, y.Roots[0].Size})
	}
}

// reportFields are the settings that an image shows.
func reportFields(r inspect.Report) map[string]any {
	m := map[string]any{"image.kind": r.Kind}
	if r.Volume != nil {
		m["image.volume_id"] = r.Volume.ID
		m["image.application"] = r.Volume.Application
	}
	if len(r.Roots) > 0 {
		m["squashfs.compression"] = r.Roots[0].Compression
		m["squashfs.block_size"] = r.Roots[0].BlockSize
	}
	for _, s := range r.Starts {
		m["starts."+s.Firmware+" from "+s.As] = s.OK
	}
	m["menu"] = titles(r.Menu, "")
	return m
}

// titles are the entries of a menu with their submenus in front.
func titles(entries []inspect.MenuEntry, above string) []string {
	var list []string
	for _, e := range entries {
		list = append(list, above+e.Title)
		list = append(list, titles(e.Entries, above+e.Title+" > ")...)
	}
	return list
}

func imagePackages(a, b *inspect.Image) ([]Package, error) {
	x, err := a.Packages()
	if err != nil {
		return nil, err
	}
	y, err := b.Packages()
	if err != nil {
		return nil, err
	}
	return packages(x, y), nil
}

// liveFolder is the only folder below /live, "" if there is not just one.
func liveFolder(x *inspect.Index) string {
	folders := slices.DeleteFunc(x.Children("live"), func(e tree.Entry) bool { return e.Type != tree.Dir })
	if len(folders) != 1 {
		return ""
	}
	return folders[0].Path
}

// places lists a tree in its order, with the live folder under a name that is
// the same in every image.
func places(x *inspect.Index, live string) []place {
	list := make([]place, 0, len(x.Entries))
	for _, e := range x.Entries {
		path := e.Path
		if live != "" && (path == live || strings.HasPrefix(path, live+"/")) {
			path = "live/ID" + strings.TrimPrefix(path, live)
		}
		list = append(list, place{path, e})
	}
	if live != "" {
		slices.SortFunc(list, func(a, b place) int { return tree.Compare(a.path, b.path) })
	}
	return list
}
