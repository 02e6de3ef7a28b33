//go:build nixpkgs

package source_test

import "strings"

func topScenarios() []scenario {
	return []scenario{
		field("name", `name = "Rescue stick"`,
			is("c.isoImage.volumeID", "RESCUE_STICK"), is("c.image.baseName", "rescue-stick"), is("c.networking.hostName", "rescue-stick")),
		field("volume_label", `volume_label = "ACME_1"`,
			is("c.isoImage.volumeID", "ACME_1"), is(`c.fileSystems."/iso".device`, "/dev/disk/by-label/ACME_1")),
		field("distribution", `distribution = "nixos"`, is("c.system.nixos.distroId", "nixos")),
		field("release", `release = "25.11"`, is("c.system.stateVersion", "25.11")),
		field("base", `base = "netboot"`, is("c.system.build ? isoImage", false), is("c.system.build ? netbootRamdisk", true)),
		field("desktop", "base = \"graphical\"\ndesktop = \"xfce\"", is("c.services.xserver.desktopManager.xfce.enable", true)),
		field("architecture", `architecture = "arm64"`,
			is("pkgs.stdenv.hostPlatform.system", "aarch64-linux"), is("c.isoImage.makeBiosBootable", false)),
		field("output", `output = "my stick.iso"`, is("c.image.baseName", "my-stick")),
		field("packages", `packages = ["git", "python3Packages.requests", "kdePackages.kate"]`,
			has(installed, "git", "requests", "kate")),
		field("drivers", `
drivers = ["broadcom_sta", "kvm-intel"]
[nixos]
unfree = ["broadcom-sta"]
insecure = ["broadcom-sta"]`,
			has("c.boot.initrd.kernelModules", "wl"), has("c.boot.kernelModules", "wl", "kvm-intel"),
			has("c.boot.blacklistedKernelModules", "b43", "bcma", "ssb", "brcmsmac"),
			has("map lib.getName c.boot.extraModulePackages", "broadcom-sta")),
		field("kernel.parameters", `
[kernel]
parameters = ["console=ttyS0,115200n8", "module.note=two words", "quiet"]`,
			has("c.boot.kernelParams", "console=ttyS0,115200n8", `module.note="two words"`, "quiet")),
		field("compression.method", "[compression]\nmethod = \"xz\"", has("c.isoImage.squashfsCompression", "xz")),
		field("compression.method", "[compression]\nmethod = \"none\"", is("c.isoImage.squashfsCompression", nil)).named("none"),
		field("compression.method", "base = \"netboot\"\n[compression]\nmethod = \"gzip\"", has("c.netboot.squashfsCompression", "gzip")).named("netboot"),
		field("compression.level", "[compression]\nlevel = 3", is("c.isoImage.squashfsCompression", "zstd -Xcompression-level 3")),
		field("compression.block_size", "[compression]\nblock_size = 1048576", is("c.isoImage.squashfsCompression", "zstd -Xcompression-level 15")),
	}
}

func systemScenarios() []scenario {
	return []scenario{
		field("system.hostname", "[system]\nhostname = \"rescue\"", is("c.networking.hostName", "rescue")),
		field("system.locale", "[system]\nlocale = \"de_DE.UTF-8\"",
			is("c.i18n.defaultLocale", "de_DE.UTF-8"), has("c.i18n.extraLocales ++ [ c.i18n.defaultLocale ]", "de_DE.UTF-8"),
			has("c.environment.sessionVariables.LANG or c.environment.variables.LANG", "de_DE.UTF-8")),
		field("system.keyboard.layout", "[system.keyboard]\nlayout = \"de\"",
			is("c.services.xserver.xkb.layout", "de"), is("c.console.useXkbConfig || c.console.keyMap == \"de\"", true)),
		field("system.keyboard.variant", "[system.keyboard]\nlayout = \"us,de\"\nvariant = \",nodeadkeys\"",
			is("c.services.xserver.xkb.layout", "us,de"), is("c.services.xserver.xkb.variant", ",nodeadkeys"), is("c.console.useXkbConfig", true)),
		field("system.keyboard.model", "[system.keyboard]\nlayout = \"de\"\nmodel = \"pc105\"", is("c.services.xserver.xkb.model", "pc105")),
		field("system.keyboard.options", "[system.keyboard]\nlayout = \"us\"\noptions = \"compose:ralt,grp:alt_shift_toggle\"",
			is("c.services.xserver.xkb.options", "compose:ralt,grp:alt_shift_toggle")),
		field("system.time_zone", "[system]\ntime_zone = \"Europe/Berlin\"", is("c.time.timeZone", "Europe/Berlin")),
	}
}

// anna is a user with further lines.
func anna(lines string) string { return "[[users]]\nname = \"anna\"\n" + lines }

func userScenarios() []scenario {
	const u = "c.users.users.anna."
	const free = `builtins.any (r: builtins.elem "anna" r.users && builtins.any (x: builtins.elem "NOPASSWD" (x.options or [ ])) r.commands) c.security.sudo.extraRules`
	const asks = `builtins.any (r: builtins.elem "anna" r.users && builtins.any (x: !builtins.elem "NOPASSWD" (x.options or [ ])) r.commands) c.security.sudo.extraRules`
	return []scenario{
		field("users.name", anna(""), is(u+"isNormalUser", true), is(u+"home", "/home/anna"),
			is(u+"hashedPassword", "!"), is("c.users.users.root.hashedPassword", "!"), is("c.users.users.nixos.hashedPassword", "!"),
			is("c.users.users.root.initialHashedPassword", nil), is("c.users.users.nixos.initialHashedPassword", nil),
			is("c.services.getty.autologinUser", nil)),
		field("users.full_name", anna(`full_name = '''Anna O'Hara "the admin" $HOME ${pkgs.hello} ''$'''`),
			is(u+"description", `Anna O'Hara "the admin" $HOME ${pkgs.hello} ''$`)),
		field("users.password_hash", anna("password_hash = '"+yescrypt+"'"), is(u+"hashedPassword", yescrypt)),
		field("users.groups", anna(`groups = ["networkmanager", "video", "lab"]`), has(u+"extraGroups", "networkmanager", "video", "lab"), is("c.users.groups ? lab", true)),
		field("users.sudo", anna("password_hash = '"+yescrypt+"'\nsudo = \"password\""),
			is(asks+" || builtins.elem \"wheel\" "+u+"extraGroups", true), is(free, false), is("c.security.sudo.wheelNeedsPassword", true)),
		field("users.sudo", anna(`sudo = "nopassword"`), is(free, true)).named("nopassword"),
		field("users.ssh_keys", anna("ssh_keys = ['"+annasKey+"', 'restrict,command=\"echo $HOME ${x}\" "+bensKey+"']"),
			is(u+"openssh.authorizedKeys.keys", []string{annasKey, `restrict,command="echo $HOME ${x}" ` + bensKey})),
		field("users.shell", anna(`shell = "/bin/zsh"`), has("toString "+u+"shell", "zsh"), is("c.programs.zsh.enable", true)),
		field("root.password_hash", "[root]\npassword_hash = '"+sha512+"'",
			is("c.users.users.root.hashedPassword", sha512), is("c.users.users.root.initialHashedPassword", nil)),
		field("root.ssh_keys", "[root]\nssh_keys = ['"+annasKey+"']", is("c.users.users.root.openssh.authorizedKeys.keys", []string{annasKey})),
	}
}

func loginScenarios() []scenario {
	return []scenario{
		field("ssh.enable", "[ssh]\nenable = true\n[root]\nssh_keys = ['"+annasKey+"']",
			is("c.services.openssh.enable", true), is("c.services.openssh.settings.PasswordAuthentication", false),
			is("c.services.openssh.settings.KbdInteractiveAuthentication", false),
			is("c.services.openssh.settings.PermitRootLogin", "prohibit-password"),
			has("c.systemd.services.sshd.wantedBy", "multi-user.target")),
		field("ssh.enable", "[ssh]\nenable = false", is("c.services.openssh.enable", false)).named("off"),
		field("ssh.password_login", "[ssh]\nenable = true\npassword_login = true\n"+anna("password_hash = '"+yescrypt+"'"),
			is("c.services.openssh.settings.PasswordAuthentication", true)),
		field("ssh.port", "[ssh]\nenable = true\nport = 2222", is("c.services.openssh.ports", []int{2222}), has("c.networking.firewall.allowedTCPPorts", 2222)),
		field("texts.before_login", "[texts]\nbefore_login = '''\nACME \\m \\4 ${pkgs.hello} $HOME \"x\"\nsecond line'''",
			has(issue, `ACME \\m \\4 ${pkgs.hello} $HOME "x"`+"\nsecond line")),
		field("texts.on_ssh", "[ssh]\nenable = true\n[texts]\non_ssh = \"Authorised ${people} only\\n\"",
			is("c.environment.etc.${lib.removePrefix \"/etc/\" c.services.openssh.settings.Banner}.text", "Authorised ${people} only\n")),
		field("texts.after_login", "[texts]\nafter_login = \"Welcome ''\\n  to ${this}\\n\"", is("c.users.motd", "Welcome ''\n  to ${this}\n")),
		field("startup.autologin", "[startup]\nautologin = \"root\"", is("c.services.getty.autologinUser", "root")),
		field("startup.autologin", "base = \"graphical\"\ndesktop = \"gnome\"\n[startup]\nautologin = \"anna\"\n"+anna(""),
			is("c.services.displayManager.autoLogin.enable", true), is("c.services.displayManager.autoLogin.user", "anna")).named("desktop"),
		field("startup.command", "packages = [\"htop\"]\n[startup]\ncommand = '''echo \"$HOME 100% ${x}\" 'it'; htop'''",
			has(startupScript, inDerivation(`echo "$HOME 100% ${x}" 'it'; htop`)),
			is("c.systemd.services.startup-command.serviceConfig.TTYPath", "/dev/tty1"),
			is("c.systemd.services.startup-command.serviceConfig.User", "root"),
			has("c.systemd.services.startup-command.wantedBy", "multi-user.target")).written(),
		field("startup.command_user", "[startup]\ncommand = \"htop\"\ncommand_user = \"anna\"\n"+anna(""),
			is("c.systemd.services.startup-command.serviceConfig.User", "anna")),
	}
}

// startupScript is the derivation, as Nix writes it, of the script that the
// start command's unit runs.
const startupScript = `
  let exec = toString c.systemd.services.startup-command.serviceConfig.ExecStart;
  in builtins.readFile (builtins.head (builtins.attrNames (builtins.getContext exec)))`

// inDerivation is a text as it stands in a .drv file.
func inDerivation(s string) string {
	return strings.NewReplacer("\\", "\\\\", "\"", "\\\"", "\n", "\\n").Replace(s)
}

func networkScenarios() []scenario {
	const wired = "c.networking.networkmanager.ensureProfiles.profiles.wired."
	const wifi = `builtins.head (builtins.filter (p: p.connection.type == "wifi") (builtins.attrValues c.networking.networkmanager.ensureProfiles.profiles))`
	static := "[network]\nmode = \"static\"\naddresses = [\"192.0.2.10/24\", \"2001:db8::2/64\"]\n"
	return []scenario{
		field("network.mode", "[network]\nmode = \"off\"", is("c.networking.networkmanager.enable", false), is("c.networking.useDHCP", false)),
		field("network.interface", "[network]\ninterface = \"enp3s0\"", is(wired+"connection.interface-name", "enp3s0"), is(wired+"ipv4.method", "auto")),
		field("network.interface", "[network]\ninterface = \"en*\"", is(wired+"match.interface-name", "en*")).named("pattern"),
		field("network.addresses", static, is(wired+"ipv4.method", "manual"), is(wired+"ipv4.address1", "192.0.2.10/24"), is(wired+"ipv6.address1", "2001:db8::2/64")),
		field("network.gateways", static+"gateways = [\"192.0.2.1\", \"fe80::1\"]",
			has("builtins.attrValues ("+wired+"ipv4)", "0.0.0.0/0,192.0.2.1"), has("builtins.attrValues ("+wired+"ipv6)", "::/0,fe80::1")),
		field("network.dns", "[network]\ndns = [\"192.0.2.53\", \"2001:db8::53\"]", is("c.networking.nameservers", []string{"192.0.2.53", "2001:db8::53"})),
		field("network.search", "[network]\nsearch = [\"example.org\"]", is("c.networking.search", []string{"example.org"})),
		field("network.wifi.ssid", "[[network.wifi]]\nssid = \"Cafe 7\"", is("("+wifi+").wifi.ssid", "Cafe 7")),
		field("network.wifi.psk", "[[network.wifi]]\nssid = \"office\"\npsk = \""+psk+"\"",
			is("("+wifi+").wifi-security.psk", psk), is("("+wifi+").wifi-security.key-mgmt", "wpa-psk")).warned("network.wifi[0].psk"),
		field("network.wifi.hidden", "[[network.wifi]]\nssid = \"office\"\nhidden = true", is("("+wifi+").wifi.hidden", true)),
	}
}

const psk = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
