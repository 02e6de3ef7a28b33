package model

import (
	"strings"

	"golang.org/x/text/width"
)

// ConsoleWidth and ConsoleHeight are the size of the Linux console in
// characters, as it is before a graphics driver gives it more (25 lines of 80).
const (
	ConsoleWidth  = 80
	ConsoleHeight = 25
)

// tabStop is the distance of the console's tab stops, in characters.
const tabStop = 8

// ConsoleLines are the lines that a console of the given width, in characters,
// shows a text in: it breaks lines where they are full, also within a word, and
// wide characters take the place of two.
func ConsoleLines(text string, columns int) []string {
	var lines []string
	var line strings.Builder
	at := 0
	next := func() {
		lines = append(lines, line.String())
		line.Reset()
		at = 0
	}
	for _, r := range strings.TrimSuffix(text, "\n") {
		switch {
		case r == '\n':
			next()
		case r == '\t':
			for stop := min((at/tabStop+1)*tabStop, columns-1); at < stop; at++ {
				line.WriteByte(' ')
			}
		default:
			w := cells(r)
			if at+w > columns {
				next()
			}
			line.WriteRune(r)
			at += w
		}
	}
	next()
	return lines
}

// cells is how many places a character takes.
func cells(r rune) int {
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}
