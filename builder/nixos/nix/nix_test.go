package nix

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/isowright/isowright/internal/progress"
)

// place is a Nix of a test's own: its store, state, caches and home lie in the
// test's folder, so that nothing of the computer is used or changed.
type place struct {
	*Nix
	dir string
	env []string
}

// newPlace needs Nix in PATH; Debian's is brought by .ci/nix.
func newPlace(t *testing.T, options ...string) *place {
	t.Helper()
	if _, err := exec.LookPath("nix"); err != nil {
		if os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" {
			t.Fatal("nix is missing: PATH=$(.ci/nix):$PATH")
		}
		t.Skip("nix is not installed")
	}
	p := &place{dir: tempDir(t)}
	p.env = p.environment(options...)
	n, err := Find(t.Context(), Search{Env: p.env})
	if err != nil {
		t.Fatal(err)
	}
	p.Nix = n
	return p
}

// tempDir is like t.TempDir, for trees that are read-only.
func tempDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "nix")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("chmod", "-R", "u+w", dir).CombinedOutput(); err != nil {
			t.Logf("chmod: %v %s", err, out)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// environment puts everything of nix below the place's folder.
func (p *place) environment(options ...string) []string {
	env := slices.DeleteFunc(os.Environ(), func(v string) bool {
		return strings.HasPrefix(v, "NIX_") || strings.HasPrefix(v, "XDG_") || strings.HasPrefix(v, "HOME=")
	})
	config := append([]string{"substituters =", "sandbox = false", "build-users-group ="}, options...)
	return append(env,
		"HOME="+p.dir,
		"NIX_STORE_DIR="+filepath.Join(p.dir, "store"),
		"NIX_STATE_DIR="+filepath.Join(p.dir, "var"),
		"NIX_LOG_DIR="+filepath.Join(p.dir, "log"),
		"NIX_CONF_DIR="+filepath.Join(p.dir, "conf"),
		"NIX_CONFIG="+strings.Join(config, "\n"),
	)
}

// flake writes a flake whose outputs are the attributes in text, with drv for
// simple derivations, and returns its folder.
func (p *place) flake(t *testing.T, name, text string) string {
	t.Helper()
	dir := filepath.Join(p.dir, "flakes", name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	whole := `{
  outputs = { self, ... }:
    let
      drv = name: script: extra: derivation ({
        inherit name;
        system = "` + p.System + `";
        builder = "/bin/sh";
        args = [ "-c" script ];
        PATH = "/usr/bin:/bin";
      } // extra);
    in {
` + text + `
    };
}
`
	if err := os.WriteFile(filepath.Join(dir, "flake.nix"), []byte(whole), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

// heard records what a Watch receives.
type heard struct {
	mu       sync.Mutex
	events   []progress.Event
	lines    []string
	warnings []*Error
}

func (h *heard) watch() Watch {
	return Watch{
		Progress: func(e progress.Event) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.events = append(h.events, e)
		},
		Log: func(s string) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.lines = append(h.lines, s)
		},
		Warn: func(e *Error) {
			h.mu.Lock()
			defer h.mu.Unlock()
			h.warnings = append(h.warnings, e)
		},
	}
}

// of are the events of a step.
func (h *heard) of(step string) []progress.Event {
	h.mu.Lock()
	defer h.mu.Unlock()
	var all []progress.Event
	for _, e := range h.events {
		if e.Step == step {
			all = append(all, e)
		}
	}
	return all
}

func (h *heard) log() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Join(h.lines, "\n")
}
