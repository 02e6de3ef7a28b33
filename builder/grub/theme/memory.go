package theme

import (
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"
)

// memory are files by their names, as a file system. Folders are what the
// names say.
type memory map[string][]byte

// Open opens a file. There are no folders to open: Import lists the names.
func (m memory) Open(name string) (fs.File, error) {
	data, ok := m[name]
	if !ok {
		return nil, &fs.PathError{Op: "open", Path: name, Err: fs.ErrNotExist}
	}
	return &memoryFile{name: path.Base(name), Reader: strings.NewReader(string(data))}, nil
}

// names are those of all files, sorted.
func (m memory) names() []string {
	names := make([]string, 0, len(m))
	for name := range m {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

type memoryFile struct {
	*strings.Reader
	name string
}

func (f *memoryFile) Close() error               { return nil }
func (f *memoryFile) Stat() (fs.FileInfo, error) { return f, nil }
func (f *memoryFile) Name() string               { return f.name }
func (f *memoryFile) Mode() fs.FileMode          { return 0o644 }
func (f *memoryFile) ModTime() time.Time         { return time.Time{} }
func (f *memoryFile) IsDir() bool                { return false }
func (f *memoryFile) Sys() any                   { return nil }
