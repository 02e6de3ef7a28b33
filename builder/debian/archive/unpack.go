package archive

import (
	"archive/tar"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
)

// Unpack writes a package's files below dir as an ordinary user can: owners,
// dates and set-user-ID bits are left out, device nodes and pipes too. No
// maintainer script runs. A folder whose place is taken by a link to a folder
// goes where the link leads (merged /usr); nothing is ever written outside
// dir.
func Unpack(ctx context.Context, debPath, dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	f, err := os.Open(debPath)
	if err != nil {
		return err
	}
	defer f.Close()
	u := unpacker{root: root, buf: make([]byte, 128<<10)}
	if err := walkDeb(ctx, f, u.entry); err != nil {
		return fmt.Errorf("unpack %s: %w", debPath, err)
	}
	return nil
}

type unpacker struct {
	root *os.Root
	buf  []byte
}

func (u *unpacker) entry(h *tar.Header, content io.Reader) error {
	mode := h.FileInfo().Mode().Perm()
	if h.Typeflag == tar.TypeDir {
		return u.mkdir(h.Name, mode)
	}
	if err := u.root.MkdirAll(path.Dir(h.Name), 0o755); err != nil {
		return err
	}
	switch h.Typeflag {
	case tar.TypeReg:
		return u.file(h.Name, mode, content)
	case tar.TypeSymlink:
		return u.symlink(h.Linkname, h.Name)
	case tar.TypeLink:
		if err := u.clear(h.Name); err != nil {
			return err
		}
		return u.root.Link(h.Linkname, h.Name)
	case tar.TypeChar, tar.TypeBlock, tar.TypeFifo:
		return nil
	}
	return fmt.Errorf("entry of unknown type %q", h.Typeflag)
}

// mkdir makes a folder that its owner can always fill and remove. One that is
// there, also behind a link, stays as it is.
func (u *unpacker) mkdir(name string, mode fs.FileMode) error {
	if info, err := u.root.Stat(name); err == nil {
		if info.IsDir() {
			return nil
		}
		return errors.New("a file is in the place of a folder")
	}
	if err := u.root.MkdirAll(name, 0o755); err != nil {
		return err
	}
	return u.root.Chmod(name, mode|0o700)
}

func (u *unpacker) file(name string, mode fs.FileMode, content io.Reader) error {
	const flags = os.O_WRONLY | os.O_CREATE | os.O_EXCL
	f, err := u.root.OpenFile(name, flags, 0o600)
	if errors.Is(err, fs.ErrExist) {
		if err = u.clear(name); err == nil {
			f, err = u.root.OpenFile(name, flags, 0o600)
		}
	}
	if err != nil {
		return err
	}
	_, err = io.CopyBuffer(onlyWriter{f}, content, u.buf)
	return errors.Join(err, f.Chmod(mode), f.Close())
}

// onlyWriter hides ReadFrom, which would not use our buffer.
type onlyWriter struct{ io.Writer }

// symlink makes a link; a folder in its place stays, as dpkg does it.
func (u *unpacker) symlink(target, name string) error {
	if info, err := u.root.Lstat(name); err == nil {
		if info.IsDir() {
			return nil
		}
		if err := u.root.Remove(name); err != nil {
			return err
		}
	}
	return u.root.Symlink(target, name)
}

// clear removes what has a name, unless it is a folder.
func (u *unpacker) clear(name string) error {
	info, err := u.root.Lstat(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if info.IsDir() {
		return errors.New("a folder is in the place of a file")
	}
	return u.root.Remove(name)
}
