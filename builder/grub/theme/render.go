package theme

import (
	"image"
	"path"
	"strconv"
	"strings"

	"github.com/isowright/isowright/builder/grub/gfx"
	"github.com/isowright/isowright/builder/grub/pf2"
	"github.com/isowright/isowright/builder/grub/scene"
)

// renderer is what painting one scene needs.
type renderer struct {
	theme *Theme
	scene *scene.Scene
	fonts *pf2.Set
	cache *gfx.Cache
}

// titleTop is where the title's line begins, in pixels from the top.
const titleTop = 40

// Render draws a scene from nothing: the menu, with the window of the edit
// screen or of the command line over it. dst has the size of the scene's
// screen. One who draws again and again keeps a Cache.
func (t *Theme) Render(dst *image.RGBA, s *scene.Scene, fonts *pf2.Set, pictures *gfx.Cache) {
	NewCache(pictures).Render(dst, t, s, fonts)
}

// paint draws steps within a part of the screen.
func paint(dst *image.RGBA, steps []step, clip image.Rectangle) {
	for _, s := range steps {
		s.paint(surface{dst, s.clip.Intersect(clip), s.at}, s.component)
	}
}

// paintTitle is the last step of all.
func (r *renderer) paintTitle(s surface, _ *component) {
	font, text := r.font(r.theme.titleFont), r.theme.titleText
	x := (s.screen.Rect.Dx() - r.fonts.Width(font, text)) / 2
	s.text(r.fonts, font, text, r.theme.titleColour, x, titleTop+font.Ascent)
}

// backdrop is the desktop.
func (r *renderer) backdrop(bounds image.Rectangle) *image.RGBA {
	dst := image.NewRGBA(bounds)
	screen := surface{dst, bounds, image.Point{}}
	screen.fill(bounds, r.theme.desktopColour)
	t := r.theme
	if t.desktopImage != "" {
		if p, err := r.cache.Fit(t.Files, t.desktopImage, bounds.Dx(), bounds.Dy(), t.method, t.hAlign, t.vAlign); err == nil {
			gfx.Cover(dst, bounds, p, image.Point{}) // GRUB takes no notice of its alpha
		}
	}
	return dst
}

// font is the one that GRUB takes for a name.
func (r *renderer) font(name string) *pf2.Font {
	f, _ := r.fonts.Find(name)
	return f
}

func (r *renderer) path(name string) string { return r.theme.path(name) }

// picture is a readable picture, or nil.
func (r *renderer) picture(name string) *image.NRGBA {
	p, err := r.cache.Read(r.theme.Files, name)
	if err != nil {
		return nil
	}
	return p
}

// maxScaled bounds the memory of one scaled picture, in pixels: GRUB has none
// for larger ones either.
const maxScaled = 8192 * 4096

// scaled is a picture stretched to a size in pixels, or nil.
func (r *renderer) scaled(name string, w, h int) *image.NRGBA {
	if w > gfx.MaxSide || h > gfx.MaxSide || w*h > maxScaled {
		return nil
	}
	p, err := r.cache.Fit(r.theme.Files, name, w, h, gfx.Stretch, gfx.Start, gfx.Start)
	if err != nil {
		return nil
	}
	return p
}

// icon is the file of the first class that has one: in the theme's icons, then
// in $icondir.
func (r *renderer) icon(classes []string) string {
	for _, class := range classes {
		for _, dir := range []string{r.path("icons"), clean(r.scene.Vars["icondir"])} {
			if dir == "" || strings.ContainsAny(class, "/") {
				continue
			}
			if file := path.Join(dir, class+".png"); r.picture(file) != nil {
				return file
			}
		}
	}
	return ""
}

// left are the seconds that a component shows.
func (r *renderer) left(c *component) int {
	if c.id != timeoutID {
		return 0
	}
	return max(r.scene.TimeoutLeft, 0)
}

// passed is the part of a length that belongs to the time gone by, in a
// component that shows it.
func (r *renderer) passed(c *component, length int) int {
	whole := r.scene.Timeout
	if c.id != timeoutID || r.scene.TimeoutLeft < 0 || whole <= 0 {
		return 0
	}
	return length * max(whole-r.scene.TimeoutLeft, 0) / whole
}

// seconds puts a number into a text that has a place for it.
func seconds(text string, n int) string {
	return strings.ReplaceAll(strings.Replace(text, "%d", strconv.Itoa(n), 1), "%%", "%")
}

// keymapText is a label's text with GRUB's own help in place of its name.
func keymapText(text string) string {
	switch text {
	case "@KEYMAP_SHORT@":
		return "enter: boot, `e': options, `c': cmd-line"
	case "@KEYMAP_MIDDLE@":
		return "Press enter to boot the selected OS, `e' to edit the commands before booting or `c' for a command-line."
	case "@KEYMAP_LONG@":
		return "Press enter to boot the selected OS, `e' to edit the commands before booting or `c' for a command-line. ESC to return previous menu."
	}
	return text
}

// notificationText is a progress bar's text with GRUB's own in place of its
// name.
func notificationText(text string) string {
	switch text {
	case "@TIMEOUT_NOTIFICATION_SHORT@":
		return "%ds"
	case "@TIMEOUT_NOTIFICATION_MIDDLE@":
		return "%ds remaining."
	case "@TIMEOUT_NOTIFICATION_LONG@":
		return "The highlighted entry will be executed automatically in %ds."
	}
	return text
}
