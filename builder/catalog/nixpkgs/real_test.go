//go:build nixpkgs

package nixpkgs

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

// lookUp is a Nix expression that looks a list of attributes up in a tree. Of
// trees without the large Haskell set it takes that away whole, for an attribute
// that is missing ends an evaluation and a throw does not.
const lookUp = `
{ nixpkgs, attrs }:
let
  lib = import (nixpkgs + "/lib");
  hackage = nixpkgs + "/pkgs/development/haskell-modules/hackage-packages.nix";
  whole = builtins.pathExists hackage && builtins.stringLength (builtins.readFile hackage) > 1000000;
  missing = lib.genAttrs [ "haskell" "haskellPackages" "rPackages" "gnomeExtensions" ] (n: throw "not in this tree");
  pkgs = import nixpkgs {
    system = "x86_64-linux";
    config.allowAliases = false;
    overlays = lib.optional (!whole) (_: _: missing);
  };
  say = attr:
    let
      path = lib.splitString "." attr;
      there = lib.hasAttrByPath path pkgs;
      meta = (lib.attrByPath path null pkgs).meta;
      flags = { unfree = meta.unfree or false; insecure = meta.insecure or false; broken = meta.broken or false; };
      tried = builtins.tryEval (builtins.deepSeq flags flags);
    in
    { inherit attr there; } // lib.optionalAttrs there (if tried.success then tried.value else { unknown = !whole; });
in
map say attrs
`

// Every attribute of the built-in list exists in a real nixpkgs and its flags
// are right. It takes the path of the tree, and Nix.
func TestBuiltInAgainstNixpkgs(t *testing.T) {
	tree := os.Getenv("ISOWRIGHT_NIXPKGS")
	if tree == "" {
		t.Fatal("ISOWRIGHT_NIXPKGS names no tree of nixpkgs: make nixpkgs NIXPKGS=/path")
	}
	var names []string
	want := map[string]Package{}
	for p := range Groups() {
		names = append(names, p.Attr)
		want[p.Attr] = p
	}
	file := filepath.Join(t.TempDir(), "look-up.nix")
	check(t, os.WriteFile(file, []byte(lookUp), 0o644))
	list, err := json.Marshal(names)
	check(t, err)
	cmd := exec.Command("nix-instantiate", "--eval", "--strict", "--json", "--readonly-mode", file,
		"--argstr", "nixpkgs", tree, "--arg", "attrs", "builtins.fromJSON "+quoteNix(string(list)))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("nix-instantiate: %v\n%s", err, stderr.Bytes())
	}
	var said []struct {
		Attr                                     string
		There, Unknown, Unfree, Insecure, Broken bool
	}
	check(t, json.Unmarshal(out, &said))
	var unknown []string
	for _, s := range said {
		p := want[s.Attr]
		switch {
		case !s.There:
			t.Errorf("%s does not exist", s.Attr)
		case s.Unknown:
			unknown = append(unknown, s.Attr)
		case s.Broken || s.Unfree != p.Unfree || s.Insecure != p.Insecure:
			t.Errorf("%s: the list says unfree %v, insecure %v, nixpkgs %+v", s.Attr, p.Unfree, p.Insecure, s)
		}
	}
	slices.Sort(unknown)
	t.Logf("%d attributes; in this tree these cannot be looked at: %q", len(said), unknown)
	if len(said) != len(names) || len(unknown) > 20 {
		t.Errorf("%d of %d attributes, %d cannot be looked at", len(said), len(names), len(unknown))
	}
}

func quoteNix(s string) string {
	return "''" + s + "''" // names have neither quotes of this kind nor "${"
}
