package themes

import (
	"fmt"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/gomonobold"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/isowright/isowright/builder/grub/pf2"
)

// face is one of the Go fonts (BSD licence), which hold Latin, Greek, Cyrillic,
// arrows and box drawing, and stay legible without grey edges. What they lack
// comes from GRUB's Unifont.
type face int

const (
	regular face = iota
	medium
	bold
	mono
	monoBold
)

func (f face) outlines() (name string, data []byte) {
	switch f {
	case medium:
		return "medium", gomedium.TTF
	case bold:
		return "bold", gobold.TTF
	case mono:
		return "mono", gomono.TTF
	case monoBold:
		return "mono-bold", gomonobold.TTF
	}
	return "regular", goregular.TTF
}

// font adds a font of a size in pixels to the theme and returns its name.
func (t *theme) font(f face, size int) string {
	name, data := f.outlines()
	made, err := pf2.FromOutline(data, min(size, pf2.MaxOutlineSize))
	if err != nil {
		if t.err == nil {
			t.err = err
		}
		return ""
	}
	t.files[fmt.Sprintf("%s-%d.pf2", name, size)] = made.Write()
	return made.Name
}
