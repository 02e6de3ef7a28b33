package source

import (
	"embed"
	"io/fs"
	"slices"
	"strings"
)

// offlineParts are the parts of an offline installer that are the same for every
// design.
//
//go:embed offline
var offlineParts embed.FS

// addOffline adds what an image needs to install without a network: the modules
// in offline/, and in target/ the configuration that is installed.
func (g *generator) addOffline() {
	if g.n.Offline.Level == "" {
		return
	}
	o := offline{g: g, NixOffline: g.n.Offline, host: g.d.System.Hostname}
	o.hardware, o.main = "hardware-configuration.nix", "configuration.nix"
	o.checks()
	o.target()
	if len(g.problems) > 0 {
		return
	}
	o.parts()
	g.addLines("offline/settings.nix", o.settings())
	g.names = append(g.names, "offline/default.nix")
	o.calamares()
}

// parts adds the fixed files.
func (o *offline) parts() {
	err := fs.WalkDir(offlineParts, "offline", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() || name == "offline/calamares.nix" {
			return err
		}
		text, err := offlineParts.ReadFile(name)
		o.g.add(File{Path: name, Text: text}, nil)
		return err
	})
	if err != nil {
		panic("read an embedded file: " + err.Error()) // a mistake in this package
	}
}

// settings is offline/settings.nix: what the modules know of the design.
func (o *offline) settings() []line {
	const at = "nixos.offline."
	medium, store := "iso", o.g.storeOption()
	switch {
	case o.g.netboot():
		medium = "netboot"
	case o.g.sd():
		medium = "sd"
	}
	one := func(name string, value expr, field string) pair { return at1(name, value.of(field)) }
	inputs := make([]expr, len(o.BuildInputs))
	for i, name := range o.BuildInputs {
		inputs[i] = text(name).of(element(at+"build_inputs", i))
	}
	channel := o.g.pin.Channel
	set := attrs(
		one("level", text(o.Level), at+"level"),
		one("host", text(o.host), at+"host"),
		one("layout", text(o.layout()), at+"layout"),
		one("disk", text(o.Disk), at+"disk"),
		one("unattended", boolean(o.Unattended), at+"unattended"),
		one("after", text(o.After), at+"after"),
		one("buildInputs", list(inputs...), at+"build_inputs"),
		one("own", boolean(o.own), at+"flake"),
		one("locked", boolean(o.locked), at+"flake"),
		one("classic", boolean(o.classic), at+"configuration"),
		one("separate", boolean(o.separate), at+"configuration"),
		one("askPassword", boolean(o.askPassword), "users"),
		one("hardware", text(o.hardware), at+"configuration"),
		one("main", text(o.main), at+"configuration"),
		one("medium", text(medium), "nixos.medium"),
		one("storeOption", words("", strings.Split(store, ".")), ""),
		one("mounts", text(mountLines(o.layout())), at+"layout"),
		one("compare", boolean(true), at+"level"),
		one("original", attrs(at1("type", text("github")), at1("owner", text("NixOS")), at1("repo", text("nixpkgs")), at1("ref", text(channel))), "nixos.channel"),
	)
	return append([]line{{text: "# What the design says about the offline installation, for the modules beside this file."}}, set.lines...)
}

func (o *offline) layout() string {
	if o.Layout == "" {
		return "ext4"
	}
	return o.Layout
}

// calamares lets the graphical installer work without a network, as far as it
// can, and says how far that is.
func (o *offline) calamares() {
	installer := o.g.n.Installer == nil || *o.g.n.Installer
	if o.g.d.Base != "graphical" || !installer {
		return
	}
	text, err := offlineParts.ReadFile("offline/calamares.nix")
	if err != nil {
		panic(err) // a mistake in this package
	}
	o.g.add(File{Path: "offline/calamares.nix", Text: text}, nil)
	o.g.names = append(o.g.names, "offline/calamares.nix")
	o.g.warn("nixos.installer", "without a network, the graphical installer (Calamares) makes a new configuration of its own: it installs neither the design's system nor a flake, and fails where its choices need something that is not on the image",
		"install with the command isowright-install; nixos.offline.level = \"C\" gives Calamares most of what it may need")
}

// checks finds settings that do not go together.
func (o *offline) checks() {
	const at = "nixos.offline."
	g := o.g
	if o.Flake != "" && o.Configuration != "" && o.Level != "A" {
		g.fault(at+"configuration", "with a flake, the flake's own folder becomes the installed /etc/nixos, so that it can be changed there",
			"remove configuration, or set level = \"A\"")
	}
	if len(o.BuildInputs) > 0 && o.Level != "B" {
		g.fault(at+"build_inputs", "build inputs are of use at level B only", "level A builds nothing, level C has them all")
	}
	if o.Unattended && g.sd() {
		g.fault(at+"unattended", "a card image cannot tell its card from the disk to erase in time", "remove it, and start isowright-install by hand")
	}
}

// mountLines are the file systems that the installer makes for a layout, in the
// form of its variable "mounts": folder, device, type, options.
func mountLines(layout string) string {
	var lines []string
	for _, f := range fileSystems(layout) {
		lines = append(lines, strings.TrimSpace(strings.Join([]string{f.at, f.device, f.kind, strings.Join(f.options, ",")}, " ")))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// fileSystem is one that the installer makes.
type fileSystem struct {
	at, device, kind string
	options          []string
}

// fileSystems are those of a layout.
func fileSystems(layout string) []fileSystem {
	const root, esp = "/dev/disk/by-label/nixos", "/dev/disk/by-label/ESP"
	boot := fileSystem{"/boot", esp, "vfat", []string{"fmask=0077", "dmask=0077"}}
	switch layout {
	case "btrfs":
		volume := func(at, name string) fileSystem {
			return fileSystem{at, root, "btrfs", []string{"subvol=" + name, "compress=zstd"}}
		}
		return []fileSystem{volume("/", "root"), boot, volume("/home", "home"), volume("/nix", "nix")}
	case "xfs":
		return []fileSystem{{"/", root, "xfs", nil}, boot}
	}
	return []fileSystem{{"/", root, "ext4", nil}, boot}
}

// The modules of an offline installer want nixpkgs itself, whose revision goes
// into the target's lock file. These are the words for it in the files around
// them.
func (g *generator) offlineArgument() string  { return g.ifOffline("\n        inherit nixpkgs;") }
func (g *generator) offlineParameter() string { return g.ifOffline(", nixpkgs") }
func (g *generator) offlineModule() string {
	return g.ifOffline("\n    { _module.args = { inherit nixpkgs; }; }")
}
func (g *generator) classicArgument() string { return g.ifOffline("\n    inherit nixpkgs;") }

func (g *generator) ifOffline(words string) string {
	if g.n.Offline.Level == "" {
		return ""
	}
	return words
}
