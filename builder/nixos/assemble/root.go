package assemble

import (
	"context"
	"crypto/sha256"
	"fmt"
	"iter"
	"slices"

	"github.com/isowright/isowright/builder/tree"
	"github.com/isowright/isowright/internal/progress"
)

// registrationName is the file that tells a Nix database of the packed store.
const registrationName = "nix-path-registration"

// root lists the packed store: its root is /nix/store itself.
func (a *assembly) root(ctx context.Context) error {
	registration, err := Registration(a.Closure)
	if err != nil {
		return err
	}
	in := map[string]bool{}
	var total int64
	for _, p := range a.Closure {
		in[p.Path] = true
		total += p.NarSize
	}
	for _, r := range a.manifest.Squashfs.Roots {
		if top, _ := splitStorePath(r); !in[top] {
			return fmt.Errorf("the closure is incomplete: the image's %s is not in it", r)
		}
	}
	count := progress.NewCounter(a.Progress, progress.Event{
		Step: "closure", Text: "Listing the system's store paths", Total: total,
	})
	t := storeTree{{Type: tree.Dir, Mode: 0o755}}
	for _, p := range sorted(a.Closure) {
		if !isStorePath(p.Path) {
			return fmt.Errorf("%q is not a store path", p.Path)
		}
		w := walker{ctx: ctx, top: a.store.place(p.Path), verify: a.Verify, hash: sha256.New()}
		entries, err := w.list(p)
		if err != nil {
			return err
		}
		t = append(t, entries...)
		count.Add(p.NarSize)
	}
	t = append(t, bytesEntry(registrationName, registration))
	slices.SortStableFunc(t, func(x, y tree.Entry) int { return tree.Compare(x.Path, y.Path) })
	a.image.Root = t
	return nil
}

// storeTree is a sorted list of entries.
type storeTree []tree.Entry

// Len implements tree.Tree.
func (t storeTree) Len() int { return len(t) }

// Entries implements tree.Tree.
func (t storeTree) Entries() iter.Seq[tree.Entry] { return slices.Values(t) }
