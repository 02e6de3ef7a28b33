package view

import (
	"strings"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/ui/model"
	"github.com/isowright/isowright/ui/widgets"
)

// texts are what people read when they log in, with what they see then.
type texts struct {
	c            *context
	console, ssh *widgets.Console
	high         *widgets.Text
}

// newTexts puts the texts and their previews into a form.
func newTexts(c *context, f *form) {
	t := &texts{c: c, console: widgets.NewConsole(model.ConsoleWidth), ssh: widgets.NewConsole(model.ConsoleWidth), high: widgets.Note("")}
	f.heading(c.say("Texts at login"))
	f.lines("texts.before_login", c.say("Before the login"), c.say("Above the login prompt of the console. It is shown as it stands here."), 4,
		func(d *design.Design) *string { return &d.Texts.BeforeLogin })
	f.when(func(d design.Design) bool { return d.Distribution == "nixos" }, func() {
		f.lines("nixos.help_line", c.say("Help line"), c.say("Below that text; it replaces what the NixOS installer says there."), 2,
			func(d *design.Design) *string { return &nix(d).HelpLine })
	})
	f.lines("texts.after_login", c.say("After the login"), c.say("For everyone who has logged in, at the console and over ssh."), 4,
		func(d *design.Design) *string { return &d.Texts.AfterLogin })
	f.object(widgets.Column(6, widgets.Note(c.say("What the console shows, %d characters wide:", model.ConsoleWidth)), t.console, t.high), t.showConsole)
	f.lines("texts.on_ssh", c.say("Before a login over ssh"), c.say("Sent to everyone who connects, before they have shown who they are."), 3,
		func(d *design.Design) *string { return &d.Texts.OnSSH })
	f.when(func(d design.Design) bool { return d.Texts.OnSSH != "" }, func() {
		f.object(fyne.CanvasObject(t.ssh), t.showSSH)
	})
}

// somebody is a name to show a login with.
func somebody(d design.Design) string {
	if len(d.Users) > 0 && d.Users[0].Name != "" {
		return d.Users[0].Name
	}
	return "root"
}

// endLine ends a text with a line end, if there is one.
func endLine(s string) string {
	if s == "" || strings.HasSuffix(s, "\n") {
		return s
	}
	return s + "\n"
}

// showConsole shows a login at the console.
func (t *texts) showConsole() {
	d := design.WithDefaults(t.c.design())
	help := ""
	if d.NixOS != nil {
		help = endLine(d.NixOS.HelpLine)
	}
	who, host := somebody(d), d.System.Hostname
	above := endLine(d.Texts.BeforeLogin) + help
	text := above
	if text != "" {
		text += "\n"
	}
	text += host + " login: " + who + "\n" + endLine(d.Texts.AfterLogin) + who + "@" + host + ":~$ "
	lines := model.ConsoleLines(text, model.ConsoleWidth)
	t.console.SetLines(lines)
	t.high.SetText("")
	if n := len(model.ConsoleLines(above, model.ConsoleWidth)); n >= model.ConsoleHeight {
		t.high.SetText(t.c.say("A small console shows %d lines: the beginning of the text above the login prompt will have gone out of sight.", model.ConsoleHeight))
	}
	t.high.Hidden = t.high.Text() == ""
}

// showSSH shows a login over ssh.
func (t *texts) showSSH() {
	d := design.WithDefaults(t.c.design())
	login := somebody(d) + "@" + d.System.Hostname
	text := "$ ssh " + login + "\n" + endLine(d.Texts.OnSSH)
	t.ssh.SetLines(model.ConsoleLines(text, model.ConsoleWidth))
}
