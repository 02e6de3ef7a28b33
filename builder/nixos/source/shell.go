package source

import (
	"strconv"
	"strings"

	"github.com/isowright/isowright/builder/design"
)

// shell finds the package that brings a shell: NixOS has only /bin/sh at its
// usual place.
func (g *generator) shell(m *module, field string, u design.User) {
	set := func(e expr) { m.set(field, "users.users", e, u.Name, "shell") }
	name := u.Shell[strings.LastIndex(u.Shell, "/")+1:]
	switch {
	case u.Shell == "/bin/sh" || strings.HasPrefix(u.Shell, "/run/current-system/sw/"):
		set(text(u.Shell))
	case strings.HasPrefix(u.Shell, "/bin/") || strings.HasPrefix(u.Shell, "/usr/"):
		switch name {
		case "bash":
			set(code("pkgs.bashInteractive"))
		case "zsh", "fish":
			if m.has("programs." + name + ".enable") {
				set(code("pkgs." + name))
				return
			}
			m.set(field, "programs."+name+".enable", boolean(true))
			set(code("pkgs." + name))
		case "nologin", "false":
			set(code(`"${pkgs.shadow}/bin/nologin"`))
		case "dash", "tcsh", "nushell", "nu", "ksh", "mksh", "xonsh", "elvish":
			packages := map[string]string{"nu": "nushell"}
			if p := packages[name]; p != "" {
				name = p
			}
			set(code("pkgs." + name))
		default:
			g.fault(field, "NixOS has no shell "+strconv.Quote(u.Shell), "name /bin/bash, /bin/zsh, /bin/fish, or a program below /run/current-system/sw/bin")
		}
	default:
		g.fault(field, "NixOS has no shell "+strconv.Quote(u.Shell), "name /bin/bash, /bin/zsh, /bin/fish, or a program below /run/current-system/sw/bin")
	}
}
