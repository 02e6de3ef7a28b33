package view

import (
	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// importing is the dialog that ticks the packages of a list.
type importing struct {
	c      *context
	dialog *widgets.Dialog
	text   *widgets.Entry
	said   *fyne.Container
	tick   *widgets.Button
	list   model.Listed
}

// importDialog asks for a list of packages.
func (c *context) importDialog() { c.newImporting() }

func (c *context) newImporting() *importing {
	i := &importing{c: c, text: widgets.NewMultiEntry(8), said: container.NewStack()}
	i.text.Shortcuts = c.shortcut
	i.text.SetPlaceHolder("htop, git, tmux\napt install htop git\nenvironment.systemPackages = with pkgs; [ htop git ];")
	i.text.OnEdit = func(string) { i.read() }
	open := widgets.Plain(c.say("Open a file …"), "folder", i.open)
	note := widgets.Note(c.say("Names by lines or commas, a command such as apt install, what dpkg -l prints, or a list out of a NixOS configuration."))
	column := widgets.Column(12, widgets.Row(12, widgets.Fill(note), open), i.text)
	body := widgets.Headed(column, widgets.InsetEach(12, 0, 0, 0, widgets.Scroll(i.said)))
	i.tick = widgets.Primary(c.say("Tick them"), "", i.take)
	cancel := widgets.Plain(c.say("Cancel"), "", func() { i.dialog.Hide() })
	i.dialog = widgets.NewDialog(c.host.Window.Canvas(), c.say("Import from a list"), panelWidth, widgets.High(400, body), cancel, i.tick)
	i.text.OnCancel = i.dialog.Hide
	i.read()
	i.dialog.Show()
	c.focus(i.text)
	return i
}

// open puts a file's text into the field.
func (i *importing) open() {
	i.c.pickFile(nil, func(path string) {
		i.c.ReadText(path, func(text string, err error) {
			if err != nil {
				i.dialog.Hide()
				i.c.fail(i.c.say("The file cannot be opened"), err)
				return
			}
			i.text.SetText(text)
		})
	})
}

// read says what the text holds.
func (i *importing) read() {
	c := i.c
	i.list = c.ReadList(i.text.Text)
	n := len(i.list.New)
	var facts []labelled
	facts = append(facts, labelled{c.count(n, "%d package will be ticked", "%d packages will be ticked"), c.names(i.list.New, 60)})
	facts = append(facts, labelled{c.count(len(i.list.Ticked), "%d is ticked already", "%d are ticked already"), c.names(i.list.Ticked, 20)})
	rows := []fyne.CanvasObject{c.labelledFacts(facts)}
	for at, name := range i.list.Unknown {
		if at == 8 {
			rows = append(rows, widgets.Note(c.count(len(i.list.Unknown)-at, "%d more is unknown.", "%d more are unknown.")))
			break
		}
		rows = append(rows, i.unknown(name))
	}
	for _, p := range i.list.Problems {
		rows = append(rows, widgets.Row(widgets.Gap, widgets.Icon("warning").Coloured(widgets.ColourWarning), widgets.Fill(widgets.Body(c.Words().Of(p)))))
	}
	i.said.Objects = []fyne.CanvasObject{widgets.Column(12, rows...)}
	i.said.Refresh()
	widgets.Relayout(i.said)
	i.tick.SetText(c.count(n, "Tick %d package", "Tick %d packages"))
	if n == 0 {
		i.tick.Disable()
	} else {
		i.tick.Enable()
	}
}

// unknown is a name of the list that the offer does not have.
func (i *importing) unknown(name string) fyne.CanvasObject {
	text := name
	if o := i.c.Catalogue(); o != nil && o.Catalogue != nil {
		text = name + ": " + i.c.unknownText(o.Catalogue, o.Name, name)
	}
	return widgets.Row(widgets.Gap, widgets.Icon("error").Coloured(widgets.ColourDanger), widgets.Fill(widgets.Body(text).Coloured(widgets.ColourDanger)))
}

// take ticks what is known, in one step.
func (i *importing) take() {
	c, doc := i.c, i.c.Current()
	names := i.list.New
	if doc == nil || len(names) == 0 {
		return
	}
	i.dialog.Hide()
	asked := c.Consents(names...)
	yes := c.count(len(names), "Tick %d package", "Tick %d packages")
	c.agree(c.say("Tick the packages of the list?"), yes, asked, func() {
		action := model.Act("tick %d packages of a list", len(names))
		if len(names) == 1 {
			action = tickOf(names[0], true)
		}
		doc.Tick(action, asked, names...)
	})
}

// showConsents shows what the person has consented to, for NixOS's packages.
func (c *context) showConsents() {
	f := c.newForm()
	f.note(c.say("NixOS refuses these packages unless it is told otherwise. What is named here may be on the image; the names are those that NixOS's own messages have."))
	list := func(field, label, note string, at func(*design.NixOS) *[]string) {
		f.tokens(field, label, note, nil, func(d *design.Design) *[]string { return at(nix(d)) })
	}
	list("nixos.unfree", c.say("Not free"), c.say("Their licences forbid some uses, changes or copies."), func(n *design.NixOS) *[]string { return &n.Unfree })
	list("nixos.insecure", c.say("Insecure"), c.say("With security holes that are known."), func(n *design.NixOS) *[]string { return &n.Insecure })
	list("nixos.broken", c.say("Broken"), c.say("Marked as not working by those who look after them."), func(n *design.NixOS) *[]string { return &n.Broken })
	f.refresh()
	c.panel(c.say("Consents"), f.content())
}
