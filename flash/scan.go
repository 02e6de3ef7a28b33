package flash

import (
	"context"
	"io"
)

// span is a part of a stick, in bytes.
type span struct{ begin, end int64 }

// spans cuts a part into chunks.
func (g geometry) spans(begin, end int64) []span {
	var list []span
	for at := begin; at < end; at += int64(g.chunk) {
		list = append(list, span{at, min(at+int64(g.chunk), end)})
	}
	return list
}

// scan reads parts of the device in order, none larger than a chunk, and calls f
// with each while the next one is being read. f may not keep b.
func (d *device) scan(ctx context.Context, list []span, f func(b []byte, at int64) error) error {
	type part struct {
		b   []byte
		at  int64
		err error
	}
	parts := make(chan part)
	free := make(chan []byte, 2)
	stop := make(chan struct{})
	free <- aligned(d.g.chunk)
	free <- aligned(d.g.chunk)
	go func() {
		defer close(parts)
		for _, s := range list {
			var b []byte
			select {
			case b = <-free:
			case <-stop:
				return
			}
			p := part{b: b[:s.end-s.begin], at: s.begin}
			p.err = d.read(ctx, p.b, p.at)
			select {
			case parts <- p:
			case <-stop:
				return
			}
			if p.err != nil {
				return
			}
		}
	}()
	// What was begun on the device has to end before anything else is done to it.
	defer func() {
		close(stop)
		for range parts {
		}
	}()
	for p := range parts {
		if p.err != nil {
			return p.err
		}
		if err := f(p.b, p.at); err != nil {
			return err
		}
		free <- p.b[:d.g.chunk]
	}
	return nil
}

func readFull(r io.Reader, b []byte) error {
	_, err := io.ReadFull(r, b)
	return err
}
