package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"
)

const (
	attempts     = 3
	stallTimeout = 30 * time.Second
	maxRelease   = 16 << 20 // bytes of an InRelease; Debian's have 0.2 MB
)

var errStalled = errors.New("no data for 30 seconds")

func newClient() *http.Client {
	return &http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: stallTimeout,
		MaxIdleConnsPerHost:   connections,
		IdleConnTimeout:       30 * time.Second,
		ForceAttemptHTTP2:     true,
		// Lists and packages are checked as they lie on the server.
		DisableCompression: true,
	}}
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

// request starts a transfer from byte offset on. A server that does not know
// ranges answers from byte 0; the caller sees it by the status.
func request(ctx context.Context, client *http.Client, url string, offset int64) (*http.Response, context.CancelCauseFunc, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		cancel(nil)
		return nil, nil, fmt.Errorf("mirror address: %w", err)
	}
	req.Header.Set("User-Agent", "isowright")
	if offset > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
	}
	resp, err := client.Do(req)
	if err != nil {
		cancel(nil)
		return nil, nil, err
	}
	return resp, cancel, nil
}

// transfer copies an answer and gives up when nothing comes for a while.
func transfer(dst io.Writer, resp *http.Response, cancel context.CancelCauseFunc) error {
	stall := time.AfterFunc(stallTimeout, func() { cancel(errStalled) })
	defer stall.Stop()
	buf := make([]byte, 64<<10)
	for {
		n, err := resp.Body.Read(buf)
		if n > 0 {
			stall.Reset(stallTimeout)
			if _, werr := dst.Write(buf[:n]); werr != nil {
				return &localError{werr}
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			if cause := context.Cause(resp.Request.Context()); errors.Is(cause, errStalled) {
				return cause
			}
			return err
		}
	}
}

// localError is a fault of this computer in the middle of a transfer (disk
// full), which must not be taken for one of the network.
type localError struct{ error }

func (e *localError) Unwrap() error { return e.error }

// classed gives a failed transfer its kind.
func classed(ctx context.Context, url string, err error) error {
	var local *localError
	if errors.As(err, &local) {
		return fmt.Errorf("save %s: %w", url, local.error)
	}
	return netError(ctx, url, err)
}

// fetchSmall gets a file whose size nobody has promised.
func fetchSmall(ctx context.Context, c Config, url string) (data []byte, err error) {
	err = repeat(ctx, c.Backoff, func() error {
		resp, cancel, err := request(ctx, c.Client, url, 0)
		if err != nil {
			return netError(ctx, url, err)
		}
		defer cancel(nil)
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return statusError(url, resp)
		}
		var buf bytes.Buffer
		if err := transfer(&limited{&buf, maxRelease}, resp, cancel); err != nil {
			return classed(ctx, url, err)
		}
		data = buf.Bytes()
		return nil
	})
	return data, err
}

// limited refuses more than n bytes.
type limited struct {
	w io.Writer
	n int64
}

func (l *limited) Write(p []byte) (int, error) {
	if l.n -= int64(len(p)); l.n < 0 {
		return 0, errTooLong
	}
	return l.w.Write(p)
}

var errTooLong = errors.New("longer than promised")

// blob is a file that the archive has signed for.
type blob struct {
	url    string
	size   int64
	sha256 string
}

// fetchBlob brings a blob to path: beside it as path.part first, continued
// where an earlier attempt stopped, renamed once size and hash are right.
// count hears of bytes that arrived, negative when they must come again.
func fetchBlob(ctx context.Context, c Config, b blob, path string, count func(int64)) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	part := path + ".part"
	fresh := false
	err := repeat(ctx, c.Backoff, func() error {
		err := fetchOnce(ctx, c, b, part, count)
		if errors.Is(err, ErrHash) && !fresh {
			// The remains of an earlier run may be at fault: once from the start.
			fresh = true
			err = fetchOnce(ctx, c, b, part, count)
		}
		return err
	})
	if err != nil {
		return err
	}
	return os.Rename(part, path)
}

// fetchOnce continues the part and checks the whole. After a wrong hash the
// part is gone.
func fetchOnce(ctx context.Context, c Config, b blob, part string, count func(int64)) (err error) {
	f, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return err
	}
	defer f.Close()
	w := &blobWriter{file: f, sum: sha256.New(), limit: b.size, count: count}
	if err := w.resume(); err != nil {
		return fmt.Errorf("read %s: %w", part, err)
	}
	defer func() {
		if err != nil {
			count(-w.n)
		}
	}()
	if w.n < b.size {
		if err := w.receive(ctx, c, b); err != nil && !errors.Is(err, errTooLong) {
			return err
		}
	}
	if got := hex.EncodeToString(w.sum.Sum(nil)); w.n != b.size || got != b.sha256 {
		os.Remove(part)
		return &Error{Kind: ErrHash, URL: b.url, Hint: hintMirror,
			Err: fmt.Errorf("got %d bytes with SHA-256 %s, promised are %d with %s", w.n, got, b.size, b.sha256)}
	}
	return nil
}

// blobWriter appends to a part and hashes what it holds.
type blobWriter struct {
	file  *os.File
	sum   hash.Hash
	n     int64
	limit int64
	count func(int64)
}

// resume hashes what an earlier attempt left, or drops it if it is too long.
func (w *blobWriter) resume() error {
	n, err := io.Copy(w.sum, io.LimitReader(w.file, w.limit+1))
	if err != nil {
		return err
	}
	if n > w.limit {
		return w.restart()
	}
	w.n = n
	w.count(n)
	return nil
}

func (w *blobWriter) restart() error {
	w.count(-w.n)
	w.n = 0
	w.sum.Reset()
	if _, err := w.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	return w.file.Truncate(0)
}

func (w *blobWriter) Write(p []byte) (int, error) {
	if w.n+int64(len(p)) > w.limit {
		return 0, errTooLong
	}
	n, err := w.file.Write(p)
	w.sum.Write(p[:n])
	w.n += int64(n)
	w.count(int64(n))
	return n, err
}

func (w *blobWriter) receive(ctx context.Context, c Config, b blob) error {
	resp, cancel, err := request(ctx, c.Client, b.url, w.n)
	if err != nil {
		return netError(ctx, b.url, err)
	}
	defer cancel(nil)
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusRequestedRangeNotSatisfiable && w.n > 0,
		resp.StatusCode == http.StatusOK && w.n > 0:
		if err := w.restart(); err != nil {
			return err
		}
		if resp.StatusCode != http.StatusOK {
			return &Error{Kind: ErrCut, URL: b.url, Err: &statusCode{resp.StatusCode}, Hint: hintMirror}
		}
	case resp.StatusCode == http.StatusPartialContent && w.n > 0, resp.StatusCode == http.StatusOK:
	default:
		return statusError(b.url, resp)
	}
	if err := transfer(w, resp, cancel); err != nil {
		return classed(ctx, b.url, err)
	}
	if w.n < b.size {
		// A proxy may end an answer early without any sign of it.
		return &Error{Kind: ErrCut, URL: b.url, Err: io.ErrUnexpectedEOF, Hint: hintMirror}
	}
	return nil
}
