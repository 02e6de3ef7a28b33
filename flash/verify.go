package flash

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/isowright/isowright/internal/progress"
)

// VerifyOptions are what Verify may be told.
type VerifyOptions struct {
	// SHA256 and FileSHA256 as in Options.
	SHA256, FileSHA256 string
	Patience           time.Duration
	Progress           progress.Sink

	geometry geometry
}

// Comparison is what Verify found.
type Comparison struct {
	// Size of the image's content, and SHA256 of it.
	Size       int64  `json:"size"`
	SHA256     string `json:"sha256"`
	FileSHA256 string `json:"file_sha256,omitempty"`
	// Compared are bytes.
	Compared int64 `json:"compared"`
	// First is where the first difference is; -1: there is none.
	First int64 `json:"first_difference"`
	// Expected and Found are the bytes from there on, at most 16.
	Expected []byte `json:"expected,omitempty"`
	Found    []byte `json:"found,omitempty"`
	// Blocks of 256 KiB differ.
	Blocks int `json:"differing_blocks"`
}

// Verify compares all of a stick's content with an image, past every cache, and
// closes the target. A difference is an *Error of kind Mismatch or
// FakeCapacity; the comparison is filled in then too.
func Verify(ctx context.Context, t Target, im Image, o VerifyOptions) (Comparison, error) {
	if o.geometry == (geometry{}) {
		o.geometry = usual()
	}
	c := &comparing{o: o, d: newDevice(t, o.geometry, o.Patience), im: im}
	c.found.First = -1
	err := c.run(ctx)
	if e := c.d.close(); err == nil {
		err = e
	}
	return c.found, err
}

type comparing struct {
	o     VerifyOptions
	d     *device
	im    Image
	found Comparison
}

func (c *comparing) run(ctx context.Context) error {
	if c.im.Size > c.d.size {
		return tooSmall(c.im.Size, c.d.size)
	}
	r := newReading(ctx, c.im, c.o.geometry, false)
	defer r.stop()
	cur := cursor{r: r}
	defer cur.close()
	c.tell()
	// Two are read ahead of, the image and the stick, so that neither waits.
	err := c.d.scan(ctx, c.o.geometry.spans(0, c.d.size), func(b []byte, _ int64) error {
		k, err := cur.next(ctx)
		if err != nil {
			return err
		}
		c.compare(k, b)
		return nil
	})
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	size, err := r.finish(ctx)
	if err != nil {
		return err
	}
	if size > c.d.size {
		return tooSmall(size, c.d.size)
	}
	c.found.Size = size
	c.found.SHA256, c.found.FileSHA256 = r.hashes()
	if err := checkSums(c.o.SHA256, c.found.SHA256, c.o.FileSHA256, c.found.FileSHA256); err != nil {
		return err
	}
	if c.found.First >= 0 {
		return mismatch(c.found.First, c.found.Expected, c.found.Found)
	}
	return nil
}

// compare looks at one chunk, block by block.
func (c *comparing) compare(k *chunk, b []byte) {
	for at := 0; at < k.n && at < len(b); at += c.o.geometry.block {
		stop := min(at+c.o.geometry.block, k.n, len(b))
		i := firstDifference(k.data[at:stop], b[at:stop])
		c.found.Compared += int64(stop - at)
		if i < 0 {
			continue
		}
		c.found.Blocks++
		if c.found.First < 0 {
			c.found.First = k.offset() + int64(at+i)
			c.found.Expected = append([]byte(nil), k.data[at+i:min(at+i+16, stop)]...)
			c.found.Found = append([]byte(nil), b[at+i:min(at+i+16, stop)]...)
		}
	}
	c.tell()
}

func (c *comparing) tell() {
	c.o.Progress.Report(progress.Event{
		Step: string(Verifying), Text: Verifying.text(), Done: c.found.Compared, Total: max(c.im.Size, 0),
	})
}
