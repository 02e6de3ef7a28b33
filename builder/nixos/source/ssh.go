package source

// ssh switches the server on or off; the base has it on, with root let in.
func (g *generator) ssh() {
	m := g.module("ssh.nix", "The ssh server.")
	s := g.d.SSH
	if !s.Enable {
		m.setWeakly("ssh.enable", "services.openssh.enable", boolean(false))
		return
	}
	m.set("ssh.enable", "services.openssh.enable", boolean(true))
	if s.Port != 22 {
		m.set("ssh.port", "services.openssh.ports", list(integer(s.Port)))
	}
	m.set("ssh.password_login", "services.openssh.settings.PasswordAuthentication", boolean(s.PasswordLogin))
	m.set("ssh.password_login", "services.openssh.settings.KbdInteractiveAuthentication", boolean(false))
	login := "no"
	if len(g.d.Root.SSHKeys) > 0 {
		login = "prohibit-password"
	}
	m.set("root.ssh_keys", "services.openssh.settings.PermitRootLogin", text(login))
	if !g.ownAccounts() {
		g.warn("ssh.enable", "nobody can log in over ssh: no account has a key or password", "add ssh_keys to a user or to [root]")
	}
}
