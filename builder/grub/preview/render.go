package preview

import (
	"fmt"
	"image"
	"io/fs"
	"slices"

	"github.com/isowright/isowright/builder/grub/gfx"
	"github.com/isowright/isowright/builder/grub/pf2"
	"github.com/isowright/isowright/builder/grub/scene"
	"github.com/isowright/isowright/builder/grub/term"
)

// cacheBytes is how many bytes of decoded and scaled pictures are kept: three
// screens of 3840x2160 pixels.
const cacheBytes = 3 * 4 * 3840 * 2160

// Renderer draws scenes of one medium and keeps what it has read: fonts,
// pictures, themes. It is for one goroutine. When files change, make a new one.
type Renderer struct {
	files  fs.FS
	fonts  map[string]*pf2.Font
	cache  *gfx.Cache
	themes map[string]*loadedTheme
	names  []string // of the fonts in set
	set    *pf2.Set
	image  *image.RGBA
}

// NewRenderer draws from files.
func NewRenderer(files fs.FS) *Renderer {
	return &Renderer{files: files, fonts: map[string]*pf2.Font{}, cache: gfx.NewCache(cacheBytes), themes: map[string]*loadedTheme{}}
}

// Render draws one scene.
func Render(s scene.Scene) *image.RGBA { return NewRenderer(s.Files).Draw(s) }

// Draw draws a scene. The picture is the renderer's and is painted over by the
// next call.
func (r *Renderer) Draw(s scene.Scene) *image.RGBA {
	s.Files = r.files
	if r.image == nil || r.image.Rect.Dx() != s.Width || r.image.Rect.Dy() != s.Height {
		r.image = gfx.New(s.Width, s.Height)
	}
	set, err := r.load(s.Fonts)
	if err != nil {
		set = &pf2.Set{} // the script has said so
	}
	if t := r.shown(s); t != nil {
		drawTheme(r.image, &s, set, t)
	} else {
		drawText(r.image, &s, set, r.cache)
	}
	return r.image
}

// top is what is uppermost on the screen of a scene.
func (r *Renderer) top(s scene.Scene) int {
	set, err := r.load(s.Fonts)
	if err != nil {
		set = &pf2.Set{}
	}
	size := image.Rect(0, 0, s.Width, s.Height)
	if t := r.shown(s); t != nil && s.State == scene.Menu {
		return t.cache.Top(size, t.theme, &s, set)
	}
	return term.Top(size, s, set)
}

// load puts fonts together in the order of loading.
func (r *Renderer) load(names []string) (*pf2.Set, error) {
	if r.set != nil && slices.Equal(names, r.names) {
		return r.set, nil
	}
	set := &pf2.Set{}
	for _, name := range names {
		f, ok := r.fonts[name]
		if !ok {
			data, err := fs.ReadFile(r.files, name)
			if err != nil {
				return nil, err
			}
			if f, err = pf2.Read(data); err != nil {
				return nil, fmt.Errorf("%s: %w", name, err)
			}
			r.fonts[name] = f
		}
		set.Load(f)
	}
	r.set, r.names = set, slices.Clone(names)
	return set, nil
}
