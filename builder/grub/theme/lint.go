package theme

import (
	"errors"
	"fmt"
	"image"
	"path"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/grub/gfx"
	"github.com/isowright/isowright/builder/grub/pf2"
	"github.com/isowright/isowright/builder/grub/scene"
)

// linter looks for what a person would not want in a theme on one screen.
type linter struct {
	renderer
	found []Problem
}

// Lint finds what GRUB would show otherwise than the theme means, on the
// screen of a scene with its entries and the loaded fonts. What Load tells of is
// not repeated.
func (t *Theme) Lint(s *scene.Scene, fonts *pf2.Set, pictures *gfx.Cache) []Problem {
	l := &linter{renderer: renderer{t, s, fonts, pictures}}
	root := l.newComponent(t.File.Root)
	root.bounds = image.Rect(0, 0, s.Width, s.Height)
	root.layout()
	for _, p := range t.File.Globals {
		l.global(p)
	}
	l.component(root, image.Point{}, root.bounds)
	if !l.hasMenu(root) {
		l.warn(0, "the theme has no boot_menu: nobody sees the entries", "add a boot_menu")
	}
	return l.found
}

func (l *linter) warn(line int, what, fix string) {
	p := Problem{File: l.theme.Path, Line: line, What: what, Fix: fix}
	if !slices.Contains(l.found, p) {
		l.found = append(l.found, p)
	}
}

func (l *linter) global(p Property) {
	switch p.Name {
	case "title-font", "terminal-font":
		l.font(p)
	case "title-color":
		l.alpha(p)
	case "terminal-box":
		l.style(p)
	}
	if p.Name == "title-text" {
		l.glyphs(p.Line, l.renderer.font(l.theme.titleFont), p.Value)
	}
}

// component looks at a component at a place on the screen, which shows of its
// parent what clip says.
func (l *linter) component(c *component, at image.Point, clip image.Rectangle) {
	known := properties(c.node.Kind)
	for _, p := range c.node.Properties {
		switch known[p.Name] {
		case fontName:
			l.font(p)
		case style:
			l.style(p)
		case bitmap:
			if fix, err := l.theme.checkPicture(p.Value); err != nil {
				l.warn(p.Line, err.Error(), fix)
			}
		case colour:
			l.alpha(p)
		}
	}
	place := c.bounds.Add(at)
	if !place.In(clip) && c.node.Kind != "hbox" && c.node.Kind != "vbox" {
		l.warn(c.node.Line, fmt.Sprintf("at %dx%d the %s is cut: it is at %d,%d and %d x %d pixels large, and there are %d x %d",
			l.scene.Width, l.scene.Height, c.node.Kind, place.Min.X, place.Min.Y, place.Dx(), place.Dy(), clip.Dx(), clip.Dy()),
			"place it in percents, or make it smaller")
	}
	l.outside(c, clip.Size())
	switch w := c.widget.(type) {
	case *bootMenu:
		l.menu(c, w)
	case *label:
		l.label(c, w)
	case *bar:
		l.timeout(c)
		l.glyphs(c.node.Line, w.font, w.text)
	case *circle:
		l.circle(c, w)
	}
	for _, child := range c.children {
		l.component(child, place.Min, clip.Intersect(place))
	}
}

// outside tells of a place beyond the parent's edges, which GRUB moves.
func (l *linter) outside(c *component, parent image.Point) {
	if c.left.In(parent.X) >= parent.X && c.left != (Dimension{}) || c.top.In(parent.Y) >= parent.Y && c.top != (Dimension{}) ||
		c.left.In(parent.X) < 0 || c.top.In(parent.Y) < 0 {
		l.warn(c.node.Line, fmt.Sprintf("at %dx%d the %s lies beyond the edge: GRUB moves it inside",
			l.scene.Width, l.scene.Height, c.node.Kind), "give it a place on the screen, in percents")
	}
}

// font tells of one that is not loaded.
func (l *linter) font(p Property) {
	if p.Value == "inherit" {
		return
	}
	if f, exact := l.fonts.Find(p.Value); !exact {
		l.warn(p.Line, fmt.Sprintf("no font %q is loaded: GRUB takes %q", p.Value, f.Name), "load the font, or name a loaded one")
	}
}

// alpha tells of a see-through colour, which GRUB paints opaque.
func (l *linter) alpha(p Property) {
	if c, err := gfx.ParseColour(p.Value); err == nil && c.A != 255 {
		l.warn(p.Line, fmt.Sprintf("%s is see-through: GRUB paints texts and bars opaque", p.Name), "choose the colour that it should look like")
	}
}

// style looks for the pictures of a box.
func (l *linter) style(p Property) {
	before, after, ok := strings.Cut(p.Value, "*")
	if !ok {
		if p.Value != "inherit" {
			l.warn(p.Line, p.Name+" has no \"*\": GRUB draws no box, and others wrongly", "name the pictures as in \"menu_*.png\", or take the line away")
		}
		return
	}
	some := false
	for _, name := range sliceNames() {
		file := l.path(before + name + after)
		_, err := l.cache.Read(l.theme.Files, file)
		some = some || err == nil
		if fault := (*gfx.PictureError)(nil); errors.As(err, &fault) {
			l.warn(p.Line, fmt.Sprintf("GRUB cannot show %s: %s", path.Base(file), fault.Why), fault.Fix)
		}
	}
	if !some {
		l.warn(p.Line, fmt.Sprintf("there is none of the pictures %q", p.Value), "put them beside theme.txt, or correct the name")
	}
}

// glyphs tells of characters that no loaded font has.
func (l *linter) glyphs(line int, font *pf2.Font, text string) {
	for _, r := range text {
		if _, ok := l.fonts.Glyph(font, r); !ok && !l.anywhere(font, r) {
			l.warn(line, fmt.Sprintf("no loaded font has %q: GRUB shows a box with a question mark", r), "load a font that has it, such as unicode.pf2")
		}
	}
}

// anywhere says whether GRUB has a character's picture in another font.
func (l *linter) anywhere(font *pf2.Font, r rune) bool {
	g, _ := l.fonts.Glyph(font, r)
	missing, _ := l.fonts.Glyph(font, noCharacter)
	return g.Width != missing.Width || g.Height != missing.Height || string(g.Bits) != string(missing.Bits)
}

// noCharacter is a code point that no font has.
const noCharacter = 0x10ffff

func (l *linter) label(c *component, w *label) {
	if strings.HasPrefix(w.text, "@") && strings.HasSuffix(w.text, "@") {
		l.warn(c.node.Line, fmt.Sprintf("a label shows %q as it stands", w.text), "use it in a progress_bar, or write the text with a %d")
	}
	l.glyphs(c.node.Line, w.font, w.text)
	if c.id != timeoutID && w.hidden {
		return
	}
	text := seconds(w.text, l.left(c))
	if width := l.fonts.Width(w.font, text); width > c.bounds.Dx() {
		l.warn(c.node.Line, fmt.Sprintf("at %dx%d the text %q is cut: it needs %d pixels and has %d",
			l.scene.Width, l.scene.Height, text, width, c.bounds.Dx()), "make the text shorter or its font smaller")
	}
}

// timeout tells of a bar that nothing fills.
func (l *linter) timeout(c *component) {
	if c.id != timeoutID {
		l.warn(c.node.Line, "GRUB never shows a "+c.node.Kind+" without id = \"__timeout__\"", "give it this id")
	}
}

func (l *linter) circle(c *component, w *circle) {
	if w.centre == nil || w.tick == nil {
		l.warn(c.node.Line, "GRUB draws nothing of a circular_progress that lacks center_bitmap or tick_bitmap", "give it both")
	}
	if c.id != timeoutID {
		l.warn(c.node.Line, "this circular_progress never moves: it has no id = \"__timeout__\"", "give it this id")
	}
}

func (l *linter) hasMenu(c *component) bool {
	_, menu := c.widget.(*bootMenu)
	return menu || slices.ContainsFunc(c.children, l.hasMenu)
}
