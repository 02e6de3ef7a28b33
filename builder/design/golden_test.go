package design

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files in testdata")

// golden compares got with a file, or rewrites the file.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs (go test -update rewrites it)\ngot:\n%s\nwant:\n%s", path, got, want)
	}
}

// designs lists the designs of a folder in testdata.
func designs(t testing.TB, folder string) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join("testdata", folder, "*.toml"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no designs in testdata/%s: %v", folder, err)
	}
	return paths
}

func TestGoodDesigns(t *testing.T) {
	for _, path := range designs(t, "good") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			d, err := Load(path)
			if err != nil {
				t.Fatal(err)
			}
			if ps := Validate(d); len(ps) > 0 {
				t.Errorf("problems:\n%v", ps)
			}
			data, err := Encode(d)
			if err != nil {
				t.Fatal(err)
			}
			golden(t, strings.TrimSuffix(path, ".toml")+".canonical", string(data))
			again, err := Parse(data, d.Dir)
			if err != nil {
				t.Fatalf("the canonical form does not parse: %v", err)
			}
			if !reflect.DeepEqual(again, d) {
				t.Errorf("round trip:\n%+v\n%+v", again, d)
			}
		})
	}
}

// TestBadDesigns compares the problems of each bad design, with lines and
// hints, with a golden list.
func TestBadDesigns(t *testing.T) {
	for _, path := range designs(t, "bad") {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			d, err := Parse(data, "")
			var ps Problems
			if err == nil {
				ps = Locate(data, Validate(d))
			} else if !errors.As(err, &ps) {
				t.Fatalf("the error is not Problems but %T", err)
			}
			if len(ps) == 0 {
				t.Fatal("no problem found")
			}
			var list strings.Builder
			for _, p := range ps {
				if p.Line == 0 && p.Field != "format" {
					t.Errorf("%s has no line", p.Field)
				}
				fmt.Fprintf(&list, "%d: %s\n", p.Line, p)
			}
			if strings.Contains(strings.ToLower(list.String()), "hunter2") {
				t.Errorf("a secret is repeated:\n%s", list.String())
			}
			golden(t, strings.TrimSuffix(path, ".toml")+".golden", list.String())
		})
	}
}
