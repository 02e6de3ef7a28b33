// Package scene says what is on GRUB's screen: which menu, which look, which
// line is chosen. It is plain data between the one who finds it out (an
// interpreted grub.cfg) and the ones who draw it.
package scene

import "io/fs"

// Platform is the firmware that GRUB runs on, as in $grub_platform.
type Platform string

// The platforms that have a screen.
const (
	BIOS Platform = "pc"
	UEFI Platform = "efi"
)

// State is what the screen shows.
type State int

// The states of the screen.
const (
	Menu    State = iota
	Edit          // an entry's commands, after "e"
	Console       // the command line, after "c"
	Black         // nothing: a hidden or counting menu that is not drawn
)

// Scene is one screen.
type Scene struct {
	Platform Platform
	// Width and Height of the screen in pixels. In the firmware's text mode
	// (Graphics false) they are those of the picture of that mode.
	Width, Height int
	// Version is GRUB's own, as the menu shows it ("2.06-13+deb12u2").
	Version string
	// Files are what GRUB can read, without a leading slash, from the root of
	// the medium. Paths below are names in it.
	Files fs.FS
	// Graphics tells gfxterm from the firmware's text console.
	Graphics bool
	// Fonts are the loaded ones in the order of loading.
	Fonts []string
	// Vars are the variables that the menu on the screen sees: in a submenu
	// the exported ones alone. theme, gfxterm_font, icondir and the colours
	// are among them.
	Vars map[string]string
	// Background, if not empty, is the picture that background_image put
	// under the terminal; Stretch says how ("stretch" or "normal").
	Background string
	Stretch    string
	// BackgroundColour is what background_color set, nil if nothing.
	BackgroundColour *[3]uint8

	State State
	// Entries of the menu on the screen, First the chosen one, Nested whether
	// it is a submenu (Esc leads back).
	Entries  []Entry
	Selected int
	// Top is the entry (in the edit screen the row) that stood uppermost before
	// the last key; GRUB scrolls no further than it must to show the chosen one.
	Top    int
	Nested bool
	// TimeoutLeft in seconds; -1: no countdown on the screen. Timeout is the
	// whole of it (a progress bar needs both).
	TimeoutLeft, Timeout int
	// Text is what stands in the edit screen or was typed and printed on the
	// command line, one element a line, with the cursor's place in it.
	Text                    []string
	CursorRow, CursorColumn int
	// Printed is what commands had printed on the terminal before the screen
	// became what it is (echo, errors), one element a line.
	Printed []string
}

// Entry is one line of a menu.
type Entry struct {
	Title   string
	ID      string
	Classes []string
	Hotkey  string
	Submenu bool
	// Source are the commands between the braces.
	Source string
	// Line is where it begins in its file, from 1.
	Line int
}
