package nixos

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/nixos/nix"
	"github.com/isowright/isowright/builder/nixos/source"
	"github.com/isowright/isowright/builder/plan"
)

func testDesign(t *testing.T) (design.Design, source.Source) {
	t.Helper()
	three := 3
	d := design.Design{
		Format: 1, Name: "X", Distribution: "nixos", Base: "minimal", Dir: t.TempDir(),
		Packages: []string{"git", "python3Packages.requests", "vscode"},
		Boot:     design.Boot{Timeout: &three},
		NixOS: &design.NixOS{
			ModulePackages: []string{"broadcom_sta"}, Unfree: []string{"vscode"},
			Modules: []design.NixModule{{Name: "own", Text: "{\n  services.nonsense = 1;\n}"}},
		},
	}
	src, err := source.Generate(d, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return d, src
}

// TestInDesign holds that nix's complaints arrive at the fields that they are
// about.
func TestInDesign(t *testing.T) {
	d, src := testDesign(t)
	var own string
	for _, f := range src.Files {
		if src.FieldAt(f.Path, 1) == "nixos.modules[0]" {
			own = f.Path
		}
	}
	for name, c := range map[string]struct {
		err   nix.Error
		field string
	}{
		"unfree by attribute": {nix.Error{Kind: nix.KindUnfree, Subject: "vscode-1.99", Names: []string{"vscode"}}, "packages[2]"},
		"insecure module":     {nix.Error{Kind: nix.KindInsecure, Subject: "broadcom-sta-6.30.223", Names: []string{"broadcom-sta"}}, "nixos.module_packages[0]"},
		"broken, in a set":    {nix.Error{Kind: nix.KindBroken, Subject: "python3.13-requests-2.32", Names: []string{"requests"}}, "packages[1]"},
		"broken, not named":   {nix.Error{Kind: nix.KindBroken, Subject: "libfoo-1"}, "packages"},
		"no such package":     {nix.Error{Kind: nix.KindNoAttribute, Subject: "requests"}, "packages[1]"},
		"a conflict":          {nix.Error{Kind: nix.KindConflict, Subject: "boot.loader.timeout"}, "boot.timeout"},
		"an own module":       {nix.Error{Kind: nix.KindNoOption, Subject: "services.nonsense", File: "/nix/store/abc-source/" + own, Line: 2}, "nixos.modules[0]"},
		"files of an option":  {nix.Error{Kind: nix.KindNoOption, Subject: "services.nonsense", Files: []string{"/nix/store/abc-source/" + own}}, "nixos.modules[0]"},
	} {
		c.err.Text = "Something is wrong."
		var problems design.Problems
		err := inDesign(d, src, &c.err)
		if !errors.As(err, &problems) || problems[0].Field != c.field {
			t.Errorf("%s: %v, want a problem of %s", name, err, c.field)
			continue
		}
		if problems[0].Text != "Something is wrong" {
			t.Errorf("%s: %q", name, problems[0].Text)
		}
	}
	for name, e := range map[string]error{
		"no network": &nix.Error{Kind: nix.KindNetwork, Text: "No network.", Hint: "plug it in", Tail: "last lines"},
		"not of nix": errors.New("x"),
	} {
		err := inDesign(d, src, e)
		var problems design.Problems
		if errors.As(err, &problems) || !errors.Is(err, e) {
			t.Errorf("%s: %v", name, err)
		}
		var f *fault
		if name == "no network" && (!errors.As(err, &f) || f.Hint() != "plug it in" || f.Tail() != "last lines") {
			t.Errorf("%s: %+v", name, err)
		}
	}
	if inDesign(d, src, nil) != nil || withHint(nil) != nil {
		t.Error("an error of nothing")
	}
}

// TestHints holds that what a person can consent to is said in the project
// file's words.
func TestHints(t *testing.T) {
	for kind, want := range map[nix.Kind]string{
		nix.KindUnfree:   `if its licence suits you, add "p" to nixos.unfree; else take it out`,
		nix.KindInsecure: `if you accept that, add "p" to nixos.insecure; else take it out`,
		nix.KindBroken:   `take it out, or add "p" to nixos.broken to try it all the same`,
		nix.KindConflict: "add this field to nixos.force, so that it replaces what the base or an import sets",
		nix.KindSyntax:   "nix's own",
	} {
		e := nix.Error{Kind: kind, Subject: "p-1", Names: []string{"p"}, Hint: "nix's own"}
		if got := hintFor(&e); got != want {
			t.Errorf("%s: %q", kind, got)
		}
	}
}

func TestSame(t *testing.T) {
	for _, c := range []struct {
		attribute, name string
		want            bool
	}{
		{"git", "git", true}, {"git", "git-2.50", true}, {"git", "git-lfs-3.6", false}, {"git", "gitea-1", false},
		{"python3Packages.requests", "requests", true}, {"broadcom_sta", "broadcom-sta-6.30", true}, {"git", "", false},
	} {
		if got := same(c.attribute, c.name); got != c.want {
			t.Errorf("%s, %s: %v", c.attribute, c.name, got)
		}
	}
}

// TestReference holds what is asked for when a design pins nixpkgs, or not.
func TestReference(t *testing.T) {
	const rev = "0123456789012345678901234567890123456789"
	for want, n := range map[string]design.NixOS{
		"github:NixOS/nixpkgs/nixos-26.05":                            {Channel: "nixos-26.05"},
		"github:NixOS/nixpkgs/" + rev:                                 {Channel: "nixos-26.05", Revision: rev},
		"github:NixOS/nixpkgs/" + rev + "?narHash=sha256-a%2Fb%2B%3D": {Revision: rev, Hash: "sha256-a/b+="},
	} {
		if got := reference(n); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestRefuse holds what our own assembler cannot make.
func TestRefuse(t *testing.T) {
	s := New(Config{})
	for _, c := range []struct {
		base, architecture, medium, assembler string
		refused                               bool
	}{
		{"minimal", "amd64", "iso", "isowright", false},
		{"minimal", "arm64", "iso", "isowright", true},
		{"minimal", "arm64", "sd", "isowright", true},
		{"netboot", "amd64", "iso", "isowright", true},
		{"netboot", "amd64", "iso", "nix", false},
		{"minimal", "arm64", "sd", "nix", false},
	} {
		d := design.Design{Base: c.base, Architecture: c.architecture, NixOS: &design.NixOS{Medium: c.medium, Assembler: c.assembler}}
		problems := s.Refuse(d)
		if c.refused != (len(problems) > 0) {
			t.Errorf("%+v: %v", c, problems)
		}
		for _, p := range problems {
			if p.Field != "nixos.assembler" || p.Hint == "" {
				t.Errorf("%+v", p)
			}
		}
	}
}

// TestBundle follows a bundle's links, also in a store that lies elsewhere.
func TestBundle(t *testing.T) {
	store := t.TempDir()
	out, kernel := filepath.Join(store, "out"), filepath.Join(store, "kernel")
	for _, err := range []error{
		os.WriteFile(kernel, []byte("k"), 0o444), os.Mkdir(out, 0o755), os.Symlink(kernel, filepath.Join(out, "bzImage")),
		os.WriteFile(filepath.Join(out, "netboot.ipxe"), []byte("#!ipxe\n"), 0o444),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	dir, err := bundle(nix.Places{}, out, filepath.Join(t.TempDir(), "bundle"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"bzImage": "k", "netboot.ipxe": "#!ipxe\n"} {
		if data, err := os.ReadFile(filepath.Join(dir, name)); err != nil || string(data) != want {
			t.Errorf("%s: %q: %v", name, data, err)
		}
	}
	if _, err := bundle(nix.Places{}, filepath.Join(store, "gone"), filepath.Join(t.TempDir(), "b")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
}

// TestStoreSpace holds that a build too large for the disk is refused, with both
// sizes, unless it happens elsewhere.
func TestStoreSpace(t *testing.T) {
	store := filepath.Join(t.TempDir(), "not", "there", "yet")
	if err := roomIn(store, testPlan(1<<20)); err != nil {
		t.Error(err)
	}
	var f *fault
	if err := roomIn(store, testPlan(1<<60)); !errors.As(err, &f) || f.Hint() == "" {
		t.Errorf("%v", err)
	}
	s := New(Config{Nix: nix.Search{Settings: nix.Settings{Store: "ssh-ng://other"}}})
	if err := s.storeSpace(&nix.Nix{StoreDir: store}, testPlan(1<<60)); err != nil {
		t.Error(err)
	}
}

func testPlan(store int64) plan.Plan { return plan.Plan{Sizes: plan.Sizes{Store: store}} }
