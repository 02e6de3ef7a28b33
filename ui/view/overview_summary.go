package view

import (
	"strings"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// summary is a design in words, a line a page; each leads there. The picture of
// the boot menu stands beside it where there is one.
func (c *context) summary(doc *model.Document) fyne.CanvasObject {
	d := design.WithDefaults(doc.Design())
	lines := []struct {
		section model.Section
		text    string
	}{
		{model.Base, c.baseText(d)}, {model.Packages, c.packagesText(doc)}, {model.Drivers, listOr(d.Drivers, c.say("none beyond those of the kernel"))},
		{model.System, c.systemText(d)}, {model.Users, c.usersText(d)}, {model.Startup, c.startupText(d)},
		{model.BootMenu, c.bootText(doc.Design())}, {model.Files, c.filesText(d)},
	}
	var rows []fyne.CanvasObject
	for _, line := range lines {
		name, icon := c.sectionTitle(line.section)
		link := widgets.Link(name, icon, func() { c.Session.Show(line.section) })
		rows = append(rows, widgets.Row(12, widgets.Fixed(180, linkAtTheEdge(link)), widgets.Fill(widgets.Body(line.text))))
	}
	column := widgets.Column(0, rows...)
	if r, ok := c.RecentOf(doc.Path()); ok && r.Picture != nil {
		return widgets.Row(widgets.Margin, widgets.Fill(column), widgets.Thumbnail(r.Picture, "bootmenu", 192, 128))
	}
	return column
}

// linkAtTheEdge lines a link's words up with what stands above it: it has a margin
// of its own.
func linkAtTheEdge(link *widgets.Button) fyne.CanvasObject {
	return widgets.InsetEach(0, 0, 0, -14, widgets.Row(0, link))
}

// sectionTitle is a page's name and icon.
func (c *context) sectionTitle(section model.Section) (title, icon string) {
	for _, e := range entries() {
		if e.section == section {
			return c.say(e.title), e.icon
		}
	}
	return string(section), ""
}

// packagesText counts what was ticked, and what comes of it.
func (c *context) packagesText(doc *model.Document) string {
	list := doc.Design().Packages
	text := c.count(len(list), "%d ticked", "%d ticked")
	if p, fresh := doc.Plan(); p != nil && fresh && len(p.Packages) > 0 {
		text = c.say("%d ticked, %d in all", len(list), len(p.Packages))
	}
	if len(list) == 0 {
		return text
	}
	const named = 8
	names := strings.Join(list[:min(named, len(list))], ", ")
	if len(list) > named {
		names += " …"
	}
	return text + ": " + names
}

// listOr is a list in words, or what is said of an empty one.
func listOr(list []string, none string) string {
	if len(list) == 0 {
		return none
	}
	return strings.Join(list, ", ")
}

// systemText is the name and the habits of the system.
func (c *context) systemText(d design.Design) string {
	return c.say("host name %s, language %s, keyboard %s, time zone %s", d.System.Hostname, d.System.Locale, d.System.Keyboard.Layout, d.System.TimeZone)
}

// usersText is who can get in, and how.
func (c *context) usersText(d design.Design) string {
	var names []string
	for _, u := range d.Users {
		names = append(names, u.Name)
	}
	if d.Root.PasswordHash != "" || len(d.Root.SSHKeys) > 0 {
		names = append(names, "root")
	}
	text := listOr(names, c.say("none beyond the base's"))
	if d.SSH.Enable {
		keys := len(d.Root.SSHKeys)
		for _, u := range d.Users {
			keys += len(u.SSHKeys)
		}
		text += "; " + c.count(keys, "reached over ssh with %d key", "reached over ssh with %d keys")
	}
	return text
}

// startupText is what happens without anybody typing.
func (c *context) startupText(d design.Design) string {
	var parts []string
	if d.Startup.Autologin != "" {
		parts = append(parts, c.say("%s is logged in", d.Startup.Autologin))
	}
	if d.Startup.Command != "" {
		parts = append(parts, c.say("runs %s", d.Startup.Command))
	}
	return listOr(parts, c.say("a login prompt"))
}

// bootText is the menu; where the distribution makes it there are no entries to
// count.
func (c *context) bootText(d design.Design) string {
	whole := design.WithDefaults(d)
	wait := c.say("starts by itself after %d s", *whole.Boot.Timeout)
	if *whole.Boot.Timeout < 0 {
		wait = c.say("waits for a key")
	}
	if n := len(whole.Boot.Entries); n > 0 {
		return c.count(n, "%d entry", "%d entries") + ", " + wait
	}
	return c.say("as %s makes it", c.distribution(d.Distribution)) + ", " + wait
}

// filesText is what of this computer goes along.
func (c *context) filesText(d design.Design) string {
	text := c.say("none of this computer's")
	if n := len(d.Files); n > 0 {
		text = c.count(n, "%d file or folder of this computer", "%d files or folders of this computer")
	}
	if d.NixOS != nil && d.NixOS.Offline.Level != "" {
		text += "; " + c.say("installs without a network (level %s)", d.NixOS.Offline.Level)
	}
	return text
}
