package vesamenu

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/jpeg" // the formats that vesamenu.c32 reads
	_ "image/png"
	"io/fs"
)

// maxPicture is the largest side of a background, in pixels.
const maxPicture = 8192

// centreLight is the light in the middle of the grey background, of steps.
const centreLight = 500

// background is what lies below all text. A picture that cannot be read, or is
// larger than the screen, leaves it black, and the error says so.
func (m *Menu) background(files fs.FS, dir string, l *light) (*image.RGBA, error) {
	dst := image.NewRGBA(image.Rect(0, 0, m.Width, m.Height))
	if m.Background == "" {
		grey(dst, l)
		return dst, nil
	}
	draw.Draw(dst, dst.Rect, image.Black, image.Point{}, draw.Src)
	if c, ok := parseColour(m.Background); ok {
		draw.Draw(dst, dst.Rect, image.NewUniform(l.blend(c, color.RGBA{A: 255})), image.Point{}, draw.Src)
		return dst, nil
	}
	img, err := picture(files, resolve(dir, m.Background), dst.Rect)
	if err != nil {
		return dst, fmt.Errorf("background %s: %w", m.Background, err)
	}
	size := img.Bounds().Size()
	for y := range m.Height {
		for x := range m.Width {
			dst.SetRGBA(x, y, opaque(img.At(img.Bounds().Min.X+x%size.X, img.Bounds().Min.Y+y%size.Y)))
		}
	}
	return dst, nil
}

// opaque is a colour without its transparency.
func opaque(c color.Color) color.RGBA {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	return color.RGBA{n.R, n.G, n.B, 255}
}

func picture(files fs.FS, name string, screen image.Rectangle) (image.Image, error) {
	open := func() (fs.File, error) { return files.Open(name) }
	f, err := open()
	if err != nil {
		return nil, err
	}
	head, _, err := image.DecodeConfig(f)
	f.Close()
	if err != nil {
		return nil, err
	}
	if head.Width < 1 || head.Height < 1 || head.Width > maxPicture || head.Height > maxPicture {
		return nil, fmt.Errorf("a picture of %dx%d pixels is out of bounds", head.Width, head.Height)
	}
	if head.Width > screen.Dx() || head.Height > screen.Dy() {
		return nil, fmt.Errorf("the picture has %dx%d pixels, more than the screen's %dx%d: make it as large as MENU RESOLUTION",
			head.Width, head.Height, screen.Dx(), screen.Dy())
	}
	if f, err = open(); err != nil {
		return nil, err
	}
	defer f.Close()
	img, _, err := image.Decode(f)
	return img, err
}

// grey draws the background of a menu that names none.
func grey(dst *image.RGBA, l *light) {
	cx, cy := dst.Rect.Dx()/2, dst.Rect.Dy()/2
	// The corners must stay within the table of light.
	shift := 6
	for (cx*cx+cy*cy)>>shift+centreLight >= steps {
		shift++
	}
	for y := range dst.Rect.Dy() {
		for x := range dst.Rect.Dx() {
			v := l.srgb[((x-cx)*(x-cx)+(y-cy)*(y-cy))>>shift+centreLight]
			dst.SetRGBA(x, y, color.RGBA{v, v, v, 255})
		}
	}
}
