package gfx

import (
	"fmt"
	"image"
	"path"
	"strings"
)

// Limits of a picture: GRUB itself has only the firmware's memory.
const (
	MaxSide      = 16384     // pixels
	maxPixels    = 64 << 20  // 8K twice
	maxFileBytes = 128 << 20 // of a file
)

// Fault is why a picture is not on the screen as it is in the file.
type Fault int

// The faults.
const (
	Refused  Fault = iota // GRUB has no code for this kind
	Noise                 // GRUB shows it, but as noise
	Damaged               // the file is not what it says
	TooLarge              // beyond the limits of this package
)

// PictureError says why GRUB does not show a picture.
type PictureError struct {
	Name  string // of the file
	Fault Fault
	Why   string // "it is grey"
	Fix   string // what to do
}

func (e *PictureError) Error() string {
	return fmt.Sprintf("picture %s: %s: %s", e.Name, e.Why, e.Fix)
}

// fault is a PictureError without its name.
func fault(f Fault, fix, why string, args ...any) error {
	return &PictureError{Fault: f, Why: fmt.Sprintf(why, args...), Fix: fix}
}

// What to do about a picture.
const (
	saveAsPNG = "save it as PNG with 8 bits a channel in colour, not interlaced"
	saveAgain = "save it again or take another copy of it"
	shrinkIt  = "make it smaller"
)

// Read decodes a picture as GRUB does: the ending of its name decides about the
// format (.png, .jpg, .jpeg, .tga). Its errors are of type *PictureError.
func Read(name string, data []byte) (*image.NRGBA, error) {
	picture, err := read(name, data)
	if e, ok := err.(*PictureError); ok {
		e.Name = name
	}
	return picture, err
}

func read(name string, data []byte) (*image.NRGBA, error) {
	if len(data) > maxFileBytes {
		return nil, fault(TooLarge, shrinkIt, "the file has %d bytes, %d are taken", len(data), maxFileBytes)
	}
	switch ext := strings.ToLower(path.Ext(name)); ext {
	case ".png":
		return readPNG(data)
	case ".jpg", ".jpeg":
		return readJPEG(data)
	case ".tga":
		return readTGA(data)
	default:
		return nil, fault(Refused, "name it .png, .jpg or .tga after what it is", "GRUB reads no files named *%s", ext)
	}
}

// newPicture allocates a picture that a header asks for. A header costs
// nothing, so what follows it must be able to fill the picture: bytes of data
// of which none can make more than gain pixels.
func newPicture(w, h, bytes, gain int) (*image.NRGBA, error) {
	if w < 1 || h < 1 {
		return nil, fault(Damaged, saveAgain, "it has no pixels (%dx%d)", w, h)
	}
	if w > MaxSide || h > MaxSide || w*h > maxPixels {
		return nil, fault(TooLarge, shrinkIt, "it has %dx%d pixels, %dx%d are taken", w, h, MaxSide, MaxSide)
	}
	if w*h/gain > bytes {
		return nil, fault(Damaged, saveAgain, "it is cut off: %d bytes are too few for %dx%d pixels", bytes, w, h)
	}
	return image.NewNRGBA(image.Rect(0, 0, w, h)), nil
}
