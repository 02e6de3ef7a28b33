package theme

import (
	"image"
	"image/draw"
	"slices"

	"github.com/isowright/isowright/builder/grub/gfx"
	"github.com/isowright/isowright/builder/grub/pf2"
	"github.com/isowright/isowright/builder/grub/scene"
)

// Cache keeps what a theme's next picture has in common with the one before:
// the components, what lies under the first that changes, the whole menu. It is
// for one goroutine and takes eight bytes for each pixel of the screen. The
// entries of a scene must not be changed in place between two pictures.
type Cache struct {
	pictures *gfx.Cache
	renderer *renderer
	root     *component
	steps    []step
	still    int         // how many steps under has
	under    *image.RGBA // the desktop with the first steps
	frame    *image.RGBA // the menu as it was drawn last
	shown    scene.Scene // what frame shows
}

// NewCache makes an empty cache above one of pictures.
func NewCache(pictures *gfx.Cache) *Cache { return &Cache{pictures: pictures} }

// Render draws a scene. When nothing but the chosen line and the seconds left
// differ from the picture before, only what changes is drawn.
func (c *Cache) Render(dst *image.RGBA, t *Theme, s *scene.Scene, fonts *pf2.Set) {
	if !c.serves(t, s, fonts, dst.Rect) || !c.update(s) {
		c.fill(t, s, fonts, dst.Rect)
	}
	copy(dst.Pix, c.frame.Pix)
	if s.State == scene.Edit || s.State == scene.Console {
		c.renderer.paintTerminal(surface{dst, dst.Rect, image.Point{}})
	}
}

// serves says whether the frame differs from a scene in nothing but the chosen
// line and the seconds.
func (c *Cache) serves(t *Theme, s *scene.Scene, fonts *pf2.Set, bounds image.Rectangle) bool {
	return c.renderer != nil && c.renderer.theme == t && c.renderer.fonts == fonts && c.frame.Rect == bounds &&
		slices.Equal(c.shown.Fonts, s.Fonts) && c.shown.Vars["icondir"] == s.Vars["icondir"] &&
		slices.EqualFunc(c.shown.Entries, s.Entries, func(a, b scene.Entry) bool {
			return a.Title == b.Title && slices.Equal(a.Classes, b.Classes)
		})
}

// fill draws everything.
func (c *Cache) fill(t *Theme, s *scene.Scene, fonts *pf2.Set, bounds image.Rectangle) {
	c.shown = *s
	c.renderer = &renderer{t, &c.shown, fonts, c.pictures}
	c.under = c.renderer.backdrop(bounds)
	c.root = c.renderer.newComponent(t.File.Root)
	c.root.bounds = bounds
	c.steps = c.layout()
	c.still = max(slices.IndexFunc(c.steps, func(s step) bool { return !s.still }), 0)
	paint(c.under, c.steps[:c.still], bounds)
	c.frame = image.NewRGBA(bounds)
	c.repaint(bounds)
}

// layout places the components and lists what is to be painted.
func (c *Cache) layout() []step {
	c.root.layout()
	view := surface{clip: c.root.bounds}
	steps := c.root.steps(view, nil)
	return append(steps, step{c.root, c.renderer.paintTitle, view.at, view.clip, true})
}

// repaint draws a part of the frame.
func (c *Cache) repaint(part image.Rectangle) {
	draw.Draw(c.frame, part, c.under, part.Min, draw.Src)
	paint(c.frame, c.steps[c.still:], part)
}

// update draws what changes. It returns false where more does than it can
// tell: where a text of another width moves its neighbours.
func (c *Cache) update(s *scene.Scene) bool {
	before, steps := c.shown, c.steps
	c.shown = *s
	chosen := before.Selected != s.Selected || before.Top != s.Top
	counting := before.TimeoutLeft != s.TimeoutLeft || before.Timeout != s.Timeout
	if !chosen && !counting {
		return true
	}
	c.steps = c.layout()
	var parts []image.Rectangle
	for i, now := range c.steps {
		_, menu := now.component.widget.(*bootMenu)
		switch moved := steps[i].clip != now.clip || steps[i].at != now.at; {
		case moved && now.still:
			return false
		case menu && !now.still && chosen, now.component.id == timeoutID && counting, moved:
			parts = append(parts, steps[i].clip, now.clip)
		}
	}
	for _, part := range disjoint(parts) {
		c.repaint(part)
	}
	return true
}

// disjoint joins rectangles that overlap.
func disjoint(parts []image.Rectangle) []image.Rectangle {
	var apart []image.Rectangle
	for _, part := range parts {
		for i := 0; i < len(apart); i++ {
			if apart[i].Overlaps(part) {
				part = part.Union(apart[i])
				apart = slices.Delete(apart, i, i+1)
				i = -1 // the larger one may overlap those before
			}
		}
		apart = append(apart, part)
	}
	return apart
}
