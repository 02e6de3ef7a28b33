package builder

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/nixos"
	"github.com/isowright/isowright/builder/nixos/nix"
)

// TestNixOfOurOwn builds on a computer of which nothing is used but its
// kernel: Nix comes from Debian's archive, unpacked into the cache.
func TestNixOfOurOwn(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("needs Linux")
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	o := Options{CacheDir: filepath.Join(cache, "isowright"), Now: time.Now()}
	o.Nix = nix.Search{
		Env:       []string{"PATH=/usr/bin:/bin", "HOME=" + t.TempDir(), "NIX_CONFIG=substituters =\nflake-registry ="},
		Container: nix.ContainerSearch{Engine: nix.Builtin},
	}
	system, err := newSystem("nixos", o)
	if err != nil {
		t.Fatal(err)
	}
	begin := time.Now()
	if err := system.Available(t.Context()); err != nil {
		t.Fatalf("%v\n%+v", err, err)
	}
	search := system.(*nixos.System).Nix
	search.Container.Dir = filepath.Join(o.CacheDir, "nixos", "builtin")
	n, err := nix.Find(t.Context(), search)
	if err != nil {
		t.Fatalf("%v\n%+v", err, err)
	}
	t.Logf("%s at %s in %v", n.Version, n.Path, time.Since(begin))
	dir := t.TempDir()
	flake := `{ outputs = { self }: { image = derivation {
		name = "image"; system = "` + n.System + `"; builder = "/bin/sh"; args = [ "-c" "echo an image >$out" ];
	}; }; }`
	if err := os.WriteFile(filepath.Join(dir, "flake.nix"), []byte(flake), 0o644); err != nil {
		t.Fatal(err)
	}
	paths, err := n.Build(t.Context(), nix.Spec{Installable: nix.Flake(dir, "image")})
	if err != nil {
		t.Fatal(err)
	}
	places, err := n.Readable(t.Context(), dir, paths...)
	if err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(places.Of(paths[0])); err != nil || string(text) != "an image\n" {
		t.Errorf("%q, %v", text, err)
	}
}
