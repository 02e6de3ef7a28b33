//go:build unix

package tree

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"syscall"

	"github.com/pkg/xattr"
	"golang.org/x/sys/unix"
)

// FromDir lists a directory of this machine as a tree, with owners, dates,
// extended attributes and hard links. Contents stay in their files and are
// read when asked for; a file that has changed by then gives what it holds
// then, or an error if it has become shorter.
func FromDir(dir string) (Tree, error) {
	d := &dirReader{root: dir, inodes: make(map[inodeKey]string)}
	if err := d.add(""); err != nil {
		return nil, fmt.Errorf("list %s: %w", dir, err)
	}
	return dirTree(d.entries), nil
}

// dirTree is a tree in memory.
type dirTree []Entry

func (t dirTree) Len() int                 { return len(t) }
func (t dirTree) Entries() iter.Seq[Entry] { return slices.Values(t) }

// dirReader collects entries. It does not follow symbolic links, except that
// the directory itself may be one.
type dirReader struct {
	root    string
	entries []Entry
	inodes  map[inodeKey]string // the first name of what has several
}

type inodeKey struct{ dev, ino uint64 }

func (d *dirReader) add(path string) error {
	host := filepath.Join(d.root, path)
	stat := os.Lstat
	if path == "" {
		stat = os.Stat
	}
	info, err := stat(host)
	if err != nil {
		return err
	}
	e, err := d.entry(path, host, info)
	if err != nil {
		return err
	}
	d.entries = append(d.entries, e)
	if e.Type != Dir {
		return nil
	}
	kids, err := os.ReadDir(host) // sorted by name
	if err != nil {
		return err
	}
	for _, k := range kids {
		name := k.Name()
		if path != "" {
			name = path + "/" + name
		}
		if err := d.add(name); err != nil {
			return err
		}
	}
	return nil
}

func (d *dirReader) entry(path, host string, info fs.FileInfo) (Entry, error) {
	st := info.Sys().(*syscall.Stat_t)
	e := Entry{
		Path: path, Mode: uint32(st.Mode) & 0o7777, UID: st.Uid, GID: st.Gid,
		ModTime: info.ModTime().Unix(),
	}
	switch st.Mode & syscall.S_IFMT {
	case syscall.S_IFREG:
		e.Type, e.Size = File, st.Size
		e.Content.Source = &hostFile{root: d.root, path: path}
	case syscall.S_IFDIR:
		e.Type = Dir
	case syscall.S_IFLNK:
		e.Type = Symlink
	case syscall.S_IFCHR:
		e.Type = CharDevice
	case syscall.S_IFBLK:
		e.Type = BlockDevice
	case syscall.S_IFIFO:
		e.Type = Fifo
	case syscall.S_IFSOCK:
		e.Type = Socket
	default:
		return e, fmt.Errorf("%s is of an unknown kind", host)
	}
	if e.Type != Dir && st.Nlink > 1 {
		key := inodeKey{uint64(st.Dev), st.Ino}
		if first, ok := d.inodes[key]; ok {
			return Entry{Path: path, Type: HardLink, Link: first}, nil
		}
		d.inodes[key] = path
	}
	if e.Type == CharDevice || e.Type == BlockDevice {
		e.Major, e.Minor = unix.Major(uint64(st.Rdev)), unix.Minor(uint64(st.Rdev))
	}
	var err error
	if e.Type == Symlink {
		if e.Link, err = os.Readlink(host); err != nil {
			return e, err
		}
	}
	e.Xattrs, err = hostXattrs(host)
	return e, err
}

// hostXattrs reads the attributes of a file or of a symbolic link itself. A
// file system without any has none.
func hostXattrs(host string) (map[string]string, error) {
	names, err := xattr.LList(host)
	if errors.Is(err, unix.ENOTSUP) || len(names) == 0 && err == nil {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	m := make(map[string]string, len(names))
	for _, name := range names {
		v, err := xattr.LGet(host, name)
		if err != nil {
			return nil, err
		}
		m[name] = string(v)
	}
	return m, nil
}

// hostFile opens its file for every read, so that a tree of any size keeps no
// descriptors. It makes the system calls itself: an os.File would take as many
// again for each of a hundred thousand small files.
type hostFile struct{ root, path string }

// ReadAt implements io.ReaderAt.
func (h *hostFile) ReadAt(p []byte, off int64) (int, error) {
	name := filepath.Join(h.root, h.path)
	fd, err := again(func() (int, error) { return unix.Open(name, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_CLOEXEC, 0) })
	if err != nil {
		return 0, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	defer unix.Close(fd)
	done := 0
	for done < len(p) {
		n, err := again(func() (int, error) { return unix.Pread(fd, p[done:], off+int64(done)) })
		if err != nil {
			return done, &fs.PathError{Op: "read", Path: name, Err: err}
		}
		if n == 0 {
			return done, io.EOF
		}
		done += n
	}
	return done, nil
}

// again makes a system call until no signal interrupts it.
func again(call func() (int, error)) (int, error) {
	for {
		if n, err := call(); err != unix.EINTR {
			return n, err
		}
	}
}
