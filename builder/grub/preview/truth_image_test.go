package preview_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"os"
)

// writePicture writes a small PNG: with a palette where there are few colours.
func writePicture(path string, picture *image.RGBA) error {
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, indexed(picture)); err != nil {
		return err
	}
	return os.WriteFile(path, b.Bytes(), 0o644)
}

// indexed is the picture with a palette, or itself if it has too many colours.
func indexed(picture *image.RGBA) image.Image {
	known := map[color.RGBA]uint8{}
	out := image.NewPaletted(picture.Rect, nil)
	for y := range picture.Rect.Dy() {
		for x := range picture.Rect.Dx() {
			c := picture.RGBAAt(x, y)
			index, ok := known[c]
			if !ok {
				if len(known) == 256 {
					return picture
				}
				index = uint8(len(known))
				known[c] = index
				out.Palette = append(out.Palette, c)
			}
			out.SetColorIndex(x, y, index)
		}
	}
	return out
}
