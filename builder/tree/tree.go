// Package tree describes a file tree before it is packed: what it holds, in
// which order, and how to read each file. It is the form in which a
// distribution hands its root file system to the image writers.
//
// It does not touch the files of the running system, knows no image format and
// keeps file contents where they are (a spooled tar stream, a directory, a
// piece of memory).
package tree

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"iter"
	"strings"
)

// Type is the kind of an entry.
type Type uint8

// The kinds of entries, as in inode(7).
const (
	File Type = iota
	Dir
	Symlink
	CharDevice
	BlockDevice
	Fifo
	Socket
	// HardLink is a further name of the file at Entry.Link.
	HardLink
)

// String names the type in one word.
func (t Type) String() string {
	names := [...]string{"file", "dir", "symlink", "char", "block", "fifo", "socket", "hardlink"}
	if int(t) < len(names) {
		return names[t]
	}
	return fmt.Sprintf("type(%d)", uint8(t))
}

// Entry is one name in a tree.
type Entry struct {
	// Path has no leading slash and no "." or ".." element; the root
	// directory is "". It is a byte string, not necessarily UTF-8.
	Path string
	Type Type
	// Mode holds the twelve permission bits of chmod(2): 07777.
	Mode uint32
	UID  uint32
	GID  uint32
	// ModTime is in seconds since 1970-01-01 UTC.
	ModTime int64
	// Size is the length of a file in bytes, else 0.
	Size int64
	// Link is the target of a Symlink as it is stored, or the Path of the
	// first name of a HardLink.
	Link string
	// Major and Minor number a device.
	Major, Minor uint32
	// Xattrs are extended attributes by full name ("security.capability").
	Xattrs map[string]string
	// Content is opened through Tree.Open; its meaning belongs to the tree
	// that made the entry.
	Content Content
}

// Content says where a file's bytes lie.
type Content struct {
	// Source opens the bytes. Nil stands for an empty file.
	Source Source
	// Offset is the position of the first byte in Source.
	Offset int64
}

// Source is something that holds the contents of files.
type Source interface {
	io.ReaderAt
}

// Open returns the file's bytes, exactly Size of them. A source that ends
// earlier gives io.ErrUnexpectedEOF.
func (e Entry) Open() io.Reader {
	if e.Size == 0 || e.Content.Source == nil {
		return strings.NewReader("")
	}
	return &exactReader{
		r:    io.NewSectionReader(e.Content.Source, e.Content.Offset, e.Size),
		left: e.Size,
	}
}

// Bytes is a file whose content is in memory. The path has no leading slash.
func Bytes(path string, mode uint32, data []byte) Entry {
	return Entry{
		Path: path, Type: File, Mode: mode, Size: int64(len(data)),
		Content: Content{Source: bytes.NewReader(data)},
	}
}

// exactReader turns an early end into an error.
type exactReader struct {
	r    io.Reader
	left int64
}

func (x *exactReader) Read(p []byte) (int, error) {
	n, err := x.r.Read(p)
	x.left -= int64(n)
	if err == io.EOF && x.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// Name is the last element of the path.
func (e Entry) Name() string {
	return e.Path[strings.LastIndexByte(e.Path, '/')+1:]
}

// Parent is the path without its last element.
func (e Entry) Parent() string {
	return Parent(e.Path)
}

// Parent is the directory of a path; that of a top-level name is "".
func Parent(path string) string {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i]
	}
	return ""
}

// Tree is an ordered file tree.
type Tree interface {
	// Len is the number of entries, the root directory included.
	Len() int
	// Entries yields the root directory first, then each directory before
	// what it holds, siblings in the order of their bytes (see Compare). A
	// HardLink comes after the file it names only if its path sorts after it.
	Entries() iter.Seq[Entry]
}

// Compare orders two paths as a walk does: element by element, bytes within an
// element, a directory before what it holds.
func Compare(a, b string) int {
	for {
		i, j := strings.IndexByte(a, '/'), strings.IndexByte(b, '/')
		x, y := a, b
		if i >= 0 {
			x = a[:i]
		}
		if j >= 0 {
			y = b[:j]
		}
		if c := cmp.Compare(x, y); c != 0 || i < 0 || j < 0 {
			if c != 0 {
				return c
			}
			return cmp.Compare(len(a), len(b))
		}
		a, b = a[i+1:], b[j+1:]
	}
}
