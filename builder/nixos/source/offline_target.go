package source

import (
	"bytes"
	"slices"
	"strings"

	"github.com/isowright/isowright/builder/design"
)

// offline is an offline installer that is being written.
type offline struct {
	g *generator
	design.NixOffline
	// host is the name in the target flake's nixosConfigurations.
	host string
	// own says that the target is the image's own system.
	own bool
	// locked says that the target has a flake.lock of the person's.
	locked bool
	// classic says that the target is built without its flake.
	classic bool
	// separate says that /etc/nixos is not what is installed.
	separate bool
	// askPassword says that nobody could log in to the installed system.
	askPassword bool
	// hardware is the target's hardware-configuration.nix, main the file that
	// people edit first, both relative to the configuration.
	hardware, main string
}

// target writes what is installed: the person's flake, the person's
// configuration.nix, or else the image's own system.
func (o *offline) target() {
	switch {
	case o.Flake != "":
		o.flakeTarget()
	case o.Configuration != "" && o.configurationTarget():
	default:
		o.ownTarget()
	}
}

// ownTarget makes the image's own system one that can be installed: its settings
// without those of the medium, with file systems and a boot loader.
func (o *offline) ownTarget() {
	g := o.g
	o.own = true
	if g.n.Flake.URL != "" {
		g.fault("nixos.offline.flake", "the image's own system takes parts of a flake, so it cannot be installed by itself",
			"name the flake and the host to install: nixos.offline.flake and nixos.offline.host")
		return
	}
	if g.d.Desktop == "combined" {
		g.fault("nixos.offline.flake", "the combined image has several desktops, and an installed system has one", "choose a desktop, or name a flake to install")
		return
	}
	if !g.ownAccounts() {
		o.nobody()
	}
	var names []string
	for _, m := range g.modules {
		if t := o.installed(m); !t.empty() {
			names = append(names, m.file)
			g.addLines("target/"+m.file, t.render())
		}
	}
	names = append(names, o.ownFiles()...)
	if g.d.Base == "graphical" {
		names = append(names, "graphical.nix")
		g.addLines("target/graphical.nix", o.graphical().render())
	}
	o.addHardware("target/" + o.hardware)
	g.add(File{Path: "target/boot.nix", Text: []byte(bootText)}, nil)
	g.addLines("target/configuration.nix", o.configuration(names))
	g.addLines("target/flake.nix", o.flake("./configuration.nix"))
	o.targetAssets()
}

// nobody deals with a system that nobody could log in to.
func (o *offline) nobody() {
	if o.Unattended {
		o.g.fault("users", "nobody could log in to the installed system", "add [[users]] or [root] with a password hash or ssh keys")
		return
	}
	o.askPassword = true
	o.g.warn("users", "the installed system has no account but root; the installer asks for root's password", "add [[users]] or [root] to decide who gets in")
}

const bootText = `# How the computer starts. Where it starts by BIOS, the installer replaces this file.
{
  boot.loader.systemd-boot.enable = true;
  boot.loader.efi.canTouchEfiVariables = true;
}
`

// mediumOnly are options that make sense on a live medium only, or whose place
// another module of the target takes.
var mediumOnly = []string{
	"isoImage", "image", "netboot", "sdImage", "installer", "system.installer", "boot.loader", "boot.postBootCommands",
	"services.getty.helpLine", "system.includeBuildDependencies", "system.stateVersion", "specialisation",
}

// installed is a module without what is for the medium.
func (o *offline) installed(m *module) *module {
	t := *m
	t.settings = slices.DeleteFunc(slices.Clone(m.settings), o.isMediums)
	if len(t.settings) == 0 {
		t.lets = nil
	}
	return &t
}

func (o *offline) isMediums(s setting) bool {
	option := strings.Join(s.option, ".")
	for _, name := range mediumOnly {
		if option == name || strings.HasPrefix(option, name+".") {
			return true
		}
	}
	if o.g.hasUser("nixos") {
		return false
	}
	// The medium's own user is not on the installed system.
	if strings.HasPrefix(option, "users.users.nixos.") {
		return true
	}
	isLogin := strings.HasPrefix(option, "services.displayManager.autoLogin") || option == "services.getty.autologinUser"
	return isLogin && slices.ContainsFunc(s.value.lines, func(l line) bool { return strings.Contains(l.text, `"nixos"`) })
}

// ownFiles copies the person's modules and imports into the target and returns
// their paths.
func (o *offline) ownFiles() []string {
	var names []string
	for _, f := range slices.Clone(o.g.out.Files) {
		isModule, isImport := strings.HasPrefix(f.Path, "modules/"), strings.HasPrefix(f.Path, "imports/")
		if !isModule && !isImport {
			continue
		}
		if bytes.Contains(f.Text, []byte("isoImage")) || bytes.Contains(f.Text, []byte("netboot")) {
			o.g.warn("nixos.offline", f.Path+" sets options of the medium, so the installed system goes without it", "keep settings of the medium in a module of their own")
			continue
		}
		fields := o.g.out.lines[f.Path]
		if isModule {
			names = append(names, f.Path)
		}
		f.Path = "target/" + f.Path
		o.g.add(f, fields)
	}
	for _, name := range o.g.n.Imports {
		if p := "imports/" + cleanPath(name); o.g.hasFile("target/" + p) {
			names = append(names, p)
		}
	}
	return names
}

// graphical is what nixpkgs's graphical images have of a desktop.
func (o *offline) graphical() *module {
	g := o.g
	m := &module{g: g, file: "target/graphical.nix", about: "The desktop and what belongs to it."}
	m.set("desktop", "services.xserver.enable", boolean(true))
	if g.baseHasDesktop() {
		for _, o := range g.desktopOptions(g.d.Desktop) {
			m.set("desktop", o.option, o.value(true))
		}
	}
	m.setWeakly("desktop", "networking.networkmanager.enable", boolean(true))
	m.setWeakly("desktop", "services.pipewire.enable", boolean(true))
	return m
}

// configuration is the target's main module.
func (o *offline) configuration(names []string) []line {
	g := o.g
	lines := []line{
		{text: "# " + commentText(g.d.Name) + ", installed. Change what you like and run: nixos-rebuild switch"},
		{text: "{ lib, ... }:"}, {text: "{"}, {text: "  imports = ["},
	}
	for _, name := range append([]string{"hardware-configuration.nix", "boot.nix"}, names...) {
		lines = append(lines, line{text: "    " + localPath(0, name)})
	}
	lines = append(lines, line{text: "  ];"}, line{},
		line{"  nixpkgs.hostPlatform = " + quoted(g.system()) + ";", "architecture"},
		line{"  nix.settings.experimental-features = [ \"nix-command\" \"flakes\" ];", "nixos.offline.level"},
		line{"  networking.hostName = lib.mkOverride 950 " + quoted(g.d.System.Hostname) + ";", "system.hostname"})
	version := "lib.trivial.release"
	if g.d.Release != "unstable" {
		version = quoted(g.d.Release)
	}
	if g.n.StateVersion != "" {
		version = quoted(g.n.StateVersion)
	}
	return append(lines, line{}, line{text: "  # The release that this computer was installed with; it stays when NixOS is upgraded."},
		line{"  system.stateVersion = " + version + ";", "nixos.state_version"}, line{text: "}"})
}

// flake is the flake.nix of a target that has none.
func (o *offline) flake(module string) []line {
	return []line{
		{"{", ""},
		{"  inputs.nixpkgs.url = " + quoted("github:NixOS/nixpkgs/"+o.g.pin.Channel) + ";", "nixos.channel"},
		{},
		{"  outputs =", ""}, {"    { nixpkgs, ... }:", ""}, {"    {", ""},
		{"      nixosConfigurations." + attrName(o.host) + " = nixpkgs.lib.nixosSystem {", "system.hostname"},
		{"        modules = [ " + module + " ];", ""}, {"      };", ""}, {"    };", ""}, {"}", ""},
	}
}

// addHardware adds what stands for the file that is made on the computer.
func (o *offline) addHardware(path string) {
	body, err := offlineParts.ReadFile("offline/hardware.nix")
	if err != nil {
		panic(err) // a mistake in this package
	}
	var b strings.Builder
	b.WriteString("# Stands for the file of this name that is made on the computer, so that the configuration can be evaluated\n# before there is one.\n")
	b.WriteString(strings.TrimSuffix(string(body), "}\n"))
	for _, f := range fileSystems(o.layout()) {
		fields := []pair{at1("device", text(f.device)), at1("fsType", text(f.kind))}
		if len(f.options) > 0 {
			fields = append(fields, at1("options", words("", f.options)))
		}
		for _, l := range attrs(fields...).assigned(attrPath([]string{"fileSystems", f.at})).indent() {
			b.WriteString(l.text + "\n")
		}
	}
	b.WriteString("}\n")
	o.g.ownFile(path, b.String(), "nixos.offline.layout")
}

// targetAssets copies the files that the target's modules name.
func (o *offline) targetAssets() {
	var all bytes.Buffer
	for _, f := range o.g.out.Files {
		if strings.HasPrefix(f.Path, "target/") {
			all.Write(f.Text)
		}
	}
	for _, f := range slices.Clone(o.g.out.Files) {
		if strings.HasPrefix(f.Path, "assets/") && strings.Contains(all.String(), f.Path) {
			f.Path = "target/" + f.Path
			o.g.add(f, nil)
		}
	}
}
