// Package nix runs the nix command: finds it, evaluates, locks, tells what a
// build would do, builds with progress, keeps and frees garbage collector
// roots, and turns what nix says into messages for people. It knows nothing of
// NixOS or of images, and needs Nix 2.18 or newer, Lix or Determinate Nix.
package nix

import (
	"context"
	"io"
	"net/url"
	"slices"
	"strings"

	"github.com/isowright/isowright/internal/progress"
)

// Nix is a nix command that was found to work. It may be used from several
// goroutines.
type Nix struct {
	// Path of the program.
	Path    string
	Version Version
	// System is what it builds for without being asked ("x86_64-linux");
	// ExtraPlatforms are further ones that it can run.
	System         string
	ExtraPlatforms []string
	// Store is the URL of its store ("local", "daemon"), StoreDir the folder
	// that store paths begin with. Trusted tells whether the store lets us
	// change settings and take unsigned paths.
	Store    string
	StoreDir string
	Trusted  bool
	// Substituters are the caches that it fetches from.
	Substituters []string
	// Sandbox tells whether builds run in one.
	Sandbox bool

	env      []string
	settings Settings
	// container is where the program runs; nil: on this computer.
	container *Container
	// places is where its store can be read on this computer; nil: nowhere.
	places *Places
	// own is places of this computer's store, homeDir the folder of the user's
	// own.
	own     *Places
	homeDir string
	watch   Watch
}

// Settings are the person's, not the design's.
type Settings struct {
	// Builders are remote machines as nix's setting "builders" wants them;
	// MaxJobs is the number of builds at once on this computer, 0 for none, nil
	// for nix's own choice.
	Builders string
	MaxJobs  *int
	// Store is the URL of a store to build in ("ssh-ng://user@host"); empty:
	// this computer's.
	Store string
	// Nixpkgs is a flake reference that takes the place of the design's
	// channel.
	Nixpkgs string
	// Options are further settings of nix. "ssh-options" are handed to ssh
	// instead.
	Options map[string]string
}

// Watch receives what happens during calls. All are optional; none may block.
type Watch struct {
	// Progress gets the steps "evaluate", "inputs" (bytes of flakes that are
	// downloaded), "fetch" (unpacked bytes), "build" (derivations), "image" (an
	// image is being packed; percent where that is known) and "copy" (bytes
	// from a remote store).
	Progress progress.Sink
	// Log gets every line: of builds, with the derivation's name before it,
	// and of nix itself.
	Log func(string)
	// Warn gets what did not stop the work but that a person should know.
	Warn func(*Error)
}

// With returns the same nix, watched by w.
func (n *Nix) With(w Watch) *Nix {
	c := *n
	c.watch = w
	return &c
}

// WithSettings returns the same nix, used with s.
func (n *Nix) WithSettings(s Settings) *Nix {
	c := *n
	c.settings = s
	c.settle()
	return &c
}

// Flake makes a reference to the flake in the folder dir, which need not be in
// git, and an attribute of it.
func Flake(dir, attribute string) string {
	ref := "path:" + (&url.URL{Path: dir}).EscapedPath()
	if attribute != "" {
		ref += "#" + attribute
	}
	return ref
}

// Systems tells for which systems this nix can build without help.
func (n *Nix) Systems() []string {
	return append([]string{n.System}, n.ExtraPlatforms...)
}

// Builds tells whether this nix can build for system, alone or with the
// remote machines of its settings.
func (n *Nix) Builds(system string) bool {
	return slices.Contains(n.Systems(), system) || n.settings.Store != "" ||
		strings.Contains(n.settings.Builders, system) || strings.HasPrefix(n.settings.Builders, "@")
}

// base are the arguments of every call.
func base() []string {
	return []string{"--extra-experimental-features", "nix-command flakes", "--log-format", "internal-json"}
}

// call runs a subcommand and gives what it printed to out.
func (n *Nix) call(ctx context.Context, out io.Writer, args ...string) error {
	_, err := n.run(ctx, command{args: slices.Concat(base(), args, n.settings.options()), out: out, watch: n.watch})
	return err
}
