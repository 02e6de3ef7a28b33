package source

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
)

// elsewhere are fields that rightly leave the source as it is.
var elsewhere = map[string]string{
	"format":         "of the project file",
	"distribution":   "always nixos here",
	"archive.mirror": "Debian's", "archive.security": "Debian's", "archive.components": "Debian's", "archive.state": "Debian's",
	"output":               "named by the build, and the source of nixos.image_name",
	"boot.default":         "refused by the design's checks without entries",
	"boot.entries[].title": "refused as boot.entries", "boot.entries[].kind": "refused", "boot.entries[].parameters": "refused",
	"boot.entries[].to_ram": "refused", "boot.entries[].hotkey": "refused", "boot.entries[].class": "refused", "boot.entries[].entries": "refused",
	"boot.entries[].image":   "refused",
	"compression.block_size": "refused, or the assembler's",
	"nixos.assembler":        "not the source's",
	"nixos.force":            "see TestForce",
	"nixos.offline":          "has tests of its own",
	"nixos.medium":           "see TestCard",
}

// sayings say something in every other field.
var sayings = map[string]func(d *design.Design){
	"name":                        func(d *design.Design) { d.Name = "Other" },
	"volume_label":                func(d *design.Design) { d.VolumeLabel = "OTHER" },
	"release":                     func(d *design.Design) { d.Release = "25.11" },
	"base":                        func(d *design.Design) { d.Base = "netboot" },
	"desktop":                     func(d *design.Design) { d.Base, d.Desktop = "graphical", "xfce" },
	"architecture":                func(d *design.Design) { d.Architecture = "arm64" },
	"packages":                    func(d *design.Design) { d.Packages = []string{"git"} },
	"drivers":                     func(d *design.Design) { d.Drivers = []string{"i2c"} },
	"kernel.parameters":           func(d *design.Design) { d.Kernel.Parameters = []string{"quiet"} },
	"system.hostname":             func(d *design.Design) { d.System.Hostname = "h" },
	"system.locale":               func(d *design.Design) { d.System.Locale = "de_DE.UTF-8" },
	"system.keyboard.layout":      func(d *design.Design) { d.System.Keyboard.Layout = "de" },
	"system.keyboard.variant":     func(d *design.Design) { d.System.Keyboard.Variant = "nodeadkeys" },
	"system.keyboard.model":       func(d *design.Design) { d.System.Keyboard.Model = "pc105" },
	"system.keyboard.options":     func(d *design.Design) { d.System.Keyboard.Options = "compose:ralt" },
	"system.time_zone":            func(d *design.Design) { d.System.TimeZone = "Europe/Berlin" },
	"users[].name":                func(d *design.Design) { d.Users[0].Name = "berta" },
	"users[].full_name":           func(d *design.Design) { d.Users[0].FullName = "Anna" },
	"users[].password_hash":       func(d *design.Design) { d.Users[0].PasswordHash = testHash },
	"users[].groups":              func(d *design.Design) { d.Users[0].Groups = []string{"docker"} },
	"users[].sudo":                func(d *design.Design) { d.Users[0].Sudo = "nopassword" },
	"users[].ssh_keys":            func(d *design.Design) { d.Users[0].SSHKeys = []string{testKey} },
	"users[].shell":               func(d *design.Design) { d.Users[0].Shell = "/bin/fish" },
	"root.password_hash":          func(d *design.Design) { d.Root.PasswordHash = testHash },
	"root.ssh_keys":               func(d *design.Design) { d.Root.SSHKeys = []string{testKey} },
	"ssh.enable":                  func(d *design.Design) { d.SSH.Enable = true },
	"ssh.password_login":          func(d *design.Design) { d.SSH = design.SSH{Enable: true, PasswordLogin: true} },
	"ssh.port":                    func(d *design.Design) { d.SSH = design.SSH{Enable: true, Port: 2222} },
	"texts.before_login":          func(d *design.Design) { d.Texts.BeforeLogin = "x" },
	"texts.on_ssh":                func(d *design.Design) { d.Texts.OnSSH = "x" },
	"texts.after_login":           func(d *design.Design) { d.Texts.AfterLogin = "x" },
	"startup.autologin":           func(d *design.Design) { d.Startup.Autologin = "anna" },
	"startup.command":             func(d *design.Design) { d.Startup.Command = "htop" },
	"startup.command_user":        func(d *design.Design) { d.Startup = design.Startup{Command: "htop", CommandUser: "anna"} },
	"network.mode":                func(d *design.Design) { d.Network.Mode = "off" },
	"network.interface":           func(d *design.Design) { d.Network.Interface = "en*" },
	"network.addresses":           func(d *design.Design) { d.Network = staticNetwork() },
	"network.gateways":            func(d *design.Design) { d.Network = staticNetwork(); d.Network.Gateways = []string{"192.0.2.1"} },
	"network.dns":                 func(d *design.Design) { d.Network.DNS = []string{"192.0.2.53"} },
	"network.search":              func(d *design.Design) { d.Network.Search = []string{"example.org"} },
	"network.wifi[].ssid":         func(d *design.Design) { d.Network.WiFi = []design.WiFi{{SSID: "x"}} },
	"network.wifi[].psk":          func(d *design.Design) { d.Network.WiFi = []design.WiFi{{SSID: "x", PSK: strings.Repeat("0f", 32)}} },
	"network.wifi[].hidden":       func(d *design.Design) { d.Network.WiFi = []design.WiFi{{SSID: "x", Hidden: true}} },
	"boot.title":                  func(d *design.Design) { d.Boot.Title = "x" },
	"boot.timeout":                func(d *design.Design) { n := 7; d.Boot.Timeout = &n },
	"boot.timeout_style":          func(d *design.Design) { d.Boot.TimeoutStyle = "hidden" },
	"boot.resolution":             func(d *design.Design) { d.Boot.Resolution = "1024x768" },
	"boot.serial":                 func(d *design.Design) { d.Boot.Serial = true },
	"boot.colours.normal":         func(d *design.Design) { d.Boot.Colours.Normal = "white/blue" },
	"boot.colours.highlight":      func(d *design.Design) { d.Boot.Colours.Highlight = "white/blue" },
	"boot.colours.menu_normal":    func(d *design.Design) { d.Boot.Colours.MenuNormal = "white/blue" },
	"boot.colours.menu_highlight": func(d *design.Design) { d.Boot.Colours.MenuHighlight = "white/blue" },
	"boot.background":             func(d *design.Design) { d.Boot.Background = "files/pic.png" },
	"boot.look.accent":            func(d *design.Design) { d.Boot.Theme, d.Boot.Look.Accent = "isowright:calm-dark", "#c02050" },
	"boot.look.layout":            func(d *design.Design) { d.Boot.Theme, d.Boot.Look.Layout = "isowright:calm-dark", "left" },
	"boot.theme":                  func(d *design.Design) { d.Boot.Theme = "theme" },
	"boot.variants":               func(d *design.Design) { d.Boot.Variants = []string{"serial"} },
	"boot.background_colour":      func(d *design.Design) { d.Boot.BackgroundColour = "#204060" },
	"boot.font_size":              func(d *design.Design) { d.Boot.FontSize = 20 },
	"boot.fonts":                  func(d *design.Design) { d.Boot.Fonts = []string{"font.pf2"} },
	"files[].source":              func(d *design.Design) { d.Files = []design.File{{Source: "nix/own.nix", Target: "/etc/x"}} },
	"files[].target":              func(d *design.Design) { d.Files = []design.File{{Source: "nix/own.nix", Target: "/opt/x"}} },
	"files[].on":                  func(d *design.Design) { d.Files = []design.File{{Source: "nix/own.nix", Target: "/x", On: "medium"}} },
	"files[].mode": func(d *design.Design) {
		d.Files = []design.File{{Source: "nix/own.nix", Target: "/etc/x", Mode: "0600"}}
	},
	"files[].owner": func(d *design.Design) {
		d.Files = []design.File{{Source: "nix/own.nix", Target: "/etc/x", Owner: "anna"}}
	},
	"compression.method": func(d *design.Design) { d.Compression.Method = "gzip" },
	"compression.level":  func(d *design.Design) { d.Compression.Level = 1 },
	"nixos.channel":      func(d *design.Design) { d.NixOS.Channel = "nixos-26.05-small" },
	"nixos.revision":     func(d *design.Design) { d.NixOS.Revision = strings.Repeat("ab", 20) },
	"nixos.hash": func(d *design.Design) {
		d.NixOS.Revision, d.NixOS.Hash = strings.Repeat("ab", 20), "sha256-"+strings.Repeat("A", 43)+"="
	},
	"nixos.installer":                    func(d *design.Design) { no := false; d.Base, d.Desktop, d.NixOS.Installer = "graphical", "gnome", &no },
	"nixos.state_version":                func(d *design.Design) { d.NixOS.StateVersion = "24.11" },
	"nixos.kernel":                       func(d *design.Design) { d.NixOS.Kernel = "latest" },
	"nixos.zfs":                          func(d *design.Design) { d.NixOS.ZFS = no() },
	"nixos.kernel_modules":               func(d *design.Design) { d.NixOS.KernelModules = []string{"x"} },
	"nixos.initrd_modules":               func(d *design.Design) { d.NixOS.InitrdModules = []string{"x"} },
	"nixos.blacklisted_modules":          func(d *design.Design) { d.NixOS.BlacklistedModules = []string{"x"} },
	"nixos.module_packages":              func(d *design.Design) { d.NixOS.ModulePackages = []string{"x"} },
	"nixos.firmware":                     func(d *design.Design) { d.NixOS.Firmware = "none" },
	"nixos.unfree":                       func(d *design.Design) { d.NixOS.Unfree = []string{"x"} },
	"nixos.insecure":                     func(d *design.Design) { d.NixOS.Insecure = []string{"x"} },
	"nixos.broken":                       func(d *design.Design) { d.NixOS.Broken = []string{"x"} },
	"nixos.help_line":                    func(d *design.Design) { d.NixOS.HelpLine = "x" },
	"nixos.package_list":                 func(d *design.Design) { d.NixOS.PackageList = no() },
	"nixos.manual":                       func(d *design.Design) { d.NixOS.Manual = no() },
	"nixos.console_font":                 func(d *design.Design) { d.NixOS.ConsoleFont = "ter-v32n" },
	"nixos.early_console":                func(d *design.Design) { d.NixOS.EarlyConsole = true },
	"nixos.scripted_stage1":              func(d *design.Design) { d.NixOS.ScriptedStage1 = true },
	"nixos.post_boot":                    func(d *design.Design) { d.NixOS.PostBoot = "x" },
	"nixos.image_name":                   func(d *design.Design) { d.NixOS.ImageName = "x" },
	"nixos.edition":                      func(d *design.Design) { d.NixOS.Edition = "x" },
	"nixos.squashfs_compression":         func(d *design.Design) { d.NixOS.SquashfsCompression = "xz" },
	"nixos.compress_image":               func(d *design.Design) { d.NixOS.CompressImage = true },
	"nixos.store_contents":               func(d *design.Design) { d.NixOS.StoreContents = []string{"x"} },
	"nixos.build_dependencies":           func(d *design.Design) { d.NixOS.BuildDependencies = true },
	"nixos.channel_on_medium":            func(d *design.Design) { d.NixOS.ChannelOnMedium = no() },
	"nixos.clone_configuration":          func(d *design.Design) { d.NixOS.CloneConfiguration = no() },
	"nixos.imports":                      func(d *design.Design) { d.NixOS.Imports = []string{"nix/own.nix"} },
	"nixos.flake.url":                    func(d *design.Design) { d.NixOS.Flake = design.NixFlake{URL: "github:a/b", Host: "x"} },
	"nixos.flake.modules":                func(d *design.Design) { d.NixOS.Flake = design.NixFlake{URL: "github:a/b", Modules: []string{"x"}} },
	"nixos.flake.host":                   func(d *design.Design) { d.NixOS.Flake = design.NixFlake{URL: "./cfg", Host: "y"} },
	"nixos.menu.distribution_name":       func(d *design.Design) { d.NixOS.Menu.DistributionName = "x" },
	"nixos.menu.prepend":                 func(d *design.Design) { d.NixOS.Menu.Prepend = "x" },
	"nixos.menu.append":                  func(d *design.Design) { s := ""; d.NixOS.Menu.Append = &s },
	"nixos.menu.configuration":           func(d *design.Design) { d.NixOS.Menu.Configuration = "x" },
	"nixos.menu.main":                    func(d *design.Design) { d.NixOS.Menu.Main = no() },
	"nixos.menu.bios":                    func(d *design.Design) { d.NixOS.Menu.BIOS = no() },
	"nixos.menu.efi":                     func(d *design.Design) { d.NixOS.Menu.EFI = no() },
	"nixos.menu.usb":                     func(d *design.Design) { d.NixOS.Menu.USB = no() },
	"nixos.menu.memtest":                 func(d *design.Design) { d.NixOS.Menu.Memtest = no() },
	"nixos.menu.text_mode":               func(d *design.Design) { d.NixOS.Menu.TextMode = true },
	"nixos.menu.splash_bios":             func(d *design.Design) { d.NixOS.Menu.SplashBIOS = "files/pic.png" },
	"nixos.menu.splash_efi":              func(d *design.Design) { d.NixOS.Menu.SplashEFI = "files/pic.png" },
	"nixos.menu.theme_package":           func(d *design.Design) { d.NixOS.Menu.ThemePackage = "x" },
	"nixos.menu.syslinux":                func(d *design.Design) { d.NixOS.Menu.Syslinux = "x" },
	"nixos.menu.grub[].title":            grubSaying(design.GRUBEntry{Title: "y", Commands: "true"}),
	"nixos.menu.grub[].class":            grubSaying(design.GRUBEntry{Title: "x", Class: "c", Commands: "true"}),
	"nixos.menu.grub[].commands":         grubSaying(design.GRUBEntry{Title: "x", Commands: "false"}),
	"nixos.menu.isolinux[].label":        isolinuxSaying(design.IsolinuxEntry{Label: "y", Title: "x", Commands: "x"}),
	"nixos.menu.isolinux[].title":        isolinuxSaying(design.IsolinuxEntry{Label: "x", Title: "y", Commands: "x"}),
	"nixos.menu.isolinux[].commands":     isolinuxSaying(design.IsolinuxEntry{Label: "x", Title: "x", Commands: "y"}),
	"nixos.settings":                     func(d *design.Design) { d.NixOS.Settings = map[string]any{"cores": 1} },
	"nixos.contents[].target":            contentSaying(design.NixContent{Target: "/y", Text: "x"}),
	"nixos.contents[].package":           contentSaying(design.NixContent{Target: "/x", Package: "hello"}),
	"nixos.contents[].path":              contentSaying(design.NixContent{Target: "/x", Package: "hello", Path: "/bin"}),
	"nixos.contents[].text":              contentSaying(design.NixContent{Target: "/x", Text: "y"}),
	"nixos.specialisations[].name":       specialSaying(design.Specialisation{Name: "b"}),
	"nixos.specialisations[].title":      specialSaying(design.Specialisation{Name: "a", Title: "x"}),
	"nixos.specialisations[].kernel":     specialSaying(design.Specialisation{Name: "a", Kernel: "latest"}),
	"nixos.specialisations[].parameters": specialSaying(design.Specialisation{Name: "a", Parameters: []string{"x"}}),
	"nixos.specialisations[].packages":   specialSaying(design.Specialisation{Name: "a", Packages: []string{"x"}}),
	"nixos.specialisations[].desktop":    specialSaying(design.Specialisation{Name: "a", Desktop: "gnome"}),
	"nixos.specialisations[].config":     specialSaying(design.Specialisation{Name: "a", Config: "x = 1;"}),
	"nixos.modules[].name":               func(d *design.Design) { d.NixOS.Modules = []design.NixModule{{Name: "b", Text: "{ }"}} },
	"nixos.modules[].text":               func(d *design.Design) { d.NixOS.Modules = []design.NixModule{{Name: "a", Text: "{ x = 1; }"}} },
}

const (
	testKey  = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHRkkxBIL8/yRfdc6uuhtyqbTsaXqTEn1rubI5s2QRzM anna@example"
	testHash = "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$3jqFjmCn6lvxu/JOlErX8yUWJcQPO4fBiat3GkMiKrD"
)

func no() *bool { return new(bool) }

func staticNetwork() design.Network {
	return design.Network{Mode: "static", Addresses: []string{"192.0.2.2/24"}}
}

func grubSaying(e design.GRUBEntry) func(*design.Design) {
	return func(d *design.Design) { d.NixOS.Menu.GRUB = []design.GRUBEntry{e} }
}

func isolinuxSaying(e design.IsolinuxEntry) func(*design.Design) {
	return func(d *design.Design) { d.NixOS.Menu.Isolinux = []design.IsolinuxEntry{e} }
}

func contentSaying(c design.NixContent) func(*design.Design) {
	return func(d *design.Design) { d.NixOS.Contents = []design.NixContent{c} }
}

func specialSaying(s design.Specialisation) func(*design.Design) {
	return func(d *design.Design) { d.NixOS.Specialisations = []design.Specialisation{s} }
}

// spoken is a design with something in each list, so that saying something else
// there is a change.
func spoken(t *testing.T) design.Design {
	d := minimal()
	d.Dir = person(t)
	for name, text := range map[string]string{"nix/own.nix": "{ }", "cfg/flake.nix": "{ }", "theme/theme.txt": "", "font.pf2": "FILE\x00\x00\x00\x04PFF2"} {
		put(t, d.Dir+"/"+name, text)
	}
	put(t, d.Dir+"/files/x", "x")
	if err := copyTree("testdata/designs/files/pic.png", d.Dir+"/files/pic.png", 0, d.Dir+"/none"); err != nil {
		t.Fatal(err)
	}
	d.Users = []design.User{{Name: "anna"}}
	d.NixOS.Menu.GRUB = []design.GRUBEntry{{Title: "x", Commands: "true"}}
	d.NixOS.Menu.Isolinux = []design.IsolinuxEntry{{Label: "x", Title: "x", Commands: "x"}}
	d.NixOS.Contents = []design.NixContent{{Target: "/x", Text: "x"}}
	d.NixOS.Specialisations = []design.Specialisation{{Name: "a"}}
	d.NixOS.Modules = []design.NixModule{{Name: "a", Text: "{ }"}}
	return d
}

// TestEveryFieldCounts makes sure that no field of a design is overlooked: each
// changes the source or is refused.
func TestEveryFieldCounts(t *testing.T) {
	base := spoken(t)
	before := everyText(generate(t, base))
	for _, field := range leaves(reflect.TypeFor[design.Design](), "") {
		if hasPrefixOf(elsewhere, field) {
			continue
		}
		say := sayings[field]
		if say == nil {
			t.Errorf("the field %s is neither tried nor named as another's", field)
			continue
		}
		d := base
		n := *base.NixOS
		d.NixOS, d.Users = &n, slices.Clone(base.Users)
		say(&d)
		s, err := Generate(d, Options{})
		switch problems, _ := err.(design.Problems); {
		case len(problems) > 0:
			if root, _, _ := strings.Cut(field, "["); !strings.HasPrefix(problems[0].Field, root) && field != "base" {
				t.Errorf("%s is refused as %v", field, problems[0])
			}
		case err != nil:
			t.Errorf("%s: %v", field, err)
		case everyText(s) == before:
			t.Errorf("%s changes nothing", field)
		}
	}
}

func hasPrefixOf(names map[string]string, field string) bool {
	for name := range names {
		if field == name || strings.HasPrefix(field, name+".") {
			return true
		}
	}
	return false
}

// leaves are the paths of all fields that hold values.
func leaves(t reflect.Type, at string) []string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch {
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Struct:
		if strings.Count(at, "entries") > 1 {
			return []string{at}
		}
		return leaves(t.Elem(), at+"[]")
	case t.Kind() != reflect.Struct:
		return []string{at}
	}
	var out []string
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("toml"), ",")
		if name == "-" {
			continue
		}
		out = append(out, leaves(t.Field(i).Type, strings.TrimPrefix(at+"."+name, "."))...)
	}
	return out
}

func everyText(s Source) string {
	var b strings.Builder
	for _, f := range s.Files {
		b.WriteString("\n== " + f.Path + " " + f.Copy + "\n" + string(f.Text))
	}
	return b.String()
}
