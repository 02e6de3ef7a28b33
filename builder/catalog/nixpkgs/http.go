package nixpkgs

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

const (
	attempts     = 3
	stallTimeout = 30 * time.Second
	maxPacked    = 256 << 20 // bytes of a packed list; the real ones have 10 MB
	maxSmall     = 4096
)

var (
	errStalled   = errors.New("no data for 30 seconds")
	errDowngrade = errors.New("sent on from https to http")
)

func newClient() *http.Client {
	return &http.Client{
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			TLSHandshakeTimeout:   10 * time.Second,
			ResponseHeaderTimeout: stallTimeout,
			IdleConnTimeout:       30 * time.Second,
			ForceAttemptHTTP2:     true,
			// The lists are packed as they lie on the server.
			DisableCompression: true,
		},
		CheckRedirect: func(req *http.Request, via []*http.Request) error {
			if len(via) >= 10 {
				return errors.New("sent on ten times")
			}
			if via[len(via)-1].URL.Scheme == "https" && req.URL.Scheme != "https" {
				return errDowngrade
			}
			return nil
		},
	}
}

// repeat calls f until it succeeds, fails for good, or has failed three times.
func repeat(ctx context.Context, pause time.Duration, f func() error) error {
	for n := 1; ; n++ {
		err := f()
		if err == nil || n == attempts || !transient(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(pause):
			pause *= 4
		}
	}
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
	err = repeat(ctx, c.Backoff, func() error {
		if err := reset(); err != nil {
			return err
		}
		a, err = c.getOnce(ctx, url, known, dst)
		return err
	})
	return a, err
}

func (c Config) getOnce(ctx context.Context, url string, known answer, dst io.Writer) (answer, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return answer{}, fmt.Errorf("address of the channels: %w", err)
	}
	req.Header.Set("User-Agent", "isowright")
	if known.tag != "" {
		req.Header.Set("If-None-Match", known.tag)
	}
	if known.modified != "" {
		req.Header.Set("If-Modified-Since", known.modified)
	}
	resp, err := c.Client.Do(req)
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
		return a, statusError(url, resp.StatusCode)
	}
	if s, ok := dst.(sizer); ok {
		s.size(resp.ContentLength)
	}
	return a, transfer(ctx, url, dst, resp.Body, cancel)
}

// sizer is told how much will come, -1 if nobody knows.
type sizer interface{ size(int64) }

// transfer copies an answer and gives up when nothing comes for a while.
func transfer(ctx context.Context, url string, dst io.Writer, body io.Reader, cancel context.CancelCauseFunc) error {
	stall := time.AfterFunc(stallTimeout, func() { cancel(errStalled) })
	defer stall.Stop()
	buf := make([]byte, 64<<10)
	for {
		n, err := body.Read(buf)
		if n > 0 {
			stall.Reset(stallTimeout)
			if _, err := dst.Write(buf[:n]); errors.Is(err, errTooLarge) {
				return &Error{Kind: ErrFormat, URL: url, Err: err, Hint: hintTooLarge}
			} else if err != nil {
				return fmt.Errorf("save %s: %w", url, err)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			if cause := context.Cause(ctx); errors.Is(cause, errStalled) {
				return &Error{Kind: ErrUnreachable, URL: url, Err: cause, Hint: hintNetwork}
			}
			return netError(ctx, url, err)
		}
	}
}

// small gets a file of a line.
func (c Config) small(ctx context.Context, url string) (string, answer, error) {
	var buf bytes.Buffer
	a, err := c.get(ctx, url, answer{}, &bounded{w: &buf, left: maxSmall}, func() error { buf.Reset(); return nil })
	return buf.String(), a, err
}

// bounded refuses more than left bytes.
type bounded struct {
	w    io.Writer
	left int64
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errTooLarge
	}
	return b.w.Write(p)
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
