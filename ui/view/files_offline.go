package view

import (
	"fmt"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// offline are the fields of an image that installs NixOS without a network.
type offline struct {
	c    *context
	f    *form
	mean *widgets.Text
	cost *fyne.Container
	// told is what the cost last showed, so that it is drawn anew only when
	// that changes.
	told string
}

// newOffline puts the fields into a form, and those of what else is on the
// medium, which it gives.
func newOffline(c *context, f *form) (more *contents) {
	o := &offline{c: c, f: f, mean: widgets.Body(""), cost: widgets.Column(8)}
	nixOnly := func(d design.Design) bool { return d.Distribution == "nixos" }
	levelled := func(d design.Design) bool { return nixOnly(d) && (offlineOf(d) != "" || hasOffline(d)) }
	f.when(nixOnly, func() {
		f.heading(c.say("Installing without a network"))
		f.segments("nixos.offline.level", c.say("What the installer on the image can do"), "",
			[]widgets.Option{{Value: "", Label: c.say("None")}, {Value: "A", Label: c.say("A: install")}, {Value: "B", Label: c.say("B: install and change")}, {Value: "C", Label: c.say("C: rebuild")}},
			func(d *design.Design) *string { return &nix(d).Offline.Level })
		f.object(o.mean, func() { o.mean.SetText(c.levelMeans(offlineOf(c.design()))) })
	})
	f.when(levelled, func() {
		f.object(o.cost, o.showCost)
		o.what()
		o.target()
	})
	f.when(nixOnly, func() {
		f.heading(c.say("More on the image"))
		f.tokens("nixos.store_contents", c.say("Packages in the store"), c.say("They lie on the image with all they need, without being installed, for nix-shell without a network."), nil,
			func(d *design.Design) *[]string { return &nix(d).StoreContents })
		more = newContents(c, f)
	})
	return more
}

// offlineOf is a design's level, "" for none.
func offlineOf(d design.Design) string {
	if d.NixOS == nil {
		return ""
	}
	return d.NixOS.Offline.Level
}

// hasOffline tells of settings of an installer, also where there is no level.
func hasOffline(d design.Design) bool {
	if d.NixOS == nil {
		return false
	}
	o := d.NixOS.Offline
	return o.Flake != "" || o.Host != "" || o.Configuration != "" || len(o.BuildInputs) > 0 || o.Layout != "" || o.Unattended || o.Disk != "" || o.After != ""
}

// levelMeans says what a level is good for.
func (c *context) levelMeans(level string) string {
	switch level {
	case "A":
		return c.say("Installs exactly this system, unchanged. The least that has to be on the image.")
	case "B":
		return c.say("Also evaluates on the target: settings, users and services can be changed there before the installation, as long as nothing new has to be compiled.")
	case "C":
		return c.say("Also holds the sources and tools of everything: all of it can be built anew without a network. Very large.")
	}
	return c.say("The image holds no installer of its own.")
}

// what has the fields of what is installed.
func (o *offline) what() {
	c, f := o.c, o.f
	o.folder("nixos.offline.flake", c.say("Flake to install"), c.say("The folder with your flake.nix. Empty: the image's own system is installed."),
		func(d *design.Design) *string { return &nix(d).Offline.Flake })
	f.text("nixos.offline.host", c.say("Host in the flake"), c.say("The name in its nixosConfigurations."),
		func(d *design.Design) *string { return &nix(d).Offline.Host })
	o.folder("nixos.offline.configuration", c.say("Configuration folder"), c.say("Copied to /etc/nixos of the installed system."),
		func(d *design.Design) *string { return &nix(d).Offline.Configuration })
	f.when(func(d design.Design) bool {
		return d.NixOS != nil && (d.NixOS.Offline.Level == "B" || len(d.NixOS.Offline.BuildInputs) > 0)
	}, func() {
		f.tokens("nixos.offline.build_inputs", c.say("Packages whose build inputs come along"), c.say("So that they can be changed and compiled on the target."), nil,
			func(d *design.Design) *[]string { return &nix(d).Offline.BuildInputs })
	})
}

// target has the fields of where and how it is installed.
func (o *offline) target() {
	c, f := o.c, o.f
	f.segments("nixos.offline.layout", c.say("The target's disk"), c.say("disko: as the flake says. By hand: what is mounted on /mnt."),
		[]widgets.Option{{Value: "ext4"}, {Value: "btrfs"}, {Value: "xfs"}, {Value: "disko"}, {Value: "manual", Label: c.say("By hand")}},
		func(d *design.Design) *string { return &nix(d).Offline.Layout })
	f.text("nixos.offline.disk", c.say("Disk"), c.say("Like /dev/vda or /dev/disk/by-id/…. Empty: the installer asks."),
		func(d *design.Design) *string { return &nix(d).Offline.Disk })
	f.tick("nixos.offline.unattended", c.say("Install without asking"), "",
		func(d *design.Design) *bool { return &nix(d).Offline.Unattended })
	f.when(func(d design.Design) bool { return d.NixOS != nil && d.NixOS.Offline.Unattended }, func() {
		f.object(widgets.Banner(widgets.Warning, c.say("Whichever computer starts from this image loses everything on that disk, without a question. Mark the stick."), "", nil), nil)
	})
	f.segments("nixos.offline.after", c.say("After the installation"), "",
		[]widgets.Option{{Value: "", Label: c.say("Stay")}, {Value: "reboot", Label: c.say("Restart")}, {Value: "poweroff", Label: c.say("Switch off")}},
		func(d *design.Design) *string { return &nix(d).Offline.After })
}

// folder is a field for a folder in the project's folder.
func (o *offline) folder(field, label, note string, at func(*design.Design) *string) {
	c := o.c
	e := widgets.NewEntry()
	c.bind(e)
	set := func(text string) { c.edit(changeOf(label, field), func(d *design.Design) { *at(d) = text }) }
	e.OnEdit = set
	choose := widgets.Plain(c.say("Choose …"), "folder", func() {
		c.withProject(func() {
			c.pickFolder(func(name string) {
				c.placed([]string{name}, func(sources []string) { set(sources[0]) })
			})
		})
	})
	o.f.control(field, label, note, widgets.Row(8, widgets.Fill(e), choose), e, func(d, _ design.Design) { e.SetValue(*at(&d)) })
}

// showCost shows what the levels cost, or how to come to know that.
func (o *offline) showCost() {
	c := o.c
	doc := c.Current()
	if doc == nil {
		return
	}
	p, fresh := doc.Plan()
	var costs []plan.OfflineCost
	if p != nil && p.Nix != nil {
		costs = p.Nix.Offline
	}
	told := fmt.Sprint(costs, fresh, doc.Planning(), doc.PlanError(), offlineOf(doc.Design()))
	if told == o.told {
		return
	}
	o.told = told
	o.cost.Objects = o.costRows(doc, costs, fresh)
	o.cost.Refresh()
}

// costRows are a line for each level that is known, and what can be done to know
// more.
func (o *offline) costRows(doc *model.Document, costs []plan.OfflineCost, fresh bool) []fyne.CanvasObject {
	c := o.c
	if doc.Planning() {
		return []fyne.CanvasObject{widgets.Body(c.say("Working out what the levels cost. Nix evaluates the design; that takes a minute."))}
	}
	var rows []fyne.CanvasObject
	for _, k := range costs {
		rows = append(rows, c.costRow(k, k.Level == offlineOf(doc.Design())))
	}
	if len(rows) > 0 {
		rows = []fyne.CanvasObject{widgets.Card("", "", widgets.Column(8, rows...))}
	}
	ask := widgets.Plain(c.say("Make the plan to see what it costs"), "refresh", doc.MakePlan)
	switch err := doc.PlanError(); {
	case err != nil:
		e := c.explain(err)
		rows = append(rows, widgets.Banner(widgets.Failure, e.text+" "+e.hint, c.say("Try again"), doc.MakePlan))
	case len(costs) == 0:
		rows = append(rows, widgets.Row(8, ask))
	case !fresh:
		rows = append(rows, widgets.Note(c.say("As it was before the last change.")), widgets.Row(8, ask))
	}
	return rows
}

// costRow is what a level costs.
func (c *context) costRow(k plan.OfflineCost, chosen bool) fyne.CanvasObject {
	name := widgets.Line(c.say("Level %s", k.Level))
	if chosen {
		name.Bold()
	}
	w := c.Words()
	text := c.say("adds %s; image %s; building needs %s of room", w.Size(k.Added), w.Size(k.Image), w.Size(k.Space))
	words := []fyne.CanvasObject{widgets.Body(text)}
	if k.Guessed != "" {
		words = append(words, widgets.Note(c.say("Guessed: %s", w.Of(k.Guessed))))
	}
	mark := widgets.Icon("check").Coloured(widgets.ColourAccent)
	if !chosen {
		mark = widgets.Icon("minus").Coloured(widgets.ColourQuiet)
	}
	return widgets.Row(12, mark, name, widgets.Fill(widgets.Column(2, words...)))
}
