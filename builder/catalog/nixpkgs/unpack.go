package nixpkgs

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/andybalholm/brotli"

	"github.com/isowright/isowright/internal/progress"
)

// maxUnpacked is the size in bytes up to which a list is read; the real ones
// have 400 MB.
const maxUnpacked = 4 << 30

// write reads the lists into a new catalogue and puts that in its place.
func (r *refresh) write(ctx context.Context, dir string, h head, packages, options *os.File) (Info, bool, error) {
	w, err := newWriter(filepath.Join(dir, "catalogue"))
	if err != nil {
		return Info{}, false, err
	}
	defer w.Close()
	count := r.counter(packages, options)
	h.Packages, err = decodePackages(r.unpack(ctx, packages, count), w.addPackage)
	if err != nil {
		return Info{}, false, r.classed(ctx, "packages", err)
	}
	if options != nil {
		h.Options, err = decodeOptions(r.unpack(ctx, options, count), w.addOption)
		if err != nil {
			return Info{}, false, r.classed(ctx, "options", err)
		}
	}
	if err := w.finish(h); err != nil {
		return Info{}, false, err
	}
	if err := w.Seal(r.out, format); err != nil {
		return Info{}, false, fmt.Errorf("write the catalogue: %w", err)
	}
	if err := r.out.Commit(); err != nil {
		return Info{}, false, err
	}
	return r.dated(h)
}

// dated gives the new file the run's time and reads its information.
func (r *refresh) dated(h head) (Info, bool, error) {
	old := r.old
	r.old = &h
	info, _, err := r.unchanged()
	r.old = old
	return info, true, err
}

// counter reports how much of the packed lists has been read.
func (r *refresh) counter(files ...*os.File) *progress.Counter {
	total := int64(0)
	for _, file := range files {
		if file == nil {
			continue
		}
		if info, err := file.Stat(); err == nil {
			total += info.Size()
		}
	}
	return progress.NewCounter(r.Progress, progress.Event{Step: "index", Text: "Reading the lists into the catalogue", Total: total})
}

// unpack gives the text of a list.
func (r *refresh) unpack(ctx context.Context, file *os.File, count *progress.Counter) io.Reader {
	return &bounds{ctx: ctx, r: brotli.NewReader(count.Reader(file)), left: maxUnpacked}
}

// bounds ends a reading when it is cancelled or longer than all that is real.
type bounds struct {
	ctx  context.Context
	r    io.Reader
	left int64
}

func (b *bounds) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, errTooLarge
	}
	return n, err
}

// classed tells a list that cannot be read from a fault of this computer.
func (r *refresh) classed(ctx context.Context, name string, err error) error {
	var local *localError
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &local):
		return fmt.Errorf("write the catalogue: %w", local.error)
	}
	e := &Error{Kind: ErrFormat, URL: r.dir + "/" + name + ".json.br", Err: err, Hint: hintPortal}
	if errors.Is(err, errTooLarge) {
		e.Hint = hintTooLarge
	}
	return e
}

// localError is a fault of this computer in the middle of reading a list.
type localError struct{ error }

func (e *localError) Unwrap() error { return e.error }
