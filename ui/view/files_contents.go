package view

import (
	"path"
	"slices"
	"strconv"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// contents are texts and parts of packages on the medium of a NixOS image.
type contents struct {
	c    *context
	rows *rowList
}

// newContents puts the list into a form.
func newContents(c *context, f *form) *contents {
	l := &contents{c: c}
	l.rows = newRowList(12, l.row)
	add := func(action model.Action, x design.NixContent) func() {
		return func() {
			c.edit(action, func(d *design.Design) { nix(d).Contents = append(nix(d).Contents, x) })
		}
	}
	text := widgets.Plain(c.say("Add a text"), "plus", add(model.Act("add a text on the medium"), design.NixContent{Target: "/README.txt", Text: "\n"}))
	pkg := widgets.Plain(c.say("Add a part of a package"), "plus", add(model.Act("add a part of a package"), design.NixContent{Target: "/files/hello", Package: "hello"}))
	f.control("nixos.contents", c.say("Beside the system, on the stick or disc"), c.say("A text, or a part of a package, that is seen when the stick is opened on another computer."),
		widgets.Column(12, l.rows.box, widgets.Row(8, text, pkg)), text, func(d, _ design.Design) {
			n := 0
			if d.NixOS != nil {
				n = len(d.NixOS.Contents)
			}
			l.rows.refresh(n)
		})
	return l
}

// row shows one of them.
func (l *contents) row(i int) listRow {
	c := l.c
	at := "nixos.contents[" + strconv.Itoa(i) + "]"
	one := func(d *design.Design) *design.NixContent {
		if d.NixOS != nil && i < len(d.NixOS.Contents) {
			return &d.NixOS.Contents[i]
		}
		return &design.NixContent{}
	}
	f := c.newForm()
	f.text(at+".target", c.say("To, on the medium"), "", func(d *design.Design) *string { return &one(d).Target })
	f.when(func(d design.Design) bool { return one(&d).Text == "" || one(&d).Package != "" || one(&d).Path != "" }, func() {
		f.beside(besideWidth, func() {
			f.text(at+".package", c.say("Package"), "", func(d *design.Design) *string { return &one(d).Package })
			f.text(at+".path", c.say("Path in it, like /share/doc"), "", func(d *design.Design) *string { return &one(d).Path })
		})
	})
	f.when(func(d design.Design) bool { return one(&d).Package == "" || one(&d).Text != "" }, func() {
		f.lines(at+".text", c.say("Text"), "", 4, func(d *design.Design) *string { return &one(d).Text })
	})
	remove := widgets.IconButton("trash", c.say("Take this off the image"), func() {
		c.edit(model.Act("remove %s", one(new(c.design())).Target), func(d *design.Design) {
			if d.NixOS != nil && i < len(d.NixOS.Contents) {
				d.NixOS.Contents = slices.Delete(d.NixOS.Contents, i, i+1)
			}
		})
	})
	name := widgets.Line("").Bold()
	card := widgets.Card("", "", widgets.Column(12, widgets.Row(10, widgets.Icon("disc"), widgets.Fill(name), remove), f.content()))
	return listRow{object: card, focus: remove, lead: func(field string) { f.focus(field) }, refresh: func() {
		name.SetText(path.Base(one(new(c.design())).Target))
		f.refresh()
	}}
}
