package gfx

import _ "embed"

//go:embed fonts/vga.bin
var vgaFont string

// VGAGlyphHeight is in pixels; the width is 8.
const VGAGlyphHeight = 16

// VGAGlyph is a character of code page 437 in the font of IBM's VGA: a byte a
// row, from the most significant bit on. The bits are those of SeaVGABIOS and
// of Joseph Gil's collection "fntcol16", which is in the public domain. Another
// machine's video BIOS may have slightly other letters.
func VGAGlyph(char byte) string {
	return vgaFont[int(char)*VGAGlyphHeight:][:VGAGlyphHeight]
}
