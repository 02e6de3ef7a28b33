package preview

import (
	"errors"
	"fmt"
	"image"

	"github.com/isowright/isowright/builder/grub/gfx"
	"github.com/isowright/isowright/builder/grub/pf2"
	"github.com/isowright/isowright/builder/grub/scene"
	"github.com/isowright/isowright/builder/grub/term"
	"github.com/isowright/isowright/builder/grub/theme"
)

// loadedTheme is a theme that was read, or why GRUB gives it up.
type loadedTheme struct {
	theme    *theme.Theme // nil: lost
	problems []theme.Problem
	cache    *theme.Cache
}

// theme reads a theme once.
func (r *Renderer) theme(name string) *loadedTheme {
	if t, ok := r.themes[name]; ok {
		return t
	}
	t := &loadedTheme{cache: theme.NewCache(r.cache)}
	var err error
	t.theme, t.problems, err = theme.Load(r.files, name)
	if err != nil {
		t.theme = nil
		if p := (*theme.Problem)(nil); errors.As(err, &p) {
			t.problems = append(t.problems, *p)
		} else {
			t.problems = append(t.problems, theme.Problem{File: name, Lost: true, What: err.Error(), Fix: "correct it"})
		}
	}
	r.themes[name] = t
	return t
}

// shown is the theme that a scene shows: on gfxterm, where the menu sees
// $theme and GRUB takes it.
func (r *Renderer) shown(s scene.Scene) *loadedTheme {
	if !s.Graphics || s.Vars["theme"] == "" || len(s.Entries) == 0 || s.State == scene.Black {
		return nil
	}
	if t := r.theme(s.Vars["theme"]); t.theme != nil {
		return t
	}
	return nil
}

func drawTheme(dst *image.RGBA, s *scene.Scene, fonts *pf2.Set, t *loadedTheme) {
	t.cache.Render(dst, t.theme, s, fonts)
}

func drawText(dst *image.RGBA, s *scene.Scene, fonts *pf2.Set, cache *gfx.Cache) {
	// A picture that cannot be read is told of when the script shows it.
	_ = term.Render(dst, *s, fonts, cache)
}

// window is gfxterm on the whole screen.
func window(fonts *pf2.Set, font string, w, h int) term.Window {
	const border = 10 // pixels on each side
	win := term.Window{Rect: image.Rect(border, border, w-border, h-border), Fonts: fonts}
	win.Font, _ = fonts.Find(font)
	return win
}

// fits says whether gfxterm starts with a font on a screen.
func fits(fonts *pf2.Set, font string, w, h int) error {
	win := window(fonts, font, w, h)
	columns, rows := win.Size()
	if columns < term.MinColumns || rows < term.MinRows {
		return fmt.Errorf("%dx%d has room for %dx%d characters of %s: GRUB wants %dx%d",
			w, h, columns, rows, win.Font.Name, term.MinColumns, term.MinRows)
	}
	return nil
}
