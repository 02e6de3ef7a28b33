package preview

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// Files is a medium in memory: contents by name, as in fs.FS. Folders are
// those that the names have.
type Files map[string][]byte

// Open opens a file or lists a folder.
func (f Files) Open(name string) (fs.File, error) {
	if !fs.ValidPath(name) {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrInvalid}
	}
	if data, ok := f[name]; ok {
		return &file{info: info{path.Base(name), int64(len(data)), 0o444}, Reader: bytes.NewReader(data)}, nil
	}
	list := f.list(name)
	if len(list) == 0 && name != "." {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &folder{file: file{info: info{path.Base(name), 0, fs.ModeDir | 0o555}, Reader: bytes.NewReader(nil)}, list: list}, nil
}

// list are the entries of a folder, sorted.
func (f Files) list(dir string) []fs.DirEntry {
	found := map[string]info{}
	for name, data := range f {
		rest, ok := strings.CutPrefix(name, dir+"/")
		if dir == "." {
			rest, ok = name, true
		}
		if !ok {
			continue
		}
		if first, _, deeper := strings.Cut(rest, "/"); deeper {
			found[first] = info{first, 0, fs.ModeDir | 0o555}
		} else {
			found[first] = info{first, int64(len(data)), 0o444}
		}
	}
	var all []fs.DirEntry
	for _, i := range found {
		all = append(all, fs.FileInfoToDirEntry(i))
	}
	slices.SortFunc(all, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return all
}

type info struct {
	name string
	size int64
	mode fs.FileMode
}

func (i info) Name() string      { return i.name }
func (i info) Size() int64       { return i.size }
func (i info) Mode() fs.FileMode { return i.mode }
func (info) ModTime() time.Time  { return time.Time{} }
func (i info) IsDir() bool       { return i.mode.IsDir() }
func (info) Sys() any            { return nil }

type file struct {
	info info
	*bytes.Reader
}

func (f *file) Stat() (fs.FileInfo, error) { return f.info, nil }
func (*file) Close() error                 { return nil }

type folder struct {
	file
	list []fs.DirEntry
}

func (*folder) Read([]byte) (int, error) { return 0, errors.New("is a folder") }

// ReadDir gives the next n entries, or all.
func (d *folder) ReadDir(n int) ([]fs.DirEntry, error) {
	if n <= 0 {
		n = len(d.list)
	} else if len(d.list) == 0 {
		return nil, io.EOF
	}
	part := d.list[:min(n, len(d.list))]
	d.list = d.list[len(part):]
	return part, nil
}

// over is a medium with further files, which it has only where it lacks them.
type over struct {
	fs.FS
	more Files
}

func (o over) Open(name string) (fs.File, error) {
	f, err := o.FS.Open(name)
	if err != nil {
		if more, ok := o.more[name]; ok {
			return &file{info: info{path.Base(name), int64(len(more)), 0o444}, Reader: bytes.NewReader(more)}, nil
		}
	}
	return f, err
}
