package diff

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"

	"github.com/isowright/isowright/builder/inspect"
	"github.com/isowright/isowright/builder/tree"
	"github.com/isowright/isowright/internal/progress"
)

// The places of files.
const (
	Medium = "medium" // the ISO
	Root   = "root"   // the tree in the SquashFS
)

// The changes of files.
const (
	Added   = "added"
	Removed = "removed"
	Changed = "changed"
)

// File is a file that differs.
type File struct {
	Where string `json:"where"`
	// Path has a leading slash.
	Path   string `json:"path"`
	Change string `json:"change"`
	// What differs in a changed file: "type", "content", "link", "mode",
	// "owner", "device", "attributes".
	What    []string `json:"what,omitempty"`
	OldSize int64    `json:"old_size"`
	NewSize int64    `json:"new_size"`
}

// place is an entry under the path that it is compared by.
type place struct {
	path string
	tree.Entry
}

// treeDiff compares two trees.
type treeDiff struct {
	where string
	a, b  *inspect.Index
	// skip tells files whose content is compared elsewhere.
	skip    func(tree.Entry) bool
	counter *progress.Counter
	result  *Result
}

// run walks two lists in tree order side by side.
func (t *treeDiff) run(ctx context.Context, as, bs []place) error {
	for len(as) > 0 || len(bs) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		order := 0
		switch {
		case len(as) == 0:
			order = 1
		case len(bs) == 0:
			order = -1
		default:
			order = tree.Compare(as[0].path, bs[0].path)
		}
		switch {
		case order < 0:
			t.add(File{Path: as[0].path, Change: Removed, OldSize: as[0].Size})
			t.counter.Add(as[0].Size)
			as = as[1:]
		case order > 0:
			t.add(File{Path: bs[0].path, Change: Added, NewSize: bs[0].Size})
			bs = bs[1:]
		default:
			if err := t.both(ctx, as[0], bs[0]); err != nil {
				return fmt.Errorf("compare /%s: %w", as[0].path, err)
			}
			as, bs = as[1:], bs[1:]
		}
	}
	return nil
}

func (t *treeDiff) add(f File) {
	f.Where, f.Path = t.where, "/"+f.Path
	t.result.Files = append(t.result.Files, f)
}

// both compares two entries of one path.
func (t *treeDiff) both(ctx context.Context, an, bn place) error {
	a, err := t.a.Target(an.Entry)
	if err != nil {
		return err
	}
	b, err := t.b.Target(bn.Entry)
	if err != nil {
		return err
	}
	what := faces(a, b)
	// Files of one name each are compared here, further names of a file with
	// its first one.
	compared := a.Type == tree.File && b.Type == tree.File && !t.skip(an.Entry) &&
		(an.Type == tree.File || bn.Type == tree.File || an.Link != bn.Link)
	if compared {
		same, err := t.sameContent(ctx, a, b)
		if err != nil {
			return err
		}
		if !same {
			what = append(what, "content")
		}
	}
	t.counter.Add(an.Size)
	switch {
	case len(what) > 0:
		t.add(File{Path: an.path, Change: Changed, What: what, OldSize: a.Size, NewSize: b.Size})
	case a.ModTime != b.ModTime:
		t.result.OnlyDates++
	}
	return nil
}

// faces names in what two entries differ beside content and date.
func faces(a, b tree.Entry) []string {
	if a.Type != b.Type {
		return []string{"type"}
	}
	var what []string
	note := func(name string, differs bool) {
		if differs {
			what = append(what, name)
		}
	}
	note("link", a.Link != b.Link)
	note("mode", a.Mode != b.Mode)
	note("owner", a.UID != b.UID || a.GID != b.GID)
	note("device", a.Major != b.Major || a.Minor != b.Minor)
	note("attributes", !maps.Equal(a.Xattrs, b.Xattrs))
	return what
}

// sameContent compares two files.
func (t *treeDiff) sameContent(ctx context.Context, a, b tree.Entry) (bool, error) {
	const piece = 256 << 10
	if a.Size != b.Size {
		return false, nil
	}
	x, y := a.Open(), b.Open()
	one, two := make([]byte, piece), make([]byte, piece)
	for left := a.Size; left > 0; {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		n := min(left, piece)
		_, errX := io.ReadFull(x, one[:n])
		_, errY := io.ReadFull(y, two[:n])
		if err := errors.Join(errX, errY); err != nil {
			return false, err
		}
		left -= n
		if !bytes.Equal(one[:n], two[:n]) {
			return false, nil
		}
	}
	return true, nil
}
