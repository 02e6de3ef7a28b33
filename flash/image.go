package flash

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/therootcompany/xz"
)

// maxWindow bounds the memory that unpacking takes, in bytes. It is what
// `xz -9` and `zstd --long` need, twice.
const maxWindow = 256 << 20

// Image is what is to be written. It can be read any number of times.
type Image struct {
	Name string
	// Size is that of the content in bytes; -1 if only unpacking will tell.
	Size int64
	// Exact tells that the content has to be as long as Size says. The header
	// of a compressed image may speak of its first part alone.
	Exact bool
	// Compression is "gzip", "xz", "zstd", "bzip2" or "".
	Compression string
	// FileSize is that of the file, compressed or not, in bytes.
	FileSize int64

	open func() (io.ReadCloser, error)
}

// ImageFrom is an uncompressed image that open opens, size bytes long.
func ImageFrom(name string, size int64, open func() (io.ReadCloser, error)) Image {
	return Image{Name: name, Size: size, Exact: true, FileSize: size, open: open}
}

// OpenImage looks at an image file, which may be compressed; its content
// decides, not its name.
func OpenImage(path string) (Image, error) {
	f, err := os.Open(path)
	if err != nil {
		return Image{}, fault(ImageFault, "", err, "the image cannot be opened")
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return Image{}, fault(ImageFault, "", err, "the image cannot be opened")
	}
	if !info.Mode().IsRegular() {
		return Image{}, fault(ImageFault, "give the name of an image file", nil, "%s is no file", path)
	}
	im := Image{Name: path, Size: info.Size(), Exact: true, FileSize: info.Size()}
	im.open = func() (io.ReadCloser, error) { return os.Open(path) }
	head := make([]byte, 64)
	n, err := io.ReadFull(f, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
		return Image{}, fault(ImageFault, "", err, "the image cannot be read")
	}
	if n == 0 {
		return Image{}, fault(ImageFault, "choose another image", nil, "%s is empty", path)
	}
	if im.Compression = compression(head[:n]); im.Compression != "" {
		im.Size, im.Exact = packedSize(im.Compression, f, head[:n], info.Size())
	}
	return im, nil
}

// compression tells by the first bytes how an image is packed: RFC 1952, the
// .xz format 1.2, RFC 8878, bzip2's header with its first block's mark.
func compression(head []byte) string {
	switch {
	case bytes.HasPrefix(head, []byte{0x1f, 0x8b, 8}):
		return "gzip"
	case bytes.HasPrefix(head, []byte("\xfd7zXZ\x00")):
		return "xz"
	case bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}):
		return "zstd"
	case len(head) >= 10 && bytes.HasPrefix(head, []byte("BZh")) && bytes.Equal(head[4:10], []byte("1AY&SY")):
		return "bzip2"
	}
	return ""
}

// unpack reads the content of a packed stream.
func unpack(kind string, r io.Reader) (io.Reader, func(), error) {
	nothing := func() {}
	switch kind {
	case "gzip":
		g, err := gzip.NewReader(r)
		return g, nothing, err
	case "xz":
		x, err := xz.NewReader(r, maxWindow)
		return x, nothing, err
	case "zstd":
		z, err := zstd.NewReader(r, zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, nothing, err
		}
		return z, z.Close, nil
	case "bzip2":
		return bzip2.NewReader(r), nothing, nil
	}
	return nil, nothing, fmt.Errorf("images packed with %q cannot be unpacked", kind)
}

// content is an opened image; raw counts and hashes the file's own bytes where
// they are not the content.
type content struct {
	io.Reader
	raw   *bufio.Reader
	close func() error
}

// read opens the image; what is read from the file also goes to raw, which may
// be nil.
func (im Image) read(raw io.Writer) (*content, error) {
	f, err := im.open()
	if err != nil {
		return nil, im.fault(err)
	}
	if im.Compression == "" {
		return &content{Reader: f, close: f.Close}, nil
	}
	var packed io.Reader = f
	if raw != nil {
		packed = io.TeeReader(f, raw)
	}
	buffered := bufio.NewReaderSize(packed, 1<<20)
	r, end, err := unpack(im.Compression, buffered)
	if err != nil {
		_ = f.Close() // the error above says more
		return nil, im.fault(err)
	}
	return &content{r, buffered, func() error {
		end()
		return f.Close()
	}}, nil
}

// skip goes forward to an offset of the content.
func (c *content) skip(n int64) error {
	if s, ok := c.Reader.(io.Seeker); ok {
		_, err := s.Seek(n, io.SeekCurrent)
		return err
	}
	_, err := io.CopyN(io.Discard, c.Reader, n)
	return err
}

// drain reads what lies behind the packed content, so that all of the file is
// hashed.
func (c *content) drain() error {
	if c.raw == nil {
		return nil
	}
	_, err := io.Copy(io.Discard, c.raw)
	return err
}

// fault says that the image is to blame.
func (im Image) fault(err error) error {
	if im.Compression == "" {
		return fault(ImageFault, "check the disk that the image lies on", err, "the image cannot be read")
	}
	return fault(ImageFault, "it may be damaged or cut off: fetch or build it again", err,
		"the image cannot be unpacked (%s)", im.Compression)
}
