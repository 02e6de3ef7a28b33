package fetch

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
)

// The kinds of failure that every server may have, to be asked for with
// errors.Is. Packages add their own to them.
var (
	// ErrUnreachable: no connection (name, refused, no route, timeout).
	ErrUnreachable = errors.New("cannot be reached")
	// ErrNotFound: the server has no such file.
	ErrNotFound = errors.New("not found")
	// ErrServer: the server answered with another refusal.
	ErrServer = errors.New("refused by the server")
	// ErrCut: the transfer ended early, also when repeated.
	ErrCut = errors.New("transfer was cut")
)

// Error is a failure of a server, the network or what was fetched.
type Error struct {
	// Kind is one of the errors above, or a package's own.
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

// Hints are what a person may do about a failure, a sentence each.
type Hints struct {
	// Network: the server cannot be reached.
	Network string
	// Certificates: it is not known to be the one that was asked.
	Certificates string
	// Proxy: the proxy wants a password.
	Proxy string
	// Absent: there is no such file; some stores forbid what they do not have.
	Absent string
	// Later: anything else.
	Later string
}

// NetError classes a failed request. A cancelled context stays itself.
func NetError(ctx context.Context, url string, err error, hints Hints) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	e := &Error{Kind: ErrCut, URL: url, Err: err, Hint: hints.Later}
	var op *net.OpError
	var dns *net.DNSError
	var timeout net.Error
	var cert *tls.CertificateVerificationError
	switch {
	case errors.As(err, &dns), errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect"),
		errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, errStalled),
		errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		e.Kind, e.Hint = ErrUnreachable, hints.Network
	case errors.As(err, &cert):
		e.Kind, e.Hint = ErrUnreachable, hints.Certificates
	}
	return e
}

// StatusError classes an answer that is not the file by its HTTP status.
func StatusError(url string, code int, hints Hints) error {
	e := &Error{Kind: ErrServer, URL: url, Err: Status(code), Hint: hints.Later}
	switch code {
	case http.StatusNotFound, http.StatusGone:
		e.Kind, e.Hint = ErrNotFound, hints.Absent
	case http.StatusForbidden:
		e.Hint = hints.Absent
	case http.StatusProxyAuthRequired:
		e.Hint = hints.Proxy
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
		return !(errors.As(err, &dns) && dns.IsNotFound) && !errors.As(err, &cert) && !errors.Is(err, syscall.ECONNREFUSED)
	case ErrServer:
		var status Status
		return errors.As(err, &status) && (status >= 500 || status == http.StatusTooManyRequests || status == http.StatusRequestTimeout)
	}
	return false
}

// Status is an HTTP status as an error.
type Status int

// Error gives the number and its meaning.
func (s Status) Error() string {
	return fmt.Sprintf("HTTP status %d %s", int(s), http.StatusText(int(s)))
}
