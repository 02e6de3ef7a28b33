package iso

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// referenceImage makes an image of a few files with xorriso's own options for
// the same layout.
func referenceImage(t testing.TB, tree []item) string {
	t.Helper()
	dir := t.TempDir()
	for _, it := range tree {
		path := filepath.Join(dir, "tree", it.path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		var err error
		if it.target != "" {
			err = os.Symlink(it.target, path)
		} else {
			err = os.WriteFile(path, []byte(it.data), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	mbr, esp, image := filepath.Join(dir, "mbr"), filepath.Join(dir, "esp"), filepath.Join(dir, "ref.iso")
	if err := os.WriteFile(mbr, fakeMBR(), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(esp, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "truncate", "-s", "3M", esp)
	run(t, "mformat", "-i", esp, "-v", "ESP", "-h", "64", "-t", "3", "-s", "32", "::")
	run(t, "mmd", "-i", esp, "::/EFI", "::/EFI/BOOT")
	efi := filepath.Join(dir, "loader")
	if err := os.WriteFile(efi, []byte("loader"), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, "mcopy", "-i", esp, efi, "::/EFI/BOOT/BOOTX64.EFI")
	run(t, "xorriso", "-as", "mkisofs", "-quiet", "-r", "-J", "-joliet-long", "-iso-level", "3", "-V", "TEST_1",
		"-A", "A test", "--modification-date=2024010203040500", "--set_all_file_dates", "2024010203040500",
		"-o", image, "-partition_offset", "16", "--grub2-mbr", mbr,
		"-append_partition", "2", "C12A7328-F81F-11D2-BA4B-00A0C93EC93B", esp, "-appended_part_as_gpt",
		"-iso_mbr_part_type", "a2a0d0ebe5b9334487c068b6b72699c7", "--mbr-force-bootable",
		"-c", "/boot/boot.cat", "-b", "/"+corePath, "-no-emul-boot", "-boot-load-size", "4",
		"-boot-info-table", "--grub2-boot-info",
		"-eltorito-alt-boot", "-e", "--interval:appended_partition_2:all::", "-no-emul-boot",
		filepath.Join(dir, "tree"))
	return image
}

func referenceTree() []item {
	return []item{
		{path: "README.txt", data: "hello\n"},
		{path: corePath, data: string(fakeCore())},
		{path: "a/b/c/d/e/f/g/h/i/j/deep", data: "deep"},
		{path: "link", target: "a/b"},
		{path: strings.Repeat("n", 255), data: "long"},
	}
}

// TestReportedLikeReference holds xorriso's view of our boot equipment against
// its view of its own, but for addresses, sizes and GUIDs.
func TestReportedLikeReference(t *testing.T) {
	reference := bootReport(t, referenceImage(t, referenceTree()))
	path, _ := newImage(t, hybridOptions(), referenceTree())
	ours := bootReport(t, path)
	if !slices.Equal(ours, reference) {
		t.Errorf("ours:\n%s\nxorriso's:\n%s", strings.Join(ours, "\n"), strings.Join(reference, "\n"))
	}
	if len(ours) < 20 {
		t.Errorf("only %d lines reported", len(ours))
	}
}

// bootReport is xorriso's report without what may differ.
func bootReport(t testing.TB, path string) []string {
	out := run(t, "xorriso", "-indev", path, "-report_el_torito", "plain", "-report_system_area", "plain")
	// The third GPT partition of xorriso names the padding, which is free
	// space here; its GPT has 248 entries.
	skip := regexp.MustCompile(`^(GPT .*: +3 |GPT partition name|GPT partname|GPT disk GUID|GPT partition GUID|GPT entry array|GPT lba range)`)
	numbers := regexp.MustCompile(`^(El Torito img blks|ISO image size|MBR partition  |GPT start and size)`)
	var lines []string
	for _, line := range strings.Split(out, "\n") {
		if skip.MatchString(line) || !regexp.MustCompile(`^(El Torito|System area|ISO image|Partition|MBR|GPT|Boot record)`).MatchString(line) {
			continue
		}
		fields := strings.Fields(line)
		switch {
		case numbers.MatchString(line):
			last := len(fields) - 1
			if len(fields[last]) > 1 { // "1" stays: the dummy's size, the catalog's
				fields[last] = "*"
			}
			if len(fields[last-1]) > 2 {
				fields[last-1] = "*"
			}
		case strings.HasPrefix(line, "El Torito catalog"):
			fields[4] = "*"
		case strings.HasPrefix(line, "El Torito boot img"):
			fields[len(fields)-1] = "*"
			if strings.Contains(line, "UEFI") {
				fields[len(fields)-2] = "*"
			}
		}
		lines = append(lines, strings.Join(fields, " "))
	}
	return lines
}

// TestReportOfPartialEquipment looks at images that boot in one way only.
func TestReportOfPartialEquipment(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Options)
		want   []string
		not    []string
	}{
		"none": {func(o *Options) { o.BIOS, o.UEFI = nil, nil }, nil, []string{"El Torito img", "MBR", "GPT"}},
		"BIOS": {func(o *Options) { o.UEFI = nil }, []string{"1  BIOS", "grub2-mbr", "grub2-boot-info", "GPT"}, []string{"UEFI"}},
		"UEFI": {func(o *Options) { o.BIOS = nil }, []string{"1  UEFI", "GPT type GUID      :   2  28732ac1"}, []string{"BIOS", "grub2"}},
		"CD":   {func(o *Options) { o.BIOS.MBRCode = nil }, []string{"1  BIOS", "2  UEFI"}, []string{"grub2-mbr"}},
	} {
		opts := hybridOptions()
		c.change(&opts)
		path, _ := newImage(t, opts, referenceTree())
		out := run(t, "xorriso", "-indev", path, "-report_el_torito", "plain", "-report_system_area", "plain")
		_, out, _ = strings.Cut(out, "Volume id")
		for _, want := range c.want {
			if !strings.Contains(out, want) {
				t.Errorf("%s: no %q in\n%s", name, want, out)
			}
		}
		for _, not := range c.not {
			if strings.Contains(out, not) {
				t.Errorf("%s: %q in\n%s", name, not, out)
			}
		}
		if opts.bootable() {
			if out := run(t, "sgdisk", "-v", path); !strings.Contains(out, "No problems found") {
				t.Errorf("%s: sgdisk: %s", name, out)
			}
		}
	}
}
