package grub

import (
	"bytes"
	"fmt"
	"path"
	"strings"

	"github.com/isowright/isowright/builder/grub/pf2"
)

// FontSize is the height of a font made from outlines where the design names
// none, in pixels: that of GRUB's own.
const FontSize = 16

// FontName is a font's name on the medium: GRUB reads PF2 files only, and one
// made from a TrueType or OpenType file has that ending.
func FontName(name string) string {
	name = path.Base(name)
	if IsOutline(name) {
		name = strings.TrimSuffix(name, path.Ext(name)) + ".pf2"
	}
	return name
}

// IsOutline says whether a file is by its name a TrueType or OpenType font.
func IsOutline(name string) bool {
	switch strings.ToLower(path.Ext(name)) {
	case ".ttf", ".otf":
		return true
	}
	return false
}

// Font makes a PF2 font of size pixels (0: FontSize) from a TrueType or
// OpenType file. A file that is PF2 already is left as it is.
func Font(data []byte, size int) ([]byte, error) {
	if bytes.HasPrefix(data, []byte("FILE\x00\x00\x00\x04PFF2")) {
		return data, nil
	}
	if size == 0 {
		size = FontSize
	}
	font, err := pf2.FromOutline(data, size)
	if err != nil {
		return nil, fmt.Errorf("turn the font into one for GRUB: %w", err)
	}
	return font.Write(), nil
}
