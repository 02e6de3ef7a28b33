// Package grub turns a boot menu into what GRUB reads: grub.cfg and the boot
// images for BIOS and UEFI.
//
// It decides nothing about an image: the plan hands it a finished menu. It runs
// no program and writes no file: it says what grub-mkimage is to be given and
// hands the medium's files to the ISO writer as bytes.
package grub

// Menu is a complete boot menu. Paths in it are absolute paths on the medium.
type Menu struct {
	Title string `json:"title,omitempty"`
	// Search is a file that only this medium has; GRUB finds its root by it.
	Search string `json:"search"`
	// Timeout in seconds; -1 waits for ever, 0 starts at once.
	Timeout int `json:"timeout"`
	// TimeoutStyle is "menu", "countdown" or "hidden".
	TimeoutStyle string `json:"timeout_style"`
	// Default is the index path of the entry that starts by itself: [1 0] is
	// the first entry of the second entry's submenu.
	Default    []int   `json:"default"`
	Resolution string  `json:"resolution"`
	Serial     bool    `json:"serial,omitempty"`
	Colours    Colours `json:"colours"`
	// Background, Theme (a theme.txt) and Fonts (PF2) lie on the medium.
	Background string `json:"background,omitempty"`
	// BackgroundColour is "#rrggbb" behind the text where there is no picture.
	BackgroundColour string   `json:"background_colour,omitempty"`
	Theme            string   `json:"theme,omitempty"`
	Fonts            []string `json:"fonts,omitempty"`
	// ThemeFonts are PF2 files that the theme names its fonts of.
	ThemeFonts []string `json:"theme_fonts,omitempty"`
	Entries    []Entry  `json:"entries"`
}

// Colours are pairs "foreground/background" in GRUB's colour names; empty
// ones are left at GRUB's default.
type Colours struct {
	Normal        string `json:"normal,omitempty"`
	Highlight     string `json:"highlight,omitempty"`
	MenuNormal    string `json:"menu_normal,omitempty"`
	MenuHighlight string `json:"menu_highlight,omitempty"`
}

// Kind is what an entry does.
type Kind string

// The kinds of entries.
const (
	Linux    Kind = "linux"
	Submenu  Kind = "submenu"
	Firmware Kind = "firmware"
	Disk     Kind = "disk"
	Reboot   Kind = "reboot"
	PowerOff Kind = "poweroff"
	// Memtest starts Memtest86+, ISO another image that lies on the medium.
	Memtest Kind = "memtest"
	ISO     Kind = "iso"
)

// Entry is one line of a menu.
type Entry struct {
	Title  string `json:"title"`
	Kind   Kind   `json:"kind"`
	Hotkey string `json:"hotkey,omitempty"`
	Class  string `json:"class,omitempty"`
	// Kernel and Initrd of a Linux entry, with the kernel's whole command
	// line, one word each.
	Kernel     string   `json:"kernel,omitempty"`
	Initrd     string   `json:"initrd,omitempty"`
	Parameters []string `json:"parameters,omitempty"`
	// Kernel and UEFI of a Memtest entry are its programs for the two
	// firmwares; an empty UEFI is the same one.
	UEFI string `json:"uefi,omitempty"`
	// Image is the file that an ISO entry starts, with its own loopback.cfg.
	Image string `json:"image,omitempty"`
	// Entries of a Submenu.
	Entries []Entry `json:"entries,omitempty"`
}
