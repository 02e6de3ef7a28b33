package grub

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Warning is something that GRUB takes but that a person would not want.
type Warning struct {
	// Place is the part of the menu, as in "entries[2].entries[0] title".
	Place string `json:"place"`
	Text  string `json:"text"`
	Hint  string `json:"hint"`
}

// titleColumns is the room for a title in the text menu at 640x480 with
// GRUB's own font, in character cells: 77 columns less the menu's frame.
const titleColumns = 71

// Lint looks for mistakes in a menu that Config accepts. medium, if not nil,
// holds the files of the medium, rooted at "/".
func Lint(m Menu, medium fs.FS) []Warning {
	l := &linter{medium: medium}
	l.entries(m.Entries, "entries")
	if e, err := at(m.Entries, m.Default); err == nil && len(m.Default) > 0 {
		l.defaultEntry(e)
	}
	if m.Timeout == 0 || m.TimeoutStyle == "hidden" {
		l.warn("timeout", "the menu does not show by itself",
			"tell people to press Esc or to hold Shift while it starts, or give it some seconds")
	}
	l.file("background", m.Background)
	l.picture(m.Background)
	l.file("theme", m.Theme)
	for i, font := range m.Fonts {
		l.file(fmt.Sprintf("fonts[%d]", i), font)
	}
	for i, font := range m.ThemeFonts {
		l.file(fmt.Sprintf("theme_fonts[%d]", i), font)
	}
	if len(m.Fonts)+len(m.ThemeFonts) > 0 {
		l.warn("fonts", "under Secure Boot GRUB reads no fonts but its own",
			"see that the menu looks right with Unifont, too")
	}
	return l.found
}

type linter struct {
	medium fs.FS
	found  []Warning
}

func (l *linter) warn(place, text, hint string) {
	l.found = append(l.found, Warning{place, text, hint})
}

func (l *linter) defaultEntry(e Entry) {
	switch e.Kind {
	case Submenu:
		l.warn("default", fmt.Sprintf("%q is a submenu: it opens by itself and waits", e.Title),
			"name an entry within it")
	case Firmware:
		l.warn("default", fmt.Sprintf("%q is not there when started by BIOS", e.Title),
			"name an entry that both firmwares have")
	}
}

func (l *linter) entries(entries []Entry, place string) {
	keys := map[string]string{}
	for i, e := range entries {
		here := fmt.Sprintf("%s[%d]", place, i)
		if n := columns(e.Title); n > titleColumns {
			l.warn(here+" title", fmt.Sprintf("it takes %d columns: GRUB cuts it after %d at 640x480", n, titleColumns),
				"shorten it")
		}
		l.hotkey(e.Hotkey, here, keys)
		l.file(here+" kernel", e.Kernel)
		l.file(here+" initrd", e.Initrd)
		l.entries(e.Entries, here+".entries")
	}
}

func (l *linter) hotkey(key, here string, keys map[string]string) {
	if key == "" {
		return
	}
	// The menu's own keys come before hot keys.
	if slices.Contains([]string{"c", "e", "v", "^"}, key) {
		l.warn(here+" hotkey", fmt.Sprintf("GRUB's menu uses %q itself", key), "take another key")
	}
	if other, taken := keys[key]; taken {
		l.warn(here+" hotkey", fmt.Sprintf("%q is the key of %s, too", key, other), "take another key")
		return
	}
	keys[key] = here
}

// file wants a path of the menu on the medium.
func (l *linter) file(place, path string) {
	if l.medium == nil || path == "" {
		return
	}
	if _, err := fs.Stat(l.medium, strings.TrimPrefix(path, "/")); err != nil {
		l.warn(place, path+" is not on the medium", "put the file there or correct the path")
	}
}

func (l *linter) picture(path string) {
	if l.medium == nil || path == "" {
		return
	}
	data, err := fs.ReadFile(l.medium, strings.TrimPrefix(path, "/"))
	if err != nil {
		return // file has said so
	}
	if err := readable(data); err != nil {
		l.warn("background", fmt.Sprintf("GRUB does not show %s: %v", path, err),
			"save it as PNG with 8 bits a channel in colour, not interlaced")
	}
}

// columns counts the character cells of a text: East Asian wide characters
// take two (Unicode Standard Annex 11, in ranges).
func columns(text string) int {
	n := 0
	for _, r := range text {
		n++
		switch {
		case r >= 0x1100 && r <= 0x115f, r >= 0x2e80 && r <= 0xa4cf, r >= 0xac00 && r <= 0xd7a3,
			r >= 0xf900 && r <= 0xfaff, r >= 0xfe30 && r <= 0xfe6f, r >= 0xff00 && r <= 0xff60,
			r >= 0xffe0 && r <= 0xffe6, r >= 0x20000 && r <= 0x3fffd:
			n++
		}
	}
	return n
}
