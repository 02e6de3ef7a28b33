package iso

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestESPSizes has fsck.fat check partitions from empty to full.
func TestESPSizes(t *testing.T) {
	var many []ESPFile
	for i := range 700 {
		many = append(many, ESPFile{fmt.Sprintf("dir/a name with a number %03d.txt", i), []byte{byte(i)}})
	}
	for _, c := range []struct {
		name  string
		files []ESPFile
		size  int64
	}{
		{"empty", nil, minESP},
		{"2.9 MB", []ESPFile{{"a", make([]byte, 2_900_000)}}, minESP},
		{"3 MiB", []ESPFile{{"a", make([]byte, 3<<20)}}, 3<<20 + 1<<16},
		{"8 MiB", []ESPFile{{"a/b/c", make([]byte, 8<<20)}, {"a/b/d", []byte("d")}}, 8<<20 + 2<<16},
		{"full", []ESPFile{{"a", make([]byte, 64986*blockSize)}}, maxESP},
		{"many", many, minESP},
	} {
		w, err := NewWriter(&discard{}, Options{VolumeID: "X", UEFI: &UEFIBoot{Files: c.files}})
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), "image")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		w.out, w.next = output{f}, 0
		at, err := w.writeESP()
		if err != nil || at.Size != c.size {
			t.Errorf("%s: size %d, want %d, %v", c.name, at.Size, c.size, err)
			continue
		}
		if err := f.Truncate(at.Size); err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf("%d files", countNodes(t, c.files))
		if out := run(t, "fsck.fat", "-n", "-v", path); !strings.Contains(out, want) {
			t.Errorf("%s: want %s in\n%s", c.name, want, out)
		}
		for _, file := range c.files[:min(3, len(c.files))] {
			if got := run(t, "mtype", "-i", path, "::/"+file.Path); got != string(file.Data) {
				t.Errorf("%s: %s has %d bytes", c.name, file.Path, len(got))
			}
		}
	}
}

// countNodes counts as fsck.fat does: files and directories, and the label.
func countNodes(t *testing.T, files []ESPFile) int {
	root, err := fatTree(files)
	if err != nil {
		t.Fatal(err)
	}
	var count func(n *fatNode) int
	count = func(n *fatNode) int {
		sum := 0
		for _, c := range n.children {
			sum += 1 + count(c)
		}
		return sum
	}
	return count(root) + 1
}

func TestShortNames(t *testing.T) {
	root, err := fatTree([]ESPFile{
		{"grubx64.efi", nil}, {"BOOTX64.EFI", nil}, {"long name 1.config", nil}, {"long name 2.config", nil},
		{"LONGNA~1.CON", nil}, {".profile", nil}, {"a.b.c", nil}, {"ä", nil}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"grubx64.efi": "GRUBX64 EFI", "BOOTX64.EFI": "BOOTX64 EFI", "LONGNA~1.CON": "LONGNA~1CON",
		"long name 1.config": "LONGNA~2CON", "long name 2.config": "LONGNA~3CON", ".profile": "PROFIL~1   ",
		"a.b.c": "AB~1    C  ", "ä": "_~1        "}
	for _, c := range root.children {
		if got := string(c.short[:]); got != want[c.name] {
			t.Errorf("%q: %q, want %q", c.name, got, want[c.name])
		}
	}
}

// TestFATOfOthers finds a loader in the file systems that mkfs.fat makes.
func TestFATOfOthers(t *testing.T) {
	for _, c := range []struct{ bits, kib string }{{"12", "2000"}, {"16", "16000"}, {"32", "70000"}} {
		path := filepath.Join(t.TempDir(), "fat")
		run(t, "mkfs.fat", "-F", c.bits, "-C", path, c.kib)
		loader := filepath.Join(t.TempDir(), "loader")
		if err := os.WriteFile(loader, []byte("MZ"), 0o600); err != nil {
			t.Fatal(err)
		}
		run(t, "mmd", "-i", path, "::/EFI", "::/EFI/BOOT")
		for i := range 40 { // a directory of several clusters
			run(t, "mcopy", "-i", path, loader, fmt.Sprintf("::/EFI/BOOT/a longer file name %d.txt", i))
		}
		run(t, "mcopy", "-i", path, loader, "::/EFI/BOOT/BOOTIA32.EFI")
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		im := &Image{r: bytes.NewReader(b), size: int64(len(b))}
		if name, err := im.espLoader(0); err != nil || name != "EFI/BOOT/BOOTIA32.EFI" {
			t.Errorf("FAT%s: %q, %v", c.bits, name, err)
		}
	}
}

// FuzzFAT reads changed file systems.
func FuzzFAT(f *testing.F) {
	root, err := fatTree([]ESPFile{{"EFI/BOOT/BOOTX64.EFI", []byte("MZ")}})
	if err != nil {
		f.Fatal(err)
	}
	img := &fatImage{}
	if err := img.allocate(root); err != nil {
		f.Fatal(err)
	}
	file, err := os.Create(filepath.Join(f.TempDir(), "fat"))
	if err != nil {
		f.Fatal(err)
	}
	defer file.Close()
	if err := img.write(file, root); err != nil {
		f.Fatal(err)
	}
	good, err := os.ReadFile(file.Name())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(uint32(0), []byte{})
	f.Add(uint32(11), good[11:40])
	f.Add(uint32(512), good[512:530])
	f.Fuzz(func(t *testing.T, at uint32, change []byte) {
		b := patched{good, int64(at) % int64(len(good)), change}
		fat, err := openFAT(io.NewSectionReader(b, 0, int64(len(good))))
		if err != nil {
			return
		}
		fat.list("EFI/BOOT")
	})
}
