package archive

import (
	"errors"

	"github.com/isowright/isowright/internal/fetch"
)

// The kinds of failure, to be asked for with errors.Is.
var (
	// ErrUnreachable: no connection (name, refused, no route, timeout).
	ErrUnreachable = fetch.ErrUnreachable
	// ErrNotFound: the server has no such release, list or package.
	ErrNotFound = fetch.ErrNotFound
	// ErrServer: the server answered with another refusal.
	ErrServer = fetch.ErrServer
	// ErrCut: the transfer ended early, also when repeated.
	ErrCut = fetch.ErrCut
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
type Error = fetch.Error

const (
	hintNetwork = "check the network, the mirror's address and the proxy (http_proxy); --offline uses what is in the cache"
	hintMirror  = "try again later or use another mirror"
	hintClock   = "check this computer's date and time, else use another mirror"
)

var hints = fetch.Hints{
	Network:      hintNetwork,
	Certificates: "check this computer's date and time and its certificates (ca-certificates)",
	Proxy:        "give the proxy's user and password in http_proxy",
	Absent:       hintMirror,
	Later:        hintMirror,
}
