package source

import (
	"flag"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// designFiles are the designs in testdata.
func designFiles(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob("testdata/designs/*.isowright")
	if err != nil || len(names) == 0 {
		t.Fatalf("no designs: %v", err)
	}
	return names
}

// isStatic says whether a file is the same for all designs, and so no part of
// the golden trees.
func isStatic(path string) bool {
	if strings.HasPrefix(path, "offline/") {
		return path != "offline/settings.nix"
	}
	_, err := static.ReadFile("nix/" + path)
	return err == nil
}

// TestGoldenTrees holds what whole designs become against the trees in testdata.
func TestGoldenTrees(t *testing.T) {
	for _, name := range designFiles(t) {
		base := strings.TrimSuffix(filepath.Base(name), ".isowright")
		t.Run(base, func(t *testing.T) {
			d, err := design.Load(name)
			if err != nil {
				t.Fatal(err)
			}
			want := filepath.Join("testdata", "golden", base)
			s := generate(t, d)
			s.Files = slices.DeleteFunc(s.Files, func(f File) bool { return isStatic(f.Path) })
			if *update {
				if err := os.RemoveAll(want); err != nil {
					t.Fatal(err)
				}
				if err := s.Write(want); err != nil {
					t.Fatal(err)
				}
				return
			}
			sameTree(t, want, written(t, s))
		})
	}
}

func sameTree(t *testing.T, want, got string) {
	t.Helper()
	a, b := readTree(t, want), readTree(t, got)
	for name, text := range a {
		if other, ok := b[name]; !ok {
			t.Errorf("%s is not written any more", name)
		} else if other != text {
			t.Errorf("%s differs (make golden rewrites it)\ngot:\n%s\nwant:\n%s", name, other, text)
		}
	}
	for name := range b {
		if _, ok := a[name]; !ok {
			t.Errorf("%s is new (make golden adds it)", name)
		}
	}
}

func readTree(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		if rel, rerr := filepath.Rel(dir, name); rerr == nil {
			files[filepath.ToSlash(rel)] = string(text)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestSourceParses holds the syntax of all files against the real Nix.
func TestSourceParses(t *testing.T) {
	needNix(t)
	var designs []design.Design
	for _, name := range designFiles(t) {
		d, err := design.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		designs = append(designs, d)
	}
	dir := person(t)
	for _, s := range corpus(20) {
		designs = append(designs, hostileDesign(dir, s))
	}
	args := []string{"--parse"}
	for _, d := range designs {
		s, err := Generate(d, Options{})
		if err != nil {
			continue // a hostile name alone is no design
		}
		out := written(t, s)
		for _, f := range s.Files {
			if strings.HasSuffix(f.Path, ".nix") {
				args = append(args, filepath.Join(out, f.Path))
			}
		}
	}
	if len(args) < 500 {
		t.Fatalf("only %d files", len(args))
	}
	cmd := exec.Command("nix-instantiate", args...)
	cmd.Env = nixEnv(t)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		t.Errorf("%v: %s", err, stderr.String())
	}
}

// FuzzGenerate makes sure that no design, however odd, stops the program.
func FuzzGenerate(f *testing.F) {
	for _, name := range designFiles(f) {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	dir, err := filepath.Abs("testdata/designs")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		d, err := design.Parse([]byte(text), dir)
		if err != nil {
			return
		}
		d.Distribution = "nixos"
		s, err := Generate(d, Options{})
		if err != nil {
			return
		}
		for _, file := range s.Files {
			if file.Path == "" || !filepath.IsLocal(file.Path) {
				t.Errorf("%q is no path of the source", file.Path)
			}
		}
	})
}
