package model

import (
	"image"
	"image/color"
	"path/filepath"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub/gfx"
	"github.com/isowright/isowright/builder/grub/scene"
)

// MenuColour is one of GRUB's sixteen.
type MenuColour struct {
	Name   string
	Colour color.Color
}

// MenuColours are the colours that a text menu can have.
func MenuColours() []MenuColour {
	var all []MenuColour
	for _, name := range design.ColourNames() {
		if i, ok := gfx.TextColour(name); ok {
			all = append(all, MenuColour{name, gfx.Palette(i)})
		}
	}
	return all
}

// Beside is a path as the design names it: from the project file's folder where
// it lies in it, else whole. A design without a file has no such folder yet.
func (d *Document) Beside(path string) string {
	if d.path == "" {
		return path
	}
	rel, err := filepath.Rel(filepath.Dir(d.path), path)
	if err != nil || !filepath.IsLocal(rel) {
		return path
	}
	return filepath.ToSlash(rel)
}

// themePictures are small pictures of Isowright's own themes, of some menu.
type themePictures struct {
	begun    bool
	pictures map[string]image.Image
}

// ThemePicture is a small picture of one of design.OwnThemes, or of GRUB's text
// menu where name is empty. It is nil before
// DrawThemes has drawn it, and where it cannot be drawn.
func (s *Session) ThemePicture(name string) image.Image { return s.themes.pictures[name] }

// DrawThemes draws the themes' pictures in the background, once.
func (s *Session) DrawThemes() {
	find := s.loader()
	if s.themes.begun || find == nil {
		return
	}
	s.themes.begun, s.themes.pictures = true, map[string]image.Image{}
	go func() {
		for _, name := range append([]string{""}, design.OwnThemes()...) {
			d := design.Design{Format: 1, Name: "Isowright", Distribution: "debian", Base: "minimal"}
			if name != "" {
				d.Boot.Theme = "isowright:" + name
			}
			d.Boot.Resolution = "640x480"
			screen, err := openMenu(s.ctx, d, find, scene.UEFI, 640, 480)
			if err != nil {
				s.env.Log.Warn("draw a theme", "theme", name, "error", err)
				return
			}
			picture, err := screen.image()
			if err != nil {
				s.env.Log.Warn("draw a theme", "theme", name, "error", err)
				return
			}
			small := shrink(picture, themeWidth)
			s.env.Post(func() {
				s.themes.pictures[name] = small
				s.tell(Change{What: PreviewChanged, Doc: s.current})
			})
		}
	}()
}

// themeWidth is that of a theme's picture, in pixels.
const themeWidth = 240
