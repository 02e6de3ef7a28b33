package source

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
)

// nixpkgsStandIn is as little of nixpkgs as a flake needs to be looked at.
const nixpkgsStandIn = `{
  outputs = { self }: {
    lib.nixosSystem = args: {
      config.count = builtins.length args.modules;
      extendModules = more: { config.count = 100 + builtins.length more.modules; };
    };
  };
}
`

// TestLockIsComplete holds the lock file against the real Nix: a revision whose
// tree is in the store is neither fetched nor locked anew.
func TestLockIsComplete(t *testing.T) {
	need(t, "nix")
	dir := t.TempDir()
	nix := nixWithStore(t, dir)
	put(t, dir+"/nixpkgs/flake.nix", nixpkgsStandIn)
	path := strings.TrimSpace(nix("store", "add", "--name", "source", dir+"/nixpkgs"))
	var info map[string]struct{ NarHash string }
	if err := json.Unmarshal([]byte(nix("path-info", "--json", path)), &info); err != nil {
		t.Fatal(err)
	}
	d := minimal()
	s, err := Generate(d, Options{Pin: Pin{Revision: strings.Repeat("0123456789", 4), Hash: info[path].NarHash, LastModified: 1764000000}})
	if err != nil {
		t.Fatal(err)
	}
	out := written(t, s)
	if got := nix("eval", "--json", "--offline", "--no-update-lock-file", "path:"+out+"#nixosConfigurations.image.config.count"); strings.TrimSpace(got) != "2" {
		t.Errorf("evaluated to %s", got)
	}
	before := fileText(t, s, "flake.lock")
	nix("flake", "metadata", "path:"+out)
	after, err := os.ReadFile(out + "/flake.lock")
	if err != nil || string(after) != before {
		t.Errorf("Nix has written the lock anew: %v\n%s\nwas:\n%s", err, after, before)
	}
}

// TestOwnFlakeIsCombined evaluates the flake form with a folder of the person's.
func TestOwnFlakeIsCombined(t *testing.T) {
	need(t, "nix")
	dir := t.TempDir()
	nix := nixWithStore(t, dir)
	put(t, dir+"/nixpkgs/flake.nix", nixpkgsStandIn)
	put(t, dir+"/project/cfg/flake.nix", `{
  outputs = { nixpkgs, ... }: {
    nixosModules.extra = { };
    nixosConfigurations.desk = nixpkgs.lib.nixosSystem { modules = [ ]; };
  };
}
`)
	put(t, dir+"/project/cfg/.git/HEAD", "x")
	put(t, dir+"/project/cfg/old.iso", "x")
	for host, want := range map[string]string{"": "3", "desk": "103"} {
		d := minimal()
		d.Dir = dir + "/project"
		d.NixOS.Flake.URL, d.NixOS.Flake.Host, d.NixOS.Flake.Modules = "./cfg", host, []string{"extra"}
		out := written(t, generate(t, d))
		got := nix("eval", "--json", "--no-write-lock-file", "--override-input", "nixpkgs", "path:"+dir+"/nixpkgs", "path:"+out+"#nixosConfigurations.image.config.count")
		if strings.TrimSpace(got) != want {
			t.Errorf("host %q: %s, want %s", host, got, want)
		}
		for _, name := range []string{".git", "old.iso"} {
			if _, err := os.Lstat(filepath.Join(out, ownFlake, name)); err == nil {
				t.Errorf("%s was taken along", name)
			}
		}
	}
}

// put writes a file and the folders above it.
func put(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// nixWithStore runs the real nix with a store and settings of the test's own.
func nixWithStore(t *testing.T, dir string) func(args ...string) string {
	t.Helper()
	t.Cleanup(func() { // a store is read-only
		if out, err := exec.Command("chmod", "-R", "u+w", dir).CombinedOutput(); err != nil {
			t.Errorf("%v: %s", err, out)
		}
	})
	return func(args ...string) string {
		t.Helper()
		cmd := exec.Command("nix", append(args, "--store", "local?root="+dir+"/store")...)
		cmd.Env = append(nixEnv(t), "NIX_CONFIG=experimental-features = nix-command flakes\nsubstituters =\nflake-registry =\n")
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("nix %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
		}
		return string(out)
	}
}

func TestWriteIntoTheProject(t *testing.T) {
	d := minimal()
	d.Dir = t.TempDir()
	put(t, d.Dir+"/flake.nix", "{ }")
	put(t, d.Dir+"/sub/file", "x")
	d.NixOS.Flake = design.NixFlake{URL: ".", Host: "desk"}
	for range 2 { // the second time the folder is there
		if err := generate(t, d).Write(d.Dir + "/sub/out"); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(d.Dir + "/sub/out/configuration/sub/file"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(d.Dir + "/sub/out/configuration/sub/out"); err == nil {
		t.Error("the source holds itself")
	}
}
