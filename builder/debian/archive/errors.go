package archive

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
)

// The kinds of failure, to be asked for with errors.Is.
var (
	// ErrUnreachable: no connection (name, refused, no route, timeout).
	ErrUnreachable = errors.New("cannot be reached")
	// ErrNotFound: the server has no such release, list or package.
	ErrNotFound = errors.New("not found")
	// ErrServer: the server answered with another refusal.
	ErrServer = errors.New("refused by the server")
	// ErrCut: the transfer ended early, also when repeated.
	ErrCut = errors.New("transfer was cut")
	// ErrSignature: not signed by a key of the archive.
	ErrSignature = errors.New("signature is not good")
	// ErrHash: size or SHA-256 differ from what the archive has signed.
	ErrHash = errors.New("content is not what the archive signed")
	// ErrFormat: signed, but not in a form that this program understands.
	ErrFormat = errors.New("format is not understood")
	// ErrExpired: outside its validity by this computer's clock.
	ErrExpired = errors.New("not valid at this time")
	// ErrRollback: older than what was seen before.
	ErrRollback = errors.New("older than seen before")
	// ErrOffline: the network is forbidden and the cache has no state.
	ErrOffline = errors.New("not in the cache")
	// ErrGone: the pinned state is neither in the cache nor on the mirror.
	ErrGone = errors.New("the pinned state is gone")
)

// Error is a failure of the archive, the network or a package file.
type Error struct {
	// Kind is one of the errors above.
	Kind error
	// URL is what was asked for; a path for local files.
	URL string
	// Err is the cause; it may be nil.
	Err error
	// Hint is what to do, one sentence.
	Hint string
}

// Error names what, the kind and the cause.
func (e *Error) Error() string {
	s := e.Kind.Error()
	if e.URL != "" {
		s = e.URL + ": " + s
	}
	if e.Err != nil {
		s += ": " + e.Err.Error()
	}
	return s
}

// Unwrap gives the kind and the cause.
func (e *Error) Unwrap() []error {
	if e.Err == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.Err}
}

const (
	hintNetwork = "check the network, the mirror's address and the proxy (http_proxy); --offline uses what is in the cache"
	hintMirror  = "try again later or use another mirror"
	hintClock   = "check this computer's date and time, else use another mirror"
)

// netError classes a failed request. A cancelled context stays itself.
func netError(ctx context.Context, url string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	e := &Error{Kind: ErrCut, URL: url, Err: err, Hint: hintMirror}
	var op *net.OpError
	var dns *net.DNSError
	var timeout net.Error
	var cert *tls.CertificateVerificationError
	switch {
	case errors.As(err, &dns), errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect"),
		errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, errStalled),
		errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		e.Kind, e.Hint = ErrUnreachable, hintNetwork
	case errors.As(err, &cert):
		e.Kind, e.Hint = ErrUnreachable, "check this computer's date and time and its certificates (ca-certificates)"
	}
	return e
}

// statusError classes an answer that is not the file.
func statusError(url string, resp *http.Response) error {
	e := &Error{Kind: ErrServer, URL: url, Err: &statusCode{resp.StatusCode}, Hint: hintMirror}
	switch resp.StatusCode {
	case http.StatusNotFound, http.StatusGone:
		e.Kind = ErrNotFound
	case http.StatusProxyAuthRequired:
		e.Hint = "give the proxy's user and password in http_proxy"
	}
	return e
}

// transient tells whether the same request may succeed a moment later.
func transient(err error) bool {
	var e *Error
	if !errors.As(err, &e) {
		return false
	}
	switch e.Kind {
	case ErrCut:
		return true
	case ErrUnreachable:
		var dns *net.DNSError
		var cert *tls.CertificateVerificationError
		if errors.As(err, &dns) && dns.IsNotFound || errors.As(err, &cert) {
			return false
		}
		return !errors.Is(err, syscall.ECONNREFUSED)
	case ErrServer:
		var status *statusCode
		return errors.As(err, &status) && status.transient()
	}
	return false
}

// statusCode is an HTTP status as an error.
type statusCode struct{ code int }

func (s *statusCode) Error() string {
	return fmt.Sprintf("HTTP status %d %s", s.code, http.StatusText(s.code))
}

func (s *statusCode) transient() bool {
	return s.code >= 500 || s.code == http.StatusTooManyRequests || s.code == http.StatusRequestTimeout
}
