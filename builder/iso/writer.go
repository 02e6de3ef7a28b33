package iso

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"syscall"
)

// Writer makes one image. Its methods must be called one after another; only
// a FileWriter may be written to from several goroutines.
type Writer struct {
	out    output
	opts   Options
	root   *node
	serial uint32
	// next is the first free sector.
	next uint32
	// open is the path of the file that Create began, while it is unfinished.
	open   string
	closed bool
	buf    []byte
}

// Extent is where something lies in the image.
type Extent struct {
	// LBA is the first sector, of 2048 bytes.
	LBA uint32
	// Size is in bytes.
	Size int64
}

// Offset is the position of the first byte.
func (e Extent) Offset() int64 { return int64(e.LBA) * sectorSize }

// Result describes a finished image.
type Result struct {
	// Size is that of the image in bytes.
	Size int64
	// Files holds the place of each file's data, by path without leading
	// slash; empty files have LBA 39 and size 0.
	Files map[string]Extent
	// ESP is the place of the EFI system partition, zero without one.
	ESP Extent
}

// NewWriter empties f and begins an image in it.
func NewWriter(f File, opts Options) (*Writer, error) {
	if err := opts.check(); err != nil {
		return nil, err
	}
	if err := f.Truncate(0); err != nil {
		return nil, fmt.Errorf("empty the image file: %w", err)
	}
	return &Writer{out: output{f}, opts: opts, root: newRoot(), serial: 1, next: firstData}, nil
}

// AddDir makes a directory and its missing parents, or sets the mode of one
// that was made as a parent. Mode holds permission bits; 0 stands for 0555.
func (w *Writer) AddDir(path string, mode uint32) error {
	if err := w.ready(); err != nil {
		return err
	}
	mode = modeDir | permissions(mode, defaultDirMode)
	if n := w.find(path); n != nil && n.isDir() {
		n.mode = mode
		return nil
	}
	return w.addNode(path, &node{mode: mode, children: map[string]*node{}})
}

// AddSymlink makes a symbolic link. The target has at most 4095 bytes and need
// not exist. Links are not in the Joliet tree, which cannot express them.
func (w *Writer) AddSymlink(path, target string) error {
	if err := w.ready(); err != nil {
		return err
	}
	if target == "" || len(target) > maxTarget || strings.ContainsRune(target, 0) {
		return fmt.Errorf("symlink %q: the target must have 1 to %d bytes without a zero", path, maxTarget)
	}
	return w.addNode(path, &node{mode: modeSymlink | 0o777, target: target, lba: emptyLBA})
}

// AddFile copies r to the end of it into the image and tells where the bytes
// went. Mode holds permission bits; 0 stands for 0444.
func (w *Writer) AddFile(ctx context.Context, path string, mode uint32, r io.Reader) (Extent, error) {
	if err := w.ready(); err != nil {
		return Extent{}, err
	}
	if w.find(path) != nil {
		return Extent{}, fmt.Errorf("%q: %w", path, ErrExists)
	}
	if w.isElTorito(path) {
		patched, err := w.opts.BIOS.patchElTorito(r, w.next)
		if err != nil {
			return Extent{}, fmt.Errorf("prepare the El Torito image %q: %w", path, err)
		}
		r = patched
	}
	if w.buf == nil {
		w.buf = make([]byte, 1<<20)
	}
	dst := io.NewOffsetWriter(w.out, int64(w.next)*sectorSize)
	size, err := io.CopyBuffer(onlyWriter{dst}, contextReader{ctx, r}, w.buf)
	if err != nil {
		return Extent{}, fmt.Errorf("write %q: %w", path, err)
	}
	return w.place(path, mode, size)
}

// Create begins a file whose bytes are written in any order, straight into
// their place. Nothing else can be added until its Finish.
func (w *Writer) Create(path string, mode uint32) (*FileWriter, error) {
	if err := w.ready(); err != nil {
		return nil, err
	}
	if _, err := splitPath(path); err != nil {
		return nil, err
	}
	if w.find(path) != nil {
		return nil, fmt.Errorf("%q: %w", path, ErrExists)
	}
	if w.isElTorito(path) {
		return nil, fmt.Errorf("%q is the El Torito image and must be added by AddFile", path)
	}
	w.open = path
	at := int64(w.next) * sectorSize
	return &FileWriter{OffsetWriter: io.NewOffsetWriter(w.out, at), w: w, path: path, mode: mode}, nil
}

// FileWriter writes one file of the image. Offsets count from the file's first
// byte. WriteAt may be called from several goroutines at once.
type FileWriter struct {
	*io.OffsetWriter
	w    *Writer
	path string
	mode uint32
}

// Finish ends the file at size bytes. Bytes below that were never written are
// zeros; nothing may have been written behind the sector that size ends in.
func (f *FileWriter) Finish(size int64) (Extent, error) {
	if f.w.open != f.path {
		return Extent{}, fmt.Errorf("%q is not open", f.path)
	}
	if size < 0 {
		return Extent{}, fmt.Errorf("%q: negative size %d", f.path, size)
	}
	f.w.open = ""
	if tail := -size & (sectorSize - 1); tail != 0 {
		if _, err := f.WriteAt(make([]byte, tail), size); err != nil {
			return Extent{}, fmt.Errorf("write %q: %w", f.path, err)
		}
	}
	return f.w.place(f.path, f.mode, size)
}

// place records that the next size bytes belong to a file.
func (w *Writer) place(path string, mode uint32, size int64) (Extent, error) {
	n := &node{mode: modeFile | permissions(mode, defaultFileMode), lba: w.next, size: size}
	if size == 0 {
		n.lba = emptyLBA
	}
	if err := w.addNode(path, n); err != nil {
		return Extent{}, err
	}
	if _, err := w.allocate(size); err != nil {
		return Extent{}, fmt.Errorf("place %q: %w", path, err)
	}
	return Extent{n.lba, size}, nil
}

// allocate takes sectors for size bytes.
func (w *Writer) allocate(size int64) (uint32, error) {
	at := w.next
	if end := int64(at) + sectors(size); end > 1<<32-1-1<<16 {
		return 0, errors.New("the image would be larger than the 8 TiB that ISO 9660 can address")
	}
	w.next += uint32(sectors(size))
	return at, nil
}

func (w *Writer) ready() error {
	switch {
	case w.closed:
		return errors.New("the image is already closed")
	case w.open != "":
		return fmt.Errorf("the file %q is still being written", w.open)
	}
	return nil
}

func (w *Writer) isElTorito(path string) bool {
	return w.opts.BIOS != nil && strings.TrimPrefix(path, "/") == strings.TrimPrefix(w.opts.BIOS.ElTorito, "/")
}

func permissions(mode, fallback uint32) uint32 {
	if mode &= 0o7777; mode != 0 {
		return mode
	}
	return fallback
}

func sectors(size int64) int64 { return (size + sectorSize - 1) / sectorSize }

// output explains a full disk.
type output struct{ File }

func (o output) WriteAt(p []byte, off int64) (int, error) {
	n, err := o.File.WriteAt(p, off)
	if errors.Is(err, syscall.ENOSPC) {
		err = fmt.Errorf("the disk is full after %d MiB of the image; free some space or write it elsewhere: %w",
			(off+int64(n))>>20, err)
	}
	return n, err
}

// onlyWriter hides every other method from io.CopyBuffer, so that it uses the
// buffer.
type onlyWriter struct{ io.Writer }

// contextReader ends when the context does.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c contextReader) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.r.Read(p)
}
