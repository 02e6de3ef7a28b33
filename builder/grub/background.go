package grub

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	_ "image/jpeg" // pictures may be JPEG
	"image/png"
)

// Limits of a background picture: GRUB decodes it into its own small memory.
const (
	maxPictureSide  = 4096     // pixels
	maxPictureBytes = 64 << 20 // of the file
)

// Background turns a PNG or JPEG picture into a PNG that GRUB shows as it is:
// 8 bits a channel, RGB or RGBA, not interlaced. GRUB itself refuses grey,
// interlaced and progressive pictures and shows noise for 16 bits a channel.
// A picture may be at most 4096x4096 pixels.
func Background(src []byte) ([]byte, error) {
	if len(src) > maxPictureBytes {
		return nil, fmt.Errorf("background picture: the file has %d bytes: at most %d are taken", len(src), maxPictureBytes)
	}
	if _, err := pictureSize(src); err != nil {
		return nil, err
	}
	picture, _, err := image.Decode(bytes.NewReader(src))
	if err != nil {
		return nil, fmt.Errorf("background picture: %w", err)
	}
	// The encoder writes this type as RGB when it is opaque, else as RGBA.
	flat := image.NewNRGBA(image.Rectangle{Max: picture.Bounds().Size()})
	draw.Draw(flat, flat.Bounds(), picture, picture.Bounds().Min, draw.Src)
	var out bytes.Buffer
	if err := png.Encode(&out, flat); err != nil {
		return nil, fmt.Errorf("background picture: write PNG: %w", err)
	}
	return out.Bytes(), nil
}

// pictureSize reads a picture's header and refuses what is too large to decode.
func pictureSize(src []byte) (image.Config, error) {
	c, _, err := image.DecodeConfig(bytes.NewReader(src))
	if errors.Is(err, image.ErrFormat) {
		return c, errors.New("background picture: it is neither PNG nor JPEG: convert it to one of them")
	}
	if err != nil {
		return c, fmt.Errorf("background picture: %w", err)
	}
	if c.Width > maxPictureSide || c.Height > maxPictureSide {
		return c, fmt.Errorf("background picture: it has %dx%d pixels: at most %dx%d are taken",
			c.Width, c.Height, maxPictureSide, maxPictureSide)
	}
	if c.Width < 1 || c.Height < 1 {
		return c, errors.New("background picture: it has no pixels")
	}
	return c, nil
}

// readable says why GRUB would not show a picture as it is, or nil.
func readable(src []byte) error {
	c, format, err := image.DecodeConfig(bytes.NewReader(src))
	if err != nil {
		return err
	}
	// Bit depth, colour type and interlacing are in IHDR, the first chunk.
	const interlace = 8 + 8 + 12
	switch {
	case format != "png":
		return nil
	case c.ColorModel == color.GrayModel || c.ColorModel == color.Gray16Model:
		return errors.New("it is grey")
	case c.ColorModel == color.RGBA64Model || c.ColorModel == color.NRGBA64Model:
		return errors.New("it has 16 bits a channel")
	case len(src) > interlace && src[interlace] != 0:
		return errors.New("it is interlaced")
	}
	return nil
}
