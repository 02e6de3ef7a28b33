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

// needNix wants Nix in PATH; Debian's is brought by .ci/nix.
func needNix(t testing.TB) {
	t.Helper()
	need(t, "nix-instantiate")
}

// need wants a program; in CI none may be missing.
func need(t testing.TB, program string) {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		if os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" {
			t.Fatalf("%s is missing", program)
		}
		t.Skipf("%s is not installed", program)
	}
}

// nixEval evaluates an expression with the real Nix, writing nothing to a store.
func nixEval(t testing.TB, expression string, into any) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "expression.nix")
	if err := os.WriteFile(file, []byte(expression), 0o644); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("nix-instantiate", "--eval", "--strict", "--json", "--readonly-mode", file)
	cmd.Env = nixEnv(t)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, stderr.String(), expression)
	}
	if err := json.Unmarshal(out, into); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// nixParse says what Nix thinks of the syntax of a file, "" if nothing.
func nixParse(t testing.TB, file string) string {
	t.Helper()
	cmd := exec.Command("nix-instantiate", "--parse", file)
	cmd.Env = nixEnv(t)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		return stderr.String()
	}
	return ""
}

// nixEnv keeps Nix away from the computer's own state.
func nixEnv(t testing.TB) []string {
	dir := t.TempDir()
	return append(os.Environ(), "HOME="+dir, "NIX_REMOTE=dummy://", "NIX_STATE_DIR="+dir, "NIX_PATH=")
}

// fake are the arguments of a module as far as ours use them, with functions
// that hand back what they are given.
const fake = `rec {
  lib = rec {
    mkForce = x: x; mkDefault = x: x; mkOverride = _: x: x; mkOption = x: x; mkIf = _: x: x; mkMerge = x: x;
    mkImageMediaOverride = x: x; optionalAttrs = c: x: if c then x else { };
    concatLines = builtins.concatStringsSep "\n"; naturalSort = x: x; unique = x: x; getName = p: p.pname;
  };
  pkgs = {
    shadow = "/shadow"; hello = "/hello"; nologin = "/nologin";
    linuxPackages = "linux"; linuxPackages_latest = "linux";
    writeText = name: text: { inherit name text; };
    writeScript = name: text: text;
    runCommand = name: env: script: { inherit name script; };
    buildPackages = { grub2_efi = "/grub"; mtools = "/mtools"; };
  };
  config = {
    environment.systemPackages = [ ];
    boot.kernelPackages.zfs.meta.broken = true;
    boot.zfs.package.kernelModuleAttribute = "zfs";
    users.users = { };
  };
  options.services.desktopManager = { };
  modulesPath = "/modules";
}`

// minimal is the smallest design.
func minimal() design.Design {
	return design.Design{Format: 1, Name: "Test", Distribution: "nixos", Base: "minimal", NixOS: &design.NixOS{}}
}

// generate makes the source of a design that must be good.
func generate(t testing.TB, d design.Design) Source {
	t.Helper()
	s, err := Generate(d, Options{})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// written writes a source into a folder of the test's.
func written(t testing.TB, s Source) string {
	t.Helper()
	dir := t.TempDir()
	if err := s.Write(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// fileText is one file of a source.
func fileText(t testing.TB, s Source, name string) string {
	t.Helper()
	for _, f := range s.Files {
		if f.Path == name {
			return string(f.Text)
		}
	}
	var names []string
	for _, f := range s.Files {
		names = append(names, f.Path)
	}
	t.Fatalf("there is no %s; there are %s", name, strings.Join(names, ", "))
	return ""
}
