package drives

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

// Bounds of what is read: one attribute of sysfs is at most a page, a table of
// mounts on a host of many containers has some megabytes.
const (
	attributeLimit = 64 << 10
	tableLimit     = 32 << 20
)

// Source is where the facts about a computer are read: a file system with sys,
// proc, dev and run in it.
type Source struct {
	FS fs.FS
	// Recorded says that FS has no other files than those: whether the file
	// behind a loop device exists cannot be asked then.
	Recorded bool
}

// Live is this computer.
func Live() Source { return Source{FS: os.DirFS("/")} }

// read returns a file whole, or an error when it is longer than the limit: a
// table that is cut would hide what lies on a disk.
func (s Source) read(name string, limit int64) ([]byte, error) {
	f, err := s.FS.Open(name)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	data, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, fmt.Errorf("read /%s: %w", name, err)
	}
	if int64(len(data)) > limit {
		return nil, fmt.Errorf("read /%s: it is longer than %d bytes", name, limit)
	}
	return data, nil
}

// attribute is a line of sysfs without its end; "" where there is none.
func (s Source) attribute(elements ...string) string {
	data, err := s.read(path.Join(elements...), attributeLimit)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(string(data), "\n")
}

// number is an attribute as a number; 0 where there is none.
func (s Source) number(elements ...string) uint64 {
	n, _ := parseNumber(s.attribute(elements...))
	return n
}

// names lists a folder; a folder that is missing is empty.
func (s Source) names(elements ...string) ([]string, error) {
	entries, err := fs.ReadDir(s.FS, path.Join(elements...))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	names := make([]string, len(entries))
	for i, e := range entries {
		names[i] = e.Name()
	}
	return names, nil
}

// exists tells whether there is something of that name.
func (s Source) exists(elements ...string) bool {
	_, err := fs.Stat(s.FS, path.Join(elements...))
	return err == nil
}

// target follows one symbolic link and returns where it leads, as a path in FS.
func (s Source) target(name string) (string, error) {
	link, err := fs.ReadLink(s.FS, name)
	if err != nil {
		return "", err
	}
	if rest, ok := strings.CutPrefix(link, "/"); ok {
		return path.Clean(rest), nil
	}
	return path.Join(path.Dir(name), link), nil
}
