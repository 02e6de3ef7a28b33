package theme

import (
	"errors"
	"fmt"
	"image/color"
	"io/fs"

	"github.com/isowright/isowright/builder/grub/gfx"
)

// Problem is something in a theme that a person would not want.
type Problem struct {
	File string
	Line int // from 1; 0: the whole file
	// Lost: GRUB gives up the whole theme and shows the text menu.
	Lost      bool
	What, Fix string
}

func (p *Problem) Error() string {
	place := p.File
	if p.Line > 0 {
		place = fmt.Sprintf("%s:%d", p.File, p.Line)
	}
	return fmt.Sprintf("%s: %s (%s)", place, p.What, p.Fix)
}

// reason is an error without the path that the reader knows already.
func reason(err error) string {
	if inner := (*fs.PathError)(nil); errors.As(err, &inner) {
		return inner.Err.Error()
	}
	return err.Error()
}

var (
	black     = color.RGBA{0, 0, 0, 255}
	white     = color.RGBA{255, 255, 255, 255}
	grey      = color.RGBA{128, 128, 128, 255}
	lightGrey = color.RGBA{200, 200, 200, 255}
)

// colourOr is a colour of a theme, opaque, or another one where it is none.
func colourOr(text string, other color.RGBA) color.RGBA {
	c, err := gfx.ParseColour(text)
	if err != nil {
		return other
	}
	return opaque(c)
}

func opaque(c color.NRGBA) color.RGBA { return color.RGBA{c.R, c.G, c.B, 255} }
