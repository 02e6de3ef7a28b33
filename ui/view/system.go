package view

import (
	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// systemPage has what every system has: name, language, keyboard, time zone,
// network, and the texts at the console.
type systemPage struct {
	c                             *context
	form                          *form
	content                       fyne.CanvasObject
	offers                        model.Offers
	locale, zone, layout, variant *widgets.Choice
	// offered is the layout whose variants are offered.
	offered string
}

func newSystem(c *context) page {
	p := &systemPage{c: c, form: c.newForm()}
	p.language()
	p.network()
	newTexts(c, p.form)
	take := widgets.Plain(c.say("Take from this computer"), "computer", p.take)
	take.SetTip(c.say("Language, keyboard and time zone as this computer has them"))
	p.content = widgets.Page(c.say("System"), c.say("What the system is called, which language it speaks, and how it comes to its network."),
		[]fyne.CanvasObject{take}, widgets.PageBody(p.form.content()))
	c.Offers(p.have)
	return p
}

func (p *systemPage) Content() fyne.CanvasObject { return p.content }

func (p *systemPage) Refresh(model.Change) {
	if layout := orUS(p.c.design().System.Keyboard.Layout); layout != p.offered {
		p.offered = layout
		usual := []widgets.Option{{Value: "", Label: p.c.say("the usual one")}}
		p.variant.SetChoices(append(usual, options(model.VariantsOf(p.offers.Layouts, layout), named)...))
	}
	p.form.refresh()
}

func (p *systemPage) Focus(field string) { p.form.focus(field) }

// orUS is the layout that a design without one has.
func orUS(layout string) string {
	if layout == "" {
		return "us"
	}
	return layout
}

// named is a named value as an option.
func named(n model.Named) (value, text string) { return n.Value, n.Text }

// have takes what there is to choose from.
func (p *systemPage) have(o model.Offers) {
	p.offers, p.offered = o, ""
	p.locale.SetChoices(options(o.Locales, named))
	p.zone.SetChoices(options(o.Zones, named))
	p.layout.SetChoices(p.layouts())
	p.Refresh(model.Change{})
}

// layouts are the keyboard layouts as options.
func (p *systemPage) layouts() []widgets.Option {
	return options(p.offers.Layouts, func(l model.Layout) (string, string) { return l.Value, l.Text })
}

// language has the fields of name, language, keyboard and time zone.
func (p *systemPage) language() {
	c, f := p.c, p.form
	f.text("system.hostname", c.say("Host name"), c.say("The name of the machine in the network: letters, digits and hyphens."),
		func(d *design.Design) *string { return &d.System.Hostname })
	p.locale = f.choice("system.locale", c.say("Language and region"), c.say("Decides messages, sorting, dates and units."), nil,
		func(d *design.Design) *string { return &d.System.Locale })
	f.beside(besideWidth, p.keyboard)
	f.beside(besideWidth, func() {
		f.text("system.keyboard.model", c.say("Keyboard model"), c.say("Only for unusual keyboards, like macbook79. Empty: pc105."),
			func(d *design.Design) *string { return &d.System.Keyboard.Model })
		f.text("system.keyboard.options", c.say("Keyboard options"), c.say("With commas between: grp:alt_shift_toggle,compose:ralt."),
			func(d *design.Design) *string { return &d.System.Keyboard.Options })
	})
	p.zone = f.choice("system.time_zone", c.say("Time zone"), "", nil,
		func(d *design.Design) *string { return &d.System.TimeZone })
	f.when(func(d design.Design) bool { return d.Distribution == "nixos" }, func() {
		f.text("nixos.console_font", c.say("Console font"), c.say("A font of the text console, like ter-v32n for screens with very small pixels."),
			func(d *design.Design) *string { return &nix(d).ConsoleFont })
		f.tick("nixos.early_console", c.say("Set font and keyboard as early as possible"), c.say("Already in stage 1, where a disk's password is asked for."),
			func(d *design.Design) *bool { return &nix(d).EarlyConsole })
	})
}

// keyboard has layout and variant.
func (p *systemPage) keyboard() {
	c, f := p.c, p.form
	p.layout = widgets.NewChoice(nil, func(value string) {
		c.edit(model.Act("change %s", c.say("Keyboard")), func(d *design.Design) {
			// The variants of one layout mean nothing to another.
			d.System.Keyboard.Layout, d.System.Keyboard.Variant = value, ""
		})
	})
	f.control("system.keyboard.layout", c.say("Keyboard"), "", p.layout, p.layout, func(d, defaults design.Design) {
		p.layout.SetValue(defaults.System.Keyboard.Layout)
	})
	p.variant = f.choice("system.keyboard.variant", c.say("Keyboard variant"), c.say("For example without dead keys."), nil,
		func(d *design.Design) *string { return &d.System.Keyboard.Variant })
}

// nix are the settings that only NixOS has, made where there are none.
func nix(d *design.Design) *design.NixOS {
	if d.NixOS == nil {
		d.NixOS = &design.NixOS{}
	}
	return d.NixOS
}

// network has the fields of the network.
func (p *systemPage) network() {
	c, f := p.c, p.form
	f.heading(c.say("Network"))
	f.segments("network.mode", c.say("Addresses"), c.say("DHCP: the network gives them. Fixed: they stand here. Off: the system has no network."),
		[]widgets.Option{{Value: "dhcp", Label: "DHCP"}, {Value: "static", Label: c.say("Fixed")}, {Value: "off", Label: c.say("Off")}},
		func(d *design.Design) *string { return &d.Network.Mode })
	f.when(netOr(func(n design.Network) bool { return n.Mode != "off" || n.Interface != "" }), func() {
		f.text("network.interface", c.say("Interface"), c.say("A name like enp3s0 or a pattern like en*. Empty: every wired one."),
			func(d *design.Design) *string { return &d.Network.Interface })
	})
	list := func(field, label, note string, shown func(design.Network) bool, at func(*design.Design) *[]string) {
		f.when(netOr(shown), func() { f.tokens(field, label, note, nil, at) })
	}
	list("network.addresses", c.say("Fixed addresses"), c.say("With the length of the prefix, like 192.0.2.10/24 or 2001:db8::2/64."),
		func(n design.Network) bool { return n.Mode == "static" || len(n.Addresses) > 0 },
		func(d *design.Design) *[]string { return &d.Network.Addresses })
	list("network.gateways", c.say("Gateways"), c.say("The routers that lead to other networks."),
		func(n design.Network) bool { return n.Mode == "static" || len(n.Gateways) > 0 },
		func(d *design.Design) *[]string { return &d.Network.Gateways })
	list("network.dns", c.say("Name servers (DNS)"), c.say("With DHCP the network names them too."),
		func(n design.Network) bool { return n.Mode != "off" || len(n.DNS) > 0 },
		func(d *design.Design) *[]string { return &d.Network.DNS })
	list("network.search", c.say("Search domains"), c.say("Names without a dot are looked for in these domains."),
		func(n design.Network) bool { return n.Mode != "off" || len(n.Search) > 0 },
		func(d *design.Design) *[]string { return &d.Network.Search })
	newWiFi(c, f)
}

// netOr looks at a design's network.
func netOr(fits func(design.Network) bool) func(design.Design) bool {
	return func(d design.Design) bool { return fits(d.Network) }
}

// take fills in what this computer has.
func (p *systemPage) take() {
	doc := p.c.Current()
	if doc == nil {
		return
	}
	doc.TakeFromComputer(func(found model.Computer) {
		if found == (model.Computer{}) {
			p.c.Tell(model.Message{Kind: "warning", Text: p.c.say("This computer does not say which language, keyboard and time zone it has.")})
			return
		}
		p.c.Tell(model.Message{Kind: "good", Text: p.c.say("Taken from this computer: %s.", p.c.taken(found))})
	})
}

// taken names what a computer had.
func (c *context) taken(found model.Computer) string {
	text := ""
	for _, s := range []string{found.Locale, found.Keyboard.Layout, found.TimeZone} {
		if s == "" {
			continue
		}
		if text != "" {
			text += ", "
		}
		text += s
	}
	return text
}
