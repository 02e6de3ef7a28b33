package design

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// ownThemePrefix begins boot.theme where it is a theme of Isowright's own.
const ownThemePrefix = "isowright:"

// OwnThemes are the names of Isowright's own themes, as boot.theme has them
// behind "isowright:".
func OwnThemes() []string {
	return []string{"calm-light", "calm-dark", "panel-light", "panel-dark", "line-light", "line-dark"}
}

// OwnTheme is the name in a boot.theme that is one of Isowright's own.
func OwnTheme(theme string) (name string, own bool) {
	return strings.CutPrefix(theme, ownThemePrefix)
}

func (c *checker) bootTheme(b Boot) {
	const field = "boot.theme"
	name, own := OwnTheme(b.Theme)
	switch {
	case own && !slices.Contains(OwnThemes(), name):
		hint := "the themes are " + strings.Join(OwnThemes(), ", ")
		if similar := near(name, OwnThemes()); similar != "" {
			hint = "did you mean " + ownThemePrefix + similar + "?"
		}
		c.add(field, "Isowright has no theme "+show(name), hint)
	case !own && b.Theme != "":
		c.localPath(field, b.Theme)
	}
	c.matches("boot.look.accent", b.Look.Accent, webColour, "a colour", "write it like #c02050")
	c.oneOf("boot.look.layout", b.Look.Layout, "left")
	if b.Look != (BootLook{}) && !own {
		c.add("boot.look", "only Isowright's own themes have these ticks",
			fmt.Sprintf(`choose one: theme = "%s%s", or remove [boot.look]`, ownThemePrefix, OwnThemes()[0]))
	}
}

// bootFonts checks the names of fonts: all of them get into one folder, where
// those made of outlines end in ".pf2" and GRUB's own is unicode.pf2.
func (c *checker) bootFonts(fonts []string) {
	taken := map[string]string{"unicode.pf2": ""}
	for i, font := range fonts {
		field := element("boot.fonts", i)
		if !c.localPath(field, font) {
			continue
		}
		name := strings.ToLower(path.Base(font))
		if ending := path.Ext(name); ending == ".ttf" || ending == ".otf" {
			name = strings.TrimSuffix(name, ending) + ".pf2"
		}
		other, clash := taken[name]
		switch {
		case clash && other == "":
			c.add(field, "GRUB's own font lies under the name "+name+" on the medium", "rename the file")
		case clash && other != font:
			c.add(field, show(font)+" and "+show(other)+" would have one name on the medium, "+name, "rename one of them")
		}
		taken[name] = font
	}
	c.unique("boot.fonts", fonts)
}

// withClasses gives the entries of a menu with one of Isowright's own themes the
// class of an icon that the theme has.
func withClasses(entries []BootEntry, distribution string) []BootEntry {
	entries = slices.Clone(entries)
	for i := range entries {
		e := &entries[i]
		if e.Class == "" {
			e.Class = iconClass(*e, distribution)
		}
		e.Entries = withClasses(e.Entries, distribution)
	}
	return entries
}

func iconClass(e BootEntry, distribution string) string {
	switch {
	case e.Kind == "iso":
		return "live"
	case e.Kind != "live":
		return e.Kind // firmware, disk, memtest …
	case e.ToRAM:
		return "ram"
	case slices.Contains(e.Parameters, "nomodeset"):
		return "safe"
	case slices.Contains(e.Parameters, "debug"):
		return "debug"
	}
	return distribution
}
