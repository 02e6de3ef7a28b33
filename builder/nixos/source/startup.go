package source

// startup logs somebody in and starts a command without anybody typing.
func (g *generator) startup() {
	m := g.module("startup.nix", "What happens without anybody typing.")
	s := g.d.Startup
	switch {
	case s.Autologin != "":
		m.replace("startup.autologin", "services.getty.autologinUser", text(s.Autologin))
	case g.ownAccounts():
		m.comment("The base logs its own user in.")
		m.replace("startup.autologin", "services.getty.autologinUser", code("null"))
	}
	g.desktopLogin(m)
	if s.Command != "" {
		g.bootCommand(m)
	}
	if g.n.PostBoot != "" {
		m.comment("Late in stage 2, as root.")
		m.set("nixos.post_boot", "boot.postBootCommands", text(endLine(g.n.PostBoot)))
	}
}

// desktopLogin lets the desktop's login screen do as the console does.
func (g *generator) desktopLogin(m *module) {
	if g.d.Base != "graphical" {
		return
	}
	switch s := g.d.Startup; {
	case s.Autologin != "":
		m.replace("startup.autologin", "services.displayManager.autoLogin.enable", boolean(true))
		m.replace("startup.autologin", "services.displayManager.autoLogin.user", text(s.Autologin))
	case !g.keepsInstaller():
		m.replace("startup.autologin", "services.displayManager.autoLogin.enable", boolean(false))
		m.replace("startup.autologin", "services.displayManager.autoLogin.user", code("null"))
	}
}

// bootCommand holds the first console as a getty does. With an automatic login
// the command comes first and the login after its end; without, it is started
// again and again.
func (g *generator) bootCommand(m *module) {
	const field = "startup.command"
	s := g.d.Startup
	if g.d.Base == "graphical" {
		g.fault(field, "the first console of a graphical image has the desktop",
			"take another base, or put a .desktop file into /etc/xdg/autostart with [[files]]")
		return
	}
	getty := `"getty@tty1.service"`
	m.let("command", text("#!/bin/sh -l\n"+s.Command+"\n").apply(`pkgs.writeScript "startup-command"`))
	unit := []pair{
		at("description", text("Command on the first console")),
		at("wantedBy", list(text("multi-user.target"))),
		at("after", list(text("systemd-user-sessions.service"), text("plymouth-quit-wait.service"), text("getty-pre.target"), text("network.target"))),
		at("before", list(text("getty.target"), text("rescue.service"))),
		at("conflicts", list(code(getty), text("rescue.service"))),
		at("unitConfig.ConditionPathExists", text("/dev/tty0")),
	}
	service := []pair{
		at1("Type", text("idle")), at1("ExecStart", code(`"-${command}"`)),
		at1("User", text(s.CommandUser)), at1("WorkingDirectory", text("~")), at1("PAMName", text("login")),
		at1("UtmpIdentifier", text("tty1")), at1("UtmpMode", text("user")),
		at1("StandardInput", text("tty")), at1("StandardOutput", text("tty")), at1("StandardError", text("tty")),
		at1("TTYPath", text("/dev/tty1")), at1("TTYReset", boolean(true)), at1("TTYVHangup", boolean(true)), at1("TTYVTDisallocate", boolean(true)),
		at1("IgnoreSIGPIPE", boolean(false)), at1("SendSIGHUP", boolean(true)),
	}
	if s.Autologin == "" {
		service = append(service, at1("Restart", text("always")), at1("RestartSec", integer(1)))
		unit = append(unit, at("unitConfig.StartLimitIntervalSec", integer(0)))
	} else {
		unit = append(unit, at("onSuccess", list(code(getty))), at("onFailure", list(code(getty))))
	}
	unit = append(unit, at("restartIfChanged", boolean(false)), at("serviceConfig", attrs(service...)))
	m.comment("Takes the first console after start.")
	m.set(field, "systemd.services.startup-command", attrs(unit...))
	m.comment("A login prompt there, which switching to the console starts, would stop it.")
	m.set(field, "systemd.services", boolean(false), "autovt@tty1", "enable")
	if s.Autologin == "" {
		m.set(field, "systemd.services", boolean(false), "getty@tty1", "enable")
	}
}
