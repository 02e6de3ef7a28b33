package source

import (
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/design"
)

// ownAccounts says whether the design says anything about who gets in. If it
// does not, the base's accounts stay as nixpkgs makes them.
func (g *generator) ownAccounts() bool {
	return len(g.d.Users) > 0 || g.d.Root.PasswordHash != "" || len(g.d.Root.SSHKeys) > 0
}

// keepsInstaller says whether the base's user "nixos", who has an empty password
// and may become root, stays: only where the design has no users of its own or
// lets "nixos" in by name.
func (g *generator) keepsInstaller() bool {
	s := g.d.Startup
	return len(g.d.Users) == 0 || s.Autologin == "nixos" || s.CommandUser == "nixos"
}

// users makes accounts. The base leaves root and nixos without a password; here
// only those get in whom the design names.
func (g *generator) users() {
	if !g.ownAccounts() {
		g.warn("users", "the image has the base's accounts: nixos and root, both with an empty password", "add [[users]] or [root] to decide who gets in")
		return
	}
	m := g.module("users.nix", "Who gets in. Everyone who holds the image can read this, so there are only hashes\nand public keys in it.")
	g.rootAccess(m)
	g.baseUser(m)
	groups := map[string]bool{}
	for i, u := range g.d.Users {
		g.user(m, element("users", i), u)
		for _, name := range u.Groups {
			if !slices.Contains(baseGroups, name) && !groups[name] {
				groups[name] = true
				m.set(element("users", i)+".groups", "users.groups", attrs(), name)
			}
		}
	}
	g.sudo(m)
}

// baseGroups are there on every NixOS.
var baseGroups = []string{"wheel", "users", "audio", "video", "disk", "kvm", "input", "tty", "dialout", "cdrom", "floppy", "lp", "networkmanager"}

// rootAccess gives root what the design says, which may be nothing.
func (g *generator) rootAccess(m *module) {
	m.comment("The base gives root an empty password.")
	m.replace("root", "users.users.root.initialHashedPassword", code("null"))
	hash := g.d.Root.PasswordHash
	if hash == "" {
		hash = "!"
	}
	m.set("root.password_hash", "users.users.root.hashedPassword", text(hash))
	if keys := g.d.Root.SSHKeys; len(keys) > 0 {
		m.set("root.ssh_keys", "users.users.root.openssh.authorizedKeys.keys", words("root.ssh_keys", keys))
	}
}

// baseUser locks the base's user where the design has its own, and takes it out
// where nothing else is the user's: on graphical images the base's desktop files
// belong to it.
func (g *generator) baseUser(m *module) {
	if g.keepsInstaller() {
		if !g.hasUser("nixos") {
			g.warn("users", "the image keeps the base's user nixos, who has an empty password and may become root", "add [[users]] to replace it")
		}
		return
	}
	if g.hasUser("nixos") {
		return
	}
	m.comment("The base's own user gets in no longer and may do nothing.")
	if g.atLeast("25.05") && g.d.Base != "graphical" {
		m.set("users", "users.users.nixos.enable", boolean(false))
	}
	m.replace("users", "users.users.nixos.initialHashedPassword", code("null"))
	m.set("users", "users.users.nixos.hashedPassword", text("!"))
	m.replace("users", "users.users.nixos.extraGroups", list())
	m.replace("users", "users.users.nixos.shell", code(`"${pkgs.shadow}/bin/nologin"`))
}

func (g *generator) hasUser(name string) bool {
	return slices.ContainsFunc(g.d.Users, func(u design.User) bool { return u.Name == name })
}

// user makes one account.
func (g *generator) user(m *module, at string, u design.User) {
	set := func(field, option string, value expr) {
		m.set(at+"."+field, "users.users", value, append([]string{u.Name}, strings.Split(option, ".")...)...)
	}
	over := set
	if u.Name == "nixos" {
		over = func(field, option string, value expr) {
			m.replace(at+"."+field, "users.users", value, append([]string{u.Name}, strings.Split(option, ".")...)...)
		}
		over("password_hash", "initialHashedPassword", code("null"))
	}
	set("name", "isNormalUser", boolean(true))
	if u.FullName != "" {
		set("full_name", "description", text(u.FullName))
	}
	hash := u.PasswordHash
	if hash == "" {
		hash = "!"
	}
	set("password_hash", "hashedPassword", text(hash))
	groups := slices.Clone(u.Groups)
	if u.Sudo == "nopassword" && !slices.Contains(groups, "wheel") {
		groups = append(groups, "wheel")
	}
	if len(groups) > 0 || u.Name == "nixos" {
		over("groups", "extraGroups", words(at+".groups", groups))
	}
	if len(u.SSHKeys) > 0 {
		set("ssh_keys", "openssh.authorizedKeys.keys", words(at+".ssh_keys", u.SSHKeys))
	}
	if u.Shell != "" {
		g.shell(m, at+".shell", u)
	}
}

// sudo says who may become root, and how. On nixpkgs's graphical images members
// of wheel are root for polkit without being asked, so those who have to give
// their password are not put into it.
func (g *generator) sudo(m *module) {
	if len(g.d.Users) == 0 {
		return
	}
	var rules []expr
	for i, u := range g.d.Users {
		at := element("users", i) + ".sudo"
		switch u.Sudo {
		case "password":
			rules = append(rules, attrs(at1("users", list(text(u.Name))), at1("commands", list(text("ALL")))).of(at))
		case "nopassword":
			rules = append(rules, noPassword(u.Name).of(at))
		}
	}
	if g.keepsInstaller() && !g.hasUser("nixos") {
		rules = append(rules, noPassword("nixos"))
	}
	m.comment("The base lets all of wheel become root without a password.")
	m.replace("users", "security.sudo.wheelNeedsPassword", boolean(true))
	if len(rules) > 0 {
		m.set("users", "security.sudo.extraRules", list(rules...))
	}
}

func at1(name string, value expr) pair { return pair{[]string{name}, value} }

func noPassword(user string) expr {
	command := attrs(at1("command", text("ALL")), at1("options", list(text("NOPASSWD"))))
	return attrs(at1("users", list(text(user))), at1("commands", list(command)))
}
