//go:build nixpkgs

package source_test

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// toml quotes a text for a project file.
func toml(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		panic(err)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// everything is all that a design can say at once, for any base but the card.
func everything(head string, menus bool) scenario {
	text := head + `
name = "Everything"
packages = ["git", "jq", "python3Packages.requests"]
drivers = ["broadcom_sta", "kvm-intel", "sof-firmware", "intel-microcode", "v4l2loopback"]

[kernel]
parameters = ["console=tty0", "console=ttyS0,115200n8"]

[system]
hostname = "everything"
locale = "de_DE.UTF-8"
time_zone = "Europe/Berlin"
keyboard = { layout = "de", variant = "nodeadkeys", model = "pc105", options = "compose:ralt" }

[[users]]
name = "anna"
full_name = "Anna"
password_hash = '` + yescrypt + `'
groups = ["video", "lab"]
sudo = "password"
ssh_keys = ['` + annasKey + `']
shell = "/bin/zsh"

[[users]]
name = "ben"
sudo = "nopassword"
ssh_keys = ['` + bensKey + `']

[root]
password_hash = '` + sha512 + `'
ssh_keys = ['` + annasKey + `']

[ssh]
enable = true
password_login = true
port = 2222

[texts]
before_login = "Everything\n"
on_ssh = "Authorised people only\n"
after_login = "Welcome\n"

[startup]
autologin = "anna"

[network]
interface = "en*"
dns = ["192.0.2.53"]
search = ["example.org"]

[[network.wifi]]
ssid = "office"
psk = "` + psk + `"
hidden = true

[compression]
method = "zstd"
level = 6

[[files]]
source = "own/run.sh"
target = "/opt/tools/run.sh"
mode = "0750"
owner = "anna:users"

[[files]]
source = "own/run.sh"
target = "/etc/tools/run.sh"

[nixos]
state_version = "26.05"
kernel = "default"
zfs = false
kernel_modules = ["msr"]
initrd_modules = ["r8152"]
blacklisted_modules = ["nouveau"]
module_packages = ["acpi_call"]
firmware = "redistributable"
unfree = ["broadcom-sta"]
insecure = ["broadcom-sta"]
help_line = "Help\n"
manual = false
console_font = "ter-v32n"
early_console = true
post_boot = "echo done > /run/note\n"
store_contents = ["hello"]
imports = ["own/desk.nix"]
force = ["texts.after_login"]
settings = { max-jobs = 2, experimental-features = ["nix-command", "flakes"] }

[nixos.flake]
url = "./own"
modules = ["lab"]

[[nixos.modules]]
name = "mouse"
text = "{ services.gpm.enable = true; }"
`
	checks := []check{
		has(installed, "git", "jq", "requests"), has("map lib.getName c.boot.extraModulePackages", "broadcom-sta", "v4l2loopback", "acpi-call"),
		has("c.boot.kernelModules", "wl", "kvm-intel", "msr"), has("c.boot.initrd.kernelModules", "wl", "r8152"),
		has("c.boot.blacklistedKernelModules", "b43", "nouveau"), has("c.boot.kernelParams", "console=ttyS0,115200n8"),
		is("c.networking.hostName", "everything"), is("c.i18n.defaultLocale", "de_DE.UTF-8"), is("c.time.timeZone", "Europe/Berlin"),
		is("c.services.xserver.xkb.variant", "nodeadkeys"), is("c.users.users.anna.hashedPassword", yescrypt),
		is("c.users.users.root.hashedPassword", sha512), is("c.users.users.anna.openssh.authorizedKeys.keys", []string{annasKey}),
		is("c.services.openssh.ports", []int{2222}), is("c.services.openssh.settings.PasswordAuthentication", true),
		is("c.users.motd", "Welcome\n"), is("c.services.getty.autologinUser", "anna"), is("c.system.stateVersion", "26.05"),
		is("c.hardware.enableRedistributableFirmware", true), is("c.hardware.cpu.intel.updateMicrocode", true),
		is("c.console.font", "ter-v32n"), is("c.nix.settings.max-jobs", 2), is("c.services.gpm.enable", true),
		is("c.environment.etc.desk.text", "desk"), is("c.environment.etc.lab.text", "lab"),
	}
	if menus {
		text += menuParts
		checks = append(checks, has(targets, "/docs/note.txt", "/hello", "/tools/run.sh"), is("c.boot.loader.timeout", 3),
			is("c.isoImage.volumeID", "EVERYTHING"), is("c.isoImage.prependToMenuLabel", "Start "),
			is("map (e: e.name) f.plan.menu", []string{"", "other"}), is("c.isoImage.squashfsCompression", "zstd -Xcompression-level 6"))
	}
	files := maps.Clone(ownFlake)
	maps.Copy(files, map[string]string{
		"own/run.sh": "#!/bin/sh\n", "own/desk.nix": "{ environment.etc.desk.text = \"desk\"; users.motd = \"theirs\"; }\n",
	})
	maps.Copy(files, picture("art/a.png"))
	return scenario{text: text, files: files, checks: checks, plan: true}
}

// menuParts are what only an image with a boot menu has.
const menuParts = `
[[nixos.contents]]
target = "/docs/note.txt"
text = "note\n"

[[nixos.contents]]
target = "/hello"
package = "hello"

[[nixos.specialisations]]
name = "other"
title = "- other"
kernel = "latest"
parameters = ["nomodeset"]
packages = ["tree"]
config = "services.gpm.enable = true;"

[nixos.menu]
distribution_name = "ACME"
prepend = "Start "
append = ""
configuration = "(main)"
memtest = true
splash_bios = "art/a.png"
splash_efi = "art/a.png"
theme_package = "none"
grub = [{ title = "Disk", class = "hd", commands = "set root=(hd0)\nchainloader +1\n" }]
isolinux = [{ label = "hd0", title = "Disk", commands = "COM32 chain.c32\nAPPEND hd0\n" }]

[boot]
title = "Everything"
timeout = 3
timeout_style = "countdown"
resolution = "1024x768"
serial = true
colours = { normal = "white/black" }

[[files]]
source = "own/run.sh"
target = "/tools/run.sh"
on = "medium"
`

// TestEverything evaluates designs with everything on.
func TestEverything(t *testing.T) {
	list := map[string]scenario{
		"minimal": everything("", true),
		"gnome":   everything("base = \"graphical\"\ndesktop = \"gnome\"", true),
		"plasma":  everything("base = \"graphical\"\ndesktop = \"plasma\"", true),
		"netboot": everything("base = \"netboot\"", false),
	}
	var all []scenario
	for _, name := range []string{"minimal", "gnome", "plasma", "netboot"} {
		s := list[name]
		s.name = name
		all = append(all, s)
	}
	run(t, all)
}

// hostile are texts that mean something to Nix, shells, GRUB, systemd, agetty
// or TOML.
var hostile = []string{
	`''${builtins.abort "x"}'' ${y} \${z} $HOME "q" 'r' \n \\ ` + "`id`" + ` $(id) %s %% ; | & < > # {{ }} ü€😀`,
	`"`, `\`, `''`, `'''`, `$`, `$$`, `${`, `$${x}`, `''\${x}`, `''$`, `"${"`, `\"`, `--`, `/* */`, `#`, `%`, `%i`, `&`,
}

// lines are texts of several lines that an indented string of Nix could change.
var lines = []string{
	"  two\n    four\n", "\n\n  \n a\n", "''\n''${x}\n  ''\\n\n", "a\n\tb\n", "no end", "\n", "${x}\n'\n''\n'''\n$\n",
}

// TestHostileTexts puts hostile texts into every field that takes any text and
// wants the same texts back.
func TestHostileTexts(t *testing.T) {
	run(t, append(hostileLines(), hostileTexts()...))
}

// hostileLines goes through the fields of one line, all in one design for each
// text.
func hostileLines() []scenario {
	var list []scenario
	for i, s := range hostile[:4] {
		one := strings.NewReplacer(":", "", ",", "").Replace(s)
		ssid := s[:min(len(s), 24)]
		text := `name = ` + toml("x "+s) + `
packages = ["hello"]
[[users]]
name = "anna"
full_name = ` + toml("x"+one) + `
ssh_keys = [` + toml(bensKey+" "+s) + `]
[startup]
autologin = "anna"
[boot]
title = ` + toml(s) + `
[[network.wifi]]
ssid = ` + toml(ssid) + `
[[files]]
source = ` + toml("own/"+safeName(s)) + `
target = ` + toml("/etc/x "+safeName(s)) + `
[[nixos.contents]]
target = ` + toml("/docs/x"+safeName(s)) + `
text = ` + toml(s) + `
[nixos.settings]
bash-prompt = ` + toml(s) + `
extra-platforms = [` + toml(s) + `, "b"]
[[nixos.menu.grub]]
title = ` + toml(s) + `
commands = "true"
[[nixos.menu.isolinux]]
label = "a"
title = ` + toml(s) + `
commands = "MENU QUIT"
`
		list = append(list, scenario{name: "line " + strconv.Itoa(i), text: text, files: map[string]string{"own/" + safeName(s): s}, plan: true, checks: []check{
			is("c.users.users.anna.description", "x"+one), is("c.users.users.anna.openssh.authorizedKeys.keys", []string{bensKey + " " + s}),
			is("c.environment.etc."+nixString("x "+safeName(s))+".source == null", false),
			is("builtins.readFile c.environment.etc."+nixString("x "+safeName(s))+".source", s),
			has(targets, "/docs/x"+safeName(s)), is("(builtins.head (builtins.filter (e: e.target == "+nixString("/docs/x"+safeName(s))+") c.isoImage.contents)).source.text", s),
			is("(import (f.outPath + \"/flake.nix\")).description", "x "+s),
			is("c.networking.networkmanager.ensureProfiles.profiles.wifi-1.wifi.ssid", keyfileBytes(ssid)),
			is("c.nix.settings.bash-prompt", s), is("c.nix.settings.extra-platforms", []string{s, "b"}),
		}})
	}
	return list
}

// keyfileBytes is an SSID as its bytes, which NetworkManager reads as well.
func keyfileBytes(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		b.WriteString(strconv.Itoa(int(c)) + ";")
	}
	return b.String()
}

// safeName leaves out what no file name or path of a design can hold.
func safeName(s string) string {
	return "f" + strings.NewReplacer("/", "", "\x00", "").Replace(s)
}

// nixString writes a Nix string.
func nixString(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "${", `\${`, "\n", `\n`, "\t", `\t`).Replace(s) + `"`
}

// hostileTexts puts every text into the fields of several lines; a design has
// room for many contents, so one evaluation compares them all.
func hostileTexts() []scenario {
	var b strings.Builder
	var checks []check
	for i, s := range append(append([]string{}, hostile...), lines...) {
		target := "/docs/" + strconv.Itoa(i)
		b.WriteString("[[nixos.contents]]\ntarget = " + toml(target) + "\ntext = " + toml(s) + "\n")
		checks = append(checks, is(contentText(target), s))
	}
	list := []scenario{{name: "contents", text: b.String(), checks: checks}}
	for i, s := range []string{hostile[0] + "\n" + lines[2] + lines[6], lines[0] + lines[1]} {
		text := "[texts]\nbefore_login = " + toml(s) + "\non_ssh = " + toml(s) + "\nafter_login = " + toml(s) +
			"\n[ssh]\nenable = true\n[nixos]\nhelp_line = " + toml(s) + "\npost_boot = " + toml(s) + "\n[nixos.menu]\nsyslinux = " + toml(s) + "\n"
		doubled := strings.ReplaceAll(s, `\`, `\\`)
		list = append(list, scenario{name: "texts " + strconv.Itoa(i), text: text, checks: []check{
			has(issue, doubled), is("c.services.getty.greetingLine", doubled), is("c.services.getty.helpLine", doubled),
			is("c.environment.etc.\"issue.net\".text", s), is("c.users.motd", s), has("c.boot.postBootCommands", s), is("c.isoImage.syslinuxTheme", s),
		}})
	}
	return list
}

// TestClassic builds the expression for nix-build -A image, without flakes.
func TestClassic(t *testing.T) {
	s := everything("", true)
	s.name = "classic"
	// A flake of the person's needs Nix with flakes in this form, too.
	s.text = strings.Replace(s.text, "[nixos.flake]\nurl = \"./own\"\nmodules = [\"lab\"]\n", "", 1)
	p := prepare(t, s)
	if p == nil {
		return
	}
	expr := filepath.Join(t.TempDir(), "classic.nix")
	text := "{ attribute }: (import " + toml(p.dir) + " { nixpkgs = " + toml(shim(t)) + "; }).${attribute}"
	if err := os.WriteFile(expr, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	for attribute, suffix := range map[string]string{"image": ".drvPath", "manifest": ".drvPath", "plan": ".volumeID"} {
		out, _, err := nix(t, 1, "nix-instantiate", "--eval", "--json", "--strict", "-E",
			"(import "+expr+" { attribute = "+toml(attribute)+"; })"+suffix)
		if err != nil {
			t.Errorf("%s: %v", attribute, err)
			continue
		}
		want := "everything.iso.drv\""
		switch attribute {
		case "manifest":
			want = "iso-manifest.json.drv\""
		case "plan":
			want = `"EVERYTHING"`
		}
		if got := strings.TrimSpace(out); !strings.HasSuffix(got, want) {
			t.Errorf("%s: %s, want …%s", attribute, got, want)
		}
	}
}

// TestFlake evaluates the flake as people do, with nix eval and another nixpkgs
// in place of the channel's.
func TestFlake(t *testing.T) {
	s := everything("", true)
	s.name = "flake"
	p := prepare(t, s)
	if p == nil {
		return
	}
	for output, want := range map[string]string{
		"packages.x86_64-linux.image.drvPath": "everything.iso.drv\"", "packages.x86_64-linux.default.drvPath": "everything.iso.drv\"",
		"packages.x86_64-linux.manifest.drvPath": "iso-manifest.json.drv\"", "plan.volumeID": `"EVERYTHING"`,
		"nixosConfigurations.image.config.networking.hostName": `"everything"`,
	} {
		out, _, err := nix(t, 1, "nix", "--extra-experimental-features", "nix-command flakes", "eval", "--impure", "--offline", "--no-write-lock-file",
			"--read-only", "--override-input", "nixpkgs", "path:"+shim(t), "--json", "path:"+p.dir+"#"+output)
		if err != nil {
			t.Errorf("%s: %v", output, err)
			continue
		}
		if got := strings.TrimSpace(out); !strings.HasSuffix(got, want) {
			t.Errorf("%s: %s, want …%s", output, got, want)
		}
	}
}

// shim is a folder that stands for the tree of nixpkgs, in both forms: links
// instead of its 53,000 files, and with the further module in every system.
func shim(t *testing.T) string {
	t.Helper()
	dir, tree := t.TempDir(), nixpkgs(t)
	link := func(from, to string) {
		if err := os.Symlink(filepath.Join(tree, from), filepath.Join(dir, to)); err != nil {
			t.Fatal(err)
		}
	}
	for _, name := range []string{"default.nix", "lib", "pkgs"} {
		link(name, name)
	}
	if err := os.MkdirAll(filepath.Join(dir, "nixos", "lib"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"nixos/modules", "nixos/lib/default.nix"} {
		link(name, name)
	}
	for name, text := range map[string]string{"flake.nix": shimFlake, "nixos/lib/eval-config.nix": shimConfig} {
		text = strings.NewReplacer("TREE", tree, "MODULE", extraModule()).Replace(text)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const shimFlake = `{
  outputs =
    { self }:
    let
      tree = (import TREE/flake.nix).outputs { self = tree // { inherit (self) outPath lastModified lastModifiedDate narHash; }; };
      module = MODULE;
    in
    {
      inherit (tree) legacyPackages;
      lib = tree.lib.extend (_: prev: {
        nixosSystem = args: prev.nixosSystem (args // { modules = args.modules ++ (if module == null then [ ] else [ module ]); });
      });
    };
}
`

const shimConfig = `args:
let
  module = MODULE;
in
import TREE/nixos/lib/eval-config.nix (args // { modules = args.modules ++ (if module == null then [ ] else [ module ]); })
`
