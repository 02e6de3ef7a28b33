package nixpkgs

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	neturl "net/url"
	"syscall"
)

// The kinds of failure, to be asked for with errors.Is.
var (
	// ErrUnreachable: no connection (name, refused, no route, timeout).
	ErrUnreachable = errors.New("cannot be reached")
	// ErrNotFound: the server has no such channel or list.
	ErrNotFound = errors.New("not found")
	// ErrServer: the server answered with another refusal.
	ErrServer = errors.New("refused by the server")
	// ErrCut: the transfer ended early, also when repeated.
	ErrCut = errors.New("transfer was cut")
	// ErrFormat: what came is no list of a channel.
	ErrFormat = errors.New("not a list of nixpkgs")
	// ErrMissing: the channel's catalogue is not on this computer.
	ErrMissing = errors.New("no catalogue on this computer")
	// ErrDamaged: the catalogue's file is not what was written.
	ErrDamaged = errors.New("the catalogue is damaged")
	// ErrVersion: written by another version of this program.
	ErrVersion = errors.New("the catalogue is another version's")
	// ErrChannel: not the name of a channel.
	ErrChannel = errors.New("not the name of a channel")
)

// Error is a failure of the server, the network or the stored catalogue.
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
	hintNetwork  = "Check the network and the proxy (https_proxy); what is on this computer already can be searched with --offline."
	hintLater    = "Try again later; what is on this computer already can be searched with --offline."
	hintChannel  = "Check the name of the channel; channels are called nixos-26.05, nixos-unstable or nixos-26.05-small."
	hintPortal   = "Something else than the channel answers: a network that wants a login first, or a wrong address."
	hintTooLarge = "The server's list is not what this program knows. Check the address of the channels."
)

// netError classes a failed request. A cancelled context stays itself.
func netError(ctx context.Context, url string, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if request, ok := errors.AsType[*neturl.Error](err); ok {
		err = request.Err // it would name the address a second time
	}
	e := &Error{Kind: ErrCut, URL: url, Err: err, Hint: hintLater}
	var (
		op      *net.OpError
		dns     *net.DNSError
		timeout net.Error
		cert    *tls.CertificateVerificationError
	)
	switch {
	case errors.Is(err, errDowngrade):
		e.Kind, e.Hint = ErrServer, hintPortal
	case errors.As(err, &dns), errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect"),
		errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, errStalled),
		errors.Is(err, syscall.EHOSTUNREACH), errors.Is(err, syscall.ENETUNREACH):
		e.Kind, e.Hint = ErrUnreachable, hintNetwork
	case errors.As(err, &cert):
		e.Kind, e.Hint = ErrUnreachable, "Check this computer's date and time and its certificates (ca-certificates)."
	}
	return e
}

// statusError classes an answer that is not the file.
func statusError(url string, code int) error {
	e := &Error{Kind: ErrServer, URL: url, Err: &statusCode{code}, Hint: hintLater}
	switch code {
	case http.StatusNotFound, http.StatusGone:
		e.Kind, e.Hint = ErrNotFound, hintChannel
	case http.StatusForbidden:
		e.Hint = hintChannel // what some stores say of files they do not have
	case http.StatusProxyAuthRequired:
		e.Hint = "Give the proxy's user and password in https_proxy."
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
