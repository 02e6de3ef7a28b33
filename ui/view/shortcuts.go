package view

import (
	"runtime/debug"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/driver/desktop"

	"github.com/isowright/isowright/ui/widgets"
	"github.com/isowright/isowright/ui/words"
)

// Shortcut is a key that works everywhere in the window.
type Shortcut struct {
	Shortcut fyne.Shortcut
	// Keys and Text are what the list of shortcuts says.
	Keys, Text string
	Do         func()
}

// Shortcuts are all of them.
func (f *Frame) Shortcuts() []Shortcut {
	c := f.c
	key := func(keys, text string, name fyne.KeyName, mod fyne.KeyModifier, do func()) Shortcut {
		return Shortcut{&desktop.CustomShortcut{KeyName: name, Modifier: mod}, keys, text, do}
	}
	const ctrl, shift = fyne.KeyModifierControl, fyne.KeyModifierShift
	list := []Shortcut{
		key("Ctrl+N", words.Key("New design from a template"), fyne.KeyN, ctrl, c.toStart),
		key("Ctrl+O", words.Key("Open a design or an image"), fyne.KeyO, ctrl, c.openDialog),
		key("Ctrl+S", words.Key("Save"), fyne.KeyS, ctrl, c.save),
		key("Ctrl+Shift+S", words.Key("Save as"), fyne.KeyS, ctrl|shift, func() { c.saveAs(func() {}) }),
		key("Ctrl+Z", words.Key("Undo"), fyne.KeyZ, ctrl, c.undo),
		key("Ctrl+Y", words.Key("Redo"), fyne.KeyY, ctrl, c.redo),
		key("Ctrl+Shift+Z", words.Key("Redo"), fyne.KeyZ, ctrl|shift, c.redo),
		key("Ctrl+W", words.Key("Close the design"), fyne.KeyW, ctrl, c.closeDocument),
		key("Ctrl+Q", words.Key("Quit"), fyne.KeyQ, ctrl, func() { f.AskToClose(c.host.Quit) }),
		key("Ctrl+E", words.Key("Problems"), fyne.KeyE, ctrl, c.showProblems),
		key("Ctrl+PageDown", words.Key("Next page"), fyne.KeyPageDown, ctrl, func() { f.turn(1) }),
		key("Ctrl+PageUp", words.Key("Previous page"), fyne.KeyPageUp, ctrl, func() { f.turn(-1) }),
		key("Ctrl+Tab", words.Key("Next design"), fyne.KeyTab, ctrl, f.nextDocument),
		key("Ctrl+B", words.Key("Build"), fyne.KeyB, ctrl, func() { f.to("build") }),
		key("Ctrl+T", words.Key("Try"), fyne.KeyT, ctrl, func() { f.to("try") }),
		key("Ctrl+L", words.Key("Flash"), fyne.KeyL, ctrl, func() { f.to("flash") }),
		key("Ctrl+F", words.Key("Search packages"), fyne.KeyF, ctrl, func() { f.to("packages") }),
	}
	for i := range 9 {
		name := fyne.KeyName(rune('1' + i))
		e := entries()[i]
		list = append(list, key("Ctrl+"+string(name), e.title, name, ctrl, func() { f.to(string(e.section)) }))
	}
	return list
}

// TypedKey takes keys that no control has wanted.
func (f *Frame) TypedKey(e *fyne.KeyEvent) {
	switch e.Name {
	case fyne.KeyF1:
		f.c.showShortcuts()
	case fyne.KeyEscape:
		if open, ok := f.c.host.Window.Canvas().Overlays().Top().(*widgets.Dialog); ok {
			open.Hide()
		}
	}
}

// shortcut does what a shortcut says; a control that has the keyboard asks it
// first. It says whether there was one.
func (c *context) shortcut(s fyne.Shortcut) bool {
	for _, known := range c.frame.Shortcuts() {
		if known.Shortcut.ShortcutName() == s.ShortcutName() {
			known.Do()
			return true
		}
	}
	return false
}

// showShortcuts lists the keys.
func (c *context) showShortcuts() {
	var rows []fyne.CanvasObject
	for _, s := range c.frame.Shortcuts() {
		rows = append(rows, keyRow(s.Keys, c.say(s.Text)))
	}
	rows = append(rows, keyRow("F1", c.say("This list")),
		keyRow("Tab", c.say("Next control")), keyRow("Alt+↑ Alt+↓", c.say("Move what is chosen in a list")),
		keyRow("Esc", c.say("Close a panel; put back what was typed")))
	c.panel(c.say("Keyboard shortcuts"), rows...)
}

// showAbout tells what this program is.
func (c *context) showAbout() {
	version := "devel"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		version = info.Main.Version
	}
	c.panel(c.say("About Isowright"),
		widgets.Section("Isowright "+version),
		widgets.Body(c.say("Designs, builds, tries and flashes bootable Linux images.")),
		widgets.Note(c.say("The fonts Inter and JetBrains Mono are under the SIL Open Font License.")))
}

// keyRow is a line of the list of keys.
func keyRow(keys, text string) fyne.CanvasObject {
	return widgets.Row(12, container.NewGridWrap(fyne.NewSize(160, 24), widgets.Mono(keys)), widgets.Fill(widgets.Body(text)))
}
