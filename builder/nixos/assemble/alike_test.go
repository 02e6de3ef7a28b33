package assemble_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/nixos/assemble"
	"github.com/isowright/isowright/builder/tree"
)

// TestImage builds one design twice, by nixpkgs' ways (the stand-in's) and by
// ours, compares the two images entry by entry, has other people's programs look
// at ours, and starts both.
func TestImage(t *testing.T) {
	b := generate(t, rescue)
	image, ours := b.assembled(t)
	theirs := isoIn(t, b.build(t, "image"))
	t.Run("alike", func(t *testing.T) { alike(t, open(t, theirs), open(t, ours)) })
	t.Run("foreign tools", func(t *testing.T) { foreignTools(t, image, ours) })
	t.Run("boot", func(t *testing.T) { boots(t, b, image, theirs, ours) })
}

// isoIn finds the image in a store path.
func isoIn(t *testing.T, out string) string {
	t.Helper()
	found, err := filepath.Glob(out + "/iso/*.iso")
	check(t, err)
	if len(found) != 1 {
		t.Fatalf("%s holds the images %q", out, found)
	}
	return found[0]
}

// ownFiles differ between the two on purpose.
var ownFiles = []string{
	"EFI/BOOT/grub.cfg", "isolinux/isolinux.cfg", "isolinux/isolinux.bin", "nix-store.squashfs", // written by each
	".boot.cat", "boot/boot.cat", "boot/efi.img",
}

// alike compares what lies on the media and in the packed stores.
func alike(t *testing.T, theirs, ours *opened) {
	if theirs.VolumeID != ours.VolumeID || ours.VolumeID != "RESCUE-26.05" {
		t.Errorf("volume IDs %q and %q", theirs.VolumeID, ours.VolumeID)
	}
	medium := func(o *opened) map[string]string {
		all := map[string]string{}
		for p, e := range o.files {
			if e.Type == tree.Dir || slices.Contains(ownFiles, p) || strings.HasPrefix(p, "boot/grub/") {
				continue
			}
			e.ModTime = 0 // the date is the caller's choice
			all[p] = describe(t, e.Entry)
		}
		return all
	}
	same(t, "medium", medium(theirs), medium(ours))
	if len(ours.files) < 20 {
		t.Errorf("only %d files on the medium", len(ours.files))
	}
	stores := func(o *opened) map[string]string {
		all := map[string]string{}
		for p, e := range o.store {
			if p != "nix-path-registration" {
				all[p] = describe(t, e)
			}
		}
		return all
	}
	same(t, "store", stores(theirs), stores(ours))
	if n := len(ours.store); n < 100 {
		t.Errorf("only %d entries in the store", n)
	}
	registered(t, theirs, ours)
}

// describe is everything about an entry, contents included.
func describe(t *testing.T, e tree.Entry) string {
	text := fmt.Sprintf("%s %o %d:%d %d %d %q %v", e.Type, e.Mode, e.UID, e.GID, e.ModTime, e.Size, e.Link, e.Xattrs)
	if e.Type == tree.File {
		text += fmt.Sprintf(" %x", sum(content(t, e)))
	}
	return text
}

func same(t *testing.T, what string, theirs, ours map[string]string) {
	t.Helper()
	for _, p := range slices.Sorted(maps.Keys(theirs)) {
		if ours[p] != theirs[p] {
			t.Errorf("%s, %s:\n ours   %s\n theirs %s", what, p, ours[p], theirs[p])
		}
	}
	for _, p := range slices.Sorted(maps.Keys(ours)) {
		if _, ok := theirs[p]; !ok {
			t.Errorf("%s: only ours has %s", what, p)
		}
	}
}

// registered compares the two registrations as sets.
func registered(t *testing.T, theirs, ours *opened) {
	parse := func(o *opened) map[string]assemble.PathInfo {
		list, err := assemble.ParseRegistration(strings.NewReader(content(t, o.store["nix-path-registration"])))
		check(t, err)
		all := map[string]assemble.PathInfo{}
		for _, p := range list {
			slices.Sort(p.References)
			all[p.Path] = p
		}
		return all
	}
	a, b := parse(theirs), parse(ours)
	if len(a) == 0 || !reflect.DeepEqual(a, b) {
		t.Errorf("the registrations differ: %d and %d paths", len(a), len(b))
	}
	top := 0
	for p := range ours.store {
		if p != "" && !strings.Contains(p, "/") && p != "nix-path-registration" {
			top++
		}
	}
	if top != len(b) {
		t.Errorf("%d paths in the store, %d registered", top, len(b))
	}
}

// foreignTools has the formats' own programs look at our image.
func foreignTools(t *testing.T, image *assemble.Image, name string) {
	report := tool(t, "xorriso", "-indev", name, "-report_el_torito", "plain", "-report_system_area", "plain")
	for _, want := range []string{
		"Volume id    : 'RESCUE-26.05'", "El Torito boot img :   1  BIOS  y   none", "El Torito boot img :   2  UEFI  y   none",
		"El Torito img path :   1  /isolinux/isolinux.bin", "MBR isohybrid cyl-align-off GPT",
	} {
		if !strings.Contains(report, want) {
			t.Errorf("xorriso does not report %q in:\n%s", want, report)
		}
	}
	if strings.Contains(report, "SORRY") || strings.Contains(report, "FAILURE") {
		t.Errorf("xorriso complains:\n%s", report)
	}
	if out := tool(t, "sgdisk", "-v", name); !strings.Contains(out, "No problems found") {
		t.Errorf("sgdisk: %s", out)
	}
	dir := t.TempDir()
	esp, packed := filepath.Join(dir, "esp"), filepath.Join(dir, "store")
	var first, last int64
	for line := range strings.Lines(tool(t, "sgdisk", "-i", "2", name)) {
		fmt.Sscanf(line, "First sector: %d", &first)
		fmt.Sscanf(line, "Last sector: %d", &last)
	}
	tool(t, "dd", "if="+name, "of="+esp, "bs=512", fmt.Sprint("skip=", first), fmt.Sprint("count=", last-first+1))
	tool(t, "fsck.fat", "-n", esp)
	config := filepath.Join(dir, "grub.cfg")
	tool(t, "mcopy", "-i", esp, "::/EFI/BOOT/grub.cfg", "::/EFI/BOOT/BOOTX64.EFI", dir)
	tool(t, "grub-script-check", config)
	check(t, os.Remove(config))
	tool(t, "xorriso", "-osirrox", "on", "-indev", name, "-extract", "/boot/grub/grub.cfg", config)
	tool(t, "grub-script-check", config)
	if text, _ := os.ReadFile(config); !strings.Contains(string(text), "'Rescue stick (the other)'") {
		t.Errorf("the menu lacks the specialisation:\n%s", text)
	}
	tool(t, "xorriso", "-osirrox", "on", "-indev", name, "-extract", image.RootPath, packed)
	if out := tool(t, "unsquashfs", "-lls", packed); strings.Count(out, "\n") < image.Root.Len() {
		t.Errorf("unsquashfs lists %d lines for %d entries", strings.Count(out, "\n"), image.Root.Len())
	}
}

// tool runs a program that must succeed.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}
