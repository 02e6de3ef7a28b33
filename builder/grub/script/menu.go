package script

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/isowright/isowright/builder/grub/scene"
)

// entry is menuentry and submenu: they only note what they are given.
func (m *Machine) entry(submenu bool, args []string, c simple) (bool, error) {
	e := entry{file: m.file}
	e.Submenu, e.Line = submenu, c.line
	source, given, err := e.options(args)
	if err != nil {
		return m.fail("write it behind the option", "%v", err)
	}
	switch {
	case len(e.args) == 0:
		return m.fail("give it one in quotes", "the menu entry has no title")
	case c.block == nil && !given:
		return m.fail("put its commands in { }", "the menu entry %s has no commands", quoted(e.args[0]))
	case c.block != nil:
		source = c.block.text
		e.Line = c.line
	}
	e.Title, e.Source = e.args[0], source
	if e.ID == "" {
		e.ID = e.Title
	}
	menu := m.menu()
	menu.source += len(source) + len(e.Title)
	if len(menu.entries) >= maxEntries || menu.source > maxSource {
		return false, m.stop("more than %d entries", maxEntries)
	}
	menu.entries = append(menu.entries, e)
	return true, nil
}

// options reads an entry's options, which may stand anywhere before --. What
// is none is a word of the entry's: the first is its title.
func (e *entry) options(args []string) (source string, given bool, err error) {
	for i := 0; i < len(args); i++ {
		name, value, assigned := strings.Cut(args[i], "=")
		switch name {
		case "--unrestricted":
			continue
		case "--":
			e.args = append(e.args, args[i+1:]...)
			return source, given, nil
		case "--class", "--id", "--users", "--hotkey", "--source":
			if !assigned {
				if i+1 == len(args) {
					return "", false, errors.New("missing argument for " + name)
				}
				i++
				value = args[i]
			}
		default:
			e.args = append(e.args, args[i])
			continue
		}
		switch name {
		case "--class":
			e.Classes = append(e.Classes, value)
		case "--id":
			e.ID = value
		case "--hotkey":
			e.Hotkey = value
		case "--source":
			source, given = value, true
		}
	}
	return source, given, nil
}

// Scene is the menu on the screen, with its default chosen. Its size is the
// options', its version and what else a script does not know are left empty.
func (m *Machine) Scene() scene.Scene {
	s := scene.Scene{
		Platform: m.o.Platform, Width: m.o.Width, Height: m.o.Height, Files: m.o.Files,
		Graphics: m.graphics(), Fonts: slices.Clone(m.fonts), Vars: m.vars(),
		Background: m.picture, Stretch: m.stretch, BackgroundColour: m.colour,
		Nested: len(m.menus) > 1, Printed: slices.Clone(m.printed),
		Timeout: m.timeout(), TimeoutLeft: -1,
	}
	for _, e := range m.menu().entries {
		s.Entries = append(s.Entries, e.Entry)
	}
	if len(s.Entries) == 0 {
		s.State, s.Text = scene.Console, []string{"grub> "}
		s.CursorColumn = len("grub> ")
		return s
	}
	s.Selected, _ = m.Default()
	if s.Timeout > 0 {
		s.TimeoutLeft = s.Timeout
		if style := s.Vars["timeout_style"]; style == "hidden" || style == "countdown" {
			s.State = scene.Black
		}
	}
	return s
}

// timeout is $timeout in seconds, -1 if there is none.
func (m *Machine) timeout() int {
	s := strings.TrimSpace(m.get("timeout"))
	if s == "" || !isDigit(s[0]) {
		return -1
	}
	return int(min(number(s), 1<<31-1))
}

// Default is the entry that $default chooses, and what is left of its path for
// the entry's submenu: a number, an ID or a title, and behind ">" the same
// again. Where it names none it is the first one.
func (m *Machine) Default() (selected int, rest string) {
	return find(m.menu().entries, m.get("default"))
}

// Fallback are the entries that are tried when the default does not start.
func (m *Machine) Fallback() []int {
	var all []int
	for _, word := range strings.Fields(m.get("fallback")) {
		if n, err := strconv.Atoi(word); err == nil && n >= 0 && n < len(m.menu().entries) {
			all = append(all, n)
		}
	}
	return all
}

func find(entries []entry, want string) (int, string) {
	if want == "" {
		return 0, ""
	}
	head, rest := SplitPath(want)
	if n, err := strconv.Atoi(head); err == nil {
		if n >= 0 && n < len(entries) {
			return n, rest
		}
		return 0, ""
	}
	for i, e := range entries {
		if e.ID == head || e.Title == head {
			return i, rest
		}
	}
	return 0, ""
}

// SplitPath cuts a path at its first ">"; ">>" is one that belongs to a title.
func SplitPath(s string) (head, rest string) {
	var out strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '>' {
			out.WriteByte(s[i])
			continue
		}
		if i+1 < len(s) && s[i+1] == '>' {
			out.WriteByte('>')
			i++
			continue
		}
		return out.String(), s[i+1:]
	}
	return out.String(), ""
}

// Find is the place of the entry that a number, an ID or a title names in the
// menu on the screen.
func (m *Machine) Find(name string) (int, bool) {
	if n, err := strconv.Atoi(name); err == nil {
		return n, n >= 0 && n < len(m.menu().entries)
	}
	for i, e := range m.menu().entries {
		if e.ID == name || e.Title == name {
			return i, true
		}
	}
	return 0, false
}

// Source is the text of entry i as the edit screen shows it.
func (m *Machine) Source(i int) []string {
	e := m.menu().entries[i]
	words := []string{"setparams"}
	for _, arg := range e.args {
		words = append(words, "'"+strings.ReplaceAll(arg, "'", `'\''`)+"'")
	}
	return strings.Split(strings.Join(words, " ")+"\n"+e.Source, "\n")
}

// Outcome is what an entry leads to.
type Outcome int

// Outcomes of an entry.
const (
	// Opened: another menu is on the screen.
	Opened Outcome = iota
	// Boots: a system starts, or the computer does something else than GRUB.
	Boots
	// Returns: GRUB comes back to the menu.
	Returns
)

// Enter runs entry i of the menu on the screen. A submenu, or a menu of another
// file, becomes the one on the screen.
func (m *Machine) Enter(i int) (Outcome, error) {
	e := m.menu().entries[i]
	m.steps, m.bytes, m.printed = 0, 0, nil
	m.file, m.line, m.scope = e.file, e.Line, slices.Clone(e.args)
	depth := len(m.menus)
	if depth >= maxMenus {
		return Returns, m.stop("menus within menus, more than %d deep", maxMenus)
	}
	chosen := e.ID
	if above := m.get("chosen"); above != "" && depth > 1 {
		chosen = above + ">" + e.ID
	}
	if e.Submenu {
		m.push(e.Title)
	}
	m.menu().variables["chosen"] = variable{value: chosen, exported: true}
	err := m.runText(e.Source, e.Line)
	var end ended
	switch {
	case errors.As(err, &end):
		m.menus = m.menus[:depth]
		return Boots, nil
	case errors.As(err, new(shown)):
		return Opened, nil
	case err != nil:
		m.menus = m.menus[:depth]
		return Returns, err
	case e.Submenu && len(m.menu().entries) > 0:
		return Opened, nil
	}
	m.menus = m.menus[:depth]
	if loads(e.Source) {
		return Boots, nil
	}
	return Returns, nil
}

// loads says whether an entry's commands load something that GRUB then boots.
func loads(source string) bool {
	for line := range strings.Lines(source) {
		switch word, _, _ := strings.Cut(strings.TrimSpace(line), " "); word {
		case "linux", "linux16", "linuxefi", "chainloader", "multiboot", "multiboot2":
			return true
		}
	}
	return false
}

// Command runs a line of GRUB's command line in the menu on the screen, and
// gives what it prints.
func (m *Machine) Command(line string) (printed []string, out Outcome, err error) {
	m.steps, m.bytes, m.printed = 0, 0, nil
	m.file, m.line, m.scope = "command line", 1, nil
	err = m.runText(line, 1)
	printed = slices.Clone(m.printed)
	if n := len(printed); n > 0 && printed[n-1] == "" {
		printed = printed[:n-1]
	}
	switch {
	case errors.As(err, new(ended)):
		return printed, Boots, nil
	case errors.As(err, new(shown)):
		return printed, Opened, nil
	}
	return printed, Returns, err
}

// Back leaves a submenu, as Esc does. It says whether there was one.
func (m *Machine) Back() bool {
	if len(m.menus) == 1 {
		return false
	}
	m.menus = m.menus[:len(m.menus)-1]
	return true
}

// Depth counts the menus on top of each other; 1 is the main one.
func (m *Machine) Depth() int { return len(m.menus) }

// Variable is one of the menu on the screen, with where it was set.
type Variable struct {
	Value    string
	Exported bool
	File     string
	Line     int
}

// Variable looks one up.
func (m *Machine) Variable(name string) (Variable, bool) {
	v, ok := m.menu().variables[name]
	return Variable{v.value, v.exported, v.file, v.line}, ok
}

// Place says where entry i of the menu on the screen begins: "file:line".
func (m *Machine) Place(i int) string {
	e := m.menu().entries[i]
	return fmt.Sprintf("%s:%d", e.file, e.Line)
}
