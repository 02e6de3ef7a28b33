package theme

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	_ "image/gif"  // pictures of themes may be anything
	_ "image/jpeg" // that a person could draw
	"image/png"

	"github.com/isowright/isowright/builder/grub/gfx"
	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/webp"
)

// maxPictureSide is the limit of an imported picture, in pixels: what is
// larger does not fit into GRUB's memory.
const maxPictureSide = 8192

// forGRUB makes a PNG that GRUB shows as other programs show the picture: with
// 8 bits a channel, not interlaced. One that is so already stays as it is.
func forGRUB(name string, data []byte) (out []byte, changed bool, err error) {
	shown, grubErr := gfx.Read(name, data)
	c, format, err := image.DecodeConfig(bytes.NewReader(data))
	if err != nil && grubErr == nil { // a TGA
		out, err := encode(shown)
		return out, true, err
	}
	if err != nil {
		return nil, false, fmt.Errorf("it cannot be read: %w", err)
	}
	if c.Width > maxPictureSide || c.Height > maxPictureSide || c.Width*c.Height > maxScaled {
		return nil, false, fmt.Errorf("it has %dx%d pixels, which is too much for GRUB", c.Width, c.Height)
	}
	m, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, false, fmt.Errorf("it cannot be read: %w", err)
	}
	flat := plain(m)
	if format == "png" && grubErr == nil && shown.Rect.Size() == flat.Rect.Size() && bytes.Equal(shown.Pix, flat.Pix) {
		return data, false, nil
	}
	out, err = encode(flat)
	return out, true, err
}

// plain is a picture with 8 bits a channel. Colours that nobody sees stay what
// they are, because GRUB mixes them in where it scales.
func plain(m image.Image) *image.NRGBA {
	size := m.Bounds().Size()
	if p, ok := m.(*image.NRGBA); ok && p.Rect.Min == (image.Point{}) && p.Stride == 4*size.X {
		return p
	}
	flat := image.NewNRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			c := color.NRGBAModel.Convert(m.At(m.Bounds().Min.X+x, m.Bounds().Min.Y+y)).(color.NRGBA)
			flat.SetNRGBA(x, y, c)
		}
	}
	return flat
}

// encode writes RGB where the picture is opaque, else RGBA.
func encode(m *image.NRGBA) ([]byte, error) {
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestCompression}
	if err := e.Encode(&b, m); err != nil {
		return nil, fmt.Errorf("write it as a PNG: %w", err)
	}
	return b.Bytes(), nil
}
