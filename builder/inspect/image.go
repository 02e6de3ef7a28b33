// Package inspect looks into images: ISO 9660 images with the SquashFS in them,
// and bare SquashFS images, whoever made them.
//
// It changes no image, starts none, and reads neither UDF nor the insides of
// an initrd.
package inspect

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/iso"
	"github.com/isowright/isowright/builder/squash"
	"github.com/isowright/isowright/builder/tree"
)

var (
	// ErrNoImage is a file of another kind.
	ErrNoImage = errors.New("neither an ISO 9660 image nor a SquashFS")
	// ErrNoRoot is an image without the tree of a system.
	ErrNoRoot = errors.New("there is no SquashFS in the image")
)

// RootPrefix in front of a path means the system's tree.
const RootPrefix = "root:"

// Image is an opened image.
type Image struct {
	file *os.File
	size int64
	// iso and medium are nil for a bare SquashFS.
	iso    *iso.Image
	medium *Index
	// paths are the files on the medium by their first sector.
	paths    map[uint32]string
	roots    []*root
	warnings []string
}

// root is a SquashFS.
type root struct {
	path   string // on the medium
	reader *squash.Reader
	index  *Index // made when first asked for
}

// Open opens an image and lists the medium.
func Open(path string) (*Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	i := &Image{file: f}
	if err := i.open(); err != nil {
		f.Close()
		return nil, fmt.Errorf("inspect %s: %w", path, err)
	}
	return i, nil
}

// Close closes the file.
func (i *Image) Close() error { return i.file.Close() }

func (i *Image) open() error {
	info, err := i.file.Stat()
	if err != nil {
		return err
	}
	if info.IsDir() {
		return errors.New("it is a folder")
	}
	// Stat says 0 for a block device.
	if i.size, err = i.file.Seek(0, io.SeekEnd); err != nil {
		return err
	}
	switch {
	case isSquash(i.file, 0):
		return i.addRoot("", i.file)
	case hasMagic(i.file, 16*2048+1, "CD001"):
		return i.openISO()
	}
	return ErrNoImage
}

func (i *Image) addRoot(path string, r io.ReaderAt) error {
	reader, err := squash.Open(r)
	if err != nil {
		return err
	}
	i.roots = append(i.roots, &root{path: path, reader: reader})
	return nil
}

func isSquash(r io.ReaderAt, offset int64) bool { return hasMagic(r, offset, "hsqs") }

func hasMagic(r io.ReaderAt, offset int64, magic string) bool {
	b := make([]byte, len(magic))
	_, err := r.ReadAt(b, offset)
	return (err == nil || errors.Is(err, io.EOF)) && string(b) == magic
}

// Medium is the ISO's tree, nil for a bare SquashFS.
func (i *Image) Medium() *Index { return i.medium }

// Root is the tree of the system: that of the first SquashFS.
func (i *Image) Root() (*Index, error) {
	if len(i.roots) == 0 {
		return nil, ErrNoRoot
	}
	return i.roots[0].tree()
}

func (r *root) tree() (*Index, error) {
	if r.index == nil {
		r.index = NewIndex(slices.AppendSeq(make([]tree.Entry, 0, r.reader.Len()), r.reader.Entries()))
		if err := r.reader.Err(); err != nil {
			return nil, fmt.Errorf("list %s: %w", r.path, err)
		}
	}
	return r.index, nil
}

// Find looks a path up: on the medium, through a SquashFS on it, or with
// RootPrefix in the system's tree. Symbolic links are followed.
func (i *Image) Find(path string) (*Index, tree.Entry, error) {
	if inside, ok := strings.CutPrefix(path, RootPrefix); ok || i.medium == nil {
		index, err := i.Root()
		if err != nil {
			return nil, tree.Entry{}, err
		}
		e, err := index.Resolve(inside, true)
		return index, e, err
	}
	for _, r := range i.roots {
		inside, ok := strings.CutPrefix(strings.TrimPrefix(path, "/"), r.path+"/")
		if !ok {
			continue
		}
		index, err := r.tree()
		if err != nil {
			return nil, tree.Entry{}, err
		}
		e, err := index.Resolve(inside, true)
		return index, e, err
	}
	e, err := i.medium.Resolve(path, true)
	return i.medium, e, err
}

// Copy writes a file's content.
func Copy(ctx context.Context, w io.Writer, e tree.Entry) error {
	_, err := io.Copy(w, contextReader{ctx, e.Open()})
	return err
}
