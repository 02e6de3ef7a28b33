package fetch

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"syscall"
	"testing"
)

func TestNetError(t *testing.T) {
	cut := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "10")
		_, _ = io.WriteString(w, "half")
	}))
	defer cut.Close()
	unknown := httptest.NewUnstartedServer(http.NotFoundHandler())
	unknown.Config.ErrorLog = log.New(io.Discard, "", 0)
	unknown.StartTLS()
	defer unknown.Close()
	closed := httptest.NewServer(http.NotFoundHandler())
	closed.Close()
	for _, tt := range []struct {
		url   string
		kind  error
		hint  string
		text  string
		again bool
	}{
		{cut.URL, ErrCut, "later", "unexpected EOF", true},
		{unknown.URL, ErrUnreachable, "certificates", "certificate", false},
		{closed.URL, ErrUnreachable, "network", "refused", false},
		{"http://nosuch.invalid/", ErrUnreachable, "network", "nosuch.invalid", false},
	} {
		err := get(t.Context(), NewClient(0), tt.url, io.Discard)
		var e *Error
		if !errors.As(err, &e) || e.Kind != tt.kind || e.URL != tt.url || e.Hint != tt.hint || !strings.Contains(err.Error(), tt.text) {
			t.Errorf("%s: %v (%+v)", tt.url, err, e)
		}
		// A machine without a name server cannot tell that there is no such name.
		if dns := (*net.DNSError)(nil); transient(err) != tt.again && !(errors.As(err, &dns) && !dns.IsNotFound) {
			t.Errorf("%s: transient %v", tt.url, transient(err))
		}
	}
	for cause, again := range map[error]bool{
		&net.DNSError{Err: "no such host", IsNotFound: true}:        false,
		&net.DNSError{Err: "server misbehaving", IsTemporary: true}: true,
		&net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}:         false,
		&net.OpError{Op: "proxyconnect", Err: errors.New("no")}:     true,
		&net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}:       true,
		&net.OpError{Op: "write", Err: error(syscall.ENETUNREACH)}:  true,
		fmt.Errorf("on the way: %w", error(syscall.EHOSTUNREACH)):   true,
	} {
		err := NetError(t.Context(), "x", cause, testHints)
		var e *Error
		if !errors.As(err, &e) || e.Kind != ErrUnreachable || e.Hint != "network" || !errors.Is(err, cause) || transient(err) != again {
			t.Errorf("%v: %+v, transient %v", cause, err, transient(err))
		}
	}
}

func TestStatusError(t *testing.T) {
	for _, tt := range []struct {
		code  int
		kind  error
		hint  string
		again bool
	}{
		{404, ErrNotFound, "absent", false}, {410, ErrNotFound, "absent", false}, {403, ErrServer, "absent", false},
		{407, ErrServer, "proxy", false}, {400, ErrServer, "later", false}, {301, ErrServer, "later", false},
		{408, ErrServer, "later", true}, {429, ErrServer, "later", true}, {500, ErrServer, "later", true}, {503, ErrServer, "later", true},
	} {
		err := StatusError("http://a.example/x", tt.code, testHints)
		var e *Error
		if !errors.As(err, &e) || e.Kind != tt.kind || e.Hint != tt.hint || !errors.Is(err, Status(tt.code)) || transient(err) != tt.again {
			t.Errorf("%d: %v (%+v)", tt.code, err, e)
		}
	}
}

func TestErrorText(t *testing.T) {
	for want, e := range map[string]*Error{
		"not found":          {Kind: ErrNotFound},
		"/a/file: not found": {Kind: ErrNotFound, URL: "/a/file"},
		"http://a/: not found: HTTP status 404 Not Found": {Kind: ErrNotFound, URL: "http://a/", Err: Status(404)},
	} {
		if e.Error() != want || !errors.Is(e, ErrNotFound) {
			t.Errorf("got %q, want %q", e.Error(), want)
		}
	}
}
