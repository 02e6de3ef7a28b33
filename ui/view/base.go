package view

import (
	"slices"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/container"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// base is the page of what the image is made from.
type base struct {
	c       *context
	content fyne.CanvasObject
	form    *form
	// more is what few people need; folded holds it.
	more    *form
	folded  *widgets.Fold
	able    *fyne.Container
	release *widgets.Select
	// distributions and the others are chosen by cards.
	distributions, bases, desktops, assemblers *picks
	modules                                    *modules
}

func newBase(c *context) page {
	p := &base{c: c, form: c.newForm(), more: c.newForm(), able: container.NewStack()}
	p.system()
	p.nixos()
	p.debian()
	p.moreDebian()
	p.moreNixOS()
	p.folded = widgets.NewFold(c.say("Advanced"), p.more.content())
	p.content = widgets.Page(c.say("Base"), c.say("What the image is made from, before anything of yours is added."), nil,
		widgets.PageBody(widgets.Column(widgets.MarginWide, p.form.content(), p.folded.Column)))
	return p
}

// Content is the page.
func (p *base) Content() fyne.CanvasObject { return p.content }

// Focus leads to a field; those that are folded away are shown.
func (p *base) Focus(field string) {
	cards := map[string]*picks{"": p.distributions, "distribution": p.distributions, "base": p.bases, "desktop": p.desktops, "nixos.assembler": p.assemblers}
	if k := cards[field]; k != nil {
		p.c.focus(k.target())
		return
	}
	if within := map[string]string{"archive": "archive.mirror", "nixos.flake": "nixos.flake.url"}[field]; within != "" {
		field = within
	}
	if p.form.focus(field) {
		return
	}
	p.folded.Open(true)
	widgets.Relayout(p.content)
	if !p.modules.focus(field) {
		p.more.focus(field)
	}
}

// Refresh shows the design in front, and what this computer can build.
func (p *base) Refresh(model.Change) {
	if p.c.Current() == nil {
		return
	}
	p.form.refresh()
	p.more.refresh()
	fill(p.able, p.c.ableNotice(p.c.design().Distribution)...)
}

// isDebian and isNixOS tell which fields a design has.
func isDebian(d design.Design) bool { return d.Distribution == "debian" }
func isNixOS(d design.Design) bool  { return d.Distribution == "nixos" }

// system has the fields that every design has.
func (p *base) system() {
	c, f := p.c, p.form
	p.distributions = newPicks(300, p.switchTo)
	f.control("distribution", c.say("Distribution"), "", p.distributions.content, nil, func(d, _ design.Design) {
		p.distributions.set(c.distributionOptions(), d.Distribution)
	})
	f.object(p.able, nil)
	p.release = widgets.NewSelect(nil, func(value string) {
		c.edit(model.Act("take the release %s", value), func(d *design.Design) { d.Release = value })
	})
	f.control("release", c.say("Release"), "", p.release, p.release, func(d, defaults design.Design) {
		p.release.SetChoices(c.releaseOptions(d.Distribution))
		p.release.SetValue(defaults.Release)
	})
	p.bases = newPicks(200, func(value string) { c.editBase(value) })
	f.control("base", c.say("What it starts from"), "", p.bases.content, nil, func(d, _ design.Design) {
		p.bases.set(c.baseOptions(d), d.Base)
	})
	f.when(func(d design.Design) bool { return d.Base == "graphical" }, func() {
		p.desktops = newPicks(150, func(value string) {
			c.edit(model.Act("choose the desktop %s", c.desktopName(value)), func(d *design.Design) { d.Desktop = value })
		})
		f.control("desktop", c.say("Desktop"), "", p.desktops.content, nil, func(d, _ design.Design) {
			p.desktops.set(c.desktopOptions(d.Distribution), d.Desktop)
		})
	})
	f.segments("architecture", c.say("Processor"), c.say("PC is right for nearly every notebook, desktop and server. ARM is for boards and machines like the Raspberry Pi."),
		c.architectures(), func(d *design.Design) *string { return &d.Architecture })
}

// switchTo makes the design one of another distribution, and says what it has
// no place for.
func (p *base) switchTo(to string) {
	doc := p.c.Current()
	if doc == nil || doc.Design().Distribution == to {
		return
	}
	c := p.c
	left := doc.SwitchDistribution(to, c.distribution(to))
	text := c.say("It is a design of %s now. What both have was kept.", c.distribution(to))
	for _, what := range left {
		text += " " + c.leftOut(what)
	}
	if n := len(doc.Problems()); n > 0 {
		text += " " + c.count(n, "%d thing does not fit: see the problems.", "%d things do not fit: see the problems.")
	}
	c.Tell(model.Message{Text: text, Action: c.say("Undo"), Do: func() { doc.Undo(); c.Quiet() }})
}

// leftOut says what a distribution had no place for.
func (c *context) leftOut(what string) string {
	switch what {
	case "archive":
		return c.say("The addresses and parts of Debian's archive are left out.")
	case "nixos":
		return c.say("The settings that only NixOS has are left out.")
	}
	return c.say("The desktop has to be chosen anew.")
}

// editBase changes the base. A graphical one begins with the distribution's
// first desktop, the others have none.
func (c *context) editBase(value string) {
	c.edit(model.Act("start from the base %s", c.baseName(value)), func(d *design.Design) {
		d.Base = value
		desktops := design.Desktops(d.Distribution)
		switch {
		case value != "graphical":
			d.Desktop = ""
		case !slices.Contains(desktops, d.Desktop) && len(desktops) > 0:
			d.Desktop = desktops[0]
		}
	})
}

// nixos has the fields of NixOS that people often want.
func (p *base) nixos() {
	c, f := p.c, p.form
	f.when(func(d design.Design) bool { return isNixOS(d) && d.Base == "graphical" }, func() {
		t := widgets.NewCheck(c.say("Graphical installer (Calamares)"), nil)
		t.OnPick = func(on bool) {
			c.edit(tickOf(c.say("Graphical installer (Calamares)"), on), func(d *design.Design) {
				nix(d).Installer = nil
				if !on {
					nix(d).Installer = &on
				}
			})
		}
		f.control("nixos.installer", "", c.say("Installs NixOS by clicking. Without it the image is only to be used as it is."), atTheEdge(t), t, func(d, _ design.Design) {
			t.SetValue(d.NixOS == nil || d.NixOS.Installer == nil || *d.NixOS.Installer)
		})
	})
	f.when(func(d design.Design) bool { return isNixOS(d) && d.Base != "netboot" }, func() {
		p.assemblers = newPicks(260, func(value string) {
			c.edit(model.Act("choose what puts the image together"), func(d *design.Design) { nix(d).Assembler = value })
		})
		f.control("nixos.assembler", c.say("Who puts the image together"), "", p.assemblers.content, nil, func(d, defaults design.Design) {
			p.assemblers.set(c.assemblerOptions(), nix(&defaults).Assembler)
		})
	})
	f.when(func(d design.Design) bool {
		return isNixOS(d) && (design.WithDefaults(d).Architecture == "arm64" || d.NixOS != nil && d.NixOS.Medium == "sd")
	}, func() {
		f.segments("nixos.medium", c.say("Medium"), c.say("Boards that start from a memory card want a card image."),
			[]widgets.Option{{Value: "iso", Label: c.say("Stick or disc")}, {Value: "sd", Label: c.say("Memory card")}},
			func(d *design.Design) *string { return &nix(d).Medium })
	})
	f.when(isNixOS, func() { p.pin("nixos.revision") })
}

// pin shows whether the design is held to one state of the distribution.
func (p *base) pin(field string) {
	c := p.c
	box := container.NewStack()
	p.form.control(field, c.say("Versions of the packages"), "", box, nil, func(d, _ design.Design) { fill(box, c.pinState(d)) })
}

// pinState says which packages a build takes, and what can be done about it.
func (c *context) pinState(d design.Design) fyne.CanvasObject {
	doc := c.Current()
	if doc == nil {
		return widgets.Body("")
	}
	if state := model.Pinned(d); state != "" {
		text := c.say("Every build takes the packages of one state: %s.", shortState(state))
		return widgets.Row(12, widgets.Fill(widgets.Body(text)), widgets.Plain(c.say("Unpin"), "", doc.Unpin))
	}
	text := c.say("Every build takes the newest packages there are.")
	plan, fresh := doc.Plan()
	switch {
	case fresh:
		text += " " + c.say("The plan has seen those of %s.", plan.State.Date.Format("2006-01-02"))
		return widgets.Row(12, widgets.Fill(widgets.Body(text)), widgets.Plain(c.say("Pin the present state"), "lock", doc.PinState))
	case doc.Planning():
		return widgets.Body(text + " " + c.say("Looking what they are …"))
	}
	return widgets.Row(12, widgets.Fill(widgets.Body(text)), widgets.Plain(c.say("Look what they are"), "refresh", doc.MakePlan))
}

// shortState is the beginning of a state's hash or revision.
func shortState(state string) string {
	const most = 19
	if len(state) <= most {
		return state
	}
	return state[:most] + "…"
}
