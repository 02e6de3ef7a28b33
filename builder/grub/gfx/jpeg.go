package gfx

import (
	"bytes"
	"image"
	"image/draw"
	"image/jpeg"
)

// readJPEG reads baseline JPEG.
func readJPEG(data []byte) (*image.NRGBA, error) {
	c, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, fault(Damaged, saveAgain, "it cannot be decoded (%v)", err)
	}
	flat, err := newPicture(c.Width, c.Height, len(data), 4096)
	if err != nil {
		return nil, err
	}
	picture, err := jpeg.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fault(Damaged, saveAgain, "it cannot be decoded (%v)", err)
	}
	draw.Draw(flat, flat.Rect, picture, picture.Bounds().Min, draw.Src)
	return flat, nil
}
