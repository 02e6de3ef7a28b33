package preview

import (
	"fmt"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/grub/pf2"
	"github.com/isowright/isowright/builder/grub/scene"
	"github.com/isowright/isowright/builder/grub/term"
)

// linter looks at the main menu for what does not look as it was meant.
type linter struct {
	s     *Session
	scene scene.Scene
	fonts *pf2.Set
	found []grub.Warning
}

func (l *linter) warn(place, hint, format string, values ...any) {
	l.found = append(l.found, grub.Warning{Place: place, Text: fmt.Sprintf(format, values...), Hint: hint})
}

func (s *Session) lints(config string) []grub.Warning {
	l := &linter{s: s, scene: s.main}
	var err error
	if l.fonts, err = s.renderer.load(l.scene.Fonts); err != nil {
		l.fonts = &pf2.Set{}
	}
	if len(l.scene.Entries) == 0 {
		l.warn("/"+config, "add a menuentry", "the menu has no entries: GRUB shows its command line")
		return l.found
	}
	l.exports()
	if !s.o.Generated {
		l.timeout("/" + config)
	}
	if l.scene.Graphics {
		l.fontName()
		l.glyphs()
		if l.scene.Vars["theme"] != "" {
			l.theme()
		}
		if s.renderer.shown(s.main) == nil && !s.o.Generated {
			l.titles()
		}
	}
	return l.found
}

// place is where a variable was set.
func (l *linter) place(name string) string {
	if v, ok := l.s.machine.Variable(name); ok && v.File != "" {
		return fmt.Sprintf("%s:%d", v.File, v.Line)
	}
	return name
}

// look are the variables that a submenu needs to look like the menu above it.
var look = []string{"theme", "icondir", "gfxterm_font", "menu_color_normal", "menu_color_highlight"}

// exports: a submenu sees exported variables alone.
func (l *linter) exports() {
	if !slices.ContainsFunc(l.scene.Entries, func(e scene.Entry) bool { return e.Submenu }) {
		return
	}
	for _, name := range look {
		if v, ok := l.s.machine.Variable(name); ok && !v.Exported && v.Value != "" {
			l.warn(l.place(name), "write export "+name, "%s is not exported: submenus look as if it were not set", name)
		}
	}
}

func (l *linter) timeout(config string) {
	v, ok := l.s.machine.Variable("timeout")
	place := config
	if ok {
		place = l.place("timeout")
	}
	switch {
	case ok && v.Value == "0":
		l.warn(place, "give it some seconds, or -1 to wait for ever", "with a timeout of 0 the menu is never shown")
	case l.scene.State == scene.Black:
		l.warn(place, "tell people to press Esc while it starts, or set timeout_style=menu", "the menu does not show by itself")
	}
}

// fontName: GRUB takes the last loaded font where it has none of a name.
func (l *linter) fontName() {
	name := l.scene.Vars["gfxterm_font"]
	if f, exact := l.fonts.Find(name); name != "" && !exact {
		l.warn(l.place("gfxterm_font"), "load the font, or name a loaded one: "+l.loaded(), "no font %q is loaded: GRUB takes %q", name, f.Name)
	}
}

// loaded lists the names of the fonts.
func (l *linter) loaded() string {
	var names []string
	for _, file := range l.scene.Fonts {
		if f := l.s.renderer.fonts[file]; f != nil && !slices.Contains(names, f.Name) {
			names = append(names, f.Name)
		}
	}
	return strings.Join(names, ", ")
}

// glyphs: what no loaded font has is drawn as a box with a question mark.
func (l *linter) glyphs() {
	for i, e := range l.scene.Entries {
		if missing := l.missing(e.Title); missing != "" {
			l.warn(l.s.machine.Place(i), "load a font that has them, or write the title without", "no loaded font has %q of the title %q", missing, e.Title)
		}
	}
}

// missing are the characters of a text that no loaded font has.
func (l *linter) missing(text string) string {
	var out []rune
	for _, r := range text {
		has := r < ' ' || slices.ContainsFunc(l.scene.Fonts, func(file string) bool {
			f := l.s.renderer.fonts[file]
			if f == nil {
				return false
			}
			_, ok := f.Glyph(r)
			return ok
		})
		if !has && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	return string(out)
}

// titles: the text menu cuts what is longer than its frame.
func (l *linter) titles() {
	w := window(l.fonts, l.scene.Vars["gfxterm_font"], l.scene.Width, l.scene.Height)
	columns, _ := w.Size()
	room := columns - menuFrame
	for i, e := range l.scene.Entries {
		if n := cells(w, e.Title); n > room {
			l.warn(l.s.machine.Place(i), "shorten it", "the title %q takes %d columns: GRUB cuts it after %d at %dx%d", e.Title, n, room, l.scene.Width, l.scene.Height)
		}
	}
}

// menuFrame are the columns that the text menu does not give to titles.
const menuFrame = 5

// cells counts the character cells of a text.
func cells(w term.Window, text string) int {
	wide := 1
	for r := rune(' '); r < 127; r++ {
		g, _ := w.Fonts.Glyph(w.Font, r)
		wide = max(wide, g.DeviceWidth)
	}
	n := 0
	for _, r := range text {
		g, _ := w.Fonts.Glyph(w.Font, r)
		n += max(1, (g.DeviceWidth+wide-1)/wide)
	}
	return n
}

// theme: whether GRUB takes it, and what in it does nothing.
func (l *linter) theme() {
	loaded := l.s.renderer.theme(l.scene.Vars["theme"])
	problems := loaded.problems
	if loaded.theme != nil {
		problems = append(slices.Clone(problems), loaded.theme.Lint(&l.scene, l.fonts, l.s.renderer.cache)...)
	}
	for _, p := range problems {
		place := "/" + p.File
		if p.Line > 0 {
			place += fmt.Sprintf(":%d", p.Line)
		}
		text := p.What
		if p.Lost {
			text += ": GRUB shows the text menu instead of the theme"
		}
		l.warn(place, p.Fix, "%s", text)
	}
}
