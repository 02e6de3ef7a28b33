package flash

import (
	"bytes"
	"compress/gzip"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/fstest"

	"github.com/isowright/isowright/flash/drives"
)

// TestDescribe describes an image, plain and packed, by way of a symbolic link,
// on a computer that has only what its folder says.
func TestDescribe(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	image := make([]byte, 1<<20)
	image[0] = 0xfa
	copy(image[510:], "\x55\xaa")
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	if _, err := z.Write(image); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	s := drives.Source{Recorded: true, FS: fstest.MapFS{
		"proc/self/mountinfo": {Data: []byte("1 0 8:1 / / rw - ext4 /dev/sda1 rw\n2 1 8:17 / " + dir + "/stick rw - vfat /dev/sdb1 rw\n")},
		"sys/class/block/sda": {Mode: os.ModeSymlink, Data: []byte("../../devices/pci/sda")}, "sys/devices/pci/sda/dev": {Data: []byte("8:0")},
		"sys/class/block/sda1":         {Mode: os.ModeSymlink, Data: []byte("../../devices/pci/sda/sda1")},
		"sys/devices/pci/sda/sda1/dev": {Data: []byte("8:1")}, "sys/devices/pci/sda/sda1/partition": {Data: []byte("1")},
		"sys/class/block/sdb": {Mode: os.ModeSymlink, Data: []byte("../../devices/usb/sdb")}, "sys/devices/usb/sdb/dev": {Data: []byte("8:16")},
		"sys/class/block/sdb1":         {Mode: os.ModeSymlink, Data: []byte("../../devices/usb/sdb/sdb1")},
		"sys/devices/usb/sdb/sdb1/dev": {Data: []byte("8:17")}, "sys/devices/usb/sdb/sdb1/partition": {Data: []byte("1")},
	}}
	if err := os.Mkdir(filepath.Join(dir, "stick"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{"a.iso": image, "stick/b.iso.gz": packed.Bytes(), "text.iso": []byte("hello")} {
		if err := os.WriteFile(filepath.Join(dir, name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("stick/b.iso.gz", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]struct {
		disk        string
		boot        Boot
		compression string
	}{"a.iso": {"sda", BootDisk, ""}, "link": {"sdb", BootDisk, "gzip"}, "text.iso": {"sda", BootNone, ""}} {
		im, err := OpenImage(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		got, err := Describe(t.Context(), im, s)
		if err != nil || !slices.Equal(got.Disks, []string{want.disk}) || got.Boot != want.boot || got.Compression != want.compression ||
			got.Unplaced != "" || got.FileSize != im.FileSize {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	im, err := OpenImage(filepath.Join(dir, "a.iso"))
	if err != nil {
		t.Fatal(err)
	}
	s.FS.(fstest.MapFS)["proc/self/mountinfo"].Data = []byte("1 0 0:9 / / rw - fuse.x x rw\n")
	if got, err := Describe(t.Context(), im, s); err != nil || got.Unplaced == "" || len(got.Disks) > 0 {
		t.Errorf("on a file system of a program: %+v, %v", got, err)
	}
}
