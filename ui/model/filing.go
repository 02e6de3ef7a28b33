package model

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/internal/progress"
)

// besideFolder is the folder beside a design that files from elsewhere are
// copied into.
const besideFolder = "files"

// headSize is how much of a file is looked at for a private key, in bytes.
const headSize = 4096

// Placed says of paths whether a design can name them.
type Placed struct {
	// Inside are those below the project file's folder, relative to it and with
	// slashes; Outside the others, absolute.
	Inside, Outside []string
	Refused         []Refused
}

// Refused is a path that goes on no image.
type Refused struct {
	Path string
	// Secret: it is a private key; else Err says why it cannot be read.
	Secret bool
	Err    error
}

// Place looks where paths lie, in the background.
func (d *Document) Place(paths []string, then func(Placed)) {
	dir := d.design.Dir
	background(d.session, func(context.Context) Placed { return place(dir, paths) }, then)
}

func place(dir string, paths []string) Placed {
	var p Placed
	for _, name := range paths {
		secret, err := holdsSecret(name)
		switch {
		case secret || err != nil:
			p.Refused = append(p.Refused, Refused{name, secret, err})
			continue
		}
		if rel, ok := relative(dir, name); ok {
			p.Inside = append(p.Inside, rel)
		} else {
			p.Outside = append(p.Outside, name)
		}
	}
	return p
}

// relative is a path as seen from a folder, where it lies below it, links
// followed.
func relative(dir, name string) (string, bool) {
	from, err := filepath.EvalSymlinks(dir)
	if err != nil {
		return "", false
	}
	to, err := filepath.EvalSymlinks(name)
	if err != nil {
		return "", false
	}
	rel, err := filepath.Rel(from, to)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}

// holdsSecret looks whether a file is a private key. The error tells why it
// cannot be read; of folders only that they can be listed is looked at.
func holdsSecret(name string) (bool, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return false, err
	case info.IsDir():
		_, err = os.ReadDir(name)
		return false, err
	}
	head, err := readSome(name, headSize)
	return design.HoldsSecret(head), err
}

// AddFiles puts files that the design can name on the image, in one step.
func (d *Document) AddFiles(sources []string) {
	if len(sources) == 0 {
		return
	}
	a := Act("add %s", path.Base(sources[0]))
	if len(sources) > 1 {
		a = Act("add %d files", len(sources))
	}
	d.Edit(a, func(x *design.Design) {
		for _, s := range sources {
			x.Files = append(x.Files, design.File{Source: s, Target: freeTarget(*x, s)})
		}
	})
}

// freeTarget is a place below /opt that no other file of the design has.
func freeTarget(d design.Design, source string) string {
	name := path.Base(source)
	if name == "." {
		name = "project"
	}
	for n := 1; ; n++ {
		target := "/opt/" + name
		if n > 1 {
			target = fmt.Sprintf("/opt/%s-%d", name, n)
		}
		taken := false
		for _, f := range d.Files {
			taken = taken || f.Target == target
		}
		if !taken {
			return target
		}
	}
}

// CopyBeside copies files and folders from elsewhere beside the design, as a
// job, and hands over their names as the design can have them. Private keys and
// what is neither file, folder nor link is refused.
func (d *Document) CopyBeside(paths []string, then func(sources []string)) bool {
	s, dir := d.session, d.design.Dir
	_, begun := s.StartJob(Files, s.Words().Say("Copy beside the design"), func(ctx context.Context, sink progress.Sink, _ func(string)) (any, error) {
		count := progress.NewCounter(sink, progress.Event{Step: "copy", Text: "Copying", Total: sizeOf(ctx, paths)})
		var sources []string
		for _, p := range paths {
			to, err := copyInto(ctx, p, filepath.Join(dir, besideFolder), count)
			if err != nil {
				return nil, fmt.Errorf("copy %s beside the design: %w", filepath.Base(p), err)
			}
			sources = append(sources, path.Join(besideFolder, filepath.Base(to)))
		}
		s.env.Post(func() {
			if ctx.Err() == nil && s.has(d) {
				then(sources)
			}
		})
		return sources, nil
	})
	return begun
}

func sizeOf(ctx context.Context, paths []string) int64 {
	var total int64
	for _, p := range paths {
		total += measure(ctx, p).Size
	}
	return total
}

// copyInto copies a file or folder into a folder, under a name that is free
// there. Until it is whole it has another name, and nothing stays of one that is
// not.
func copyInto(ctx context.Context, from, folder string, count *progress.Counter) (to string, err error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	work, err := os.MkdirTemp(folder, ".copy-")
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(work)
	whole := filepath.Join(work, "whole")
	if err := copyTree(ctx, from, whole, count); err != nil {
		return "", err
	}
	name := filepath.Base(from)
	for n := 1; ; n++ {
		to = filepath.Join(folder, name)
		if n > 1 {
			ext := filepath.Ext(name)
			to = filepath.Join(folder, fmt.Sprintf("%s-%d%s", strings.TrimSuffix(name, ext), n, ext))
		}
		if _, err := os.Lstat(to); errors.Is(err, fs.ErrNotExist) {
			return to, os.Rename(whole, to)
		}
	}
}

func copyTree(ctx context.Context, from, to string, count *progress.Counter) error {
	from, err := filepath.EvalSymlinks(from)
	if err != nil {
		return err
	}
	return filepath.WalkDir(from, func(name string, e fs.DirEntry, err error) error {
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		rel, err := filepath.Rel(from, name)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		switch {
		case e.IsDir():
			return os.Mkdir(target, 0o755)
		case e.Type()&fs.ModeSymlink != 0:
			link, err := os.Readlink(name)
			if err != nil {
				return err
			}
			return os.Symlink(link, target)
		}
		return copyFile(ctx, name, target, count)
	})
}

func copyFile(ctx context.Context, from, to string, count *progress.Counter) error {
	if secret, err := holdsSecret(from); err != nil {
		return err
	} else if secret {
		return fmt.Errorf("%s is a private key; an image is readable by everyone who holds it", from)
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	info, err := in.Stat()
	if err != nil {
		return err
	}
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, info.Mode().Perm()|0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(counted{ctx, out, count}, in)
	return errors.Join(err, out.Close())
}

// counted writes, counts, and ends with its context.
type counted struct {
	ctx   context.Context
	to    io.Writer
	count *progress.Counter
}

func (w counted) Write(p []byte) (int, error) {
	if err := w.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := w.to.Write(p)
	w.count.Add(int64(n))
	return n, err
}

// Measure is what a file or folder on this computer holds.
type Measure struct {
	// Size in bytes, of all Files.
	Size  int64
	Files int
	Dir   bool
	Err   error
}

// measures are those of a design's files, by source.
type measures struct {
	of     map[string]Measure
	cancel func()
}

// Measured is how large a source of the design is; false while that is not
// known.
func (d *Document) Measured(source string) (Measure, bool) {
	m, ok := d.measured.of[source]
	return m, ok
}

// MeasureFiles looks anew how large the design's files are, in the background;
// FilesMeasured follows.
func (d *Document) MeasureFiles() {
	if d.measured.cancel != nil {
		d.measured.cancel()
	}
	dir, files := d.design.Dir, d.design.Files
	d.measured.cancel = background(d.session, func(ctx context.Context) map[string]Measure {
		all := map[string]Measure{}
		for _, f := range files {
			all[f.Source] = measure(ctx, filepath.Join(dir, filepath.FromSlash(f.Source)))
		}
		return all
	}, func(all map[string]Measure) {
		d.measured = measures{of: all}
		d.session.tell(Change{What: FilesMeasured, Doc: d})
	})
}

func measure(ctx context.Context, name string) Measure {
	var m Measure
	name, m.Err = filepath.EvalSymlinks(name)
	if m.Err != nil {
		return m
	}
	m.Err = filepath.WalkDir(name, func(p string, e fs.DirEntry, err error) error {
		if err = errors.Join(err, ctx.Err()); err != nil {
			return err
		}
		if e.IsDir() {
			m.Dir = m.Dir || p == name
			return nil
		}
		info, err := e.Info()
		if err != nil {
			return err
		}
		m.Files++
		if info.Mode().IsRegular() {
			m.Size += info.Size()
		}
		return nil
	})
	return m
}
