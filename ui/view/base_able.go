package view

import (
	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/ui/widgets"
)

// ableNotice says whether this computer can build images of a distribution, and
// what to do where it cannot.
func (c *context) ableNotice(distribution string) []fyne.CanvasObject {
	a := c.Ability(distribution)
	name := c.distribution(distribution)
	switch {
	case !a.Known:
		return nil
	case a.Err == nil && a.With.Engine != "":
		return []fyne.CanvasObject{widgets.Notice(widgets.Good, c.say("This computer can build images of %s: %s.", name, c.engineText(a.With.Engine)))}
	case a.Err == nil && a.With.Program != "":
		return []fyne.CanvasObject{widgets.Notice(widgets.Good, c.say("This computer can build images of %s, with %s (%s).", name, a.With.Version, a.With.Program))}
	case a.Err == nil:
		return []fyne.CanvasObject{widgets.Notice(widgets.Good, c.say("This computer can build images of %s. Nothing has to be installed for it.", name))}
	}
	e := c.explain(a.Err)
	again := widgets.Plain(c.say("Look again"), "refresh", func() { c.LookAgain(distribution) })
	if len(a.With.Choices) == 0 {
		return []fyne.CanvasObject{widgets.Notice(widgets.Warning, c.say("This computer cannot build images of %s yet: %s", name, e.text+". "+e.hint), again)}
	}
	rows := []fyne.CanvasObject{widgets.Notice(widgets.Warning, c.say("This computer has no Nix, which images of %s are built with. There are other ways; designing works without it.", name), again)}
	for _, choice := range a.With.Choices {
		if choice.Possible {
			rows = append(rows, c.choiceRow(distribution, choice))
		}
	}
	return []fyne.CanvasObject{widgets.Column(widgets.Gap, rows...)}
}

// engineText is what Nix runs in.
func (c *context) engineText(engine string) string {
	if engine == builder.Builtin {
		return c.say("with a Nix that is fetched from Debian and unpacked, without being installed")
	}
	return c.say("Nix runs in a container of %s", engine)
}

// choiceRow is a way to build: one that needs nothing but a yes has a button,
// the others say what to type.
func (c *context) choiceRow(distribution string, choice builder.Choice) fyne.CanvasObject {
	words := []fyne.CanvasObject{widgets.Line(c.Words().Of(choice.Title)).Bold(), widgets.Note(c.Words().Of(choice.Why))}
	if choice.Engine == "" {
		for _, line := range choice.Commands {
			words = append(words, widgets.Mono(line))
		}
		return widgets.Card("", "", widgets.Column(4, words...))
	}
	use := widgets.Plain(c.say("Use it"), "", func() { c.UseEngine(distribution, choice.Engine) })
	return widgets.Card("", "", widgets.Row(12, widgets.Fill(widgets.Column(4, words...)), use))
}
