package archive

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"strconv"
	"strings"
)

const (
	arMagic  = "!<arch>\n"
	arHeader = 60 // bytes
	// maxExtract bounds what Extract holds in memory, in bytes.
	maxExtract = 512 << 20
)

// dataMember finds the file system part of a package (deb(5)): an ar archive
// with the members debian-binary, control.tar.* and data.tar.*. It gives the
// member's extension (".xz") and leaves r at its content.
func dataMember(r *bufio.Reader) (ext string, data io.Reader, err error) {
	magic := make([]byte, len(arMagic))
	_, err = io.ReadFull(r, magic)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return "", nil, err
	}
	if string(magic) != arMagic {
		return "", nil, errors.New("it is no Debian package (no ar archive)")
	}
	for first := true; ; first = false {
		name, size, err := arMember(r)
		if err == io.EOF {
			return "", nil, errors.New("the package has no data.tar")
		}
		if err != nil {
			return "", nil, fmt.Errorf("read ar header: %w", err)
		}
		if ext, ok := strings.CutPrefix(name, "data.tar"); ok && !first {
			return ext, &wholeReader{r: r, left: size}, nil
		}
		if first != (name == "debian-binary") {
			return "", nil, fmt.Errorf("member %q is not at its place", clip(name))
		}
		if n, err := io.CopyN(io.Discard, r, size+size%2); err != nil && !(err == io.EOF && n == size) {
			return "", nil, fmt.Errorf("read member %s: %w", name, io.ErrUnexpectedEOF)
		}
	}
}

// arMember reads one header: name, date, uid, gid, mode and size as text,
// ended by "`\n".
func arMember(r io.Reader) (name string, size int64, err error) {
	var h [arHeader]byte
	if _, err := io.ReadFull(r, h[:]); err != nil {
		return "", 0, err
	}
	size, err = strconv.ParseInt(strings.TrimRight(string(h[48:58]), " "), 10, 64)
	if err != nil || size < 0 || h[58] != '`' || h[59] != '\n' {
		return "", 0, errors.New("damaged header")
	}
	return strings.TrimSuffix(strings.TrimRight(string(h[:16]), " "), "/"), size, nil
}

// wholeReader reads exactly left bytes; fewer are an error.
type wholeReader struct {
	r    io.Reader
	left int64
}

func (w *wholeReader) Read(p []byte) (int, error) {
	if w.left == 0 {
		return 0, io.EOF
	}
	n, err := w.r.Read(p[:min(int64(len(p)), w.left)])
	if w.left -= int64(n); err == io.EOF && w.left > 0 {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// walkDeb calls f for each entry of a package's file system. The names are
// clean and relative ("usr/bin/x"); the root itself is left out.
func walkDeb(ctx context.Context, r io.Reader, f func(h *tar.Header, content io.Reader) error) error {
	ext, packed, err := dataMember(bufio.NewReaderSize(ctxReader{ctx, r}, 256<<10))
	if err != nil {
		return err
	}
	plain, err := decompress(ext, packed)
	if err != nil {
		return fmt.Errorf("decompress data.tar%s: %w", ext, err)
	}
	defer plain.Close()
	entries := tar.NewReader(plain)
	for {
		h, err := entries.Next()
		if err == io.EOF {
			// The checksums of the compression come after the last entry.
			_, err = io.Copy(io.Discard, plain)
		}
		if err != nil {
			return fmt.Errorf("read data.tar%s: %w", ext, err)
		}
		if h == nil {
			return nil
		}
		if h.Name, err = localName(h.Name); err != nil {
			return err
		}
		if h.Typeflag == tar.TypeLink {
			if h.Linkname, err = localName(h.Linkname); err != nil {
				return err
			}
		}
		if h.Name == "." {
			continue
		}
		if err := f(h, entries); err != nil {
			return fmt.Errorf("%s: %w", h.Name, err)
		}
	}
}

// localName cleans an entry's name and refuses one that leaves the tree.
func localName(name string) (string, error) {
	clean := path.Clean(strings.TrimLeft(name, "/"))
	if clean == ".." || strings.HasPrefix(clean, "../") || strings.Contains(clean, "\x00") {
		return "", fmt.Errorf("entry %q leads out of the package", clip(name))
	}
	return clean, nil
}

// Extract reads the regular files of a package that want accepts (names such
// as "usr/lib/grub/i386-pc/boot.img") into memory. Links to wanted files of
// the same package are followed. It is for small packages: more than 512 MiB
// are refused.
func Extract(ctx context.Context, debPath string, want func(name string) bool) (map[string][]byte, error) {
	f, err := os.Open(debPath)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	files, err := extract(ctx, f, want)
	if err != nil {
		return nil, fmt.Errorf("extract %s: %w", debPath, err)
	}
	return files, nil
}

func extract(ctx context.Context, r io.Reader, want func(string) bool) (map[string][]byte, error) {
	files, links := map[string][]byte{}, map[string]string{}
	left := int64(maxExtract)
	err := walkDeb(ctx, r, func(h *tar.Header, content io.Reader) error {
		if !want(h.Name) {
			return nil
		}
		switch h.Typeflag {
		case tar.TypeLink:
			links[h.Name] = h.Linkname
		case tar.TypeSymlink:
			links[h.Name] = linkTarget(h.Name, h.Linkname)
		case tar.TypeReg:
			if left -= h.Size; left < 0 {
				return errors.New("too much for the memory")
			}
			var buf bytes.Buffer
			if _, err := io.Copy(&buf, content); err != nil {
				return err
			}
			files[h.Name] = buf.Bytes()
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for name := range links {
		to := name
		for range 40 { // as many as the kernel follows
			next, ok := links[to]
			if !ok {
				break
			}
			to = next
		}
		if data, ok := files[to]; ok {
			files[name] = data
		}
	}
	return files, nil
}

// linkTarget is the path in the tree that a symbolic link means.
func linkTarget(name, target string) string {
	if !path.IsAbs(target) {
		target = path.Join("/", path.Dir(name), target)
	}
	return strings.TrimPrefix(path.Clean(target), "/")
}
