package model

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"strings"

	"github.com/isowright/isowright/builder/design"
)

// maxSettings is how much of a settings file is read, in bytes.
const maxSettings = 64 << 10

// Computer is how the running system is set.
type Computer struct {
	Locale, TimeZone string
	Keyboard         design.Keyboard
}

// root is the folder that the running system lies in.
func (s *Session) root() string { return cmp.Or(s.env.Root, "/") }

// TakeFromComputer gives the design this computer's locale, keyboard and time
// zone, in one step. then is told what was found; what was not found stays as it
// is.
func (d *Document) TakeFromComputer(then func(Computer)) {
	s, root := d.session, d.session.root()
	background(s, func(context.Context) Computer { return readComputer(root) }, func(c Computer) {
		if !s.has(d) {
			return
		}
		d.Edit(Act("take this computer's language, keyboard and time zone"), func(x *design.Design) {
			x.System.Locale = cmp.Or(c.Locale, x.System.Locale)
			x.System.TimeZone = cmp.Or(c.TimeZone, x.System.TimeZone)
			if c.Keyboard.Layout != "" {
				x.System.Keyboard = c.Keyboard
			}
		})
		then(c)
	})
}

// readComputer reads the settings of the system below root: locale.conf(5),
// vconsole.conf(5), localtime(5), Debian's locale(5) and keyboard(5), and what
// localectl writes for X.
func readComputer(root string) Computer {
	read := func(name string) map[string]string {
		text, _ := readSome(filepath.Join(root, name), maxSettings)
		return assignments(string(text))
	}
	c := Computer{Locale: cmp.Or(read("etc/locale.conf")["LANG"], read("etc/default/locale")["LANG"])}
	if !goodLocale(c.Locale) {
		c.Locale = ""
	}
	x11, _ := readSome(filepath.Join(root, "etc/X11/xorg.conf.d/00-keyboard.conf"), maxSettings)
	for _, k := range []design.Keyboard{
		xkb(read("etc/default/keyboard")), xorgKeyboard(string(x11)), xkb(read("etc/vconsole.conf")),
		consoleKeyboard(read("etc/vconsole.conf")["KEYMAP"]),
	} {
		if c.Keyboard.Layout == "" && len(faultsOf(design.System{Keyboard: k})) == 0 {
			c.Keyboard = k
		}
	}
	c.TimeZone = zoneOf(root)
	return c
}

// faultsOf are the faults of settings.
func faultsOf(s design.System) design.Problems {
	var faults design.Problems
	for _, p := range design.Validate(design.Design{System: s}) {
		if strings.HasPrefix(p.Field, "system.") {
			faults = append(faults, p)
		}
	}
	return faults
}

func goodLocale(s string) bool { return len(faultsOf(design.System{Locale: s})) == 0 }

// assignments reads lines "NAME=VALUE" as a shell would, without expanding
// anything: comments, blank lines and others are left out.
func assignments(text string) map[string]string {
	values := map[string]string{}
	for line := range strings.Lines(text) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "export ")
		name, value, ok := strings.Cut(line, "=")
		if !ok || strings.HasPrefix(name, "#") {
			continue
		}
		value = strings.TrimSpace(value)
		if q := value; len(q) > 1 && (q[0] == '"' || q[0] == '\'') {
			if end := strings.IndexByte(q[1:], q[0]); end >= 0 {
				value = q[1 : end+1]
			}
		}
		values[strings.TrimSpace(name)] = value
	}
	return values
}

// xkb takes the settings that keyboard(5) and vconsole.conf(5) have in common.
func xkb(v map[string]string) design.Keyboard {
	return design.Keyboard{Layout: v["XKBLAYOUT"], Variant: v["XKBVARIANT"], Model: usualModel(v["XKBMODEL"]), Options: v["XKBOPTIONS"]}
}

// usualModel leaves out the model that is taken anyway.
func usualModel(model string) string {
	if model == "pc105" {
		return ""
	}
	return model
}

// xorgKeyboard reads the options of an InputClass section (xorg.conf(5)):
// Option "XkbLayout" "de".
func xorgKeyboard(text string) design.Keyboard {
	values := map[string]string{}
	for line := range strings.Lines(text) {
		parts := strings.Split(strings.TrimSpace(line), `"`)
		if len(parts) >= 4 && strings.TrimSpace(parts[0]) == "Option" {
			values[strings.ToUpper(parts[1])] = parts[3]
		}
	}
	return xkb(values)
}

// consoleKeyboard guesses the layout from a keymap of the console, which are
// mostly named LAYOUT or LAYOUT-VARIANT.
func consoleKeyboard(keymap string) design.Keyboard {
	if keymap == "uk" {
		return design.Keyboard{Layout: "gb"}
	}
	layout, variant, _ := strings.Cut(keymap, "-")
	for _, l := range BuiltInKeyboards() {
		if l.Value != layout {
			continue
		}
		for _, v := range l.Variants {
			if v.Value == variant {
				return design.Keyboard{Layout: layout, Variant: variant}
			}
		}
		return design.Keyboard{Layout: layout}
	}
	return design.Keyboard{}
}

// zoneOf is the time zone that /etc/localtime leads to, else that of
// /etc/timezone.
func zoneOf(root string) string {
	zone := ""
	if to, err := os.Readlink(filepath.Join(root, "etc/localtime")); err == nil {
		if _, name, ok := strings.Cut(to, "zoneinfo/"); ok {
			zone = name
		}
	}
	if zone == "" {
		text, _ := readSome(filepath.Join(root, "etc/timezone"), maxSettings)
		zone = strings.TrimSpace(string(text))
	}
	if len(faultsOf(design.System{TimeZone: zone})) > 0 {
		return ""
	}
	return zone
}
