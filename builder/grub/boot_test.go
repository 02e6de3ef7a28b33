package grub

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/isowright/isowright/internal/need"
)

// packageFiles is a target with one small file for each that is needed.
func packageFiles() fstest.MapFS {
	target := fstest.MapFS{}
	for _, name := range []string{
		"usr/share/grub/unicode.pf2", "usr/lib/grub/i386-pc/normal.mod", "usr/lib/grub/i386-pc/command.lst",
		"usr/lib/grub/i386-pc/modinfo.sh",
		"usr/lib/shim/shimx64.efi.signed", "usr/lib/shim/mmx64.efi.signed",
		"usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed",
		"usr/lib/shim/shimaa64.efi.signed", "usr/lib/shim/mmaa64.efi.signed",
		"usr/lib/grub/arm64-efi-signed/gcdaa64.efi.signed",
	} {
		target[name] = &fstest.MapFile{Data: []byte(name)}
	}
	target["usr/lib/grub/i386-pc/boot_hybrid.img"] = &fstest.MapFile{Data: make([]byte, 512)}
	target["usr/lib/grub/i386-pc/fdt.lst"] = &fstest.MapFile{}
	return target
}

func contents(files []MediumFile) map[string]string {
	m := map[string]string{}
	for _, f := range files {
		m[f.Path] = string(f.Data)
	}
	return m
}

func TestBootFiles(t *testing.T) {
	got, err := BootFiles(packageFiles(), AMD64, []byte("core"), liveMenu(), "Rescue 1")
	if err != nil {
		t.Fatal(err)
	}
	iso, esp := contents(got.Files), contents(got.ESP)
	for path, want := range map[string]string{
		"/.disk/info":                   "Rescue 1\n",
		got.ElToritoPath:                "core",
		"/boot/grub/fonts/unicode.pf2":  "usr/share/grub/unicode.pf2",
		"/boot/grub/i386-pc/normal.mod": "usr/lib/grub/i386-pc/normal.mod",
		"/boot/grub/i386-pc/fdt.lst":    "",
		"/EFI/BOOT/BOOTX64.EFI":         "usr/lib/shim/shimx64.efi.signed",
		"/EFI/BOOT/grubx64.efi":         "usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed",
		"/EFI/BOOT/mmx64.efi":           "usr/lib/shim/mmx64.efi.signed",
	} {
		if data, ok := iso[path]; !ok || data != want {
			t.Errorf("%s is %q, want %q", path, data, want)
		}
		if strings.HasPrefix(path, "/EFI/") && esp[path] != want {
			t.Errorf("ESP: %s is %q, want %q", path, esp[path], want)
		}
	}
	config, _ := Config(liveMenu())
	loopback, _ := Loopback(liveMenu())
	redirect, _ := Redirect(liveMenu())
	if iso["/boot/grub/grub.cfg"] != string(config) || iso["/boot/grub/loopback.cfg"] != string(loopback) {
		t.Error("the ISO has other scripts than Config and Loopback write")
	}
	if esp["/boot/grub/grub.cfg"] != string(redirect) || esp["/EFI/BOOT/grub.cfg"] != string(redirect) {
		t.Error("the ESP has no redirection")
	}
	if _, ok := iso["/boot/grub/i386-pc/modinfo.sh"]; ok || len(got.MBRCode) != 512 {
		t.Error("modinfo.sh is on the medium, or the MBR code is missing")
	}
}

func TestBootFilesARM64(t *testing.T) {
	got, err := BootFiles(packageFiles(), ARM64, nil, liveMenu(), "Rescue 1")
	if err != nil {
		t.Fatal(err)
	}
	esp := contents(got.ESP)
	if esp["/EFI/BOOT/BOOTAA64.EFI"] == "" || esp["/EFI/BOOT/grubaa64.efi"] == "" || esp["/EFI/BOOT/mmaa64.efi"] == "" {
		t.Errorf("the chain is incomplete: %v", esp)
	}
	if got.ElToritoPath != "" || got.MBRCode != nil {
		t.Error("there are BIOS files for arm64")
	}
}

func TestBootFilesMissing(t *testing.T) {
	for name, pkg := range map[string]string{
		"usr/share/grub/unicode.pf2":                       "grub-common",
		"usr/lib/grub/i386-pc/boot_hybrid.img":             "grub-pc-bin",
		"usr/lib/grub/i386-pc/normal.mod":                  "grub-pc-bin",
		"usr/lib/shim/shimx64.efi.signed":                  "shim-signed",
		"usr/lib/shim/mmx64.efi.signed":                    "shim-helpers-amd64-signed",
		"usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed": "grub-efi-amd64-signed",
	} {
		for _, empty := range []bool{false, true} {
			target := packageFiles()
			delete(target, name)
			if empty {
				target[name] = &fstest.MapFile{}
			}
			_, err := BootFiles(target, AMD64, []byte("core"), liveMenu(), "x")
			if err == nil || !strings.Contains(err.Error(), pkg) || !strings.Contains(err.Error(), name) {
				t.Errorf("without %s: %v", name, err)
			}
		}
	}
	for _, arch := range []Arch{"riscv64", AMD64} {
		if _, err := BootFiles(packageFiles(), arch, nil, liveMenu(), "x"); err == nil {
			t.Errorf("%s without a BIOS image is taken", arch)
		}
	}
	if _, err := BootFiles(packageFiles(), ARM64, nil, liveMenu(), "two\nlines"); err == nil {
		t.Error("a line break in /.disk/info is taken")
	}
}

// builtIn lists the modules inside a monolithic EFI image: behind the header
// "mimg" (GRUB manual for developers, struct grub_module_info64) lie objects
// of type and size, type 0 being ELF files with their name in .modname.
func builtIn(t *testing.T, image []byte) []string {
	t.Helper()
	var names []string
	for at := 0; ; at++ {
		i := bytes.Index(image[at:], []byte("mimg"))
		if i < 0 || at+i+24 > len(image) {
			break
		}
		at += i
		offset, size := binary.LittleEndian.Uint64(image[at+8:]), binary.LittleEndian.Uint64(image[at+16:])
		if offset != 24 || size > uint64(len(image)-at) {
			continue
		}
		for rest := image[at+24 : at+int(size)]; len(rest) >= 8; {
			kind, n := binary.LittleEndian.Uint32(rest), binary.LittleEndian.Uint32(rest[4:])
			if n < 8 || int(n) > len(rest) {
				break
			}
			if kind == 0 {
				names = append(names, moduleName(t, rest[8:n]))
			}
			rest = rest[n:]
		}
	}
	return names
}

func moduleName(t *testing.T, module []byte) string {
	t.Helper()
	file, err := elf.NewFile(bytes.NewReader(module))
	if err != nil {
		t.Fatal(err)
	}
	data, err := file.Section(".modname").Data()
	if err != nil {
		t.Fatal(err)
	}
	return strings.TrimRight(string(data), "\x00")
}

// closure adds what modules need, by moddep.lst.
func closure(t *testing.T, dir string, modules []string) []string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, "moddep.lst"))
	if err != nil {
		t.Fatal(err)
	}
	needs := map[string][]string{}
	for line := range strings.Lines(string(data)) {
		name, list, _ := strings.Cut(line, ":")
		needs[name] = strings.Fields(list)
	}
	all := slices.Clone(modules)
	for i := 0; i < len(all); i++ {
		for _, name := range needs[all[i]] {
			if !slices.Contains(all, name) {
				all = append(all, name)
			}
		}
	}
	return all
}

// TestModulesBuiltIn: each command and module that the scripts use is in the
// BIOS image and in the signed UEFI image, which loads no others under Secure
// Boot.
func TestModulesBuiltIn(t *testing.T) {
	const signed = "/usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed"
	need.Tools(t, signed, modulesDir+"/command.lst")
	image, err := os.ReadFile(signed)
	if err != nil {
		t.Fatal(err)
	}
	uefi, bios := builtIn(t, image), closure(t, modulesDir, BIOSModules())
	if len(uefi) < 50 {
		t.Fatalf("only %d modules found in %s", len(uefi), signed)
	}
	data, err := os.ReadFile(modulesDir + "/command.lst")
	if err != nil {
		t.Fatal(err)
	}
	modules := map[string]string{}
	for line := range strings.Lines(string(data)) {
		command, module, _ := strings.Cut(strings.TrimSpace(line), ": ")
		modules[strings.TrimPrefix(command, "*")] = module
	}
	check := func(module string, biosOnly bool) {
		if !slices.Contains(bios, module) {
			t.Errorf("module %s is not in the BIOS image", module)
		}
		if !biosOnly && !slices.Contains(uefi, module) {
			t.Errorf("module %s is not in the signed image", module)
		}
	}
	m := liveMenu()
	config, err := Config(m)
	if err != nil {
		t.Fatal(err)
	}
	loopback, _ := Loopback(m)
	redirect, _ := Redirect(m)
	found := 0
	for _, words := range lex(t, string(config)+string(loopback)+string(redirect)) {
		if words[0] == "if" {
			words = words[1:]
		}
		if words[0] == "insmod" {
			check(words[1], false)
		}
		if module := modules[words[0]]; module != "" {
			check(module, false)
			found++
		}
	}
	if found < 30 {
		t.Errorf("only %d commands recognised", found)
	}
	if !slices.Contains(uefi, "efifwsetup") {
		t.Error("fwsetup is not in the signed image")
	}
}

// TestRealPackages collects the files of this computer's own GRUB packages.
func TestRealPackages(t *testing.T) {
	medium := realMedium(t, liveMenu())
	for _, f := range append(slices.Clone(medium.Files), medium.ESP...) {
		if strings.HasSuffix(f.Path, ".efi") || strings.HasSuffix(f.Path, ".EFI") {
			if len(f.Data) < 500_000 || string(f.Data[:2]) != "MZ" {
				t.Errorf("%s is no PE image of a likely size: %d bytes", f.Path, len(f.Data))
			}
		}
		if !fs.ValidPath(strings.TrimPrefix(f.Path, "/")) {
			t.Errorf("odd path %q", f.Path)
		}
	}
}

// realMedium makes a medium from this computer's packages.
func realMedium(t *testing.T, m Menu) Medium {
	t.Helper()
	need.Tools(t, "grub-mkimage", modulesDir+"/normal.mod", "/usr/share/grub/unicode.pf2",
		"/usr/lib/grub/x86_64-efi-signed/gcdx64.efi.signed", "/usr/lib/shim/shimx64.efi.signed")
	out := filepath.Join(t.TempDir(), "core.img")
	run(t, "grub-mkimage", BIOSImage(modulesDir, out)...)
	core, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	medium, err := BootFiles(os.DirFS("/"), AMD64, core, m, "Test medium")
	if err != nil {
		t.Fatal(err)
	}
	return medium
}
