package nixpkgs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"

	"github.com/isowright/isowright/internal/fetch"
)

const (
	maxPacked = 256 << 20 // bytes of a packed list; the real ones have 10 MB
	maxSmall  = 4096
)

var errDowngrade = errors.New("sent on from https to http")

func newClient() *http.Client {
	c := fetch.NewClient(0)
	c.CheckRedirect = func(req *http.Request, via []*http.Request) error {
		if len(via) >= 10 {
			return errors.New("sent on ten times")
		}
		if via[len(via)-1].URL.Scheme == "https" && req.URL.Scheme != "https" {
			return errDowngrade
		}
		return nil
	}
	return c
}

// answer is what a server said to a request.
type answer struct {
	// url is where the file was in the end.
	url string
	// tag and modified are for asking again (RFC 9110, sections 8.8.2, 8.8.3).
	tag, modified string
	// unchanged: the file is the one that was asked about.
	unchanged bool
}

// get fetches a file into dst, which reset empties before each attempt. known
// is an earlier answer: the file is not sent again if it is the same.
func (c Config) get(ctx context.Context, url string, known answer, dst io.Writer, reset func() error) (a answer, err error) {
	err = fetch.Repeat(ctx, c.Backoff, func() error {
		if err := reset(); err != nil {
			return err
		}
		a, err = c.getOnce(ctx, url, known, dst)
		return err
	})
	return a, err
}

func (c Config) getOnce(ctx context.Context, url string, known answer, dst io.Writer) (answer, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return answer{}, fmt.Errorf("address of the channels: %w", err)
	}
	if known.tag != "" {
		req.Header.Set("If-None-Match", known.tag)
	}
	if known.modified != "" {
		req.Header.Set("If-Modified-Since", known.modified)
	}
	resp, err := fetch.Do(c.Client, req)
	if err != nil {
		return answer{}, netError(ctx, url, err)
	}
	defer resp.Body.Close()
	a := answer{
		url: resp.Request.URL.String(), tag: resp.Header.Get("ETag"), modified: resp.Header.Get("Last-Modified"),
		unchanged: resp.StatusCode == http.StatusNotModified && known != answer{},
	}
	switch {
	case a.unchanged:
		return a, nil
	case resp.StatusCode != http.StatusOK:
		return a, fetch.StatusError(url, resp.StatusCode, hints)
	}
	if s, ok := dst.(sizer); ok {
		s.size(resp.ContentLength)
	}
	err = fetch.Copy(ctx, url, dst, resp.Body, hints)
	if errors.Is(err, errTooLarge) {
		err = &Error{Kind: ErrFormat, URL: url, Err: errTooLarge, Hint: hintTooLarge}
	}
	return a, err
}

// sizer is told how much will come, -1 if nobody knows.
type sizer interface{ size(int64) }

// small gets a file of a line.
func (c Config) small(ctx context.Context, url string) (string, answer, error) {
	var buf bytes.Buffer
	dst := &fetch.Bounded{W: &buf, Err: errTooLarge}
	a, err := c.get(ctx, url, answer{}, dst, func() error {
		buf.Reset()
		dst.Left = maxSmall
		return nil
	})
	return buf.String(), a, err
}

// packed is a list as it comes, in a file of its own.
type packed struct {
	file   *os.File
	left   int64
	done   int64
	total  int64
	report func(done, total int64)
}

func (p *packed) size(n int64) {
	p.total = max(0, n)
	p.report(p.done, p.total)
}

func (p *packed) Write(b []byte) (int, error) {
	if p.left -= int64(len(b)); p.left < 0 {
		return 0, errTooLarge
	}
	n, err := p.file.Write(b)
	p.done += int64(n)
	p.report(p.done, p.total)
	return n, err
}

// reset empties the file for an attempt from the beginning.
func (p *packed) reset() error {
	p.left, p.done, p.total = maxPacked, 0, 0
	if err := p.file.Truncate(0); err != nil {
		return err
	}
	_, err := p.file.Seek(0, io.SeekStart)
	return err
}
