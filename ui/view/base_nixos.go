package view

import (
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// nixIn is a text of the part for NixOS.
func nixIn(at func(*design.NixOS) *string) func(*design.Design) *string {
	return func(d *design.Design) *string { return at(nix(d)) }
}

// nixList is a list of it.
func nixList(at func(*design.NixOS) *[]string) func(*design.Design) *[]string {
	return func(d *design.Design) *[]string { return at(nix(d)) }
}

// moreNixOS has the fields of NixOS that few people need.
func (p *base) moreNixOS() {
	c, f := p.c, p.more
	f.when(isNixOS, func() {
		f.heading(c.say("Which nixpkgs"))
		f.text("nixos.channel", c.say("Channel"), c.say("Where the release's packages are published. The -small ones are newer, but more has to be compiled here."),
			nixIn(func(n *design.NixOS) *string { return &n.Channel }))
		f.text("nixos.revision", c.say("Revision"), c.say("One commit of nixpkgs, 40 hexadecimal digits: with it, every build takes the same packages. Empty: the channel's newest."),
			nixIn(func(n *design.NixOS) *string { return &n.Revision }))
		f.text("nixos.hash", c.say("Hash of the revision"), c.say("sha256-…, which nix flake metadata shows. Empty: it is looked up when the plan is made."),
			nixIn(func(n *design.NixOS) *string { return &n.Hash }))
		f.text("nixos.state_version", c.say("State version"), c.say("The release whose habits for data the system keeps (system.stateVersion)."),
			nixIn(func(n *design.NixOS) *string { return &n.StateVersion }))
		f.heading(c.say("Your own Nix code"))
		f.text("nixos.flake.url", c.say("Flake"), c.say("A flake that brings modules, like github:me/config or ./config in the design's folder."),
			nixIn(func(n *design.NixOS) *string { return &n.Flake.URL }))
		f.tokens("nixos.flake.modules", c.say("Modules of the flake"), c.say("Names in its nixosModules. Enter adds one."), nil,
			nixList(func(n *design.NixOS) *[]string { return &n.Flake.Modules }))
		f.text("nixos.flake.host", c.say("Host of the flake"), c.say("A name in its nixosConfigurations whose modules the image takes over."),
			nixIn(func(n *design.NixOS) *string { return &n.Flake.Host }))
		f.tokens("nixos.imports", c.say("Nix files"), c.say("Files in the design's folder that become part of the configuration, like nix/printer.nix."), nil,
			nixList(func(n *design.NixOS) *[]string { return &n.Imports }))
		p.modules = newModules(c)
		f.object(p.modules.content, p.modules.refresh)
		p.settings()
	})
}

// settings has the lines of nix.conf. Lines that cannot be read yet are left to
// the person, and told below the field.
func (p *base) settings() {
	c, f := p.c, p.more
	e := widgets.NewMultiEntry(4)
	c.bind(e)
	label := c.say("Settings of Nix in the image")
	box := widgets.Field(label, c.say("Lines as in nix.conf: max-jobs = 4. A list has blanks between its parts."), e)
	unread := false
	e.OnEdit = func(text string) {
		settings, wrong := model.ParseNixSettings(text)
		unread = wrong != ""
		if unread {
			box.SetProblem(c.say("%s is not a setting: write it as name = value", wrong))
			return
		}
		c.edit(changeOf(label, "nixos.settings"), func(d *design.Design) { nix(d).Settings = settings })
	}
	f.add(formRow{field: "nixos.settings", object: box, focus: e, refresh: func(d, _ design.Design) {
		have := map[string]any{}
		if d.NixOS != nil {
			have = d.NixOS.Settings
		}
		if shown, wrong := model.ParseNixSettings(e.Text); wrong == "" && model.NixSettingsText(shown) == model.NixSettingsText(have) {
			// The same, in the person's own spacing.
			unread = false
		} else if !unread {
			e.SetValue(model.NixSettingsText(have))
		}
		if doc := c.Current(); doc != nil && !unread {
			problem, _ := doc.ProblemAt("nixos.settings")
			box.SetProblem(c.problemText(problem))
		}
	}})
}
