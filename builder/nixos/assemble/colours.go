package assemble

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/isowright/isowright/builder/grub"
)

// colour is one of GRUB's as isolinux writes it: an ANSI number from 30 (and
// whether it is bright), and red, green, blue.
type colour struct {
	ansi   int
	bright bool
	rgb    string
}

// colourOf are GRUB's colours as GRUB's own screen shows them.
func colourOf(name string) (colour, bool) {
	c, ok := map[string]colour{
		"black": {30, false, "000000"}, "blue": {34, false, "0000a8"}, "green": {32, false, "00a800"},
		"cyan": {36, false, "00a8a8"}, "red": {31, false, "a80000"}, "magenta": {35, false, "a800a8"},
		"brown": {33, false, "a85400"}, "light-gray": {37, false, "a8a8a8"}, "dark-gray": {30, true, "545454"},
		"light-blue": {34, true, "5454fe"}, "light-green": {32, true, "54fe54"}, "light-cyan": {36, true, "54fefe"},
		"light-red": {31, true, "fe5454"}, "light-magenta": {35, true, "fe54fe"}, "yellow": {33, true, "fefe54"},
		"white": {37, true, "fefefe"},
	}[name]
	return c, ok
}

// colours writes the colours of the menu's parts. As in GRUB a black ground
// lets a picture through.
func (w *isolinux) colours(c grub.Colours, picture bool) {
	normal := c.Normal
	menu := cmp.Or(c.MenuNormal, normal)
	chosen := cmp.Or(c.MenuHighlight, c.Highlight)
	for _, part := range []struct{ elements, pair string }{
		{"screen title tabmsg cmdmark cmdline timeout timeout_msg help", normal},
		{"border unsel hotkey scrollbar disabled", menu},
		{"sel hotsel", chosen},
	} {
		if part.pair == "" {
			continue
		}
		front, back, _ := strings.Cut(part.pair, "/")
		f, ok := colourOf(front)
		g, known := colourOf(back)
		if !ok || !known {
			w.fault("%q is not a pair of colours", part.pair)
			continue
		}
		ansi := fmt.Sprintf("%d;%d", f.ansi, g.ansi+10)
		if f.bright {
			ansi = "1;" + ansi
		}
		opaque := "ff"
		if picture && back == "black" {
			opaque = "00"
		}
		for element := range strings.FieldsSeq(part.elements) {
			w.line(fmt.Sprintf("MENU COLOR %s %s #ff%s #%s%s none", element, ansi, f.rgb, opaque, g.rgb))
		}
	}
}
