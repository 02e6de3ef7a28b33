package theme

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"testing/fstest"

	"github.com/isowright/isowright/builder/grub/gfx"
)

// TestUpdateEqualsWhole walks through menus at random: what is drawn anew in
// parts must equal the whole picture.
func TestUpdateEqualsWhole(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for _, c := range loadCases(t) {
		files := c.files(t)
		th, _, err := Load(files, "theme/theme.txt")
		if err != nil {
			t.Fatal(err)
		}
		s, fonts := c.scene(files), c.loadFonts(t, files)
		pictures := gfx.NewCache(64 << 20)
		cache, got, want := NewCache(pictures), gfx.New(c.width, c.height), gfx.New(c.width, c.height)
		for step := range 6 {
			s.Timeout, s.TimeoutLeft = 30, random.IntN(32)-1
			if step%2 == 0 {
				s.Selected = random.IntN(len(s.Entries))
			}
			cache.Render(got, th, &s, fonts)
			th.Render(want, &s, fonts, pictures)
			if !bytes.Equal(got.Pix, want.Pix) {
				t.Fatalf("%s: step %d (line %d, %d s) differs from the whole picture", c.name, step, s.Selected, s.TimeoutLeft)
			}
		}
	}
}

// BenchmarkKey is a key stroke in a full theme at 1920x1080.
func BenchmarkKey(b *testing.B) { benchmark(b, false) }

// BenchmarkCold is the first picture of it, with nothing read or scaled yet.
func BenchmarkCold(b *testing.B) { benchmark(b, true) }

func benchmark(b *testing.B, cold bool) {
	c, files := fullTheme(b)
	th, _, err := Load(files, "theme/theme.txt")
	if err != nil {
		b.Fatal(err)
	}
	s, fonts := c.scene(files), c.loadFonts(b, files)
	cache, dst := NewCache(gfx.NewCache(256<<20)), gfx.New(c.width, c.height)
	cache.Render(dst, th, &s, fonts)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s.Selected = i % len(s.Entries)
		if cold {
			cache = NewCache(gfx.NewCache(256 << 20))
		}
		cache.Render(dst, th, &s, fonts)
	}
}

// fullTheme is the case that has a large menu with all boxes over a picture.
func fullTheme(tb testing.TB) (gcase, fstest.MapFS) {
	for _, c := range loadCases(tb) {
		if c.name == "full" {
			return c, c.files(tb)
		}
	}
	tb.Fatal("no case named full")
	return gcase{}, nil
}
