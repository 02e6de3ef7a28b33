package vesamenu

import "image/color"

// Config is what isolinux.cfg and the files that it includes say.
type Config struct {
	// UI is the program that shows the menu: "vesamenu.c32", "menu.c32".
	UI string
	// Menus are the menu, and then the submenus in the order of the file.
	Menus []Menu
	// Start is the menu that is shown first.
	Start int
	// Timeout in tenths of a second; 0 waits for ever.
	Timeout int
	// Warnings are lines that were not understood, or files that are missing.
	Warnings []Warning
}

// Warning says what has no meaning to this package.
type Warning struct {
	File string
	Line int // from 1
	Text string
}

// Menu is one screen of entries with its look.
type Menu struct {
	Tag, Title    string
	Parent        int // index in Config.Menus, -1 for the first
	Hidden        bool
	Background    string // a file's name, or a colour "#aarrggbb", or empty
	Width, Height int    // of the screen in pixels
	Layout        Layout
	Styles        [elements]Style
	AutoBoot      string // "Automatic boot in # second{,s}..."
	TabMessage    string
	NoTabMessage  string
	NoOptions     bool // "ALLOWOPTIONS 0"
	Default       int  // index in Entries
	Entries       []Entry
}

// Layout places the menu, in cells of the screen. Rows count from 1, negative
// values from the last row on. Width 0 is the whole screen.
type Layout struct {
	Width, Margin, Rows, TabMessageRow, TimeoutRow int
	HelpRow, HelpEndRow, HiddenRow, HShift, VShift int
}

// Kind is what an entry does.
type Kind int

// The kinds of entries.
const (
	Boot Kind = iota
	Submenu
	Goto
	Exit
	Quit
	Separator
)

// Entry is one line of a menu.
type Entry struct {
	Label    string // the name in the file
	Title    string // as shown, in code page 437
	Hotkey   int    // index of the marked character in Title, -1: none
	Indent   int
	Kind     Kind
	Disabled bool
	Target   string // tag of the menu that Goto or Exit lead to
	Menu     int    // index in Config.Menus of a Submenu
	Help     []string
	Commands []string // everything else, as in the file
}

// Element is a part of the screen that has colours of its own.
type Element int

const (
	screen Element = iota
	border
	title
	unsel
	hotkey
	sel
	hotsel
	disabled
	scrollbar
	tabmsg
	cmdmark
	cmdline
	pwdborder
	pwdheader
	pwdentry
	timeoutMsg
	timeout
	help
	elements
)

// Shadow says which pixels of an element are raised.
type Shadow int

const (
	flat      Shadow = iota // none
	raiseFore               // "std": the glyph's
	raiseAll
	raiseBack // "rev": those around the glyph
)

// Style is how an element is drawn.
type Style struct {
	Fore, Back color.NRGBA
	Shadow     Shadow
}

// names are the elements in the language of the file.
var names = [elements]string{
	"screen", "border", "title", "unsel", "hotkey", "sel", "hotsel", "disabled", "scrollbar", "tabmsg",
	"cmdmark", "cmdline", "pwdborder", "pwdheader", "pwdentry", "timeout_msg", "timeout", "help",
}

func argb(v uint32) color.NRGBA {
	return color.NRGBA{A: uint8(v >> 24), R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v)}
}

// defaults is a menu before the file has said anything. (menu.txt)
func defaults() Menu {
	m := Menu{
		Parent: -1, Width: 640, Height: 480, Default: -1,
		AutoBoot: "Automatic boot in # second{,s}...", TabMessage: "Press [Tab] to edit options",
		Layout: Layout{Margin: 10, Rows: 12, TabMessageRow: 18, TimeoutRow: 20, HelpRow: 22, HelpEndRow: -1, HiddenRow: -2},
	}
	colours := [elements][2]uint32{
		screen: {0x80ffffff, 0}, border: {0x40000000, 0}, title: {0xc00090f0, 0}, unsel: {0x90ffffff, 0},
		hotkey: {0xffffffff, 0}, sel: {0xe0000000, 0x20ff8000}, hotsel: {0xe0400000, 0x20ff8000},
		disabled: {0x60cccccc, 0}, scrollbar: {0x40000000, 0}, tabmsg: {0x90ffff00, 0},
		cmdmark: {0xc000ffff, 0}, cmdline: {0xc0ffffff, 0}, pwdborder: {0x80ffffff, 0x20ffffff},
		pwdheader: {0x80ff8080, 0x20ffffff}, pwdentry: {0x80ffffff, 0x20ffffff},
		timeoutMsg: {0x80ffffff, 0}, timeout: {0xc0ffffff, 0}, help: {0xc0ffffff, 0},
	}
	for e, c := range colours {
		m.Styles[e] = Style{Fore: argb(c[0]), Back: argb(c[1]), Shadow: raiseFore}
	}
	m.Styles[sel].Shadow, m.Styles[hotsel].Shadow = raiseAll, raiseAll
	return m
}
