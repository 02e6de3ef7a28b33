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
	"net/http"
	"os"
	"path/filepath"

	"github.com/isowright/isowright/internal/fetch"
)

const maxRelease = 16 << 20 // bytes of an InRelease; Debian's have 0.2 MB

// request starts a transfer from byte offset on. A server that does not know
// ranges answers from byte 0; the caller sees it by the status.
func request(ctx context.Context, client *http.Client, url string, offset int64) (*http.Response, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return nil, fetch.NetError(ctx, url, fmt.Errorf("mirror address: %w", err), hints)
	}
	if offset > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", offset))
	}
	resp, err := fetch.Do(client, req)
	if err != nil {
		return nil, fetch.NetError(ctx, url, err, hints)
	}
	return resp, nil
}

// fetchSmall gets a file whose size nobody has promised.
func fetchSmall(ctx context.Context, c Config, url string) (data []byte, err error) {
	err = fetch.Repeat(ctx, c.Backoff, func() error {
		resp, err := request(ctx, c.Client, url, 0)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		if resp.StatusCode != http.StatusOK {
			return fetch.StatusError(url, resp.StatusCode, hints)
		}
		var buf bytes.Buffer
		dst := &fetch.Bounded{W: &buf, Left: maxRelease, Err: errTooLong}
		if err := fetch.Copy(ctx, url, dst, resp.Body, hints); err != nil {
			return err
		}
		data = buf.Bytes()
		return nil
	})
	return data, err
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
	err := fetch.Repeat(ctx, c.Backoff, func() error {
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
	resp, err := request(ctx, c.Client, b.url, w.n)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusRequestedRangeNotSatisfiable && w.n > 0,
		resp.StatusCode == http.StatusOK && w.n > 0:
		if err := w.restart(); err != nil {
			return err
		}
		if resp.StatusCode != http.StatusOK {
			return &Error{Kind: ErrCut, URL: b.url, Err: fetch.Status(resp.StatusCode), Hint: hintMirror}
		}
	case resp.StatusCode == http.StatusPartialContent && w.n > 0, resp.StatusCode == http.StatusOK:
	default:
		return fetch.StatusError(b.url, resp.StatusCode, hints)
	}
	if err := fetch.Copy(ctx, b.url, w, resp.Body, hints); err != nil {
		return err
	}
	if w.n < b.size {
		// A proxy may end an answer early without any sign of it.
		return &Error{Kind: ErrCut, URL: b.url, Err: io.ErrUnexpectedEOF, Hint: hintMirror}
	}
	return nil
}
