package inspect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/isowright/isowright/builder/tree"
	"github.com/isowright/isowright/internal/progress"
)

// Extract copies an entry with everything below it to dest, which must not
// exist; nothing of that name is there before all is copied. Permissions and
// dates are kept, owners and attributes are not; device nodes, fifos and
// sockets are left out and returned. Nothing is written outside dest.
func Extract(ctx context.Context, x *Index, from tree.Entry, dest string, sink progress.Sink) (left []tree.Entry, err error) {
	part := filepath.Clean(dest) + ".part"
	if _, err := os.Lstat(dest); err == nil {
		return nil, &fs.PathError{Op: "extract", Path: dest, Err: fs.ErrExist}
	}
	if err := os.Mkdir(part, 0o700); err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, removeAll(part)) }()
	root, err := os.OpenRoot(part)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	c := &copier{index: x, root: root, from: from.Path, first: map[string]string{}}
	entries := x.Below(from.Path)
	if from.Type != tree.Dir {
		entries = []tree.Entry{from} // below another name, if it was a link
	}
	total := int64(0)
	for _, e := range entries {
		total += e.Size
	}
	c.counter = progress.NewCounter(sink, progress.Event{Step: "extract", Text: "copying to " + dest, Total: total})
	for _, e := range entries {
		if err := c.copy(ctx, e); err != nil {
			return nil, fmt.Errorf("extract /%s: %w", e.Path, err)
		}
	}
	if err := c.finishDirs(); err != nil {
		return nil, err
	}
	if err := os.Rename(filepath.Join(part, contentName), dest); err != nil {
		return nil, err
	}
	if from.Type == tree.Dir {
		err = settle(dest, from) // not before: a read-only folder cannot be moved
	}
	return c.left, err
}

// contentName is the name below the work folder.
const contentName = "content"

type copier struct {
	index   *Index
	root    *os.Root
	from    string
	counter *progress.Counter
	// first is where a file with several names was copied to.
	first map[string]string
	dirs  []tree.Entry
	left  []tree.Entry
}

// place is an entry's path below the work folder.
func (c *copier) place(path string) string {
	below := strings.TrimPrefix(strings.TrimPrefix(path, c.from), "/")
	return filepath.Join(contentName, filepath.FromSlash(below))
}

func (c *copier) copy(ctx context.Context, e tree.Entry) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	place := c.place(e.Path)
	switch e.Type {
	case tree.Dir:
		c.dirs = append(c.dirs, e)
		return c.root.Mkdir(place, 0o700)
	case tree.Symlink:
		return c.root.Symlink(e.Link, place)
	case tree.File, tree.HardLink:
		return c.name(ctx, e, place)
	}
	c.left = append(c.left, e)
	return nil
}

// name makes one of a file's names; the first one to come is the copy.
func (c *copier) name(ctx context.Context, e tree.Entry, place string) error {
	key := e.Path
	if e.Type == tree.HardLink {
		key = e.Link
	}
	if first, ok := c.first[key]; ok {
		return c.root.Link(first, place)
	}
	c.first[key] = place
	target, err := c.index.Target(e)
	if err != nil {
		return err
	}
	return c.file(ctx, target, place)
}

func (c *copier) file(ctx context.Context, e tree.Entry, place string) error {
	f, err := c.root.OpenFile(place, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(f, c.counter.Reader(contextReader{ctx, e.Open()}))
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return c.settle(place, e)
}

// settle sets permissions and dates. Set-user-ID and the like are dropped:
// the copy has another owner.
func (c *copier) settle(place string, e tree.Entry) error {
	if err := c.root.Chmod(place, permissions(e)); err != nil {
		return err
	}
	at := time.Unix(e.ModTime, 0)
	return c.root.Chtimes(place, at, at)
}

// settle is copier.settle for what has its own name already.
func settle(path string, e tree.Entry) error {
	at := time.Unix(e.ModTime, 0)
	return errors.Join(os.Chtimes(path, at, at), os.Chmod(path, permissions(e)))
}

func permissions(e tree.Entry) fs.FileMode { return fs.FileMode(e.Mode & 0o777) }

// finishDirs settles the folders below the first last, innermost first: a
// read-only one could not have been filled.
func (c *copier) finishDirs() error {
	for i := len(c.dirs) - 1; i > 0; i-- {
		if err := c.settle(c.place(c.dirs[i].Path), c.dirs[i]); err != nil {
			return err
		}
	}
	return nil
}

// removeAll removes a work folder even where it holds folders that may not be
// written to.
func removeAll(dir string) error {
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() {
			os.Chmod(path, 0o700)
		}
		return nil
	})
	return os.RemoveAll(dir)
}

// contextReader ends with its context.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (r contextReader) Read(p []byte) (int, error) {
	if err := r.ctx.Err(); err != nil {
		return 0, err
	}
	return r.r.Read(p)
}
