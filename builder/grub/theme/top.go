package theme

import (
	"image"

	"github.com/isowright/isowright/builder/grub/pf2"
	"github.com/isowright/isowright/builder/grub/scene"
)

// Top is the entry at the top of the list on a screen of a size: the next
// scene's Top. 0 in a theme without a list.
func (c *Cache) Top(size image.Rectangle, t *Theme, s *scene.Scene, fonts *pf2.Set) int {
	if !c.serves(t, s, fonts, size) {
		c.fill(t, s, fonts, size)
	}
	for _, step := range c.steps {
		if m, ok := step.component.widget.(*bootMenu); ok && !m.hidden {
			return firstShown(s.Selected, s.Top, m.rows(step.component.bounds.Dy()))
		}
	}
	return 0
}
