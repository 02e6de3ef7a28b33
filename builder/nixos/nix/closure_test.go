package nix

import (
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// TestBuildInputs compares real derivations of a small system with those of the
// same system with another host name.
func TestBuildInputs(t *testing.T) {
	t.Parallel()
	p := newPlace(t)
	dir := p.flake(t, "closure", `
inherit (rec {
  tool = drv "tool" "echo > $out; echo > $dev" { outputs = [ "out" "dev" ]; };
  unused = drv "unused" "echo > $out" { };
  library = drv "library" "echo > $out" { inherit unused; };
  system = host: drv "system" "echo > $out" { inherit library; etc = drv "etc" "echo > $out" { inherit host; inherit (tool) dev; }; };
  a = system "a";
  b = system "b";
}) a b;`)
	graph := func(name string) Graph {
		g, err := p.Graph(t.Context(), "path:"+dir+"#"+name)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	a, b := graph("a"), graph("b")
	if len(a) != 5 || len(b) != 5 {
		t.Fatalf("%d and %d derivations, want 5 each", len(a), len(b))
	}
	var got []string
	for _, o := range BuildInputs(a, b) {
		if o.Path == "" || a[o.Derivation].Outputs[o.Name] != o.Path {
			t.Errorf("%+v is not an output of its derivation", o)
		}
		_, name, _ := strings.Cut(filepath.Base(o.Path), "-")
		got = append(got, name)
	}
	slices.Sort(got)
	if want := []string{"library", "tool-dev"}; !slices.Equal(got, want) {
		t.Errorf("build inputs %q, want %q", got, want)
	}
	if same := BuildInputs(a, a); len(same) != 0 {
		t.Errorf("a system that is unchanged needs %v", same)
	}
}

// TestDecodeGraph reads the forms of all versions.
func TestDecodeGraph(t *testing.T) {
	const store = "/nix/store"
	want := Graph{store + "/b.drv": {map[string]string{"out": store + "/b"}, map[string][]string{store + "/a.drv": {"dev", "out"}}}}
	for _, text := range []string{
		`{"/nix/store/b.drv":{"outputs":{"out":{"path":"/nix/store/b"}},"inputDrvs":{"/nix/store/a.drv":["dev","out"]}}}`,
		`{"/nix/store/b.drv":{"outputs":{"out":{"path":"/nix/store/b"}},"inputDrvs":{"/nix/store/a.drv":{"dynamicOutputs":{},"outputs":["dev","out"]}}}}`,
		`{"version":4,"derivations":{"b.drv":{"outputs":{"out":{"path":"b"}},"inputs":{"srcs":[],"drvs":{"a.drv":{"outputs":["dev","out"]}}}}}}`,
	} {
		got, err := decodeGraph([]byte(text), store)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s\n got %v, %v\nwant %v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "null x", "[]", `{"/nix/store/b.drv":null}`, `{"/nix/store/b.drv":{"inputDrvs":{"a":7}}}`} {
		if g, err := decodeGraph([]byte(text), store); err == nil {
			t.Errorf("%q is read as %v", text, g)
		}
	}
}

func FuzzDecodeGraph(f *testing.F) {
	f.Add([]byte(`{"/nix/store/b.drv":{"outputs":{"out":{"path":"/nix/store/b"}},"inputDrvs":{"/nix/store/a.drv":["out"]}}}`))
	f.Add([]byte(`{"version":4,"derivations":{"b.drv":{"outputs":{"out":{"path":"b"}},"inputs":{"drvs":{"a.drv":{"outputs":["out"]}}}}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		g, err := decodeGraph(text, "/nix/store")
		if err != nil {
			return
		}
		for name := range g {
			if name != "" && name[0] != '/' {
				t.Errorf("%q is not absolute", name)
			}
		}
		BuildInputs(Graph{}, g)
	})
}
