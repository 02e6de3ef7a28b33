package offer

import (
	"bytes"
	"reflect"
	"slices"
	"testing"
)

func TestSet(t *testing.T) {
	c := shelved(t)
	s := c.Set([]string{"less", "nonesuch"})
	// Of the alternatives of base-files the first is taken.
	for name, want := range map[string]bool{
		"base-files": true, "mawk": true, "gawk": false, "less": true, "libc6": true, "git": false, "nonesuch": false,
	} {
		if s.Has(name) != want {
			t.Errorf("%s is in the set: %v", name, !want)
		}
	}
	if n, installed, download := s.Total(); n != 4 || installed != 400 || download != 40 {
		t.Errorf("%d packages, %d and %d bytes", n, installed, download)
	}
	// An alternative that is there already is as good as the first.
	if s := c.Set([]string{"gawk"}); s.Has("mawk") {
		t.Error("mawk came although gawk satisfies the dependency")
	}
}

// As for apt, what a package needs comes before the next package's needs.
func TestOrderOfAlternatives(t *testing.T) {
	c, _, err := Debian(t.Context(), t.TempDir(), lists("abc", nil,
		pkg("adduser", ""), pkg("bus", "", oneOf("bus-common")), pkg("bus-common", "", oneOf("adduser", "init")), pkg("init", ""),
		pkg("init-links", "", oneOf("init")),
	), nil)
	check(t, err)
	defer c.Close()
	if s := c.Set([]string{"bus", "init-links"}); !s.Has("adduser") || !s.Has("init") {
		t.Error("init came before bus-common had chosen")
	}
	if s := c.Set([]string{"bus", "init"}); s.Has("adduser") {
		t.Error("what was asked for does not count as an alternative")
	}
}

func TestAdded(t *testing.T) {
	s := shelved(t).Set([]string{"less"})
	for name, want := range map[string]Cost{
		// ghost does not exist, less is there; perl and perl-base need each other.
		"git":         {Packages: 3, Installed: 300, Download: 30, Brings: []string{"perl", "perl-base"}},
		"perl-base":   {Packages: 2, Installed: 200, Download: 20, Brings: []string{"perl"}},
		"htop":        {Packages: 2, Installed: 200, Download: 20, Brings: []string{"libncurses6"}},
		"gnome":       {Packages: 1, Installed: 100, Download: 10},
		"mail-reader": {Packages: 2, Installed: 200, Download: 20, Brings: []string{"postfix"}},
		"libc6":       {Present: true, NeededBy: []string{"less", "mawk"}},
		"less":        {Present: true},
	} {
		if got, ok := s.Added(name); !ok || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v, want %+v", name, got, want)
		}
	}
	if _, ok := s.Added("nonesuch"); ok {
		t.Error("what does not exist adds something")
	}
	if n, _, _ := s.Total(); n != 4 {
		t.Error("asking has changed the set")
	}
}

func encoded(t testing.TB) []byte {
	b := newGraphBuilder()
	for _, p := range shelf() {
		b.add(p)
	}
	data, err := b.finish().encode()
	check(t, err)
	return data
}

func TestGraphAsBytes(t *testing.T) {
	data := encoded(t)
	g, err := decodeGraph(data)
	check(t, err)
	again, err := g.encode()
	check(t, err)
	if !bytes.Equal(data, again) {
		t.Error("the graph is another after reading")
	}
	for n := range data {
		if _, err := decodeGraph(data[:n]); err == nil {
			t.Errorf("%d of %d bytes are enough", n, len(data))
		}
	}
	if _, err := decodeGraph(append(slices.Clone(data), 0)); err == nil {
		t.Error("a byte too many is taken")
	}
}

// Whatever is read as a graph can be walked.
func FuzzGraph(f *testing.F) {
	data := encoded(f)
	f.Add(data)
	f.Add([]byte{})
	f.Add(bytes.Repeat([]byte{0}, 24))
	for _, at := range []int{0, 140, 300, len(data) - 5} {
		other := bytes.Clone(data)
		other[at] ^= 0x10
		f.Add(other)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		g, err := decodeGraph(data)
		if err != nil {
			return
		}
		in := map[uint32]bool{}
		for n := range g.packages() {
			g.grow([]uint32{uint32(n)}, func(n uint32) bool { return in[n] }, func(n uint32) { in[n] = true })
		}
		if len(in) != g.packages() {
			t.Fatalf("%d of %d packages", len(in), g.packages())
		}
	})
}
