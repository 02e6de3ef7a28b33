package widgets

import (
	"fmt"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"
)

func numbered(n int) []string {
	lines := make([]string, n)
	for i := range lines {
		lines[i] = fmt.Sprintf("line %d", i)
	}
	return lines
}

// readable is what a log shows, from top to bottom.
func readable(l *LogView) []string {
	var lines []string
	top, height := l.scroll.Offset.Y, l.scroll.Size().Height
	for _, t := range l.body.texts {
		if y := t.Position().Y; t.Visible() && y >= top-1 && y+l.body.line().Height <= top+height+1 {
			lines = append(lines, t.Text)
		}
	}
	return lines
}

func last(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return lines[len(lines)-1]
}

func TestLogFollowsTheEnd(t *testing.T) {
	l := NewLogView()
	w := shown(t, l, 400, 200)
	l.Append(numbered(1000)...)
	if got := last(readable(l)); got != "line 999" {
		t.Errorf("the last line in sight is %q", got)
	}
	test.Scroll(w.Canvas(), fyne.NewPos(100, 100), 0, 300)
	if l.Following() {
		t.Error("still follows after scrolling up")
	}
	before := readable(l)[0]
	l.Append("more", "and more")
	if got := readable(l)[0]; got != before {
		t.Errorf("%q moved to %q while reading", before, got)
	}
	l.Follow()
	if got := last(readable(l)); got != "and more" {
		t.Errorf("the last line in sight is %q after Follow", got)
	}
	key(l, fyne.KeyHome)
	if got := readable(l)[0]; got != "line 0" || l.Following() {
		t.Errorf("Home shows %q", got)
	}
	key(l, fyne.KeyPageDown, fyne.KeyDown, fyne.KeyUp, fyne.KeyPageUp)
	if got := readable(l)[0]; got != "line 0" {
		t.Errorf("there and back shows %q", got)
	}
	key(l, fyne.KeyEnd)
	if !l.Following() {
		t.Error("does not follow at the end")
	}
}

func TestLogDrawsOnlyWhatIsInSight(t *testing.T) {
	l := NewLogView()
	shown(t, l, 400, 200)
	l.Append(strings.Repeat("x", 20_000))
	l.Append(numbered(199_999)...)
	if n := len(l.body.texts); n > 20 {
		t.Errorf("%d texts for a log with room for about a dozen lines", n)
	}
	if got := last(readable(l)); got != "line 199998" {
		t.Errorf("the last of 200,000 lines is %q", got)
	}
	key(l, fyne.KeyHome)
	if n := len(l.body.texts[0].Text); n > 100 {
		t.Errorf("%d characters drawn of a long line", n)
	}
	for range 30 {
		key(l, fyne.KeyRight)
	}
	if x := l.body.texts[0].Position().X; x <= 0 || l.scroll.Offset.X <= 0 {
		t.Errorf("Right does not show what is at the right: text at %g", x)
	}
	l.Append("one more") // beyond what is kept
	if n := l.Len(); n != logMost-logMost/10 {
		t.Errorf("%d lines kept", n)
	}
}

func TestLogSearch(t *testing.T) {
	l := NewLogView()
	shown(t, l, 400, 200)
	l.Append(numbered(500)...)
	key(l, fyne.KeyHome)
	if n := l.Search("LINE 30"); n != 11 {
		t.Errorf("%d lines found, want 11", n)
	}
	line := func() string { return l.lines[l.hits[l.hit]] }
	if line() != "line 30" || !strings.Contains(strings.Join(readable(l), "\n"), "line 30") {
		t.Errorf("went to %q, shows %q", line(), readable(l))
	}
	if n := l.Next(); n != 2 || line() != "line 300" {
		t.Errorf("next is %d, %q", n, line())
	}
	l.Prev()
	if n := l.Prev(); n != 11 || line() != "line 309" {
		t.Errorf("before the first comes %d, %q", n, line())
	}
	l.Append("line 30 again")
	if l.Found() != 12 {
		t.Errorf("a new line is not found: %d", l.Found())
	}
	l.Next()
	if line() != "line 30 again" {
		t.Errorf("next is %q", line())
	}
	for i, b := range l.body.backs {
		marked := b.FillColor != canvas.NewRectangle(nil).FillColor && fmt.Sprint(b.FillColor) != "{0}"
		if hit := strings.HasPrefix(l.body.texts[i].Text, "line 30"); b.Visible() && hit != marked {
			t.Errorf("%q: marked %v", l.body.texts[i].Text, marked)
		}
	}
	if l.Search("nowhere") != 0 || l.Next() != 0 || l.Prev() != 0 {
		t.Error("something was found nowhere")
	}
	if l.Search("") != 0 {
		t.Error("the empty search finds lines")
	}
}

func TestLogCopies(t *testing.T) {
	l := NewLogView()
	l.Append("a", "b")
	l.TypedShortcut(&fyne.ShortcutCopy{})
	if got := fyne.CurrentApp().Clipboard().Content(); got != "a\nb" {
		t.Errorf("copied %q", got)
	}
}

func TestLogColoursLevels(t *testing.T) {
	l := NewLogView()
	l.Level = func(line string) fyne.ThemeColorName {
		if strings.HasPrefix(line, "error") {
			return ColourDanger
		}
		return ""
	}
	shown(t, l, 400, 200)
	l.Append("fine", "error: not fine")
	for i, want := range []fyne.ThemeColorName{ColourText, ColourDanger} {
		if got := l.body.texts[i].Color; got != colourFor(want, l) {
			t.Errorf("line %d is %v, want %s", i, got, want)
		}
	}
}

func TestCleanLine(t *testing.T) {
	for in, want := range map[string]string{
		"plain":                        "plain",
		"a\tb":                         "a       b",
		"\x1b[1;31mred\x1b[0m end\r\n": "red end",
		"10%\r20%\r100%":               "100%",
		"bell\a, back\b":               "bell, back",
		"cut off \x1b[":                "cut off ",
		"ünï\tx":                       "ünï     x",
	} {
		if got := cleanLine(in); got != want {
			t.Errorf("cleanLine(%q) = %q, want %q", in, got, want)
		}
	}
}

func FuzzCleanLine(f *testing.F) {
	f.Add("\x1b[31mred\t\r\n")
	f.Fuzz(func(t *testing.T, line string) {
		got := cleanLine(line)
		if i := strings.IndexFunc(got, func(r rune) bool { return r < ' ' || r == 0x7F }); i >= 0 {
			t.Errorf("cleanLine(%q) = %q keeps a control character", line, got)
		}
		if len(got) > logTab*3*len(line) {
			t.Errorf("%d bytes became %d", len(line), len(got))
		}
	})
}

// BenchmarkLogAppend is a batch of 100 lines at the end of 100,000.
func BenchmarkLogAppend(b *testing.B) {
	l := NewLogView()
	w := test.NewWindow(l)
	defer w.Close()
	w.Resize(fyne.NewSize(900, 600))
	l.Append(numbered(100_000)...)
	batch := numbered(100)
	b.ReportAllocs()
	for b.Loop() {
		l.Append(batch...)
	}
}
