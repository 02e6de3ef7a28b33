package builder_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/nixos"
	"github.com/isowright/isowright/builder/nixos/nix"
	"github.com/isowright/isowright/internal/progress"
)

// standIn gives options that build with the real Nix against the stand-in for
// nixpkgs of testdata.
func standIn(t *testing.T) builder.Options {
	t.Helper()
	if _, err := exec.LookPath("nix"); err != nil {
		if os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" {
			t.Fatal(err)
		}
		t.Skip("there is no nix")
	}
	var said strings.Builder
	cmd := exec.CommandContext(t.Context(), "../.ci/standin")
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("make the stand-in for nixpkgs: %v\n%s", err, said.String())
	}
	return builder.Options{
		CacheDir: t.TempDir(), Now: time.Now(),
		Nix: nix.Search{Settings: nix.Settings{Nixpkgs: "path:" + strings.TrimSpace(string(out))}},
	}
}

// nixDesign is one that nobody built before.
func nixDesign(t *testing.T) design.Design {
	t.Helper()
	return design.Design{
		Format: 1, Name: "Nix " + t.Name()[4:], Distribution: "nixos", Base: "minimal", Dir: t.TempDir(),
		Packages: []string{"hello"}, System: design.System{Hostname: "host" + time.Now().Format("150405")},
		Compression: design.Compression{Level: 3}, NixOS: &design.NixOS{},
	}
}

// TestNixOSImage builds one design by both assemblers, from plan to image, and
// holds what a person relies on: the plan's numbers, what lies beside the image,
// and the link that keeps the result.
func TestNixOSImage(t *testing.T) {
	o := standIn(t)
	for _, assembler := range []string{"nix", "isowright"} {
		d := nixDesign(t)
		d.NixOS.Assembler = assembler
		p, err := builder.Plan(t.Context(), d, o)
		check(t, err)
		if p.VolumeID == "" || len(p.Packages) == 0 || len(p.Nix.Builds) == 0 || p.Sizes.Image == 0 {
			t.Errorf("%s: the plan lacks something: %+v", assembler, p)
		}
		o.Out = filepath.Join(t.TempDir(), "x.iso")
		var steps []string
		o.Progress = func(e progress.Event) {
			if !slices.Contains(steps, e.Step) {
				steps = append(steps, e.Step)
			}
		}
		image, err := builder.Build(t.Context(), p, o)
		check(t, err)
		if !slices.Contains(steps, "build") || !slices.Contains(steps, "checksum") {
			t.Errorf("%s: progress of %q", assembler, steps)
		}
		log, err := os.ReadFile(image.Path + ".log")
		if err != nil || !strings.Contains(string(log), "program=nix") {
			t.Errorf("%s: nix's words are not in the log: %v", assembler, err)
		}
		packages, err := os.ReadFile(image.Path + ".packages")
		if err != nil || !strings.Contains(string(packages), "hello\t") {
			t.Errorf("%s: the list of packages: %v\n%s", assembler, err, packages)
		}
		roots, err := os.ReadDir(nixos.RootsDir(o.CacheDir))
		if err != nil || len(roots) == 0 {
			t.Errorf("%s: nothing keeps the result: %v", assembler, err)
		}
		again, err := builder.Plan(t.Context(), d, o)
		check(t, err)
		if again.ID != p.ID || len(again.Nix.Builds) > 0 {
			t.Errorf("%s: planned again: ID %s after %s, %d to build", assembler, again.ID, p.ID, len(again.Nix.Builds))
		}
	}
}

// TestNixOSBundle builds a network boot bundle.
func TestNixOSBundle(t *testing.T) {
	o := standIn(t)
	d := nixDesign(t)
	d.Base = "netboot"
	p, err := builder.Plan(t.Context(), d, o)
	check(t, err)
	o.Out = filepath.Join(t.TempDir(), "lab-netboot")
	image, err := builder.Build(t.Context(), p, o)
	check(t, err)
	for _, name := range []string{"bzImage", "initrd", "netboot.ipxe", "kexec-boot", "SHA256SUMS"} {
		if info, err := os.Lstat(filepath.Join(image.Path, name)); err != nil || !info.Mode().IsRegular() || info.Size() == 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "sha256sum", "--check", "--quiet", "SHA256SUMS")
	cmd.Dir = image.Path
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestNixOSFaults holds that what only Nix can find arrives at the field.
func TestNixOSFaults(t *testing.T) {
	o := standIn(t)
	for field, change := range map[string]func(*design.Design){
		"packages[1]": func(d *design.Design) { d.Packages = append(d.Packages, "no-such-package-anywhere") },
		"nixos.modules[0]": func(d *design.Design) {
			d.NixOS.Modules = []design.NixModule{{Name: "own", Text: "{ lib, ... }:\n{\n  boot.kernelParams = lib.nonsense;\n}\n"}}
		},
	} {
		d := nixDesign(t)
		change(&d)
		_, err := builder.Plan(t.Context(), d, o)
		var problems design.Problems
		if !errors.As(err, &problems) || problems[0].Field != field {
			t.Errorf("%s: %v", field, err)
		}
	}
}

// TestNixOSCancel ends a build in the middle: at once, leaving nothing.
func TestNixOSCancel(t *testing.T) {
	o := standIn(t)
	d := nixDesign(t)
	// Something that nobody built before, and that takes its time.
	d.NixOS.Modules = []design.NixModule{{Name: "slow", Text: `{ pkgs, ... }:
{
  environment.systemPackages = [ (pkgs.runCommand "slow-` + time.Now().Format("150405.000000000") + `" { } "sleep 600; mkdir $out") ];
}
`}}
	p, err := builder.Plan(t.Context(), d, o)
	check(t, err)
	dir := t.TempDir()
	o.Out = filepath.Join(dir, "x.iso")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var ended time.Time
	o.Progress = func(e progress.Event) {
		if e.Step == "build" && e.Total > 0 && ended.IsZero() {
			ended = time.Now()
			cancel()
		}
	}
	_, err = builder.Build(ctx, p, o)
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("%v", err)
	}
	if took := time.Since(ended); took > 3*time.Second {
		t.Errorf("it took %s to end", took)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left %v: %v", left, err)
	}
}

// TestNixOSAgain changes the label and the menu of an image and builds again:
// what was packed for the earlier image is not packed anew, and the result is
// the one of a clean build, byte for byte.
func TestNixOSAgain(t *testing.T) {
	o := standIn(t)
	d := nixDesign(t)
	d.NixOS.Assembler = "isowright"
	dir := t.TempDir()
	one := func(d design.Design, name string, clean bool) (image builder.Image, log string) {
		t.Helper()
		o := o
		o.Out, o.Clean = filepath.Join(dir, name), clean
		p, err := builder.Plan(t.Context(), d, o)
		check(t, err)
		image, err = builder.Build(t.Context(), p, o)
		check(t, err)
		text, err := os.ReadFile(image.Path + ".log")
		check(t, err)
		return image, string(text)
	}
	one(d, "first.iso", false)
	d.VolumeLabel = "ANOTHER"
	d.Boot.Entries = []design.BootEntry{{Title: "Another title"}, {Title: "Off", Kind: "poweroff"}}
	again, log := one(d, "again.iso", false)
	clean, _ := one(d, "clean.iso", true)
	if again.SHA256 != clean.SHA256 {
		t.Error("an image with blocks of an earlier one differs from a clean one")
	}
	found := regexp.MustCompile(`msg=packed.* blocks=(\d+) "from earlier images"=(\d+)`).FindStringSubmatch(log)
	if found == nil {
		t.Fatalf("the log does not tell of the blocks:\n%s", log)
	}
	all, _ := strconv.Atoi(found[1])
	reused, _ := strconv.Atoi(found[2])
	t.Logf("%d of %d blocks", reused, all)
	if all == 0 || reused < all*3/4 {
		t.Errorf("%d of %d blocks were taken from the earlier image", reused, all)
	}
}
