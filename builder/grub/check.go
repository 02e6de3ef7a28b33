package grub

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// maxCommandLine is COMMAND_LINE_SIZE of the kernel on x86 and arm64 without
// its closing zero, in bytes.
const maxCommandLine = 2047

// maxDepth bounds submenus within submenus.
const maxDepth = 8

// Colour names as in GRUB's manual, "color_normal".
var colourNames = []string{
	"black", "blue", "green", "cyan", "red", "magenta", "brown", "light-gray",
	"dark-gray", "light-blue", "light-green", "light-cyan", "light-red",
	"light-magenta", "yellow", "white",
}

// Key names as in GRUB's manual, "menuentry --hotkey"; beside them one
// printable ASCII character is a key.
var keyNames = []string{
	"backspace", "tab", "delete", "insert", "f1", "f2", "f3", "f4", "f5", "f6",
	"f7", "f8", "f9", "f10", "f11", "f12",
}

var gfxmode = regexp.MustCompile(`^(auto|[1-9][0-9]{2,4}x[1-9][0-9]{2,4}(x(8|15|16|24|32))?)$`)

var webColour = regexp.MustCompile(`^#[0-9a-fA-F]{6}$`)

// check finds everything in a menu that cannot be written to a grub.cfg; the
// error joins one line for each fault.
func check(m Menu) error {
	var faults []error
	fault := func(place string, err error) {
		if err != nil {
			faults = append(faults, fmt.Errorf("boot menu: %s %w", place, err))
		}
	}
	fault("search", checkPath(m.Search))
	fault("timeout", checkTimeout(m.Timeout))
	fault("timeout_style", checkOneOf(m.TimeoutStyle, "", "menu", "countdown", "hidden"))
	fault("resolution", checkResolution(m.Resolution))
	for _, c := range m.Colours.variables() {
		fault("colours."+c.field, checkColour(c.pair))
	}
	if m.Background != "" {
		fault("background", checkPath(m.Background))
	}
	if m.BackgroundColour != "" && !webColour.MatchString(m.BackgroundColour) {
		fault("background_colour", fmt.Errorf("is %q: write it like #204060", short(m.BackgroundColour)))
	}
	if m.Theme != "" {
		fault("theme", checkPath(m.Theme))
	}
	for i, font := range m.Fonts {
		fault(fmt.Sprintf("fonts[%d]", i), checkPath(font))
	}
	for i, font := range m.ThemeFonts {
		fault(fmt.Sprintf("theme_fonts[%d]", i), checkPath(font))
	}
	checkEntries(m.Entries, "entries", 1, fault)
	if _, err := at(m.Entries, m.Default); err != nil {
		fault("default", err)
	}
	return errors.Join(faults...)
}

func checkTimeout(seconds int) error {
	// Two days and more is a slip of the hand; GRUB counts in milliseconds.
	if seconds < -1 || seconds > 86400 {
		return fmt.Errorf("is %d: it must be between -1 (for ever) and 86400 seconds", seconds)
	}
	return nil
}

func checkOneOf(value string, allowed ...string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("is %q: it must be one of %s", short(value), strings.Join(allowed[1:], ", "))
}

func checkResolution(list string) error {
	if list == "" {
		return nil
	}
	for mode := range strings.SplitSeq(list, ",") {
		if !gfxmode.MatchString(mode) {
			return fmt.Errorf("is %q: write auto or WIDTHxHEIGHT, as in 1024x768", short(list))
		}
	}
	return nil
}

func checkColour(pair string) error {
	if pair == "" {
		return nil
	}
	front, back, ok := strings.Cut(pair, "/")
	if !ok || !slices.Contains(colourNames, front) || !slices.Contains(colourNames, back) {
		return fmt.Errorf("is %q: write FOREGROUND/BACKGROUND with the names %s",
			short(pair), strings.Join(colourNames, ", "))
	}
	return nil
}

func checkEntries(entries []Entry, place string, depth int, fault func(string, error)) {
	if len(entries) == 0 {
		fault(place, errors.New("are none: a menu needs at least one entry"))
	}
	if depth > maxDepth {
		fault(place, fmt.Errorf("lie more than %d submenus deep", maxDepth))
		return
	}
	for i, e := range entries {
		here := fmt.Sprintf("%s[%d]", place, i)
		fault(here+" title", checkText(e.Title))
		if e.Class != "" {
			fault(here+" class", checkText(e.Class))
		}
		fault(here+" hotkey", checkHotkey(e.Hotkey))
		switch e.Kind {
		case Linux:
			checkLinux(e, here, fault)
		case Submenu:
			checkEntries(e.Entries, here+".entries", depth+1, fault)
		case Firmware, Disk, Reboot, PowerOff:
		case Memtest:
			fault(here+" kernel", errors.Join(checkPath(e.Kernel), checkWord(e.Kernel)))
			if e.UEFI != "" {
				fault(here+" uefi", errors.Join(checkPath(e.UEFI), checkWord(e.UEFI)))
			}
		case ISO:
			fault(here+" image", checkPath(e.Image))
		default:
			fault(here, fmt.Errorf("has the unknown kind %q", short(string(e.Kind))))
		}
	}
}

func checkLinux(e Entry, here string, fault func(string, error)) {
	fault(here+" kernel", errors.Join(checkPath(e.Kernel), checkWord(e.Kernel)))
	if e.Initrd != "" {
		fault(here+" initrd", checkPath(e.Initrd))
	}
	// GRUB puts BOOT_IMAGE=PATH in front and quotes around words with blanks.
	size := len("BOOT_IMAGE=") + len(e.Kernel)
	for i, word := range e.Parameters {
		fault(fmt.Sprintf("%s parameters[%d]", here, i), checkWord(word))
		size += 1 + len(word)
		if strings.Contains(word, " ") {
			size += 2
		}
	}
	if size > maxCommandLine {
		fault(here+" parameters", fmt.Errorf("make a kernel command line of %d bytes: the kernel takes %d",
			size, maxCommandLine))
	}
}

func checkHotkey(key string) error {
	printable := len(key) == 1 && key[0] > ' ' && key[0] < 0x7f
	if key == "" || printable || slices.Contains(keyNames, key) {
		return nil
	}
	return fmt.Errorf("is %q: it must be one ASCII character or one of %s",
		short(key), strings.Join(keyNames, ", "))
}

// at finds the entry at an index path; none for an empty path.
func at(entries []Entry, path []int) (Entry, error) {
	var e Entry
	for depth, i := range path {
		if i < 0 || i >= len(entries) {
			return Entry{}, fmt.Errorf("is %v: there is no entry %d at level %d", path, i, depth+1)
		}
		e = entries[i]
		entries = e.Entries
	}
	return e, nil
}
