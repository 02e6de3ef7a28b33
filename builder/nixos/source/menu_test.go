package source

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
)

// A menu as nixpkgs writes it, in its outlines.
const sampleGrub = `
set timeout=5
set textmode=false
search --set=root --file /EFI/nixos-installer-image
    set gfxmode=1920x1200,1920x1080,auto
if [ "$textmode" == "false" ]; then
  terminal_output gfxterm
fi
hiddenentry 'Text mode' --hotkey 't' {
  set textmode=true
}
menuentry 'NixOS 26.05 Installer' --class installer {
  linux /boot//nix/store/x/bzImage ${isoboot} init=/nix/store/y/init loglevel=4
  initrd /boot//nix/store/z/initrd
}
submenu "Options" --class submenu --class hidpi {
  set gfxmode=1920x1200,1920x1080,auto
  hiddenentry 'Text mode' --hotkey 't' {
    set textmode=true
  }
  submenu "Debug" --class debug {
    set gfxmode=1920x1200,1920x1080,auto
    hiddenentry 'Text mode' --hotkey 't' {
      set textmode=true
    }
    menuentry 'NixOS 26.05 Installer' --class installer {
      linux /boot//nix/store/x/bzImage debug
    }
  }
}
menuentry 'Firmware Setup' --class settings {
  fwsetup
}
menuentry 'Shutdown' --class shutdown {
  halt
}
`

const sampleIsolinux = `SERIAL 0 115200
TIMEOUT 0
UI vesamenu.c32
MENU TITLE NixOS
DEFAULT boot
LABEL boot
MENU LABEL NixOS 26.05 Installer
LINUX /boot//nix/store/x/bzImage
APPEND init=/nix/store/y/init
`

// patched is what boot-menu.nix makes of a target on the medium.
type patched struct{ Name, Script string }

// patchScripts evaluates the generated boot-menu.nix and takes the shell that
// would run when the image is built.
func patchScripts(t *testing.T, dir, sources string) map[string]string {
	t.Helper()
	var got []struct {
		Target string
		Source patched
	}
	// writeText hands back a file, as it would in a build.
	nixEval(t, fmt.Sprintf(`let
  fake = %s;
  pkgs = fake.pkgs // { writeText = name: text: builtins.toFile name text; };
  module = import %s/boot-menu.nix { inherit (fake) lib; inherit pkgs; };
  plain = builtins.unsafeDiscardStringContext;
in map (e: e // { source = e.source // { script = plain e.source.script; }; }) (module.options.isoImage.contents.apply [
  { source = "%[3]s/EFI"; target = "/EFI"; }
  { source = "%[3]s/efi.img"; target = "/boot/efi.img"; }
  { source = "%[3]s/isolinux.cfg"; target = "/isolinux/isolinux.cfg"; }
])`, fake, dir, sources), &got)
	out := map[string]string{}
	for _, g := range got {
		out[g.Target] = g.Source.Script
	}
	return out
}

// runPatch runs such a script with the files of the source instead of those of a
// store, and returns its $out.
func runPatch(t *testing.T, dir, script string) string {
	t.Helper()
	awk := filepath.Join(t.TempDir(), "patch.awk")
	text, err := static.ReadFile("nix/boot-menu.nix")
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), `"patch-grub.awk" ''`)
	program, _, _ := strings.Cut(after, "'';")
	if err := os.WriteFile(awk, []byte(program), 0o644); err != nil {
		t.Fatal(err)
	}
	script = storePath.ReplaceAllString(script, dir+"/menu/")
	script = strings.ReplaceAll(script, dir+"/menu/patch-grub.awk", awk)
	out := filepath.Join(t.TempDir(), "out")
	cmd := exec.Command("bash", "-euo", "pipefail", "-c", script)
	cmd.Dir, cmd.Env = t.TempDir(), append(os.Environ(), "out="+out)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s\n%s", err, text, script)
	}
	return out
}

// sampleMedium makes the three places of the menus.
func sampleMedium(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.MkdirAll(dir+"/EFI/BOOT", 0o755); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{"EFI/BOOT/grub.cfg": sampleGrub, "EFI/BOOT/BOOTX64.EFI": "efi", "isolinux.cfg": sampleIsolinux, "efi.img": strings.Repeat("\x00", 1<<20)} {
		if err := os.WriteFile(dir+"/"+name, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, args := range [][]string{
		{"mformat", "-i", dir + "/efi.img", "::"}, {"mmd", "-i", dir + "/efi.img", "::/EFI", "::/EFI/BOOT"},
		{"mcopy", "-i", dir + "/efi.img", dir + "/EFI/BOOT/grub.cfg", "::/EFI/BOOT/grub.cfg"},
	} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
	}
	makeReadOnly(t, dir)
	return dir
}

func TestMenusArePatched(t *testing.T) {
	needNix(t)
	for _, p := range []string{"bash", "awk", "sed", "mcopy", "grub-script-check"} {
		need(t, p)
	}
	d := minimal()
	zero := 0
	d.Boot = design.Boot{Title: `A & B / C \ D`, Timeout: &zero, TimeoutStyle: "hidden", Resolution: "1024x768,auto", Serial: true, Colours: design.BootColour{Normal: "white/black"}}
	d.NixOS.Menu.GRUB = []design.GRUBEntry{{Title: "It's $HOME `id` \\n", Class: "hd", Commands: "set x='a\\b'\nchainloader (hd0)+1\n"}}
	d.NixOS.Menu.Isolinux = []design.IsolinuxEntry{{Label: "hd0", Title: "Disk ^1", Commands: "COM32 chain.c32\nAPPEND hd0"}}
	dir := written(t, generate(t, d))
	scripts := patchScripts(t, dir, sampleMedium(t))

	folder := runPatch(t, dir, scripts["/EFI"])
	grub, err := os.ReadFile(folder + "/BOOT/grub.cfg")
	if err != nil {
		t.Fatal(err)
	}
	checkGrub(t, string(grub))
	if _, err := os.Stat(folder + "/BOOT/BOOTX64.EFI"); err != nil {
		t.Error(err)
	}
	image := runPatch(t, dir, scripts["/boot/efi.img"])
	inImage, err := exec.Command("mtype", "-i", image, "::/EFI/BOOT/grub.cfg").Output()
	if err != nil || string(inImage) != string(grub) {
		t.Errorf("the menu in efi.img differs: %v\n%s", err, inImage)
	}
	cfg, err := os.ReadFile(runPatch(t, dir, scripts["/isolinux/isolinux.cfg"]))
	if err != nil {
		t.Fatal(err)
	}
	want := strings.NewReplacer("TIMEOUT 0", "TIMEOUT 1", "MENU TITLE NixOS", `MENU TITLE A & B / C \ D`).Replace(sampleIsolinux) +
		"\nLABEL hd0\nMENU LABEL Disk ^^1\nCOM32 chain.c32\nAPPEND hd0\n"
	if string(cfg) != want {
		t.Errorf("isolinux.cfg:\n%s\nwant:\n%s", cfg, want)
	}
}

func checkGrub(t *testing.T, got string) {
	t.Helper()
	entry := "menuentry 'It'\\''s $HOME `id` \\n' --class hd {\n  set x='a\\b'\n  chainloader (hd0)+1\n}\nmenuentry 'Firmware Setup'"
	if !strings.Contains(got, entry) {
		t.Errorf("the entry is not before the firmware's:\n%s", got)
	}
	if n := strings.Count(got, "set gfxmode=1024x768,auto\n"); n != 3 || strings.Contains(got, "1920") {
		t.Errorf("%d of 3 resolutions are replaced", n)
	}
	if n := strings.Count(got, "set timeout_style=hidden\nset color_normal=white/black\nserial "); n != 3 {
		t.Errorf("the look is in %d of 3 menus", n)
	}
	if !strings.Contains(got, "linux /boot//nix/store/x/bzImage ${isoboot} init=/nix/store/y/init loglevel=4\n") {
		t.Error("nixpkgs's own lines have changed")
	}
}
