package widgets

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

// runes measures a text as one unit a character.
func runes(s string) float32 { return float32(utf8.RuneCountInString(s)) }

func TestWrap(t *testing.T) {
	for _, c := range []struct {
		text  string
		width float32
		want  []string
	}{
		{"", 10, []string{""}},
		{"one", 10, []string{"one"}},
		{"one two", 7, []string{"one two"}},
		{"one two", 6, []string{"one", "two"}},
		{"one two three", 9, []string{"one two", "three"}},
		{"a\nb", 10, []string{"a", "b"}},
		{"a\n\nb", 10, []string{"a", "", "b"}},
		{"abcdefgh", 3, []string{"abc", "def", "gh"}},
		{"x abcdefgh y", 3, []string{"x", "abc", "def", "gh", "y"}},
		{"äöüß", 2, []string{"äö", "üß"}},
		{"abc", 0.5, []string{"a", "b", "c"}},
	} {
		if got := wrap(c.text, c.width, runes); !slices.Equal(got, c.want) {
			t.Errorf("wrap(%q, %v) = %q, wanted %q", c.text, c.width, got, c.want)
		}
	}
}

func TestShorten(t *testing.T) {
	for _, c := range []struct {
		text  string
		width float32
		want  string
	}{
		{"short", 10, "short"},
		{"exactly", 7, "exactly"},
		{"too long", 6, "too l…"},
		{"too long", 5, "too…"},
		{"äöüß", 3, "äö…"},
		{"abc", 0.2, "…"},
		{"not laid out", 0, "not laid out"},
	} {
		if got := shorten(c.text, c.width, runes); got != c.want {
			t.Errorf("shorten(%q, %v) = %q, wanted %q", c.text, c.width, got, c.want)
		}
	}
}

// FuzzWrap holds that wrapping ends, loses nothing but spaces, and keeps to the width
// wherever a line has more than one character.
func FuzzWrap(f *testing.F) {
	f.Add("one two three", 5.0)
	f.Add("ähm\n\nein langesWort", 3.0)
	f.Add("", 0.1)
	f.Fuzz(func(t *testing.T, text string, width float64) {
		if len(text) > 1<<12 || width <= 0 || width > 1e6 || !utf8.ValidString(text) {
			t.Skip()
		}
		lines := wrap(text, float32(width), runes)
		bare := func(s string) string { return strings.Join(strings.Fields(s), "") }
		if got, want := bare(strings.Join(lines, " ")), bare(text); got != want {
			t.Errorf("%q became %q", want, got)
		}
		for _, l := range lines {
			if utf8.RuneCountInString(l) > 1 && runes(l) > float32(width) {
				t.Errorf("line %q is wider than %v", l, width)
			}
		}
	})
}

func TestTextHeights(t *testing.T) {
	for _, c := range []struct {
		text *Text
		want float32
	}{
		{Title("T"), 28}, {Section("S"), 20}, {Body("B"), 20}, {Note("N"), 16}, {Mono("M"), 20},
	} {
		if got := c.text.MinSize().Height; got != c.want {
			t.Errorf("%q is %v high, wanted %v", c.text.Text(), got, c.want)
		}
	}
}

func TestTextWrapsInColumn(t *testing.T) {
	long := Body(strings.Repeat("word ", 60))
	after := Note("after")
	column := Column(Gap, long, after)
	column.Resize(fyne.NewSize(300, 400))
	lines := len(long.texts())
	if lines < 5 {
		t.Fatalf("%d lines, wanted several", lines)
	}
	if got, want := after.Position().Y, float32(lines*20+Gap); got != want {
		t.Errorf("what follows %d lines is at %v, wanted %v", lines, got, want)
	}
	column.Resize(fyne.NewSize(600, 400))
	if got := len(long.texts()); got >= lines {
		t.Errorf("twice as wide there are %d lines, before %d", got, lines)
	}
	if got, want := column.MinSize().Height, after.Position().Y+16; got != want {
		t.Errorf("the column is %v high, wanted %v", got, want)
	}
}

func TestTextChanges(t *testing.T) {
	line := Line("a name")
	line.Resize(fyne.NewSize(80, 20))
	line.SetText("a name that is much too long for its place")
	if got := line.texts(); len(got) != 1 || !strings.HasSuffix(got[0], "…") {
		t.Errorf("%q, wanted an ellipsis", got)
	}
	line.Wrapped()
	if got := line.texts(); len(got) < 3 {
		t.Errorf("%q, wanted several lines", got)
	}
	if got := line.Text(); got != "a name that is much too long for its place" {
		t.Errorf("the whole text is %q", got)
	}
	plain := Line("width").MinSize().Width
	if bold := Line("width").Bold().MinSize().Width; bold <= plain {
		t.Errorf("bold is %v wide, plain %v", bold, plain)
	}
	if big := Line("width").Sized(SizeTitle).MinSize().Width; big <= plain {
		t.Errorf("a title is %v wide, text %v", big, plain)
	}
	if got := Line("quite some width").Room(40).MinSize().Width; got != 40 {
		t.Errorf("with room for 40 it asks for %v", got)
	}
}

// texts are the lines that a text is drawn as.
func (t *Text) texts() []string {
	var lines []string
	for _, o := range test.WidgetRenderer(t).Objects() {
		lines = append(lines, o.(*canvas.Text).Text)
	}
	return lines
}
