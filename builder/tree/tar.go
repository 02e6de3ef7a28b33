package tree

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"path"
	"strings"
)

// Spool is where a tar stream is kept while its tree is in use.
type Spool interface {
	io.Writer
	io.ReaderAt
}

// FromTar reads a tar stream into a tree. The stream is kept in spool, from
// spool's beginning, and the files of the tree are read from there: nothing is
// unpacked. Extended attributes come from PAX records (SCHILY.xattr). Sparse
// members are refused, because their content does not lie in one piece.
func FromTar(ctx context.Context, r io.Reader, spool Spool) (*Set, error) {
	return fromTar(ctx, &teeCounter{r: r, w: spool}, spool)
}

// FromTarFile reads a tar file into a tree that reads its files from there.
func FromTarFile(ctx context.Context, f Source) (*Set, error) {
	r := io.NewSectionReader(f, 0, 1<<62)
	return fromTar(ctx, &teeCounter{r: r, w: io.Discard}, f)
}

func fromTar(ctx context.Context, in *teeCounter, content Source) (*Set, error) {
	tr := tar.NewReader(in)
	s := NewSet(0)
	for {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read the tar stream: %w", err)
		}
		e, err := fromHeader(h)
		if err != nil {
			return nil, err
		}
		if e.Type == File {
			e.Content = Content{Source: content, Offset: in.n}
		}
		if err := s.putPlain(e); err != nil {
			return nil, fmt.Errorf("read the tar stream: %w", err)
		}
	}
	// What follows the end mark is read too, so that the writer does not fail
	// on a closed pipe.
	if _, err := io.Copy(io.Discard, in.r); err != nil {
		return nil, fmt.Errorf("read the tar stream: %w", err)
	}
	return s, nil
}

// putPlain adds an entry as an unpacking tar would, without following links: a
// later member of the same name replaces an earlier one.
func (s *Set) putPlain(e Entry) error {
	if e.Type == HardLink {
		if first, ok := s.entries[e.Link]; !ok {
			return fmt.Errorf("%s is a hard link to %s, which is not there", e.Path, e.Link)
		} else if first.Type == HardLink {
			e.Link = first.Link
		} else if first.Type != File {
			// Other kinds have no content to share; the name is a further one.
			first.Path = e.Path
			e = first
		}
	}
	if e.Path == "" && e.Type != Dir {
		return fmt.Errorf("the root is a %s", e.Type)
	}
	if old, ok := s.entries[e.Path]; ok && !(old.Type == Dir && e.Type == Dir) {
		s.drop(e.Path)
	}
	if e.Path != "" {
		if err := s.makeParents(e.Path); err != nil {
			return err
		}
	}
	s.entries[e.Path] = e
	if e.Type == HardLink {
		s.others[e.Link] = append(s.others[e.Link], e.Path)
	}
	s.sorted = nil
	return nil
}

// fromHeader turns a tar header into an entry without content.
func fromHeader(h *tar.Header) (Entry, error) {
	name, err := cleanMember(h.Name)
	if err != nil {
		return Entry{}, err
	}
	e := Entry{
		Path: name, Mode: uint32(h.Mode) & 0o7777, UID: uint32(h.Uid), GID: uint32(h.Gid),
		ModTime: h.ModTime.Unix(), Xattrs: xattrs(h.PAXRecords),
	}
	switch h.Typeflag {
	case tar.TypeReg:
		if sparse(h) {
			return e, fmt.Errorf("tar member %s is sparse; make the tar without --sparse", h.Name)
		}
		e.Type, e.Size = File, h.Size
	case tar.TypeDir:
		e.Type = Dir
	case tar.TypeSymlink:
		e.Type, e.Link = Symlink, h.Linkname
	case tar.TypeLink:
		e.Type = HardLink
		e.Link, err = cleanMember(h.Linkname)
	case tar.TypeChar:
		e.Type, e.Major, e.Minor = CharDevice, uint32(h.Devmajor), uint32(h.Devminor)
	case tar.TypeBlock:
		e.Type, e.Major, e.Minor = BlockDevice, uint32(h.Devmajor), uint32(h.Devminor)
	case tar.TypeFifo:
		e.Type = Fifo
	default:
		err = fmt.Errorf("tar member %s has the unknown type %q", h.Name, h.Typeflag)
	}
	return e, err
}

// cleanMember gives a member's path in the tree and refuses those that leave
// it.
func cleanMember(name string) (string, error) {
	for part := range strings.SplitSeq(name, "/") {
		if part == ".." {
			return "", fmt.Errorf("tar member %q leaves the tree", name)
		}
	}
	return strings.TrimPrefix(path.Clean("/"+name), "/"), nil
}

func sparse(h *tar.Header) bool {
	if h.Typeflag == tar.TypeGNUSparse {
		return true
	}
	for key := range h.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return true
		}
	}
	return false
}

func xattrs(records map[string]string) map[string]string {
	var found map[string]string
	for key, value := range records {
		if name, ok := strings.CutPrefix(key, "SCHILY.xattr."); ok {
			if found == nil {
				found = map[string]string{}
			}
			found[name] = value
		}
	}
	return found
}

// teeCounter copies what is read to w and counts it.
type teeCounter struct {
	r io.Reader
	w io.Writer
	n int64
}

func (t *teeCounter) Read(p []byte) (int, error) {
	n, err := t.r.Read(p)
	if n > 0 {
		if _, werr := t.w.Write(p[:n]); werr != nil {
			return n, fmt.Errorf("keep the tar stream: %w", werr)
		}
		t.n += int64(n)
	}
	return n, err
}
