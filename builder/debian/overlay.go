package debian

import (
	"archive/tar"
	"bytes"
	"fmt"
	"io"
	"maps"
	"time"

	"github.com/isowright/isowright/builder/tree"
)

// difference writes what was added or changed to out, as a tar, and gives the
// paths that have to go before that is unpacked.
func difference(before, after *tree.Set, out io.Writer) (removed []string, err error) {
	w := tar.NewWriter(out)
	changed := map[string]bool{}
	var links []tree.Entry
	for e := range after.Entries() {
		old, there := before.Get(e.Path)
		there = there && old.Path == e.Path
		if there && old.Type == tree.Dir && e.Type != tree.Dir {
			removed = append(removed, e.Path)
		}
		switch {
		case e.Path == "":
		case e.Type == tree.HardLink:
			// tar makes links to files that are there already.
			links = append(links, e)
		case !there || !sameEntry(old, e):
			changed[e.Path] = true
			if err := writeMember(w, e); err != nil {
				return nil, fmt.Errorf("write the overlay: %s: %w", e.Path, err)
			}
		}
	}
	for _, e := range links {
		// A file that is unpacked anew leaves its other names behind.
		if old, ok := before.Get(e.Path); ok && sameEntry(old, e) && !changed[e.Link] {
			continue
		}
		if err := writeMember(w, e); err != nil {
			return nil, fmt.Errorf("write the overlay: %s: %w", e.Path, err)
		}
	}
	for e := range before.Entries() {
		if in(after, e.Path) || !in(after, e.Parent()) {
			continue
		}
		if above, _ := after.Get(e.Parent()); above.Type == tree.Dir {
			removed = append(removed, e.Path)
		}
	}
	return removed, w.Close()
}

// in says whether a tree has a path without going through symbolic links.
func in(s *tree.Set, path string) bool {
	e, ok := s.Get(path)
	return ok && e.Path == path
}

// sameEntry compares all but the date, which Apply sets everywhere. Contents
// are the same if they lie in the same place or are equal.
func sameEntry(a, b tree.Entry) bool {
	if a.Type != b.Type || a.Mode != b.Mode || a.UID != b.UID || a.GID != b.GID ||
		a.Size != b.Size || a.Link != b.Link || a.Major != b.Major || a.Minor != b.Minor ||
		!maps.Equal(a.Xattrs, b.Xattrs) {
		return false
	}
	return a.Type != tree.File || a.Content == b.Content || sameBytes(a, b)
}

func sameBytes(a, b tree.Entry) bool {
	x, err := io.ReadAll(a.Open())
	if err != nil {
		return false
	}
	y, err := io.ReadAll(b.Open())
	return err == nil && bytes.Equal(x, y)
}

func writeMember(w *tar.Writer, e tree.Entry) error {
	h := &tar.Header{
		Name: "./" + e.Path, Mode: int64(e.Mode), Uid: int(e.UID), Gid: int(e.GID),
		ModTime: time.Unix(e.ModTime, 0), Size: e.Size, Linkname: e.Link, Format: tar.FormatPAX,
		PAXRecords: map[string]string{},
	}
	for name, value := range e.Xattrs {
		h.PAXRecords["SCHILY.xattr."+name] = value
	}
	switch e.Type {
	case tree.File:
		h.Typeflag = tar.TypeReg
	case tree.Dir:
		h.Typeflag, h.Name = tar.TypeDir, h.Name+"/"
	case tree.Symlink:
		h.Typeflag = tar.TypeSymlink
	case tree.HardLink:
		h.Typeflag, h.Linkname = tar.TypeLink, "./"+e.Link
	default:
		return fmt.Errorf("a %s cannot be exported", e.Type)
	}
	if err := w.WriteHeader(h); err != nil {
		return err
	}
	_, err := io.Copy(w, e.Open())
	return err
}
