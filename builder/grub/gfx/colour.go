package gfx

import (
	"fmt"
	"image/color"
	"strconv"
	"strings"

	"golang.org/x/image/colornames"
)

// ParseColour reads a colour of a theme: a name of SVG ("steelblue"), "#rgb",
// "#rgba", "#rrggbb", "#rrggbbaa" or "r, g, b" in decimals.
func ParseColour(text string) (color.NRGBA, error) {
	text = strings.TrimSpace(text)
	if hex, ok := strings.CutPrefix(text, "#"); ok {
		return parseHex(hex)
	}
	if strings.Contains(text, ",") {
		return parseDecimals(text)
	}
	c, ok := colornames.Map[strings.ToLower(text)]
	if !ok {
		return color.NRGBA{}, fmt.Errorf("colour %q: GRUB knows no such name: write it as \"#rrggbb\"", text)
	}
	return color.NRGBA(c), nil
}

func parseHex(hex string) (color.NRGBA, error) {
	n, err := strconv.ParseUint(hex, 16, 32)
	if err != nil {
		return color.NRGBA{}, fmt.Errorf("colour \"#%s\": it is no hexadecimal number: write it as \"#rrggbb\"", hex)
	}
	nibble := func(shift int) uint8 { return uint8(n>>shift&15) * 17 }
	switch len(hex) {
	case 3:
		return color.NRGBA{nibble(8), nibble(4), nibble(0), 255}, nil
	case 4:
		return color.NRGBA{nibble(12), nibble(8), nibble(4), nibble(0)}, nil
	case 6:
		return color.NRGBA{uint8(n >> 16), uint8(n >> 8), uint8(n), 255}, nil
	case 8:
		return color.NRGBA{uint8(n >> 24), uint8(n >> 16), uint8(n >> 8), uint8(n)}, nil
	}
	return color.NRGBA{}, fmt.Errorf("colour \"#%s\": it has %d digits: write it as \"#rrggbb\"", hex, len(hex))
}

func parseDecimals(text string) (color.NRGBA, error) {
	parts := strings.Split(text, ",")
	if len(parts) != 3 && len(parts) != 4 {
		return color.NRGBA{}, fmt.Errorf("colour %q: it has %d numbers: write it as \"red, green, blue\"", text, len(parts))
	}
	rgba := [4]uint8{3: 255}
	for i, part := range parts {
		n, err := strconv.ParseUint(strings.TrimSpace(part), 10, 8)
		if err != nil {
			return color.NRGBA{}, fmt.Errorf("colour %q: %q is no number from 0 to 255", text, strings.TrimSpace(part))
		}
		rgba[i] = uint8(n)
	}
	return color.NRGBA{rgba[0], rgba[1], rgba[2], rgba[3]}, nil
}

// Palette is colour i of the 16 of a text terminal: 0 to 7 dark, 8 to 15
// light.
func Palette(i int) color.RGBA {
	rgb := [16]uint32{
		0x000000, 0x0000a8, 0x00a800, 0x00a8a8, 0xa80000, 0xa800a8, 0xa85400, 0xa8a8a8,
		0x545454, 0x5454fe, 0x54fe54, 0x54fefe, 0xfe5454, 0xfe54fe, 0xfefe54, 0xfefefe,
	}[i&15]
	return color.RGBA{uint8(rgb >> 16), uint8(rgb >> 8), uint8(rgb), 255}
}

// TextColour is the number of a colour of a text terminal by its name in
// color_normal and its like ("light-gray").
func TextColour(name string) (int, bool) {
	for i, n := range [16]string{
		"black", "blue", "green", "cyan", "red", "magenta", "brown", "light-gray",
		"dark-gray", "light-blue", "light-green", "light-cyan", "light-red", "light-magenta", "yellow", "white",
	} {
		if n == name {
			return i, true
		}
	}
	return 0, false
}
