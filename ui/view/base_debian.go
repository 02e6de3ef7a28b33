package view

import (
	"slices"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/widgets"
	"github.com/isowright/isowright/ui/words"
)

// component is a part of Debian's archive beyond "main".
type component struct{ name, label, note string }

// components are all of them, with their licences in words.
func components() []component {
	return []component{
		{"non-free-firmware", words.Key("Firmware (non-free-firmware)"), words.Key("What many Wi-Fi, graphics and network chips need. It may be given to others, but has no source.")},
		{"contrib", words.Key("Free, but needing what is not (contrib)"), words.Key("Free software that is of no use without something that is not free.")},
		{"non-free", words.Key("Not free (non-free)"), words.Key("May be given to others under conditions of its own, for example only unchanged. The image carries these conditions along.")},
	}
}

// debian has the fields of Debian that people often want.
func (p *base) debian() {
	c, f := p.c, p.form
	f.when(isDebian, func() {
		f.heading(c.say("Where the packages come from"))
		f.note(c.say("The main part of Debian's archive is always there; all of it is free software. Others can be added."))
		field := "archive.components"
		for _, k := range components() {
			label := c.say(k.label)
			t := widgets.NewCheck(label, func(on bool) {
				c.edit(tickOf(label, on), func(d *design.Design) {
					d.Archive.Components = slices.DeleteFunc(slices.Clone(d.Archive.Components), func(have string) bool { return have == k.name })
					if on {
						d.Archive.Components = append(d.Archive.Components, k.name)
					}
				})
			})
			f.control(field, "", c.say(k.note), atTheEdge(t), t, func(d, _ design.Design) {
				t.SetValue(slices.Contains(d.Archive.Components, k.name))
			})
			// What is wrong with the list is told once.
			field = ""
		}
		p.pin("archive.state")
	})
}

// moreDebian has those that few people need.
func (p *base) moreDebian() {
	c, f := p.c, p.more
	f.when(isDebian, func() {
		f.text("archive.mirror", c.say("Mirror"), c.say("Where the packages are fetched, like https://deb.debian.org/debian. Empty: that of the settings, else the one this computer's apt uses, else the public one."),
			func(d *design.Design) *string { return &d.Archive.Mirror })
		f.text("archive.security", c.say("Security mirror"), c.say("Where security updates are fetched. Empty: beside the mirror."),
			func(d *design.Design) *string { return &d.Archive.Security })
		f.text("archive.state", c.say("State of the archive"), c.say("The ID that a plan shows: with it, every build takes exactly the same packages. Empty: the newest."),
			func(d *design.Design) *string { return &d.Archive.State })
	})
}
