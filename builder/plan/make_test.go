package plan

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
)

var update = flag.Bool("update", false, "write the golden files anew")

// archive is an offer of a few packages without dependencies; every name
// exists but those that begin with "no-".
type archive struct{ conflict bool }

func (a archive) State() catalog.State {
	return catalog.State{ID: "sha256:aa", Date: time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)}
}

func (a archive) Find(names []string) ([]catalog.Package, error) {
	var all []catalog.Package
	var unknown []catalog.Unknown
	for _, n := range names {
		switch n {
		case "no-near":
			unknown = append(unknown, catalog.Unknown{Name: n, Near: []string{"a-near"}})
		case "no-virtual":
			unknown = append(unknown, catalog.Unknown{Name: n, Providers: []string{"b", "c"}})
		}
		all = append(all, catalog.Package{
			Name: n, Version: "1", Download: 1000, Installed: 4000, SHA256: n, URL: "http://mirror/" + n, Reason: catalog.ReasonBase,
		})
	}
	if unknown != nil {
		return nil, &catalog.UnknownError{Unknown: unknown}
	}
	return all, nil
}

func (a archive) Resolve(_ context.Context, r catalog.Request) ([]catalog.Package, error) {
	if a.conflict {
		return nil, &catalog.ConflictError{Reasons: []string{"a conflicts: b"}, Names: []string{"a", "b"}}
	}
	names := slices.Concat(r.Base, r.Ticked)
	slices.Sort(names)
	return a.Find(slices.Compact(names))
}

var base = catalog.Base{
	Packages: []string{"init"}, Boot: []string{"grub"},
	Parameters: []string{"boot=live", "path=/live/{id}"}, ToRAM: []string{"toram"}, BootSize: 500, Ratio: 0.5,
}

func small(t *testing.T) design.Design {
	t.Helper()
	return design.Design{
		Format: 1, Name: "Small", Distribution: "debian", Base: "minimal", Packages: []string{"htop"}, Dir: t.TempDir(),
		Kernel: design.Kernel{Parameters: []string{"quiet"}},
	}
}

func make1(t *testing.T, d design.Design) Plan {
	t.Helper()
	p, err := Make(t.Context(), d, base, archive{}, time.Time{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestMake(t *testing.T) {
	p := make1(t, small(t))
	if p.VolumeID != "SMALL" || p.Output != "small.iso" || p.Date != (archive{}).State().Date {
		t.Errorf("volume %q, output %q, date %v", p.VolumeID, p.Output, p.Date)
	}
	want := []string{"boot=live", "path=/live/" + p.LiveID, "quiet"}
	if !slices.Equal(p.KernelLine, want) {
		t.Errorf("kernel line %q, want %q", p.KernelLine, want)
	}
	first, second := p.Menu.Entries[0], p.Menu.Entries[1]
	if first.Kind != grub.Linux || first.Kernel != "/live/"+p.LiveID+"/vmlinuz" || !slices.Equal(first.Parameters, want) {
		t.Errorf("first entry %+v", first)
	}
	if !slices.Contains(second.Parameters, "toram") {
		t.Errorf("second entry %+v", second)
	}
	s := p.Sizes
	if s.Installed != 8000 || s.Packages != 3000 || s.Image != 4500 || s.Work != 2*(10000+500)+4500 {
		t.Errorf("sizes %+v", s)
	}
}

// TestIDNamesTheImage holds that the ID changes with the image and with nothing
// else.
func TestIDNamesTheImage(t *testing.T) {
	d := small(t)
	file := filepath.Join(d.Dir, "f")
	write(t, file, "one")
	d.Files = []design.File{{Source: "f", Target: "/f"}}
	id := make1(t, d).ID
	same := map[string]func(*design.Design){
		"pinned state": func(d *design.Design) { d.Archive.State = "sha256:" + strings.Repeat("a", 64) },
		"output name":  func(d *design.Design) { d.Output = "other.iso" },
		"folder": func(d *design.Design) {
			d.Dir = t.TempDir()
			write(t, filepath.Join(d.Dir, "f"), "one")
		},
	}
	other := map[string]func(*design.Design){
		"package":      func(d *design.Design) { d.Packages = append(slices.Clone(d.Packages), "git") },
		"parameter":    func(d *design.Design) { d.Kernel.Parameters = nil },
		"text":         func(d *design.Design) { d.Texts.AfterLogin = "x" },
		"file content": func(d *design.Design) { write(t, file, "two") },
		"file target":  func(d *design.Design) { d.Files = []design.File{{Source: "f", Target: "/g"}} },
		"file mode":    func(d *design.Design) { d.Files = []design.File{{Source: "f", Target: "/f", Mode: "0600"}} },
		"entry":        func(d *design.Design) { d.Boot.Entries = []design.BootEntry{{Title: "x"}} },
	}
	for name, change := range same {
		c := d
		change(&c)
		if make1(t, c).ID != id {
			t.Errorf("%s: the ID changed", name)
		}
	}
	for name, change := range other {
		c := d
		change(&c)
		if make1(t, c).ID == id {
			t.Errorf("%s: the ID stayed", name)
		}
		write(t, file, "one")
	}
	p, err := Make(t.Context(), d, base, archive{}, time.Unix(1e9, 0))
	if err != nil || p.ID == id || !p.Date.Equal(time.Unix(1e9, 0)) {
		t.Errorf("another date: ID stayed, or %v", err)
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func TestFaultsOfTheDesignComeTogether(t *testing.T) {
	d := small(t)
	d.Packages = []string{"htop", "no-near", "no-virtual"}
	d.Files = []design.File{{Source: "missing", Target: "/x"}, {Source: "key", Target: "/key"}}
	write(t, filepath.Join(d.Dir, "key"), "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Bl\n")
	_, err := Make(t.Context(), d, base, archive{}, time.Time{})
	var problems design.Problems
	if !errors.As(err, &problems) || len(problems) != 4 {
		t.Fatalf("error %v", err)
	}
	for i, want := range []string{"packages[1]: ", "packages[2]: ", "files[0].source: ", "files[1].source: "} {
		if !strings.HasPrefix(problems[i].String(), want) {
			t.Errorf("problem %d is %q, want %q", i, problems[i], want)
		}
	}
	all := problems.Error()
	for _, want := range []string{"a-near", "b, c", "does not exist", "is a private key"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in:\n%s", want, all)
		}
	}
	_, err = Make(t.Context(), small(t), base, archive{conflict: true}, time.Time{})
	if !errors.As(err, &problems) || !strings.Contains(err.Error(), "a conflicts: b") {
		t.Errorf("conflict: %v", err)
	}
}

func TestFoldersAreListedFileByFile(t *testing.T) {
	d := small(t)
	if err := os.MkdirAll(filepath.Join(d.Dir, "tree/sub"), 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(d.Dir, "tree/sub/f"), "12345")
	if err := os.Symlink("sub/f", filepath.Join(d.Dir, "tree/l")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(filepath.Join(d.Dir, "tree/sub/f"), 0o777); err != nil {
		t.Fatal(err)
	}
	d.Files = []design.File{{Source: "tree", Target: "/t", On: "medium"}}
	var got []string
	for _, f := range make1(t, d).Files {
		got = append(got, fmt.Sprintf("%s %o %d %v %q %v", f.Target, f.Mode, f.Size, f.Dir, f.Link, f.OnMedium))
	}
	want := []string{`/t 755 0 true "" true`, `/t/l 777 0 false "sub/f" true`, `/t/sub 755 0 true "" true`, `/t/sub/f 755 5 false "" true`}
	if !slices.Equal(got, want) {
		t.Errorf("files\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestMakeEndsWithItsContext(t *testing.T) {
	d := small(t)
	write(t, filepath.Join(d.Dir, "f"), "x")
	d.Files = []design.File{{Source: "f", Target: "/f"}}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Make(ctx, d, base, archive{}, time.Time{}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
}

// TestGoldenPlans pins the plan of every example: a change that alters any
// image shows here.
func TestGoldenPlans(t *testing.T) {
	examples, err := filepath.Glob("../../examples/*.isowright")
	if err != nil || len(examples) == 0 {
		t.Fatalf("no examples (%v)", err)
	}
	for _, path := range examples {
		d, err := design.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		p := make1(t, d)
		// Places differ from one checkout to the next.
		for i := range p.Files {
			p.Files[i].Source = filepath.Base(p.Files[i].Source)
		}
		p.Design.Dir = ""
		got, err := json.MarshalIndent(p, "", "\t")
		if err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", strings.TrimSuffix(filepath.Base(path), ".isowright")+".golden")
		if *update {
			if err := os.MkdirAll("testdata", 0o755); err != nil {
				t.Fatal(err)
			}
			write(t, golden, string(got)+"\n")
		}
		want, err := os.ReadFile(golden)
		if err != nil || string(want) != string(got)+"\n" {
			t.Errorf("the plan of %s changed (%v): look at the difference after `make golden`", path, err)
		}
	}
}
