package assemble

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
)

const (
	// maxTimeout is the longest that isolinux waits, in tenths of a second.
	maxTimeout = 35996
	// maxCommandLine is the kernel's limit on x86, in bytes.
	maxCommandLine = 2047
)

// IsolinuxLook is what the menu looks like beyond grub.Menu.
type IsolinuxLook struct {
	// Text keeps the menu out of graphics.
	Text bool
	// Lines are the person's own, in isolinux's language.
	Lines string
}

// Isolinux writes isolinux.cfg for a menu. (SYSLINUX wiki, "Config" and "Menu")
//
// isolinux shows the characters of code page 437 only, others become "?"; a
// "^" in a title, which marks a hotkey there, becomes "'". There is no entry for
// the firmware's settings, which a BIOS has no way to; theme and fonts are
// GRUB's.
func Isolinux(m grub.Menu, look IsolinuxLook, more []design.IsolinuxEntry) ([]byte, error) {
	w := &isolinux{}
	if m.Serial {
		w.line("SERIAL 0 115200")
	}
	if look.Text {
		w.line("UI menu.c32")
	} else {
		w.line("UI vesamenu.c32")
	}
	w.head(m)
	if look.Lines != "" {
		w.b.WriteString(strings.TrimRight(look.Lines, "\n") + "\n")
	}
	if label := w.label(m.Default); len(m.Default) > 0 {
		w.line("DEFAULT " + label)
		w.line("ONTIMEOUT " + label)
	}
	w.entries(m.Entries, nil, m.Default)
	for _, e := range more {
		w.line("")
		w.line("LABEL " + e.Label)
		w.line("MENU LABEL " + w.text(e.Title, ""))
		w.b.WriteString(strings.TrimRight(e.Commands, "\n") + "\n")
	}
	if len(w.faults) > 0 {
		return nil, errors.Join(w.faults...)
	}
	return []byte(w.b.String()), nil
}

type isolinux struct {
	b      strings.Builder
	depth  int
	faults []error
}

func (w *isolinux) line(s string) {
	if s != "" {
		w.b.WriteString(strings.Repeat("  ", w.depth))
	}
	w.b.WriteString(s + "\n")
}

func (w *isolinux) fault(format string, args ...any) {
	w.faults = append(w.faults, fmt.Errorf("boot menu for BIOS: "+format, args...))
}

// head writes what stands above the entries.
func (w *isolinux) head(m grub.Menu) {
	w.line("TIMEOUT " + strconv.Itoa(tenths(m.Timeout)))
	if m.Title != "" {
		w.line("MENU TITLE " + w.text(m.Title, ""))
	}
	if m.TimeoutStyle == "hidden" || m.TimeoutStyle == "countdown" {
		w.line("MENU HIDDEN")
	}
	mode, _, _ := strings.Cut(m.Resolution, ",")
	if sides := strings.Split(mode, "x"); len(sides) >= 2 && digits(sides[0]) && digits(sides[1]) {
		w.line("MENU RESOLUTION " + sides[0] + " " + sides[1])
	}
	if m.Background != "" {
		w.line("MENU BACKGROUND " + w.path(m.Background))
	}
	w.colours(m.Colours, m.Background != "")
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// tenths is a timeout in isolinux's unit; 0 waits for ever there, and so the
// shortest time stands for none.
func tenths(seconds int) int {
	switch {
	case seconds < 0:
		return 0
	case seconds == 0:
		return 1
	}
	return int(min(int64(seconds)*10, maxTimeout))
}

// label names the entry at an index path.
func (w *isolinux) label(path []int) string {
	s := "entry"
	for i, n := range path {
		if i > 0 {
			s += "-"
		}
		s += strconv.Itoa(n)
	}
	return s
}

func (w *isolinux) entries(list []grub.Entry, path, first []int) {
	for i, e := range list {
		if e.Kind == grub.Firmware {
			continue
		}
		here := append(path[:len(path):len(path)], i)
		isDefault := len(first) > 0 && first[0] == i
		w.line("")
		if e.Kind == grub.Submenu {
			w.line("MENU BEGIN " + w.label(here))
			w.depth++
			w.line("MENU TITLE " + w.text(e.Title, e.Hotkey))
			if isDefault {
				w.line("MENU DEFAULT")
				w.entries(e.Entries, here, first[1:])
			} else {
				w.entries(e.Entries, here, nil)
			}
			w.line("")
			w.line("LABEL " + w.label(here) + "-back")
			w.line("  MENU LABEL Back")
			w.line("  MENU EXIT")
			w.depth--
			w.line("MENU END")
			continue
		}
		w.line("LABEL " + w.label(here))
		w.depth++
		w.line("MENU LABEL " + w.text(e.Title, e.Hotkey))
		if isDefault {
			w.line("MENU DEFAULT")
		}
		w.entry(e)
		w.depth--
	}
}

func (w *isolinux) entry(e grub.Entry) {
	switch e.Kind {
	case grub.Linux:
		w.line("LINUX " + w.path(e.Kernel))
		if e.Initrd != "" {
			w.line("INITRD " + w.path(e.Initrd))
		}
		if line := w.commandLine(e); line != "" {
			w.line("APPEND " + line)
		}
	case grub.Disk:
		w.line("LOCALBOOT -1") // the next drive in the BIOS's order
	case grub.Reboot:
		w.line("COM32 reboot.c32")
	case grub.PowerOff:
		w.line("COM32 poweroff.c32")
	default:
		w.fault("the entry %q is of an unknown kind %q", e.Title, e.Kind)
	}
}
