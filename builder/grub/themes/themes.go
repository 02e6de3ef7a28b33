// Package themes draws the boot themes of our own: theme.txt, pictures, icons
// and fonts in GRUB's formats ("Theme file format" in GRUB's manual), made for
// the resolution that a design wishes, so that everything is crisp.
//
// Places are percentages of the screen. A firmware with another resolution than
// wished shows the same theme with smaller or larger letters.
package themes

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"
	"strings"
)

// Options are what a person chooses about a theme.
type Options struct {
	// Width and Height of the wished screen in pixels; 0 is 1024x768.
	Width, Height int
	// Title stands above the menu.
	Title string
	// Accent is the colour of what is chosen; nil is the theme's own.
	Accent color.Color
	// Left puts the menu at the left side, where the theme has it in the
	// middle.
	Left bool
	// Background is a picture in place of the theme's own.
	Background image.Image
}

// The limits of Options.
const (
	minSide   = 320
	maxSide   = 7680
	maxTitle  = 200
	layoutsOf = 3
)

// Names are the themes that Theme knows, in the order of a list.
func Names() []string {
	var all []string
	for _, l := range layouts() {
		all = append(all, l.name+"-light", l.name+"-dark")
	}
	return all
}

// Summary says in a few words what a theme looks like.
func Summary(name string) string {
	for _, l := range layouts() {
		if strings.HasPrefix(name, l.name+"-") {
			return l.summary
		}
	}
	return ""
}

// layout is one of the designs.
type layout struct {
	name, summary string
	write         func(t *theme)
}

func layouts() []layout {
	return []layout{
		{"calm", "a list in the middle of a quiet background", calm},
		{"panel", "a panel at the left side of large shapes", panel},
		{"line", "monospaced, with fine lines", line},
	}
}

// Theme is a theme's folder: names relative to it, "theme.txt" among them, with
// their content. Every file that ends in .pf2 must be loaded with loadfont.
func Theme(name string, o Options) (map[string][]byte, error) {
	if o.Width == 0 && o.Height == 0 {
		o.Width, o.Height = 1024, 768
	}
	if min(o.Width, o.Height) < minSide || max(o.Width, o.Height) > maxSide {
		return nil, fmt.Errorf("theme %s: a screen of %dx%d pixels: take sides of %d to %d", name, o.Width, o.Height, minSide, maxSide)
	}
	if len(o.Title) > maxTitle || strings.ContainsAny(o.Title, "\"\n\r\x00") {
		return nil, fmt.Errorf("theme %s: the title %q is too long or holds a quotation mark or line break", name, o.Title)
	}
	base, variant, _ := strings.Cut(name, "-")
	i := slices.IndexFunc(layouts(), func(l layout) bool { return l.name == base })
	if i < 0 || variant != "light" && variant != "dark" {
		return nil, fmt.Errorf("there is no theme %q: take one of %s", name, strings.Join(Names(), ", "))
	}
	t := newTheme(o, variant == "dark")
	layouts()[i].write(t)
	if t.err != nil {
		return nil, fmt.Errorf("theme %s: %w", name, t.err)
	}
	t.files["theme.txt"] = []byte(t.text.String())
	return t.files, nil
}

// theme is one that is being written.
type theme struct {
	Options
	dark  bool
	ink   palette
	size  int // of the entries' letters in pixels
	text  strings.Builder
	files map[string][]byte
	err   error
}

func newTheme(o Options, dark bool) *theme {
	scale := min(float64(o.Width)/1024, float64(o.Height)/768)
	t := &theme{Options: o, dark: dark, files: map[string][]byte{}}
	t.size = max(int(math.Round(18*scale)), 15)
	return t
}

// em is a length in units of the entries' letters, in pixels.
func (t *theme) em(n float64) int { return max(int(math.Round(n*float64(t.size))), 1) }

// line adds a line to theme.txt.
func (t *theme) line(format string, args ...any) {
	fmt.Fprintf(&t.text, format+"\n", args...)
}

// width is the menu's width in percent of the screen: as wide as a long title
// needs, but never so little that larger letters than wished do not fit.
func (t *theme) width(ems float64, least int) int {
	return min(max(int(100*ems*float64(t.size)/float64(t.Width)), least), 88)
}
