//go:build nixpkgs

package nix

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// realFaults are expressions against a real tree of nixpkgs that fail, and how
// we tell. Their words are nixpkgs's own, whatever release it is.
func realFaults() []struct {
	known
	expr  string
	names string
	files string
} {
	return []struct {
		known
		expr  string
		names string
		files string
	}{
		{known{name: "unknown option", kind: KindNoOption, subject: "boot.loader.timout", hint: "boot.loader.timeout"},
			`modules [ (image { boot.loader.timout = 3; }) ]`, "boot.loader.timeout", "image.nix"},
		{known{name: "type", kind: KindType, subject: "boot.loader.timeout", text: `image.nix: "3"`, hint: "null or signed integer"},
			`modules [ (image { boot.loader.timeout = "3"; }) ]`, "", "image.nix"},
		{known{name: "list", kind: KindType, subject: "ports", hint: "16 bit unsigned integer"},
			`modules [ (image { ports = [ 22 "x" ]; name = "a"; fixed = "a"; }) ]`, "", "image.nix"},
		{known{name: "conflict", kind: KindConflict, subject: "boot.loader.timeout", text: "base.nix: 10"},
			`modules [ (image { boot.loader.timeout = 3; }) (base { boot.loader.timeout = 10; }) ]`, "", "base.nix image.nix"},
		{known{name: "unique", kind: KindConflict, subject: "name"},
			`modules [ (image { name = "a"; fixed = "a"; }) (base { name = "b"; }) ]`, "", "base.nix image.nix"},
		{known{name: "read-only", kind: KindReadOnly, subject: "fixed"},
			`modules [ (image { fixed = "a"; }) (base { fixed = "b"; }) ]`, "", "base.nix image.nix"},
		{known{name: "no value", kind: KindNoValue, subject: "name"}, `modules [ (image { fixed = "a"; }) ]`, "", ""},
		{known{name: "unfree", kind: KindUnfree, text: "is not free software (license: unfree", hint: "unrar"}, `(pkgs { }).unrar.drvPath`, "unrar", ""},
		{known{name: "insecure", kind: KindInsecure, text: "CVE-2019-9501", hint: "broadcom-sta"},
			`(pkgs { allowUnfree = true; }).linuxPackages.broadcom_sta.drvPath`, "broadcom-sta", ""},
		{known{name: "broken", kind: KindBroken, hint: "hello"},
			`((pkgs { }).hello.overrideAttrs (a: { meta = a.meta // { broken = true; }; })).drvPath`, "hello", ""},
		{known{name: "unsupported", kind: KindUnsupported, text: "does not exist for x86_64-linux", hint: "hello"},
			`((pkgs { }).hello.overrideAttrs (a: { meta = a.meta // { platforms = [ "x86_64-darwin" ]; }; })).drvPath`, "hello", ""},
		{known{name: "blocklisted", kind: KindRefused, text: "blocklisted license"},
			`((pkgs { blocklistedLicenses = [ lib.licenses.gpl3Plus ]; }).hello).drvPath`, "", ""},
		{known{name: "no package", kind: KindNoAttribute, subject: "helo", hint: "hello"}, `(pkgs { }).helo`, "", ""},
		{known{name: "assertion", kind: KindAssertion, text: "does not specify your root file system"},
			`(nixos { boot.loader.grub.enable = false; }).system.build.toplevel.drvPath`, "", ""},
		{known{name: "no platform", kind: KindEvaluation, text: "nixpkgs.hostPlatform"},
			`(import (nixpkgs + "/nixos/lib/eval-config.nix") { system = null; modules = [ ]; }).config.system.build.toplevel.drvPath`, "", ""},
	}
}

// realPrelude gives the expressions their words.
const realPrelude = `let
  nixpkgs = /. + "NIXPKGS";
  lib = import (nixpkgs + "/lib");
  pkgs = config: import nixpkgs { system = "x86_64-linux"; inherit config; overlays = [ ]; };
  at = file: module: { _file = file; config = module; };
  image = at "image.nix";
  base = at "base.nix";
  options.options = {
    boot.loader.timeout = lib.mkOption { type = lib.types.nullOr lib.types.int; };
    ports = lib.mkOption { type = lib.types.listOf lib.types.port; default = [ ]; };
    name = lib.mkOption { type = lib.types.uniq lib.types.str; };
    fixed = lib.mkOption { readOnly = true; type = lib.types.str; };
  };
  modules = list: builtins.toJSON (removeAttrs (lib.evalModules { modules = [ options { config.boot.loader.timeout = lib.mkDefault 1; } ] ++ list; }).config [ "_module" ]);
  nixos = module: (import (nixpkgs + "/nixos/lib/eval-config.nix") {
    system = null;
    modules = [ module { nixpkgs.hostPlatform = "x86_64-linux"; system.stateVersion = "25.05"; documentation.enable = false; } ];
  }).config;
in
`

// The words of a real nixpkgs; ISOWRIGHT_NIXPKGS names its folder.
func TestRealFaults(t *testing.T) {
	tree := os.Getenv("ISOWRIGHT_NIXPKGS")
	if tree == "" {
		t.Fatal("ISOWRIGHT_NIXPKGS is not set")
	}
	p := newPlace(t)
	file := filepath.Join(p.dir, "fault.nix")
	for _, f := range realFaults() {
		t.Run(f.name, func(t *testing.T) {
			text := strings.ReplaceAll(realPrelude, "NIXPKGS", tree) + f.expr + "\n"
			if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			var into any
			err := p.EvalFile(t.Context(), file, "", &into)
			f.check(t, err)
			e := asError(t, err)
			if f.names != "" && !slices.Contains(e.Names, f.names) {
				t.Errorf("names %q, want %q", e.Names, f.names)
			}
			slices.Sort(e.Files)
			if got := strings.Join(e.Files, " "); got != f.files {
				t.Errorf("files %q, want %q", got, f.files)
			}
		})
	}
}

// An option that a real NixOS has renamed is told as a warning.
func TestRealRenamed(t *testing.T) {
	tree := os.Getenv("ISOWRIGHT_NIXPKGS")
	if tree == "" {
		t.Fatal("ISOWRIGHT_NIXPKGS is not set")
	}
	p := newPlace(t)
	file := filepath.Join(p.dir, "renamed.nix")
	text := strings.ReplaceAll(realPrelude, "NIXPKGS", tree) +
		`lib.showWarnings (nixos { imports = [ (image { i18n.consoleKeyMap = "de"; }) ]; }).warnings 1` + "\n"
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	var h heard
	var into any
	if err := p.With(h.watch()).EvalFile(t.Context(), file, "", &into); err != nil {
		t.Fatal(err)
	}
	for _, w := range h.warnings {
		t.Logf("%+v", w)
		if w.Kind == KindRenamed && w.Subject == "i18n.consoleKeyMap" && w.Names[0] == "console.keyMap" && w.File == "image.nix" {
			return
		}
	}
	t.Errorf("not told; log:\n%s", h.log())
}
