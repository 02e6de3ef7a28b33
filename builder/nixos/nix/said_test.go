package nix

import (
	"encoding/json"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the expected outputs anew")

// said are Nix's and nixpkgs's words, in their very shape: those of
// testdata/said come from expressions, those of testdata/said/old from Nix
// itself in other versions.
func said(t testing.TB, dir string) map[string]string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata/said", dir, "*.txt"))
	if err != nil || len(paths) == 0 {
		t.Fatal("no words in testdata/said", err)
	}
	all := map[string]string{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all[path] = string(text)
	}
	return all
}

// What expressions say is thrown by a real Nix.
func TestThrown(t *testing.T) {
	p := newPlace(t)
	for path, text := range said(t, "") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			dir := p.flake(t, "f", `x = throw (builtins.readFile ./text);`)
			if err := os.WriteFile(filepath.Join(dir, "text"), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			var into any
			err := p.Eval(t.Context(), Flake(dir, "x"), &into)
			var e *Error
			if !errors.As(err, &e) {
				t.Fatalf("%v is no *Error", err)
			}
			golden(t, path, e)
		})
	}
}

func TestSaidByOtherVersions(t *testing.T) {
	for path, text := range said(t, "old") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			l := newListener(command{})
			l.faults = []message{{text: text}}
			golden(t, path, l.settle(l.worst()))
		})
	}
}

// golden compares an error, without what Nix said, with the file beside path.
func golden(t *testing.T, path string, e *Error) {
	t.Helper()
	c := *e
	c.Raw = ""
	got, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	got = append(got, '\n')
	path = strings.TrimSuffix(path, ".txt") + ".json"
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("%s:\n%s\nwant\n%s", path, got, want)
	}
}
