package source

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
)

// hostileDesign has one text in every field that may hold it. Fields that the
// checks of a design would refuse with it are left out.
func hostileDesign(dir, s string) design.Design {
	line := strings.NewReplacer("\n", " ", "\r", " ", "\t", " ").Replace(s)
	d := minimal()
	d.Dir = dir
	d.Base = "minimal"
	for _, set := range []func(d *design.Design){
		func(d *design.Design) { d.Name = line },
		func(d *design.Design) { d.Users = []design.User{{Name: "anna", FullName: line}} },
		func(d *design.Design) { d.Texts.BeforeLogin = s },
		func(d *design.Design) { d.Texts.OnSSH = s },
		func(d *design.Design) { d.Texts.AfterLogin = s },
		func(d *design.Design) { d.NixOS.HelpLine = s },
		func(d *design.Design) { d.NixOS.PostBoot = s },
		func(d *design.Design) { d.NixOS.Menu.Syslinux = s },
		func(d *design.Design) { d.Startup.Command = line },
		func(d *design.Design) { d.NixOS.Settings = map[string]any{"one": line, "many": []string{line}} },
		func(d *design.Design) { d.NixOS.Contents = []design.NixContent{{Target: "/x", Text: s}} },
		func(d *design.Design) {
			d.NixOS.Contents = append(d.NixOS.Contents, design.NixContent{Target: "/" + line, Text: "x"})
		},
		func(d *design.Design) {
			d.NixOS.Contents = append(d.NixOS.Contents, design.NixContent{Target: "/y", Package: "hello", Path: "/" + line})
		},
		func(d *design.Design) { d.NixOS.Menu.GRUB = []design.GRUBEntry{{Title: line, Commands: s}} },
		func(d *design.Design) {
			d.NixOS.Menu.Isolinux = []design.IsolinuxEntry{{Label: "x", Title: line, Commands: s}}
		},
		func(d *design.Design) { d.Boot.Title = line },
		func(d *design.Design) { d.Network.WiFi = []design.WiFi{{SSID: line}} },
		func(d *design.Design) { d.Kernel.Parameters = []string{"a=" + line} },
		func(d *design.Design) { d.NixOS.Menu.Prepend = line },
		func(d *design.Design) { d.NixOS.Menu.DistributionName = line },
		func(d *design.Design) { d.NixOS.Menu.Configuration = line },
		func(d *design.Design) {
			d.Files = append(d.Files, design.File{Source: "file", Target: "/etc/" + line})
		},
		func(d *design.Design) {
			d.Files = append(d.Files, design.File{Source: "folder", Target: "/opt/" + line})
		},
		func(d *design.Design) {
			d.Files = append(d.Files, design.File{Source: "file", Target: "/m/" + line, On: "medium"})
		},
	} {
		try := d
		n := *d.NixOS
		try.NixOS = &n
		try.Files, n.Contents = slices.Clone(d.Files), slices.Clone(n.Contents)
		set(&try)
		if _, err := Generate(try, Options{}); err == nil {
			d = try
		}
	}
	return d
}

// person is a folder with files of a person's.
func person(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{"file": "text\n", "folder/one": "1\n", "folder/sub/two": "2\n", "folder/private": "3\n"} {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(filepath.Join(dir, "folder/private"), 0o640); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("one", filepath.Join(dir, "folder/link")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// readBack are the values of a design's generated modules.
type readBack struct {
	Name, FullName, Greeting, Issue, Motd, Help, Post, Syslinux, Command, One string
	Many, Targets, Etc, Parameters                                            []string
	Text, Path, SSID, Prepend, Distribution, Configuration, Script            string
}

const readBackNix = `dir: let
  fake = %s;
  read = file: if builtins.pathExists (dir + "/${file}") then import (dir + "/${file}") fake else { };
  flake = import (dir + "/flake.nix");
  contents = (read "medium.nix").isoImage.contents or [ ];
  find = f: default: list: let hits = builtins.filter f list; in if hits == [ ] then default else builtins.head hits;
  all = map read [ "users.nix" "texts.nix" "startup.nix" "menu.nix" "files.nix" "nix.nix" "network.nix" "kernel.nix" ];
  users = builtins.elemAt all 0; texts = builtins.elemAt all 1; startup = builtins.elemAt all 2;
  menu = builtins.elemAt all 3; files = builtins.elemAt all 4; nix = builtins.elemAt all 5; network = builtins.elemAt all 6;
  kernel = builtins.elemAt all 7;
in {
  Name = flake.description;
  FullName = users.users.users.anna.description or "";
  Greeting = texts.services.getty.greetingLine or "";
  Issue = texts.environment.etc."issue.net".text or "";
  Motd = texts.users.motd or "";
  Help = texts.services.getty.helpLine or "";
  Post = startup.boot.postBootCommands or "";
  Command = builtins.substring 1 99999 (startup.systemd.services.startup-command.serviceConfig.ExecStart or "-");
  Syslinux = menu.isoImage.syslinuxTheme or "";
  Prepend = menu.isoImage.prependToMenuLabel or "";
  Distribution = menu.system.nixos.distroName or "";
  Configuration = menu.isoImage.configurationName or "";
  One = nix.nix.settings.one or "";
  Many = nix.nix.settings.many or [ ];
  Targets = map (c: c.target) contents;
  Text = (find (c: c.target == "/x") { source.text = ""; } contents).source.text;
  Path = builtins.substring 6 99999 (find (c: c.target == "/y") { source = ""; } contents).source;
  SSID = network.networking.networkmanager.ensureProfiles.profiles.wifi-1.wifi.ssid or "";
  Parameters = kernel.boot.kernelParams or [ ];
  Etc = builtins.attrNames (files.environment.etc or { });
  Script = builtins.unsafeDiscardStringContext (files.system.activationScripts.ownFiles.text or "");
}`

func TestHostileTextsInEveryField(t *testing.T) {
	needNix(t)
	dir := person(t)
	var designs []design.Design
	var b strings.Builder
	fmt.Fprintf(&b, "map (%s) [\n", fmt.Sprintf(readBackNix, fake))
	for _, s := range append(corpus(25), "plain text") {
		d := hostileDesign(dir, s)
		if _, err := Generate(d, Options{}); err != nil {
			continue // without a name there is no design
		}
		designs = append(designs, d)
		fmt.Fprintf(&b, "%s\n", written(t, generate(t, d)))
	}
	b.WriteString("]\n")
	var got []readBack
	nixEval(t, b.String(), &got)
	counts := map[string]int{}
	for i, d := range designs {
		compare(t, d, got[i], counts)
	}
	for field, n := range counts {
		if n < 5 {
			t.Errorf("only %d texts could stand in %s, so it was not tested", n, field)
		}
	}
}

// compare holds what arrived against what the design says.
func compare(t *testing.T, d design.Design, g readBack, counts map[string]int) {
	t.Helper()
	n := *d.NixOS
	check := func(field, want, got string) {
		if want != "" {
			counts[field]++
		}
		if want != got {
			t.Errorf("%s: %q arrived as %q", field, want, got)
		}
	}
	full := ""
	if len(d.Users) > 0 {
		full = d.Users[0].FullName
	}
	check("name", d.Name, g.Name)
	check("full_name", full, g.FullName)
	check("before_login", d.Texts.BeforeLogin, strings.ReplaceAll(g.Greeting, `\\`, `\`))
	check("on_ssh", orNothing(d.Texts.OnSSH), g.Issue)
	check("after_login", d.Texts.AfterLogin, g.Motd)
	check("help_line", n.HelpLine, strings.ReplaceAll(g.Help, `\\`, `\`))
	check("post_boot", orNothing(n.PostBoot), g.Post)
	check("syslinux", orNothing(n.Menu.Syslinux), g.Syslinux)
	check("prepend", n.Menu.Prepend, g.Prepend)
	check("distribution_name", n.Menu.DistributionName, g.Distribution)
	check("configuration", n.Menu.Configuration, g.Configuration)
	command := ""
	if d.Startup.Command != "" {
		command = "#!/bin/sh -l\n" + d.Startup.Command + "\n"
	}
	check("command", command, g.Command)
	one, _ := n.Settings["one"].(string)
	check("settings", one, g.One)
	if many, _ := n.Settings["many"].([]string); !slices.Equal(many, g.Many) {
		t.Errorf("settings: %q arrived as %q", many, g.Many)
	}
	compareFiles(t, d, g, counts)
}

func compareFiles(t *testing.T, d design.Design, g readBack, counts map[string]int) {
	t.Helper()
	var targets, etc, opt []string
	for _, f := range d.Files {
		switch {
		case f.On == "medium":
			targets = append(targets, f.Target)
		case strings.HasPrefix(f.Target, "/etc/"):
			etc = append(etc, strings.TrimPrefix(f.Target, "/etc/"))
		default:
			opt = append(opt, f.Target)
		}
	}
	for _, c := range d.NixOS.Contents {
		targets = append(targets, c.Target)
	}
	for name, pair := range map[string][2][]string{"contents": {targets, g.Targets}, "files in /etc": {etc, g.Etc}} {
		counts[name] += len(pair[0])
		if !slices.Equal(pair[0], pair[1]) {
			t.Errorf("%s: %q arrived as %q", name, pair[0], pair[1])
		}
	}
	counts["files"] += len(opt)
	if got := placedTargets(t, g.Script); !slices.Equal(got, opt) {
		t.Errorf("files: %q arrived as %q", opt, got)
	}
	for i, p := range d.Kernel.Parameters {
		counts["kernel.parameters"]++
		if strings.ReplaceAll(g.Parameters[i], `"`, "") != p {
			t.Errorf("kernel.parameters: %q arrived as %q", p, g.Parameters[i])
		}
	}
	for _, c := range d.NixOS.Contents {
		if c.Path != "" && c.Path != g.Path {
			t.Errorf("contents: path %q arrived as %q", c.Path, g.Path)
		}
		if c.Target == "/x" && c.Text != g.Text {
			t.Errorf("contents: text %q arrived as %q", c.Text, g.Text)
		}
	}
	if w := d.Network.WiFi; len(w) > 0 && keyfileSSID(w[0].SSID) != g.SSID {
		t.Errorf("wifi: %q arrived as %q", w[0].SSID, g.SSID)
	}
}

// orNothing is a text as a file, or nothing.
func orNothing(s string) string {
	if s == "" {
		return ""
	}
	return endLine(s)
}
