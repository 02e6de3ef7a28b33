package theme

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"strings"

	"github.com/therootcompany/xz"
)

// Limits of an archive with a theme, unpacked.
const (
	maxArchive      = 256 << 20 // bytes of all files
	maxArchiveFiles = 8192
	maxLinks        = 16 // one after the other
)

// unpacked is an archive in memory.
type unpacked struct {
	files memory
	links map[string]string // to other names
	size  int64
}

// Unpack reads a tar archive, plain or packed with gzip or xz, or a zip
// archive into memory. Links within it become copies; names and links that
// lead out of it are refused, and so is what is too large for a theme.
func Unpack(data []byte) (map[string][]byte, error) {
	u := &unpacked{files: memory{}, links: map[string]string{}}
	var err error
	if bytes.HasPrefix(data, []byte("PK")) {
		err = u.zip(data)
	} else {
		err = u.tar(data)
	}
	if err != nil {
		return nil, fmt.Errorf("read the archive with the theme: %w", err)
	}
	u.follow()
	return u.files, nil
}

func (u *unpacked) tar(data []byte) error {
	var stream io.Reader = bytes.NewReader(data)
	var err error
	switch {
	case bytes.HasPrefix(data, []byte{0x1f, 0x8b}):
		stream, err = gzip.NewReader(stream)
	case bytes.HasPrefix(data, []byte("\xfd7zXZ\x00")):
		stream, err = xz.NewReader(stream, xz.DefaultDictMax)
	}
	if err != nil {
		return err
	}
	// Directories and padding count as well: they take time.
	archive := tar.NewReader(io.LimitReader(stream, 2*maxArchive))
	for n := 0; ; n++ {
		h, err := archive.Next()
		switch {
		case errors.Is(err, io.EOF) && n > 0:
			return nil
		case err != nil && n == 0:
			return errors.New("it is no archive of tar, tar.gz, tar.xz or zip")
		case err != nil:
			return err
		}
		switch h.Typeflag {
		case tar.TypeReg:
			err = u.add(h.Name, archive)
		case tar.TypeSymlink:
			err = u.link(h.Name, path.Join(path.Dir(h.Name), h.Linkname), h.Linkname)
		case tar.TypeLink:
			err = u.link(h.Name, h.Linkname, h.Linkname)
		}
		if err != nil {
			return err
		}
	}
}

func (u *unpacked) zip(data []byte) error {
	archive, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) { // add says which one
		return err
	}
	for _, f := range archive.File {
		mode := f.Mode()
		if !mode.IsRegular() && mode&fs.ModeSymlink == 0 {
			continue
		}
		r, err := f.Open()
		if err != nil {
			return fmt.Errorf("%s: %w", f.Name, err)
		}
		if mode.IsRegular() {
			err = u.add(f.Name, r)
		} else {
			var target []byte
			if target, err = io.ReadAll(io.LimitReader(r, 4096)); err == nil {
				err = u.link(f.Name, path.Join(path.Dir(f.Name), string(target)), string(target))
			}
		}
		if err = errors.Join(err, r.Close()); err != nil {
			return err
		}
	}
	return nil
}

// inside makes a name of an archive one of fs.FS, or refuses it.
func inside(name string) (string, error) {
	inner := path.Clean(strings.TrimPrefix(name, "./"))
	if !fs.ValidPath(inner) || strings.Contains(name, "\\") {
		return "", fmt.Errorf("%q leads out of the archive", name)
	}
	return inner, nil
}

func (u *unpacked) add(name string, r io.Reader) error {
	name, err := inside(name)
	if err != nil {
		return err
	}
	data, err := io.ReadAll(io.LimitReader(r, maxArchive-u.size+1))
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	u.size += int64(len(data))
	if u.size > maxArchive || len(u.files) >= maxArchiveFiles {
		return fmt.Errorf("it holds more than %d MiB or %d files: that is no theme", maxArchive>>20, maxArchiveFiles)
	}
	u.files[name] = data
	return nil
}

func (u *unpacked) link(name, target, written string) error {
	name, err := inside(name)
	if err != nil {
		return err
	}
	target, err = inside(target)
	if err != nil || strings.HasPrefix(written, "/") {
		return fmt.Errorf("the link %s to %q leads out of the archive", name, written)
	}
	if len(u.links) >= maxArchiveFiles {
		return fmt.Errorf("it holds more than %d links", maxArchiveFiles)
	}
	u.links[name] = target
	return nil
}

// follow gives links to files the file's content. Links to folders and to what
// is not there are left out, as in a theme nothing needs them.
func (u *unpacked) follow() {
	for name, target := range u.links {
		for range maxLinks {
			next, ok := u.links[target]
			if !ok {
				break
			}
			target = next
		}
		if file, ok := u.files[target]; ok && u.files[name] == nil {
			u.files[name] = file
		}
	}
}
