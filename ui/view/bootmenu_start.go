package view

import (
	"slices"
	"strconv"
	"strings"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
	"github.com/isowright/isowright/ui/words"
)

// menuStart has what happens when the menu comes up: what starts by itself and
// when, on which screen, and which further ways to start there are.
type menuStart struct {
	menuForm
	wait    *widgets.Segments
	seconds *widgets.Entry
	starts  *widgets.Choice
}

func newMenuStart(c *context) *menuStart {
	s := &menuStart{menuForm: menuForm{form: c.newForm()}}
	s.form.text("boot.title", c.say("Title"), c.say("Stands above the menu where it has a theme."), func(d *design.Design) *string { return &d.Boot.Title })
	s.starting()
	s.timeout()
	s.form.segments("boot.timeout_style", c.say("Meanwhile the screen shows"), c.say("The menu can always be called by Esc."), []widgets.Option{
		{Value: "menu", Label: c.say("the menu")}, {Value: "countdown", Label: c.say("the seconds")}, {Value: "hidden", Label: c.say("nothing")},
	}, func(d *design.Design) *string { return &d.Boot.TimeoutStyle })
	s.resolution()
	s.form.tick("boot.serial", c.say("Also on the first serial line"), c.say("For machines without a screen: 115200 baud."), func(d *design.Design) *bool { return &d.Boot.Serial })
	s.form.heading(c.say("Other ways to start"))
	s.form.note(c.say("Each tick adds an entry to a submenu of its own."))
	for _, v := range design.VariantNames() {
		s.variant(v)
	}
	s.done()
	return s
}

// starting chooses the entry that starts by itself.
func (s *menuStart) starting() {
	c := s.c
	label := c.say("Starts by itself")
	s.starts = widgets.NewChoice(nil, func(value string) {
		c.edit(changeOf(label, ""), func(d *design.Design) { d.Boot.Default = value })
	})
	s.form.control("boot.default", label, "", s.starts, s.starts, func(d, _ design.Design) {
		options := []widgets.Option{{Value: "", Label: c.say("The first entry")}}
		for _, name := range model.StartNames(d) {
			options = append(options, widgets.Option{Value: name, Label: strings.ReplaceAll(name, ">", " › ")})
		}
		if name := d.Boot.Default; !slices.ContainsFunc(options, func(o widgets.Option) bool { return o.Value == name }) {
			options = append(options, widgets.Option{Value: name})
		}
		s.starts.SetChoices(options)
		s.starts.SetValue(d.Boot.Default)
	})
}

// timeout chooses how long the menu waits.
func (s *menuStart) timeout() {
	c := s.c
	label := c.say("After")
	set := func(a model.Action, t *int) { c.edit(a, func(d *design.Design) { d.Boot.Timeout = t }) }
	s.wait = widgets.NewSegments([]widgets.Option{{Value: "", Label: c.say("5 seconds")}, {Value: "n", Label: c.say("other seconds")}, {Value: "-1", Label: c.say("never")}},
		func(value string) {
			switch value {
			case "":
				set(changeOf(label, ""), nil)
			case "-1":
				set(changeOf(label, ""), new(-1))
			default:
				set(changeOf(label, ""), new(10))
				c.focus(s.seconds)
			}
		})
	s.seconds = widgets.NewEntry()
	c.bind(s.seconds)
	s.seconds.OnEdit = func(text string) {
		if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil {
			set(changeOf(label, "boot.timeout"), &n)
		}
	}
	row := widgets.Row(widgets.Gap, widgets.Fill(s.wait), widgets.Fixed(72, s.seconds))
	s.form.control("boot.timeout", label, c.say("0 starts at once, without showing the menu."), row, s.wait, func(d, _ design.Design) {
		switch t := d.Boot.Timeout; {
		case t == nil:
			s.wait.SetValue("")
			s.seconds.SetValue("")
		case *t < 0:
			s.wait.SetValue("-1")
			s.seconds.SetValue("")
		default:
			s.wait.SetValue("n")
			s.seconds.SetValue(strconv.Itoa(*t))
		}
		if s.wait.Value() == "n" {
			s.seconds.Enable()
		} else {
			s.seconds.Disable()
		}
	})
}

// resolutions are usual ones.
func resolutions() []string {
	return []string{"640x480", "800x600", "1024x768", "1280x720", "1280x1024", "1366x768", "1600x900", "1920x1080"}
}

// resolution is typed, or chosen from the usual ones.
func (s *menuStart) resolution() {
	c := s.c
	label := c.say("Resolution")
	e := widgets.NewEntry()
	c.bind(e)
	e.OnEdit = func(text string) {
		c.edit(changeOf(label, "boot.resolution"), func(d *design.Design) { d.Boot.Resolution = text })
	}
	usual := widgets.NewSelect(append([]widgets.Option{{Value: "auto", Label: "auto"}}, widgets.Options(resolutions()...)...), func(value string) {
		c.edit(changeOf(label, ""), func(d *design.Design) { d.Boot.Resolution = value })
	})
	usual.PlaceHolder = c.say("Usual ones")
	s.form.control("boot.resolution", label, c.say("What the firmware is asked for, like 1024x768; several with commas are tried in turn. auto takes what it prefers."),
		widgets.Row(widgets.Gap, widgets.Fill(e), widgets.Fixed(132, usual)), e, func(d, defaults design.Design) {
			e.SetPlaceHolder(defaults.Boot.Resolution)
			e.SetValue(d.Boot.Resolution)
			usual.SetValue(d.Boot.Resolution)
		})
}

// variantWords are the ways to start that a design may tick.
func variantWords(name string) (title, note string) {
	switch name {
	case "to-ram":
		return words.Key("Copied to memory"), words.Key("Afterwards the medium can be taken out.")
	case "nomodeset":
		return words.Key("With basic graphics"), words.Key("For graphics hardware that stays black (nomodeset).")
	case "text":
		return words.Key("In text mode"), words.Key("Without the graphical desktop.")
	case "debug":
		return words.Key("With debug messages"), words.Key("Everything that kernel and services say is on the screen.")
	case "serial":
		return words.Key("On a serial console"), words.Key("ttyS0 at 115200 baud, beside the screen.")
	case "high-resolution":
		return words.Key("With large text"), words.Key("For screens of a very high resolution.")
	}
	return name, ""
}

// variant is the tick of one.
func (s *menuStart) variant(name string) {
	c := s.c
	title, note := variantWords(name)
	label := c.say(title)
	if note != "" {
		note = c.say(note)
	}
	t := widgets.NewCheck(label, func(on bool) {
		c.edit(tickOf(label, on), func(d *design.Design) { model.TickVariant(d, name, on) })
	})
	s.form.control("boot.variants", "", note, t, t, func(d, _ design.Design) { t.SetValue(slices.Contains(d.Boot.Variants, name)) })
}

func (s *menuStart) focus(field string) bool { return s.form.focus(field) }
