package assemble

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/tree"
)

// made is a store in a folder of the test's own, with one system in it.
type made struct {
	dir      string
	closure  []PathInfo
	manifest map[string]any
}

func storePath(name string) string {
	return storeDir + "/" + strings.Repeat("a", hashLength) + "-" + name
}

func (m *made) place(p string) string { return filepath.Join(m.dir, filepath.Base(p)) }

// add puts a store path into the store; nar tells its hash and size.
func (m *made) add(t *testing.T, name string, files map[string]string, refs ...string) string {
	t.Helper()
	p := storePath(name)
	for f, text := range files {
		at := filepath.Join(m.place(p), f)
		check(t, os.MkdirAll(filepath.Dir(at), 0o755))
		if target, ok := strings.CutPrefix(text, "-> "); ok {
			check(t, os.Symlink(target, at))
			continue
		}
		mode := os.FileMode(0o444)
		if strings.HasPrefix(text, "#!") {
			mode = 0o555
		}
		check(t, os.WriteFile(at, []byte(text), mode))
	}
	info := PathInfo{Path: p, References: refs}
	w := walker{ctx: t.Context(), top: m.place(p), verify: true}
	sum := sha256.New()
	w.hash = sum
	w.str("nix-archive-1")
	check(t, w.add(w.top, name))
	info.NarSize, info.NarHash = w.size, fmt.Sprintf("sha256:%x", sum.Sum(nil))
	m.closure = append(m.closure, info)
	return p
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// newStore makes a system that starts in both ways.
func newStore(t *testing.T) *made {
	t.Helper()
	m := &made{dir: t.TempDir()}
	top := m.add(t, "system", map[string]string{"init": "#!/bin/sh\n", "etc/x": "x", "link": "-> etc/x"})
	kernel := m.add(t, "linux", map[string]string{"bzImage": "kernel"})
	initrd := m.add(t, "initrd", map[string]string{"initrd": "initrd"})
	boot := m.add(t, "boot", map[string]string{
		"iso/isolinux.bin": strings.Repeat("i", 100), "iso/vesamenu.c32": "v", "mbr": strings.Repeat("m", 432),
		"EFI/BOOT/BOOTX64.EFI": "efi", "EFI/BOOT/unicode.pf2": "font", "EFI/BOOT/grub.cfg": "theirs", "EFI/nixos-installer-image": "",
		"grub/x86_64-efi/reboot.mod": "mod", "grub/x86_64-efi/command.lst": "lst", "grub/x86_64-efi/kernel.img": "img",
		"efi.img": "fat", "first": "first", "second": "second", "indirect": "-> " + kernel + "/bzImage",
	}, kernel)
	content := func(source, target string) map[string]string {
		return map[string]string{"source": source, "target": target}
	}
	m.manifest = map[string]any{
		"version": 1, "volumeID": "nixos-x", "fileName": "x.iso", "toplevel": top,
		"squashfs": map[string]any{"target": "/nix-store.squashfs", "roots": []string{top}},
		"contents": []any{
			content(boot+"/indirect", "/boot/"+kernel+"/bzImage"), content(initrd+"/initrd", "/boot/"+initrd+"/initrd"),
			content(boot+"/iso", "/isolinux"), content(boot+"/first", "/isolinux/isolinux.cfg"),
			content(boot+"/efi.img", "/boot/efi.img"), content(boot+"/EFI", "/EFI"),
			content(boot+"/first", "/twice"), content(boot+"/second", "/twice"),
		},
		"boot": map[string]any{
			"bios": map[string]any{"image": "/isolinux/isolinux.bin"},
			"efi":  map[string]any{"image": "/boot/efi.img", "grub": boot + "/grub"}, "isohybridMbr": boot + "/mbr", "timeout": 7,
			"menu": []any{
				map[string]any{"name": "", "label": "NixOS 26.05", "params": []string{"init=" + top + "/init", "a b"}, "kernel": "/boot/" + kernel + "/bzImage", "initrd": "/boot/" + initrd + "/initrd"},
				map[string]any{"name": "other", "label": "NixOS other", "params": []string{"other"}, "kernel": "/boot/" + kernel + "/bzImage", "initrd": "/boot/" + initrd + "/initrd"},
			},
		},
	}
	return m
}

// run assembles what the store holds.
func (m *made) run(t *testing.T, d design.Design, verify bool) (*Image, error) {
	t.Helper()
	text, err := json.Marshal(m.manifest)
	check(t, err)
	p := storePath("manifest.json")
	check(t, os.WriteFile(m.place(p), text, 0o644))
	return Assemble(t.Context(), Options{Design: d, Manifest: p, Closure: m.closure, Place: m.place, Verify: verify})
}

func paths(t tree.Tree) []string {
	var all []string
	for e := range t.Entries() {
		all = append(all, fmt.Sprintf("%s %s %o %d:%d %d %s", strings.ReplaceAll(e.Path, strings.Repeat("a", hashLength), "A"), e.Type, e.Mode, e.UID, e.GID, e.ModTime, e.Link))
	}
	return all
}

func TestAssemble(t *testing.T) {
	m := newStore(t)
	m.closure = m.closure[:3] // what boots lies on the medium only
	image, err := m.run(t, design.Design{Name: "X"}, true)
	check(t, err)
	want := []string{
		" dir 755 0:0 0 ",
		"A-initrd dir 555 0:0 0 ", "A-initrd/initrd file 444 0:0 0 ",
		"A-linux dir 555 0:0 0 ", "A-linux/bzImage file 444 0:0 0 ",
		"A-system dir 555 0:0 0 ", "A-system/etc dir 555 0:0 0 ", "A-system/etc/x file 444 0:0 0 ",
		"A-system/init file 555 0:0 0 ", "A-system/link symlink 777 0:0 0 etc/x",
		"nix-path-registration file 444 0:0 0 ",
	}
	if got := paths(image.Root); !slices.Equal(got, want) {
		t.Errorf("root:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	text := map[string]string{}
	for _, e := range image.Medium {
		b, err := io.ReadAll(e.Open())
		check(t, err)
		text[strings.ReplaceAll(e.Path, strings.Repeat("a", hashLength), "A")] = string(b)
	}
	names := []string{
		"EFI/BOOT/BOOTX64.EFI", "EFI/BOOT/grub.cfg", "EFI/BOOT/unicode.pf2", "EFI/nixos-installer-image",
		"boot/grub/fonts/unicode.pf2", "boot/grub/grub.cfg", "boot/grub/x86_64-efi/command.lst", "boot/grub/x86_64-efi/reboot.mod",
		"boot/nix/store/A-initrd/initrd", "boot/nix/store/A-linux/bzImage",
		"isolinux/isolinux.bin", "isolinux/isolinux.cfg", "isolinux/vesamenu.c32", "twice",
	}
	if got := slices.Sorted(maps.Keys(text)); !slices.Equal(got, names) {
		t.Errorf("medium: %q, want %q", got, names)
	}
	if text["twice"] != "second" || text["boot/nix/store/A-linux/bzImage"] != "kernel" {
		t.Errorf("twice %q, kernel %q", text["twice"], text["boot/nix/store/A-linux/bzImage"])
	}
	esp := map[string]string{}
	for _, f := range image.ESP {
		esp[f.Path] = string(f.Data)
	}
	config := text["boot/grub/grub.cfg"]
	redirect := text["EFI/BOOT/grub.cfg"]
	if len(esp) != 2 || esp["/EFI/BOOT/grub.cfg"] != redirect || esp["/EFI/BOOT/BOOTX64.EFI"] != "efi" || !strings.Contains(redirect, "prefix=($root)/boot/grub") {
		t.Errorf("ESP %q", slices.Sorted(maps.Keys(esp)))
	}
	for _, want := range []string{"timeout=7", "'NixOS 26.05'", "'NixOS other'", `"a b"`} {
		if !strings.Contains(config, want) && !strings.Contains(config, strings.ReplaceAll(want, `"`, `'`)) {
			t.Errorf("no %s in\n%s", want, config)
		}
	}
	if image.VolumeID != "nixos-x" || image.RootPath != "/nix-store.squashfs" || image.ElTorito != "/isolinux/isolinux.bin" ||
		len(image.MBRCode) != 432 || image.FileName != "x.iso" {
		t.Errorf("%+v", image)
	}
}

// TestMemtest has an entry only where the design asks for one.
func TestMemtest(t *testing.T) {
	m := newStore(t)
	boot := storePath("boot")
	m.manifest["contents"] = append(m.manifest["contents"].([]any), map[string]string{"source": boot + "/first", "target": "/boot/memtest.bin"})
	yes := true
	for want, d := range map[int]design.Design{0: {}, 1: {NixOS: &design.NixOS{Menu: design.NixMenu{Memtest: &yes}}}} {
		image, err := m.run(t, d, false)
		check(t, err)
		got := 0
		for _, e := range image.Menu.Entries {
			if e.Kernel == "/boot/memtest.bin" {
				got++
			}
		}
		if got != want {
			t.Errorf("%d entries, want %d", got, want)
		}
	}
}

func TestFaults(t *testing.T) {
	plain := design.Design{Name: "X"}
	for name, c := range map[string]struct {
		spoil  func(*made)
		verify bool
		want   string
	}{
		"removed":                  {func(m *made) { os.RemoveAll(m.place(storePath("initrd"))) }, false, "-initrd is missing"},
		"longer":                   {func(m *made) { write(m.place(storePath("linux"))+"/bzImage", "a longer kernel") }, false, "-linux was changed"},
		"other bytes":              {func(m *made) { write(m.place(storePath("linux"))+"/bzImage", "lenrek") }, true, "-linux was changed"},
		"further file":             {func(m *made) { write(m.place(storePath("linux"))+"/more", "") }, false, "-linux was changed"},
		"executable":               {func(m *made) { os.Chmod(m.place(storePath("linux"))+"/bzImage", 0o555) }, false, "-linux was changed"},
		"incomplete":               {func(m *made) { m.closure = m.closure[1:] }, false, "incomplete"},
		"reference":                {func(m *made) { m.closure[0].References = []string{storePath("gone")} }, false, "-gone, which is not in it"},
		"kernel not on the medium": {func(m *made) { m.manifest["contents"] = m.manifest["contents"].([]any)[1:] }, false, "puts no such file on the medium"},
		"version":                  {func(m *made) { m.manifest["version"] = 2 }, false, "version 2"},
		"no isolinux":              {func(m *made) { os.Remove(m.place(storePath("boot")) + "/iso/isolinux.bin") }, false, "changed"},
		"MBR": {func(m *made) {
			write(m.place(storePath("boot"))+"/mbr", strings.Repeat("x", 440))
			m.closure = m.closure[:3]
		}, false, "440 bytes"},
		"out of the store": {func(m *made) {
			m.manifest["contents"] = append(m.manifest["contents"].([]any), map[string]string{"source": "/etc/passwd", "target": "/x"})
		}, false, `"/etc/passwd" is not in the store`},
		"up": {func(m *made) {
			m.manifest["contents"] = append(m.manifest["contents"].([]any), map[string]string{"source": storePath("linux"), "target": "/../x"})
		}, false, "not a path on the medium"},
		"file in a file": {func(m *made) {
			m.manifest["contents"] = append(m.manifest["contents"].([]any), map[string]string{"source": storePath("linux") + "/bzImage", "target": "/twice/x"})
		}, false, "/twice is a file"},
		"link out of the store": {func(m *made) {
			os.Remove(m.place(storePath("boot")) + "/first")
			os.Symlink("/etc/passwd", m.place(storePath("boot"))+"/first")
			m.closure = m.closure[:3]
		}, false, "leads out of the store"},
		"nothing to start": {func(m *made) { m.manifest["boot"].(map[string]any)["menu"] = []any{} }, false, "no system to start"},
	} {
		m := newStore(t)
		c.spoil(m)
		_, err := m.run(t, plain, c.verify)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", name, err, c.want)
		}
	}
}

// write replaces a file that may be read-only.
func write(name, text string) {
	os.Remove(name)
	os.WriteFile(name, []byte(text), 0o444)
}

// TestSizeIsLookedAt holds that a change of contents alone shows only when asked
// for, and that our NAR hash is Nix's.
func TestVerify(t *testing.T) {
	m := newStore(t)
	write(m.place(storePath("linux"))+"/bzImage", "lenrek")
	if _, err := m.run(t, design.Design{}, false); err != nil {
		t.Errorf("without Verify: %v", err)
	}
	var changed *changedError
	if _, err := m.run(t, design.Design{}, true); !errors.As(err, &changed) {
		t.Errorf("with Verify: %v", err)
	}
}

// TestHashIsNixs compares with the real one, in each of its ways to write it.
func TestHashIsNixs(t *testing.T) {
	bin, err := exec.Command("../../../.ci/nix").Output()
	if err != nil {
		if os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	m := newStore(t)
	for _, info := range m.closure {
		for _, form := range []string{"--sri", "--base16", "--base32"} {
			cmd := exec.Command(strings.TrimSpace(string(bin))+"/nix", "--extra-experimental-features", "nix-command", "hash", "path", form, m.place(info.Path))
			out, err := cmd.Output()
			check(t, err)
			w := walker{ctx: t.Context(), top: m.place(info.Path), verify: true}
			p := info
			if p.NarHash = strings.TrimSpace(string(out)); form == "--base32" {
				p.NarHash = "sha256:" + p.NarHash
			}
			if _, err := w.list(p); err != nil {
				t.Errorf("%s: %v", p.NarHash, err)
			}
			p.NarHash = strings.Map(func(r rune) rune {
				if r == 'f' {
					return 'g'
				}
				return r
			}, p.NarHash) + "0"
			w = walker{ctx: t.Context(), top: m.place(info.Path), verify: true}
			if _, err := w.list(p); err == nil {
				t.Errorf("the wrong hash %s is taken", p.NarHash)
			}
		}
	}
}

func TestRegistration(t *testing.T) {
	a, b := storePath("a"), storePath("b")
	text, err := Registration([]PathInfo{
		{Path: b, NarHash: "sha256:x", NarSize: 7, References: []string{b, a}, Deriver: storePath("b.drv")}, {Path: a, NarHash: "y", NarSize: 1},
	})
	check(t, err)
	want := a + "\ny\n1\n\n0\n" + b + "\nsha256:x\n7\n\n2\n" + a + "\n" + b + "\n"
	if string(text) != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
	back, err := ParseRegistration(strings.NewReader(want))
	check(t, err)
	if len(back) != 2 || back[1].Path != b || back[1].NarSize != 7 || !slices.Equal(back[1].References, []string{a, b}) {
		t.Errorf("%+v", back)
	}
	for _, bad := range []string{a, a + "\nx\nten\n\n0\n", a + "\nx\n1\n\n1\n", "/etc/x\ny\n1\n\n0\n", a + "/in\ny\n1\n\n0\n", a + "\nx\n1\n\n-1\n"} {
		if _, err := ParseRegistration(strings.NewReader(bad)); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
}

func FuzzParseRegistration(f *testing.F) {
	f.Add(storePath("a") + "\ny\n1\n\n1\n" + storePath("a") + "\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ParseRegistration(strings.NewReader(text))
		if err != nil {
			return
		}
		again, err := Registration(list)
		if err != nil {
			return
		}
		if _, err := ParseRegistration(strings.NewReader(string(again))); err != nil {
			t.Errorf("what was written cannot be read: %v\n%q", err, again)
		}
	})
}

func FuzzParseManifest(f *testing.F) {
	f.Add([]byte(`{"version":1,"volumeID":"x","squashfs":{"target":"/a"},"boot":{"bios":{"image":"/i"},"menu":[{"kernel":"/k","initrd":"/i"}]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := ParseManifest(data)
		if err != nil {
			return
		}
		for _, c := range m.Contents {
			if strings.Contains("/"+clean(c.Target)+"/", "/../") || !strings.HasPrefix(c.Source, storeDir+"/") {
				t.Errorf("content %+v", c)
			}
		}
		if _, err := Menu(design.Design{}, m); err != nil {
			t.Error(err)
		}
	})
}
