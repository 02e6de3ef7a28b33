package nixpkgs

import (
	"context"
	"errors"
	neturl "net/url"

	"github.com/isowright/isowright/builder/catalog/sealed"
	"github.com/isowright/isowright/internal/fetch"
)

// The kinds of failure, to be asked for with errors.Is.
var (
	// ErrUnreachable: no connection (name, refused, no route, timeout).
	ErrUnreachable = fetch.ErrUnreachable
	// ErrNotFound: the server has no such channel or list.
	ErrNotFound = fetch.ErrNotFound
	// ErrServer: the server answered with another refusal.
	ErrServer = fetch.ErrServer
	// ErrCut: the transfer ended early, also when repeated.
	ErrCut = fetch.ErrCut
	// ErrFormat: what came is no list of a channel.
	ErrFormat = errors.New("not a list of nixpkgs")
	// ErrMissing: the channel's catalogue is not on this computer.
	ErrMissing = errors.New("no catalogue on this computer")
	// ErrDamaged: the catalogue's file is not what was written.
	ErrDamaged = sealed.ErrDamaged
	// ErrVersion: written by another version of this program.
	ErrVersion = sealed.ErrVersion
	// ErrChannel: not the name of a channel.
	ErrChannel = errors.New("not the name of a channel")
)

// Error is a failure of the server, the network or the stored catalogue.
type Error = fetch.Error

const (
	hintNetwork  = "Check the network and the proxy (https_proxy); what is on this computer already can be searched with --offline."
	hintLater    = "Try again later; what is on this computer already can be searched with --offline."
	hintChannel  = "Check the name of the channel; channels are called nixos-26.05, nixos-unstable or nixos-26.05-small."
	hintPortal   = "Something else than the channel answers: a network that wants a login first, or a wrong address."
	hintTooLarge = "The server's list is not what this program knows. Check the address of the channels."
)

var hints = fetch.Hints{
	Network:      hintNetwork,
	Certificates: "Check this computer's date and time and its certificates (ca-certificates).",
	Proxy:        "Give the proxy's user and password in https_proxy.",
	Absent:       hintChannel,
	Later:        hintLater,
}

// netError classes a failed request. A cancelled context stays itself.
func netError(ctx context.Context, url string, err error) error {
	if request, ok := errors.AsType[*neturl.Error](err); ok {
		err = request.Err // it would name the address a second time
	}
	if errors.Is(err, errDowngrade) && ctx.Err() == nil {
		return &Error{Kind: ErrServer, URL: url, Err: err, Hint: hintPortal}
	}
	return fetch.NetError(ctx, url, err, hints)
}
