package source

import "strings"

// texts are what people read at the console and over ssh.
func (g *generator) texts() {
	m := g.module("texts.nix", "What people read before and after they log in.")
	t := g.d.Texts
	if t.BeforeLogin != "" {
		m.comment(`A backslash is doubled for agetty, which would expand what follows it.`)
		m.set("texts.before_login", "services.getty.greetingLine", text(issueText(t.BeforeLogin)))
	}
	switch {
	case g.n.HelpLine != "":
		m.replace("nixos.help_line", "services.getty.helpLine", text(issueText(g.n.HelpLine)))
	case g.ownAccounts():
		m.comment("The base tells of empty passwords, which this image has not.")
		m.replace("users", "services.getty.helpLine", text(""))
	}
	if t.AfterLogin != "" {
		m.set("texts.after_login", "users.motd", text(t.AfterLogin))
	}
	if t.OnSSH != "" {
		m.set("texts.on_ssh", "environment.etc", text(endLine(t.OnSSH)), "issue.net", "text")
		m.set("texts.on_ssh", "services.openssh.settings.Banner", text("/etc/issue.net"))
	}
}

// endLine ends a text with a line end.
func endLine(s string) string {
	if strings.HasSuffix(s, "\n") {
		return s
	}
	return s + "\n"
}
