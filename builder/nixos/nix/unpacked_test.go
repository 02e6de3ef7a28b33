package nix

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// unpackedRoot is the Debian root that .ci/nix keeps beside its wrappers: only
// unpacked, as Builtin gets it.
func unpackedRoot(t *testing.T) string {
	t.Helper()
	nix, err := exec.LookPath("nix")
	if err != nil {
		if os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" {
			t.Fatal("nix is missing: PATH=$(.ci/nix):$PATH")
		}
		t.Skip("nix is not installed")
	}
	return filepath.Dir(filepath.Dir(nix))
}

// TestUnpacked builds with a Nix that was never installed, in a sandbox and
// with a store of its own, and finds the results on this computer.
func TestUnpacked(t *testing.T) {
	root := unpackedRoot(t)
	p := &place{dir: tempDir(t)}
	env := []string{"PATH=/usr/bin:/bin", "HOME=" + p.dir, "NIX_CONFIG=substituters =\nflake-registry ="}
	s := Search{Env: env, Container: ContainerSearch{
		Engine: Builtin, Dir: filepath.Join(p.dir, "builtin"),
		Unpack: func(context.Context) (string, error) { return root, nil },
	}}
	begin := time.Now()
	n, err := Find(t.Context(), s)
	if err != nil {
		t.Fatalf("%v\n%+v", err, err)
	}
	t.Logf("found in %v: %s", time.Since(begin), n.Version)
	if n.StoreDir != "/nix/store" || !n.Sandbox || !strings.HasPrefix(n.Store, "local") {
		t.Errorf("found %+v", n)
	}
	p.Nix = n
	dir := p.flake(t, "f", `
      top = drv "top" ''
        while read -r l; do echo "map $l"; done </proc/self/uid_map
        [ -e `+p.dir+` ] && echo seen; [ -e /usr ] && echo seen
        echo "an image" >$out'' { };
      slow = drv "slow" "trap : TERM INT; echo started; while :; do :; done" { };`)
	var h heard
	link := filepath.Join(p.dir, "result")
	paths, err := n.With(h.watch()).Build(t.Context(), Spec{Installable: Flake(dir, "top"), OutLink: link})
	if err != nil || len(paths) != 1 {
		t.Fatalf("built %v, %v", paths, err)
	}
	if strings.Contains(h.log(), "top> seen") || !strings.Contains(h.log(), "top> map") {
		t.Errorf("the build was not alone:\n%s", h.log())
	}
	places, err := n.Readable(t.Context(), "", paths...)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(places.Of(paths[0])); err != nil || string(text) != "an image\n" {
		t.Errorf("the result is %q, %v", text, err)
	}
	if roots, err := n.Roots(t.Context(), p.dir); err != nil || len(roots) != 1 || roots[0].Gone {
		t.Errorf("roots: %+v, %v", roots, err)
	}
	if _, _, err := n.CollectGarbage(t.Context()); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(places.Of(paths[0])); err != nil {
		t.Errorf("the garbage collector took a result that has a link: %v", err)
	}
	t.Run("cancel", func(t *testing.T) { cancelUnpacked(t, n, dir) })
	t.Run("again", func(t *testing.T) {
		if again, err := Find(t.Context(), s); err != nil || again.Path != n.Path {
			t.Errorf("%+v, %v", again, err)
		}
	})
}

func cancelUnpacked(t *testing.T, n *Nix, dir string) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	started, failed := make(chan struct{}), make(chan error, 1)
	watch := Watch{Log: func(line string) {
		if line == "slow> started" {
			close(started)
		}
	}}
	go func() {
		_, err := n.With(watch).Build(ctx, Spec{Installable: Flake(dir, "slow")})
		failed <- err
	}()
	select {
	case <-started:
	case err := <-failed:
		t.Fatal(err)
	}
	begin := time.Now()
	cancel()
	if err := <-failed; !errors.Is(err, context.Canceled) || time.Since(begin) > time.Second {
		t.Errorf("ended after %v with %v", time.Since(begin), err)
	}
}

func TestUnpackedRefuses(t *testing.T) {
	root := unpackedRoot(t)
	for _, c := range []struct {
		root, dir string
		want      string
	}{
		{root, filepath.Join(t.TempDir(), "a b"), "has a blank"},
		{t.TempDir(), t.TempDir(), "no loader"},
	} {
		_, err := Find(t.Context(), Search{Env: []string{}, Container: ContainerSearch{
			Engine: Builtin, Dir: c.dir, Unpack: func(context.Context) (string, error) { return c.root, nil },
		}})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: %v", c, err)
		}
	}
	var e *Error
	if _, err := Find(t.Context(), Search{Container: ContainerSearch{Engine: Builtin}}); !errors.As(err, &e) || e.Hint == "" {
		t.Errorf("without a root: %v", err)
	}
}

func TestNamespaceHint(t *testing.T) {
	for name, value := range map[string]string{
		"kernel/apparmor_restrict_unprivileged_userns": "1\n", "kernel/unprivileged_userns_clone": "0\n", "user/max_user_namespaces": "0\n",
	} {
		files := fstest.MapFS{"proc/sys/" + name: {Data: []byte(value)}}
		if hint := namespaceHint(files); !strings.Contains(hint, "sysctl -w "+strings.ReplaceAll(name, "/", ".")) {
			t.Errorf("%s: %s", name, hint)
		}
	}
	if hint := namespaceHint(fstest.MapFS{}); strings.Contains(hint, "sysctl") {
		t.Error(hint)
	}
}

// TestAuto: what is on the computer comes first, then what needs no engine.
func TestAuto(t *testing.T) {
	p := newPlace(t)
	unpack := func(context.Context) (string, error) { return "", errors.New("asked for") }
	n, err := Find(t.Context(), Search{Env: p.env, Container: ContainerSearch{Engine: Auto, Unpack: unpack}})
	if err != nil || n.Path != p.Path {
		t.Errorf("with a Nix: %v, %v", n, err)
	}
	_, err = Find(t.Context(), Search{
		Path: filepath.Join(p.dir, "none"), Env: []string{"PATH="}, Container: ContainerSearch{Engine: Auto, Unpack: unpack},
	})
	var missing *MissingError
	if !errors.As(err, &missing) || !strings.Contains(missing.Tried, "asked for") || !strings.Contains(missing.Tried, "podman is not installed") {
		t.Errorf("without one: %v", err)
	}
	if !slices.ContainsFunc(missing.Choices, func(c Choice) bool { return c.Possible }) {
		t.Errorf("no choice: %+v", missing.Choices)
	}
}
