package source

import (
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
)

func TestRefusals(t *testing.T) {
	netboot := func(f func(d *design.Design)) func(d *design.Design) {
		return func(d *design.Design) { d.Base = "netboot"; f(d) }
	}
	card := func(f func(d *design.Design)) func(d *design.Design) {
		return func(d *design.Design) { d.Architecture, d.NixOS.Medium = "arm64", "sd"; f(d) }
	}
	seconds := 3
	for _, c := range []struct {
		field, text string
		say         func(d *design.Design)
	}{
		{"distribution", "only a NixOS design", func(d *design.Design) { d.Distribution, d.NixOS = "debian", nil }},
		{"boot.entries", "makes the entries", func(d *design.Design) { d.Boot.Entries = []design.BootEntry{{Title: "x"}} }},
		{"nixos.menu", "no boot menu", netboot(func(d *design.Design) { d.NixOS.Menu.Prepend = "x" })},
		{"boot.timeout", "no boot menu", netboot(func(d *design.Design) { d.Boot.Timeout = &seconds })},
		{"nixos.specialisations", "no boot menu", netboot(func(d *design.Design) { d.NixOS.Specialisations = []design.Specialisation{{Name: "a"}} })},
		{"volume_label", "no volume", netboot(func(d *design.Design) { d.VolumeLabel = "X" })},
		{"files[0].on", "only an ISO", netboot(func(d *design.Design) { d.Files = []design.File{{Source: "file", Target: "/x", On: "medium"}} })},
		{"nixos.contents[0]", "only an ISO", card(func(d *design.Design) { d.NixOS.Contents = []design.NixContent{{Target: "/x", Text: "x"}} })},
		{"compression", "not compressed", card(func(d *design.Design) { d.Compression.Method = "xz" })},
		{"nixos.assembler", "only an ISO", card(func(d *design.Design) { d.NixOS.Assembler = "isowright" })},
		{"desktop", "25.05", func(d *design.Design) { d.Base, d.Desktop, d.Release = "graphical", "cosmic", "24.11" }},
		{"desktop", "25.05", func(d *design.Design) { d.Base, d.Desktop, d.Release = "graphical", "combined", "24.11" }},
		{"nixos.installer", "is an installer", func(d *design.Design) { d.Base, d.Desktop, d.NixOS.Installer = "graphical", "combined", no() }},
		{"nixos.specialisations", "25.05", func(d *design.Design) {
			d.Release, d.NixOS.Specialisations = "24.11", []design.Specialisation{{Name: "a"}}
		}},
		{"nixos.broken", "25.05", func(d *design.Design) { d.Release, d.NixOS.Broken = "24.11", []string{"x"} }},
		{"startup.command", "the desktop", func(d *design.Design) { d.Base, d.Desktop, d.Startup.Command = "graphical", "xfce", "x" }},
		{"users[0].shell", "no shell", func(d *design.Design) { d.Users = []design.User{{Name: "a", Shell: "/opt/sh"}} }},
		{"drivers[0]", "no driver", func(d *design.Design) { d.Drivers = []string{"nothing"} }},
		{"drivers[0]", "not free", func(d *design.Design) { d.Drivers = []string{"broadcom_sta"} }},
		{"kernel.parameters[0]", "would expand", func(d *design.Design) { d.Kernel.Parameters = []string{"a=$b"} }},
		{"system.locale", "UTF-8", func(d *design.Design) { d.System.Locale = "de_DE.ISO-8859-1" }},
		{"compression.block_size", "1048576", func(d *design.Design) { d.Compression.BlockSize = 4096 }},
		{"nixos.menu.isolinux[0].label", "nixpkgs makes", func(d *design.Design) {
			d.NixOS.Menu.Isolinux = []design.IsolinuxEntry{{Label: "boot-x", Title: "x", Commands: "x"}}
		}},
		{"nixos.imports[0]", "outside", func(d *design.Design) { d.NixOS.Imports = []string{"away.nix"} }},
		{"files[0].source", "does not exist", func(d *design.Design) { d.Files = []design.File{{Source: "missing", Target: "/opt/x"}} }},
		{"nixos.force[0]", "sets nothing", func(d *design.Design) { d.NixOS.Force = []string{"packages"} }},
		{"nixos.force[0]", "needs to start", func(d *design.Design) { d.NixOS.Force = []string{"nixos.contents"} }},
	} {
		d := minimal()
		d.Dir = person(t)
		put(t, d.Dir+"/away.nix", "{ imports = [ ../other.nix ]; }")
		c.say(&d)
		_, err := Generate(d, Options{})
		problems, _ := err.(design.Problems)
		found := false
		for _, p := range problems {
			found = found || p.Field == c.field && strings.Contains(p.Text+p.Hint, c.text)
		}
		if !found {
			t.Errorf("%s with %q is not reported: %v", c.field, c.text, err)
		}
	}
}

// defined is how the source defines an option: the line that assigns it.
func defined(t *testing.T, s Source, file, option string) string {
	t.Helper()
	for l := range strings.SplitSeq(fileText(t, s, file), "\n") {
		if rest, ok := strings.CutPrefix(strings.TrimSpace(l), option+" = "); ok {
			return rest
		}
	}
	return ""
}

func TestForce(t *testing.T) {
	d := minimal()
	d.NixOS.KernelModules = []string{"a"}
	d.Texts.AfterLogin = "x"
	s := generate(t, d)
	if got := defined(t, s, "kernel.nix", "boot.kernelModules"); got != `[ "a" ];` {
		t.Errorf("unforced: %s", got)
	}
	d.NixOS.Force = []string{"nixos.kernel_modules", "texts.after_login"}
	s = generate(t, d)
	for option, want := range map[string][2]string{
		"boot.kernelModules": {"kernel.nix", `lib.mkForce [ "a" ];`},
		"users.motd":         {"texts.nix", `lib.mkForce "x";`},
	} {
		if got := defined(t, s, want[0], option); got != want[1] {
			t.Errorf("%s = %s", option, got)
		}
		if !strings.Contains(fileText(t, s, "overrides.nix"), `"`+strings.ReplaceAll(option, ".", `" "`)+`"`) {
			t.Errorf("%s is not among the overrides", option)
		}
	}
}

func TestWhatYieldsToImports(t *testing.T) {
	d := minimal()
	s := generate(t, d)
	for option, file := range map[string]string{
		"networking.hostName": "system.nix", "time.timeZone": "locale.nix", "i18n.defaultLocale": "locale.nix",
		"services.openssh.enable": "ssh.nix", "system.stateVersion": "system.nix",
	} {
		if got := defined(t, s, file, option); !strings.HasPrefix(got, "lib.mkOverride 900 ") {
			t.Errorf("unsaid: %s = %s", option, got)
		}
	}
	d.System = design.System{Hostname: "h", TimeZone: "Etc/UTC", Locale: "C.UTF-8"}
	d.SSH.Enable = true
	d.NixOS.StateVersion = "26.05"
	s = generate(t, d)
	for option, want := range map[string][2]string{
		"networking.hostName": {"system.nix", `"h";`}, "time.timeZone": {"locale.nix", `"Etc/UTC";`}, "i18n.defaultLocale": {"locale.nix", `"C.UTF-8";`},
		"services.openssh.enable": {"ssh.nix", "true;"}, "system.stateVersion": {"system.nix", `"26.05";`},
	} {
		if got := defined(t, s, want[0], option); got != want[1] {
			t.Errorf("said: %s = %s", option, got)
		}
	}
}

func TestCard(t *testing.T) {
	d := minimal()
	seconds := 3
	d.Architecture, d.NixOS.Medium, d.Boot.Timeout, d.VolumeLabel = "arm64", "sd", &seconds, "CARD"
	yes := true
	d.NixOS.CloneConfiguration = &yes
	s := generate(t, d)
	for option, want := range map[string][2]string{
		"sdImage.compressImage": {"medium.nix", "false;"}, "sdImage.rootVolumeLabel": {"medium.nix", `"CARD";`},
		"boot.loader.timeout": {"menu.nix", "lib.mkForce 3;"}, "installer.cloneConfig": {"nix.nix", "lib.mkForce true;"},
	} {
		if got := defined(t, s, want[0], option); got != want[1] {
			t.Errorf("%s = %s", option, got)
		}
	}
	if !strings.Contains(fileText(t, s, "outputs.nix"), "build.sdImage;") {
		t.Error("the card is not what is built")
	}
}

func TestWarnings(t *testing.T) {
	d := minimal()
	d.Dir = person(t)
	d.Network.WiFi = []design.WiFi{{SSID: "x", PSK: strings.Repeat("0f", 32)}}
	d.Files = []design.File{{Source: "file", Target: "/opt/x", Mode: "0600"}}
	fields := map[string]bool{}
	for _, w := range generate(t, d).Warnings {
		fields[w.Field] = true
		if strings.Contains(w.Text, "0f0f") {
			t.Errorf("the warning tells the key: %s", w.Text)
		}
	}
	for _, f := range []string{"users", "network.wifi[0].psk", "files[0].mode"} {
		if !fields[f] {
			t.Errorf("no warning about %s: %v", f, fields)
		}
	}
}
