package view

import (
	"fmt"
	"slices"
	"strings"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// modules is the list of NixOS modules in the person's own words.
type modules struct {
	c       *context
	content fyne.CanvasObject
	list    *fyne.Container
	rows    []*moduleRow
	add     *widgets.Button
}

// moduleRow is one of them.
type moduleRow struct {
	content          fyne.CanvasObject
	nameBox, textBox *widgets.Labelled
	name, text       *widgets.Entry
}

func newModules(c *context) *modules {
	m := &modules{c: c, list: container.NewStack()}
	m.add = widgets.Plain(c.say("Add a module"), "plus", m.addOne)
	m.content = widgets.Column(widgets.Gap, widgets.Line(c.say("Modules")).Bold(),
		widgets.Note(c.say("NixOS modules for what the design has no field for. They lie in this design, no file is needed.")), m.list, widgets.Row(0, m.add))
	return m
}

// of are the modules of a design.
func modulesOf(d design.Design) []design.NixModule {
	if d.NixOS == nil {
		return nil
	}
	return d.NixOS.Modules
}

// refresh shows the modules of the design in front.
func (m *modules) refresh() {
	all := modulesOf(m.c.design())
	if len(m.rows) != len(all) {
		m.rows = nil
		var objects []fyne.CanvasObject
		for i := range all {
			row := m.row(i)
			m.rows = append(m.rows, row)
			objects = append(objects, row.content)
		}
		if len(objects) == 0 {
			fill(m.list)
		} else {
			fill(m.list, widgets.Column(widgets.Gap, objects...))
		}
	}
	doc := m.c.Current()
	for i, module := range all {
		row := m.rows[i]
		row.name.SetValue(module.Name)
		row.text.SetValue(module.Text)
		name, _ := doc.ProblemAt(moduleField(i) + ".name")
		text, _ := doc.ProblemAt(moduleField(i) + ".text")
		row.nameBox.SetProblem(m.c.problemText(name))
		row.textBox.SetProblem(m.c.problemText(text))
	}
}

// moduleField is a module's path in the design.
func moduleField(i int) string { return fmt.Sprintf("nixos.modules[%d]", i) }

// row is the fields of module i.
func (m *modules) row(i int) *moduleRow {
	c := m.c
	r := &moduleRow{name: widgets.NewEntry(), text: widgets.NewMultiEntry(6)}
	c.bind(r.name)
	c.bind(r.text)
	r.text.TextStyle = fyne.TextStyle{Monospace: true}
	r.name.OnEdit = func(text string) {
		m.edit(i, changeOf(c.say("Module"), moduleField(i)+".name"), func(n *design.NixModule) { n.Name = text })
	}
	r.text.OnEdit = func(text string) {
		m.edit(i, changeOf(c.say("Module"), moduleField(i)+".text"), func(n *design.NixModule) { n.Text = text })
	}
	remove := widgets.IconButton("trash", c.say("Remove this module"), func() {
		c.edit(model.Act("remove a module"), func(d *design.Design) { n := nix(d); n.Modules = slices.Delete(slices.Clone(n.Modules), i, i+1) })
	})
	r.nameBox = widgets.Field(c.say("Name"), "", r.name)
	r.textBox = widgets.Field(c.say("Code"), "", r.text)
	r.content = widgets.Card("", "", widgets.Column(12, widgets.Row(widgets.Gap, widgets.Fill(r.nameBox), remove), r.textBox))
	return r
}

// edit changes module i.
func (m *modules) edit(i int, a model.Action, change func(*design.NixModule)) {
	m.c.edit(a, func(d *design.Design) {
		if i < len(modulesOf(*d)) {
			change(&nix(d).Modules[i])
		}
	})
}

// addOne adds a module that does nothing yet, and leads to it.
func (m *modules) addOne() {
	m.c.edit(model.Act("add a module"), func(d *design.Design) {
		n := nix(d)
		n.Modules = append(slices.Clone(n.Modules), design.NixModule{Name: freeName(n.Modules), Text: "{ pkgs, ... }:\n{\n}\n"})
	})
	if last := len(m.rows) - 1; last >= 0 {
		m.c.focus(m.rows[last].text)
	}
}

// freeName is a name that no module has.
func freeName(taken []design.NixModule) string {
	for n := 1; ; n++ {
		name := "module"
		if n > 1 {
			name = fmt.Sprintf("module-%d", n)
		}
		if !slices.ContainsFunc(taken, func(m design.NixModule) bool { return m.Name == name }) {
			return name
		}
	}
}

// focus leads to a module's field. It says whether it is one.
func (m *modules) focus(field string) bool {
	for i, row := range m.rows {
		switch {
		case strings.HasPrefix(field, moduleField(i)+".text"):
			m.c.focus(row.text)
			return true
		case strings.HasPrefix(field, moduleField(i)):
			m.c.focus(row.name)
			return true
		}
	}
	if field == "nixos.modules" {
		m.c.focus(m.add)
		return true
	}
	return false
}
