package grub

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

// pictures in each colour model that the PNG and JPEG readers give.
func pictures(t *testing.T) map[string][]byte {
	t.Helper()
	size := image.Rect(0, 0, 5, 4)
	source := image.NewNRGBA(size)
	for i := range source.Pix {
		source.Pix[i] = byte(i * 7)
	}
	for i := 3; i < len(source.Pix); i += 4 {
		source.Pix[i] = 255
	}
	clear := image.NewNRGBA(size)
	copy(clear.Pix, source.Pix)
	clear.Pix[3] = 99
	all := map[string]draw.Image{
		"rgb": image.NewRGBA(size), "rgb16": image.NewRGBA64(size), "gray": image.NewGray(size),
		"gray16": image.NewGray16(size), "palette": image.NewPaletted(size, color.Palette{color.White, color.Black}),
	}
	files := map[string][]byte{}
	encode := func(name string, picture image.Image) {
		var b bytes.Buffer
		if err := png.Encode(&b, picture); err != nil {
			t.Fatal(err)
		}
		files[name] = b.Bytes()
	}
	for name, picture := range all {
		draw.Draw(picture, size, source, image.Point{}, draw.Src)
		encode(name, picture)
	}
	encode("alpha", clear)
	var b bytes.Buffer
	if err := jpeg.Encode(&b, source, nil); err != nil {
		t.Fatal(err)
	}
	files["jpeg"] = b.Bytes()
	return files
}

func TestBackground(t *testing.T) {
	for name, src := range pictures(t) {
		out, err := Background(src)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		// IHDR: bit depth, colour type (2 RGB, 6 RGBA), compression, filter, interlacing.
		wantType := byte(2)
		if name == "alpha" {
			wantType = 6
		}
		if got := out[24:29]; !bytes.Equal(got, []byte{8, wantType, 0, 0, 0}) {
			t.Errorf("%s: IHDR says %v", name, got)
		}
		before, _, err := image.Decode(bytes.NewReader(src))
		if err != nil {
			t.Fatal(err)
		}
		after, err := png.Decode(bytes.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		if before.Bounds() != after.Bounds() {
			t.Fatalf("%s: size %v became %v", name, before.Bounds(), after.Bounds())
		}
		for y := range before.Bounds().Dy() {
			for x := range before.Bounds().Dx() {
				want, got := color.NRGBAModel.Convert(before.At(x, y)), color.NRGBAModel.Convert(after.At(x, y))
				if want != got {
					t.Errorf("%s: pixel %d,%d is %v, was %v", name, x, y, got, want)
				}
			}
		}
		if again, _ := Background(src); !bytes.Equal(out, again) {
			t.Errorf("%s: the same picture gives other bytes", name)
		}
		if err := readable(out); err != nil {
			t.Errorf("%s: not readable: %v", name, err)
		}
	}
}

// sized is a PNG whose header claims a size.
func sized(src []byte, width, height uint32) []byte {
	out := bytes.Clone(src)
	binary.BigEndian.PutUint32(out[16:], width)
	binary.BigEndian.PutUint32(out[20:], height)
	binary.BigEndian.PutUint32(out[29:], crc32.ChecksumIEEE(out[12:29]))
	return out
}

func TestBackgroundRefuses(t *testing.T) {
	rgb := pictures(t)["rgb"]
	for name, c := range map[string]struct {
		src  []byte
		want string
	}{
		"nothing":   {nil, "neither PNG nor JPEG"},
		"text":      {[]byte("GIF89a"), "neither PNG nor JPEG"},
		"cut":       {rgb[:len(rgb)-20], "background picture"},
		"cut early": {rgb[:20], "background picture"},
		"wide":      {sized(rgb, 4097, 1), "4097x1 pixels"},
		"bomb":      {sized(rgb, 1<<15, 1<<15), "32768x32768 pixels"},
		"too long":  {make([]byte, maxPictureBytes+1), "bytes"},
	} {
		if out, err := Background(c.src); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %d bytes, %v", name, len(out), err)
		}
	}
}

func FuzzBackground(f *testing.F) {
	f.Add([]byte("\x89PNG\r\n\x1a\n"))
	f.Add([]byte("\xff\xd8\xff"))
	f.Fuzz(func(t *testing.T, src []byte) {
		if c, err := pictureSize(src); err == nil && c.Width*c.Height > 1<<20 {
			return // slow, not new
		}
		out, err := Background(src)
		if err != nil {
			return
		}
		if err := readable(out); err != nil {
			t.Fatal(err)
		}
	})
}
