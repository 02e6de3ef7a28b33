package iso

import (
	"bytes"
	"io"
	"os"
	"testing"
)

// FuzzOpen reads images whose bytes were changed. The seeds are an image of
// this package and its ESP alone.
func FuzzOpen(f *testing.F) {
	opts := hybridOptions()
	opts.UEFI.Files = opts.UEFI.Files[2:]
	path, res := newImage(f, opts, []item{
		{path: "a/b/c", data: "text"}, {path: "link", target: "a/../a"}, {path: corePath, data: string(fakeCore())}})
	image, err := os.ReadFile(path)
	if err != nil {
		f.Fatal(err)
	}
	// The corpus stays small: changes are laid over a fixed image.
	f.Add(uint32(0), []byte{})
	f.Add(uint32(16*sectorSize), image[16*sectorSize:][:200])
	f.Add(uint32(res.ESP.Offset()), image[res.ESP.Offset():][:64])
	im, err := Open(bytes.NewReader(image), int64(len(image)))
	if err != nil {
		f.Fatal(err)
	}
	root := uint32(im.Root().Extents[0].Offset())
	f.Add(root, image[root:][:300])
	f.Add(uint32(512), image[512:1024])
	catalog := uint32(res.Files[catalogPath].Offset())
	f.Add(catalog, image[catalog:][:160])
	f.Fuzz(func(t *testing.T, at uint32, change []byte) {
		b := patched{image, int64(at) % int64(len(image)), change}
		im, err := Open(b, int64(len(image)))
		if err != nil {
			return
		}
		im.Starts()
		im.Walk(func(e Entry) error {
			if r, err := im.Open(e); err == nil {
				io.CopyN(io.Discard, r, 1<<12)
			}
			return nil
		})
	})
}

// patched is an image with a change laid over it.
type patched struct {
	image  []byte
	at     int64
	change []byte
}

func (p patched) ReadAt(b []byte, off int64) (int, error) {
	n, err := bytes.NewReader(p.image).ReadAt(b, off)
	if from := max(off, p.at); from < off+int64(n) && from < p.at+int64(len(p.change)) {
		copy(b[from-off:n], p.change[from-p.at:])
	}
	return n, err
}
