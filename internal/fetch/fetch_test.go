package fetch

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

var testHints = Hints{Network: "network", Certificates: "certificates", Proxy: "proxy", Absent: "absent", Later: "later"}

// get does as the packages that use this one.
func get(ctx context.Context, client *http.Client, url string, dst io.Writer) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	resp, err := Do(client, req)
	if err != nil {
		return NetError(ctx, url, err, testHints)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return StatusError(url, resp.StatusCode, testHints)
	}
	return Copy(ctx, url, dst, resp.Body, testHints)
}

func TestGet(t *testing.T) {
	text := strings.Repeat("a file larger than the buffer\n", 10_000)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.UserAgent() != "isowright" || r.Header.Get("Accept-Encoding") != "" {
			t.Errorf("request with %v", r.Header)
		}
		_, _ = io.WriteString(w, text)
	}))
	defer server.Close()
	var got bytes.Buffer
	if err := get(t.Context(), NewClient(1), server.URL, &got); err != nil || got.String() != text {
		t.Errorf("%d bytes, %v", got.Len(), err)
	}
	full := errors.New("disk full")
	err := get(t.Context(), NewClient(1), server.URL, &Bounded{W: io.Discard, Left: 100_000, Err: full})
	var e *Error
	if want := "save " + server.URL + ": disk full"; !errors.Is(err, full) || err.Error() != want || errors.As(err, &e) {
		t.Errorf("a fault of this computer is told as %v", err)
	}
}

func TestBounded(t *testing.T) {
	var got bytes.Buffer
	over := errors.New("too long")
	b := &Bounded{W: &got, Left: 4, Err: over}
	for _, tt := range []struct {
		text string
		err  error
	}{{"abc", nil}, {"d", nil}, {"e", over}, {"", over}} {
		if n, err := io.WriteString(b, tt.text); err != tt.err || err == nil && n != len(tt.text) {
			t.Errorf("%q: %d, %v", tt.text, n, err)
		}
	}
	if got.String() != "abcd" {
		t.Errorf("handed on %q", got.String())
	}
}

// roundTrip answers requests without a network.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }

// trickle is a body of some bytes, one every 29 seconds, that never ends.
type trickle struct {
	ctx  context.Context
	left int
}

func (r *trickle) Read(p []byte) (int, error) {
	var next <-chan time.Time
	if r.left > 0 {
		next = time.After(29 * time.Second)
	}
	select {
	case <-next:
		r.left--
		return copy(p, "x"), nil
	case <-r.ctx.Done():
		return 0, r.ctx.Err()
	}
}

// A slow transfer goes on, one in which nothing comes is ended.
func TestStall(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		client := &http.Client{Transport: roundTrip(func(req *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(&trickle{req.Context(), 5})}, nil
		})}
		start := time.Now()
		var got bytes.Buffer
		err := get(t.Context(), client, "http://a.example/", &got)
		if want := "http://a.example/: cannot be reached: no data for 30 seconds"; !errors.Is(err, ErrUnreachable) || err.Error() != want {
			t.Errorf("got %v", err)
		}
		if d := time.Since(start); d != 5*29*time.Second+stallTimeout || got.Len() != 5 {
			t.Errorf("%d bytes in %v", got.Len(), d)
		}
		if !transient(err) {
			t.Error("a stalled transfer is not repeated")
		}
	})
}

func TestCancel(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "10")
		_, _ = io.WriteString(w, "half")
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}))
	defer server.Close()
	err := get(ctx, NewClient(1), server.URL, writer(func(p []byte) (int, error) {
		cancel()
		return len(p), nil
	}))
	if err != context.Canceled {
		t.Errorf("cancelled in the body: %v", err)
	}
	if err := get(ctx, NewClient(1), server.URL, io.Discard); err != context.Canceled {
		t.Errorf("cancelled before: %v", err)
	}
}

type writer func([]byte) (int, error)

func (f writer) Write(p []byte) (int, error) { return f(p) }

func TestRepeat(t *testing.T) {
	cut := &Error{Kind: ErrCut}
	for _, tt := range []struct {
		name  string
		errs  []error
		calls int
		pause time.Duration
	}{
		{"success", []error{nil}, 1, 0},
		{"success after faults", []error{cut, cut, nil}, 3, 5 * time.Second},
		{"three faults", []error{cut, cut, cut, nil}, 3, 5 * time.Second},
		{"for good", []error{cut, &Error{Kind: ErrNotFound}, nil}, 2, time.Second},
		{"no fault of the network", []error{io.ErrUnexpectedEOF, nil}, 1, 0},
	} {
		synctest.Test(t, func(t *testing.T) {
			calls, start := 0, time.Now()
			err := Repeat(t.Context(), time.Second, func() error { calls++; return tt.errs[calls-1] })
			if d := time.Since(start); calls != tt.calls || d != tt.pause || err != tt.errs[calls-1] {
				t.Errorf("%s: %d calls in %v, %v", tt.name, calls, d, err)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	if err := Repeat(ctx, time.Hour, func() error { cancel(); return cut }); err != context.Canceled {
		t.Errorf("cancelled in the pause: %v", err)
	}
}
