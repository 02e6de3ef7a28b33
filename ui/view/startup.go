package view

import (
	"cmp"
	"slices"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
	"github.com/isowright/isowright/ui/words"
)

// startupPage has what happens without anybody typing.
type startupPage struct {
	c        *context
	form     *form
	content  fyne.CanvasObject
	sentence *widgets.Text
	auto     *widgets.Choice
	runner   *widgets.Choice
	// runners are those that runner offers.
	runners []widgets.Option
}

// example is a command to take, with the packages that it needs.
type example struct {
	// title and note are English, for say.
	title, note string
	command     string
	// packages are its packages by distribution.
	packages map[string][]string
}

// examples are commands that people want on the first console. Firefox has
// another name in Debian.
func examples(distribution string) []example {
	browser := "firefox"
	if distribution == "debian" {
		browser = "firefox-esr"
	}
	both := func(names ...string) map[string][]string {
		return map[string][]string{"debian": names, "nixos": names}
	}
	return []example{
		{words.Key("Kiosk"), words.Key("One web page on the whole screen: cage shows a single program, here Firefox."),
			"cage -- " + browser + " --kiosk https://example.org", both("cage", browser)},
		{words.Key("System monitor"), words.Key("htop shows what the machine is doing."), "htop", both("htop")},
		{words.Key("Disk rescue"), words.Key("testdisk finds lost partitions and files."), "testdisk", both("testdisk")},
	}
}

func newStartup(c *context) page {
	p := &startupPage{c: c, form: c.newForm(), sentence: widgets.Body("")}
	f := p.form
	f.object(widgets.Card("", "", widgets.Row(12, widgets.Icon("startup"), widgets.Fill(p.sentence))), p.tell)
	p.auto = f.choice("startup.autologin", c.say("Log in by itself"), c.say("Somebody who is logged in on the first console, and on a desktop, without a password."), nil,
		func(d *design.Design) *string { return &d.Startup.Autologin })
	command := f.text("startup.command", c.say("Command on the first console"), c.say("One line for the shell. It takes the first console; the other consoles still ask for a login."),
		func(d *design.Design) *string { return &d.Startup.Command })
	command.TextStyle.Monospace = true
	f.when(func(d design.Design) bool { return d.Startup.Command != "" || d.Startup.CommandUser != "" }, func() {
		p.runner = f.choice("startup.command_user", c.say("Run as"), "", nil,
			func(d *design.Design) *string { return &d.Startup.CommandUser })
	})
	f.object(p.offers(), nil)
	f.when(func(d design.Design) bool { return d.Distribution == "nixos" }, func() {
		e := f.lines("nixos.post_boot", c.say("Commands late in the start"), c.say("Lines of shell that run once as root, before the services start (boot.postBootCommands)."), 4,
			func(d *design.Design) *string { return &nix(d).PostBoot })
		e.TextStyle.Monospace = true
	})
	p.content = widgets.Page(c.say("Start-up"), c.say("What happens when the system has started, without anybody typing."), nil, widgets.PageBody(f.content()))
	return p
}

func (p *startupPage) Content() fyne.CanvasObject { return p.content }

func (p *startupPage) Focus(field string) { p.form.focus(field) }

func (p *startupPage) Refresh(model.Change) {
	d := p.c.design()
	people := p.people(d)
	runners := append([]widgets.Option{{Value: "", Label: p.c.say("as it comes: %s", cmp.Or(d.Startup.Autologin, "root"))}}, people...)
	if !slices.Equal(runners, p.runners) {
		p.runners = runners
		p.auto.SetChoices(append([]widgets.Option{{Value: "", Label: p.c.say("nobody: ask for a name and password")}}, people...))
		p.runner.SetChoices(runners)
	}
	p.form.refresh()
	p.runner.SetValue(d.Startup.CommandUser)
}

// people are those who can be logged in.
func (p *startupPage) people(d design.Design) []widgets.Option {
	var all []widgets.Option
	for _, u := range d.Users {
		if u.Name != "" {
			all = append(all, widgets.Option{Value: u.Name})
		}
	}
	all = append(all, widgets.Option{Value: "root"})
	if d.Distribution == "nixos" && !slices.ContainsFunc(d.Users, func(u design.User) bool { return u.Name == "nixos" }) {
		all = append(all, widgets.Option{Value: "nixos", Label: p.c.say("nixos, the installer's own user")})
	}
	return all
}

// tell says in one sentence what happens at the start.
func (p *startupPage) tell() { p.sentence.SetText(p.c.startSentence(p.c.design())) }

// startSentence says what happens at the start of a design's system.
func (c *context) startSentence(d design.Design) string {
	s := design.WithDefaults(d).Startup
	switch {
	case s.Command != "" && s.Autologin != "":
		return c.say("After the start “%s” runs on the first console as %s; when it has ended, %s is logged in there.", s.Command, s.CommandUser, s.Autologin)
	case s.Command != "":
		return c.say("After the start “%s” runs on the first console as %s; when it ends, it is started again.", s.Command, s.CommandUser)
	case s.Autologin != "" && d.Base == "graphical":
		return c.say("After the start %s is logged in and sees the desktop.", s.Autologin)
	case s.Autologin != "":
		return c.say("After the start %s is logged in on the first console and sees a shell.", s.Autologin)
	case d.Base == "graphical":
		return c.say("After the start the desktop's login screen asks who is there.")
	case !ownAccounts(d):
		return c.say("After the start the installer's own user nixos is logged in on the first console.")
	}
	return c.say("After the start the first console asks for a login.")
}

// offers are the examples as cards.
func (p *startupPage) offers() fyne.CanvasObject {
	c := p.c
	var cards []fyne.CanvasObject
	for _, e := range examples(c.design().Distribution) {
		cards = append(cards, widgets.TapCard(nil, c.say(e.title), c.say(e.note), func() { p.take(e) }))
	}
	return widgets.Column(8, widgets.Note(c.say("Examples to take; the packages they need are ticked too:")), widgets.Cards(200, 12, cards...))
}

// take fills an example in, with its packages, in one step.
func (p *startupPage) take(e example) {
	p.c.edit(model.Act("take the example %s", p.c.say(e.title)), func(d *design.Design) {
		d.Startup.Command = e.command
		for _, name := range e.packages[d.Distribution] {
			if !slices.Contains(d.Packages, name) {
				d.Packages = append(d.Packages, name)
			}
		}
	})
}
