package pf2

import (
	"slices"
	"testing"
)

// makeFont makes one whose glyphs are as wide as said, to tell them apart.
func makeFont(t *testing.T, name, weight string, ascent, maxHeight, width int, chars string) *Font {
	t.Helper()
	glyphs := map[Char]Glyph{}
	for _, r := range chars {
		glyphs[Char(r)] = Glyph{DeviceWidth: width}
	}
	f, err := Make(Font{Name: name, Weight: weight, Ascent: ascent, MaxHeight: maxHeight, MaxWidth: width}, glyphs)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestSetFallsBackToTheFontMostAlike(t *testing.T) {
	main := makeFont(t, "main", "normal", 12, 16, 1, "a")
	var s Set
	for _, f := range []*Font{
		main,
		makeFont(t, "tall", "normal", 14, 18, 2, "bcd"),
		makeFont(t, "bold", "bold", 12, 16, 3, "cd"),
		makeFont(t, "same", "normal", 12, 16, 4, "d"),
	} {
		s.Load(f)
	}
	for _, c := range []struct {
		r     rune
		width int
		own   bool
	}{
		{'a', 1, true}, {'b', 2, false}, {'c', 3, false}, {'d', 4, false},
		{'e', builtinWidth, false}, // built in
		{'é', builtinWidth, false}, // a box
	} {
		if g, own := s.Glyph(main, c.r); g.DeviceWidth != c.width || own != c.own {
			t.Errorf("%q: %d wide, own %v, want %d, %v", c.r, g.DeviceWidth, own, c.width, c.own)
		}
	}
	e, _ := s.Glyph(main, 'e')
	if box, _ := s.Glyph(main, 'é'); slices.Equal(e.Bits, box.Bits) {
		t.Error("what no font has is no box")
	}
	if w := s.Width(main, "abé"); w != 1+2+builtinWidth {
		t.Errorf("the text is %d wide", w)
	}
}

func TestSetFindsTheLastFontForUnknownNames(t *testing.T) {
	var s Set
	if f, exact := s.Find("any"); exact || f == nil || f.Len() != 0 {
		t.Errorf("without a font: %v, exact %v", f, exact)
	}
	one, two := makeFont(t, "one", "", 1, 1, 1, "a"), makeFont(t, "two", "", 1, 1, 1, "a")
	s.Load(one)
	s.Load(two)
	if f, exact := s.Find("one"); f != one || !exact {
		t.Errorf("found %q, exact %v", f.Name, exact)
	}
	if f, exact := s.Find("three"); f != two || exact {
		t.Errorf("found %q, exact %v", f.Name, exact)
	}
}

func BenchmarkReadUnifont(b *testing.B) {
	data := readFont(b, unifont).Write()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(data); err != nil {
			b.Fatal(err)
		}
	}
}
