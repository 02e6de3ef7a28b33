package script

import (
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/grub/gfx"
)

// display finds the commands that change what is on the screen.
func display(name string) (builtin, bool) {
	switch name {
	case "loadfont":
		return (*Machine).loadfont, true
	case "terminal_output":
		return (*Machine).terminalOutput, true
	case "background_image":
		return (*Machine).backgroundImage, true
	case "background_color":
		return (*Machine).backgroundColour, true
	}
	return nil, false
}

// loadfont takes PF2 files: a name without a slash lies in $prefix/fonts.
func (m *Machine) loadfont(args []string) (bool, error) {
	if len(args) == 0 {
		return m.fail("name a font", "loadfont needs a font")
	}
	for _, arg := range args {
		file := arg
		if !strings.ContainsAny(arg, "/(") {
			file = m.get("prefix") + "/fonts/" + arg + ".pf2"
		}
		name, err := m.name(file)
		if err != nil {
			return m.missing(arg, err)
		}
		data, err := m.binary(name)
		if err != nil {
			return m.missing(file, err)
		}
		if m.o.Checks.Font != nil {
			if err := m.o.Checks.Font(data); err != nil {
				return m.fail("make it with grub-mkfont", "font %s: %v", quoted(file), err)
			}
		}
		if len(m.fonts) >= maxFonts {
			return false, m.stop("more than %d fonts", maxFonts)
		}
		m.fonts = append(m.fonts, name)
	}
	return true, nil
}

// maxBinary bounds a font or picture, in bytes.
const maxBinary = 64 << 20

func (m *Machine) binary(name string) ([]byte, error) {
	info, err := fs.Stat(m.o.Files, name)
	if err != nil {
		return nil, err
	}
	if info.IsDir() || info.Size() > maxBinary {
		return nil, fmt.Errorf("%s is a folder or has more than %d bytes", name, maxBinary)
	}
	if m.steps += 20 + int(info.Size()>>16); m.steps > maxSteps {
		return nil, m.stop("more files than can be looked at")
	}
	return fs.ReadFile(m.o.Files, name)
}

// terminalOutput sets, adds or removes terminals.
func (m *Machine) terminalOutput(args []string) (bool, error) {
	add, remove := false, false
	var names []string
	for _, a := range args {
		switch a {
		case "--append", "-a":
			add = true
		case "--remove", "-r":
			remove = true
		default:
			names = append(names, a)
		}
	}
	for _, name := range names {
		switch {
		case remove:
		case name == "gfxterm":
			if err := m.gfxterm(); err != nil {
				return m.fail("the menu stays on the firmware's text console", "gfxterm does not start: %v", err)
			}
		case !slices.Contains([]string{"console", "serial", "vga_text", "mda_text", "ofconsole", "morse", "spkmodem", "cbmemc"}, name) &&
			!strings.HasPrefix(name, "serial_"):
			return m.fail("the terminals are console, gfxterm and serial", "there is no terminal %s", quoted(name))
		}
	}
	switch {
	case remove:
		m.terminals = slices.DeleteFunc(m.terminals, func(s string) bool { return slices.Contains(names, s) })
	case add:
		for _, name := range names {
			if !slices.Contains(m.terminals, name) {
				m.terminals = append(m.terminals, name)
			}
		}
	case len(names) > 0:
		m.terminals = names
	}
	return true, nil
}

func (m *Machine) gfxterm() error {
	if m.o.Checks.Terminal != nil {
		return m.o.Checks.Terminal(slices.Clone(m.fonts), m.get)
	}
	return nil
}

// graphics says whether gfxterm is on.
func (m *Machine) graphics() bool { return slices.Contains(m.terminals, "gfxterm") }

// backgroundImage puts a picture under gfxterm; without one it takes it away.
func (m *Machine) backgroundImage(args []string) (bool, error) {
	mode, file := "stretch", ""
	for i := 0; i < len(args); i++ {
		switch a := args[i]; {
		case (a == "-m" || a == "--mode") && i+1 < len(args):
			i++
			mode = args[i]
		case strings.HasPrefix(a, "--mode="):
			mode = strings.TrimPrefix(a, "--mode=")
		default:
			file = a
		}
	}
	if !m.graphics() {
		return m.fail("run terminal_output gfxterm before", "background_image works on the graphic terminal only")
	}
	if file == "" {
		m.picture, m.stretch = "", ""
		return true, nil
	}
	name, err := m.name(file)
	if err != nil {
		return m.missing(file, err)
	}
	data, err := m.binary(name)
	if err != nil {
		return m.missing(file, err)
	}
	if m.o.Checks.Picture != nil {
		if err := m.o.Checks.Picture(name, data); err != nil {
			return m.fail("save it as PNG with 8 bits a channel in colour, not interlaced", "GRUB does not show %s: %v", path.Base(name), err)
		}
	}
	m.picture, m.stretch = name, mode
	return true, nil
}

// backgroundColour fills the screen behind the text.
func (m *Machine) backgroundColour(args []string) (bool, error) {
	if !m.graphics() {
		return m.fail("run terminal_output gfxterm before", "background_color works on the graphic terminal only")
	}
	if len(args) != 1 {
		return m.fail("write background_color COLOUR", "background_color needs a colour")
	}
	c, err := gfx.ParseColour(args[0])
	if err != nil {
		return m.fail("write it like #204060", "%v", err)
	}
	colour := [3]uint8{c.R, c.G, c.B}
	m.colour = &colour
	m.picture, m.stretch = "", ""
	return true, nil
}
