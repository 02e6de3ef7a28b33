// Package fetch is what every download over HTTP needs: a client with timeouts,
// an end to transfers that stall, further attempts after faults that pass, and
// errors that people understand. It does not know what is fetched, nor does it
// check or keep it.
package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

const (
	attempts     = 3
	stallTimeout = 30 * time.Second
)

// errStalled ends a transfer in which nothing comes for stallTimeout.
var errStalled = errors.New("no data for 30 seconds")

// NewClient gives a client that honours the variables http_proxy, https_proxy
// and no_proxy and does not unpack what it gets. It keeps up to idle
// connections to a host open; 0: as many as net/http does.
func NewClient(idle int) *http.Client {
	return &http.Client{Transport: &http.Transport{
		Proxy:                 http.ProxyFromEnvironment,
		DialContext:           (&net.Dialer{Timeout: 10 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
		TLSHandshakeTimeout:   10 * time.Second,
		ResponseHeaderTimeout: stallTimeout,
		MaxIdleConnsPerHost:   idle,
		IdleConnTimeout:       30 * time.Second,
		ForceAttemptHTTP2:     true,
		DisableCompression:    true,
	}}
}

// Repeat calls f until it succeeds, fails for good, or has failed three times.
// What may pass is told by f's *Error. The pause before the second call is
// given, the next one is four times as long.
func Repeat(ctx context.Context, pause time.Duration, f func() error) error {
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

// Do sends a request in the program's name. Reading the answer's body fails
// when nothing comes for 30 seconds; closing it ends the transfer. The error is
// the client's: see NetError.
func Do(client *http.Client, req *http.Request) (*http.Response, error) {
	ctx, cancel := context.WithCancelCause(req.Context())
	req = req.WithContext(ctx)
	req.Header.Set("User-Agent", "isowright")
	resp, err := client.Do(req)
	if err != nil {
		cancel(nil)
		return nil, err
	}
	stall := time.AfterFunc(stallTimeout, func() { cancel(errStalled) })
	resp.Body = &watched{resp.Body, ctx, cancel, stall}
	return resp, nil
}

// watched is the body of an answer whose request ends when it stalls.
type watched struct {
	io.ReadCloser
	ctx    context.Context
	cancel context.CancelCauseFunc
	stall  *time.Timer
}

func (w *watched) Read(p []byte) (int, error) {
	n, err := w.ReadCloser.Read(p)
	if n > 0 {
		w.stall.Reset(stallTimeout)
	}
	if err != nil && err != io.EOF && errors.Is(context.Cause(w.ctx), errStalled) {
		err = errStalled
	}
	return n, err
}

func (w *watched) Close() error {
	w.stall.Stop()
	defer w.cancel(nil)
	return w.ReadCloser.Close()
}

// Copy brings the body of url's answer to dst. Only faults of the network are
// *Error; dst's own (a full disk) stay themselves.
func Copy(ctx context.Context, url string, dst io.Writer, body io.Reader, hints Hints) error {
	buf := make([]byte, 64<<10)
	for {
		n, err := body.Read(buf)
		if n > 0 {
			if _, err := dst.Write(buf[:n]); err != nil {
				return fmt.Errorf("save %s: %w", url, err)
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return NetError(ctx, url, err, hints)
		}
	}
}

// Bounded hands on up to Left bytes to W and answers Err to what is beyond.
type Bounded struct {
	W    io.Writer
	Left int64
	Err  error
}

// Write hands p on as a whole or not at all.
func (b *Bounded) Write(p []byte) (int, error) {
	if b.Left -= int64(len(p)); b.Left < 0 {
		return 0, b.Err
	}
	return b.W.Write(p)
}
