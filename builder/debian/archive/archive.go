// Package archive is a client of a Debian archive: it finds the host's mirror,
// fetches and authenticates a state of the archive, reads its package lists,
// downloads packages, unpacks them, and writes a small repository that apt can
// install from without a network.
//
// It needs no Debian tool on the host and no root. All networking of a build
// happens here. It does not install anything (no maintainer script is run), is
// no full resolver (conflicts are left to apt), reads no source packages, and
// writes no signed archive.
//
// Formats: https://wiki.debian.org/DebianRepository/Format, deb-version(7),
// deb(5), sources.list(5), RFC 9580 (cleartext signatures).
package archive

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/internal/fetch"
)

// The public archive, used where nothing else is configured.
const (
	DefaultMirror   = "http://ftp.debian.org/debian"
	DefaultSecurity = "http://ftp.debian.org/debian-security"
)

// Config says which archive is seen and where things are kept.
type Config struct {
	// CacheDir is the program's cache; this package uses the folders states,
	// lists and helper in it.
	CacheDir string
	// Mirror and Security are the archives' URLs without "/dists". Empty:
	// DefaultMirror and DefaultSecurity.
	Mirror, Security string
	// Release is a code name ("trixie", "sid").
	Release string
	// Components such as main; empty: main alone.
	Components []string
	// Arch is Debian's name of the architecture; empty: amd64.
	Arch string
	// Now is the clock against which signatures and lists expire.
	Now time.Time
	// Offline forbids the network: the newest state in the cache is used.
	Offline bool
	// Want is the ID of a pinned state; empty: the archive's present one.
	Want string
	// Keyring are the OpenPGP keys that may sign, binary; empty: Debian's.
	Keyring []byte
	// Client makes the requests; nil: one with timeouts that honours the
	// variables http_proxy, https_proxy and no_proxy.
	Client *http.Client
	// Backoff is the pause before the first repetition of a failed request;
	// the following ones are longer. 0: half a second.
	Backoff time.Duration
}

var word = regexp.MustCompile(`^[a-z0-9][a-z0-9.+-]*$`)

// normal fills in the defaults and refuses what cannot be part of a URL.
func (c Config) normal() (Config, error) {
	c.Mirror = strings.TrimRight(orElse(c.Mirror, DefaultMirror), "/")
	c.Security = strings.TrimRight(orElse(c.Security, DefaultSecurity), "/")
	c.Arch = orElse(c.Arch, "amd64")
	c.Components = slices.Clone(c.Components)
	if len(c.Components) == 0 {
		c.Components = []string{"main"}
	}
	slices.Sort(c.Components)
	c.Components = slices.Compact(c.Components)
	c = c.network()
	if len(c.Keyring) == 0 {
		c.Keyring = assets.DebianArchiveKeyring
	}
	if c.CacheDir == "" {
		return c, errors.New("no cache folder given")
	}
	for _, w := range append([]string{c.Release, c.Arch}, c.Components...) {
		if !word.MatchString(w) {
			return c, fmt.Errorf("%q is no name of a release, architecture or component", w)
		}
	}
	return c, nil
}

// network fills in what requests need.
func (c Config) network() Config {
	if c.Backoff == 0 {
		c.Backoff = 500 * time.Millisecond
	}
	if c.Client == nil {
		c.Client = fetch.NewClient(connections)
	}
	return c
}

// suites are the parts of a release, the one that wins among equal versions
// first.
func (c Config) suites() []suite {
	main := suite{Name: c.Release, Base: c.Mirror}
	if c.Release == "sid" || c.Release == "unstable" || c.Release == "experimental" {
		return []suite{main}
	}
	return []suite{
		main,
		{Name: c.Release + "-updates", Base: c.Mirror},
		{Name: c.Release + "-security", Base: c.Security},
	}
}

// suite is one folder below dists and the archive that has it.
type suite struct{ Name, Base string }

func (s suite) url(path string) string { return s.Base + "/dists/" + s.Name + "/" + path }

func orElse(s, def string) string {
	if s == "" {
		return def
	}
	return s
}

// writeAside replaces a file in one step: what has the name is always whole.
func writeAside(path string, data []byte) (err error) {
	f, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*.part")
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if _, err = f.Write(data); err != nil {
		return err
	}
	if err = f.Chmod(0o644); err != nil {
		return err
	}
	if err = f.Sync(); err != nil {
		return err
	}
	if err = f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}
