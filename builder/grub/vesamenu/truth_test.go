package vesamenu

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/isowright/isowright/internal/need"
	"github.com/isowright/isowright/internal/vm"
)

// truths are menus in testdata/NAME.cfg with their picture NAME.png of the real
// program. Keys are pressed for the picture, and moves say the same to us.
var truths = []struct {
	name  string
	files []string
	keys  []string
	menu  int   // that the keys open
	moves []int // entries in the order of choosing
}{
	{name: "plain"},
	{name: "title"},
	{name: "nixos", files: []string{"nixos.png"}},
	{name: "nixos-wide", files: []string{"wide.png"}},
	{name: "many", keys: []string{"down", "down", "down", "end", "up"}, moves: []int{1, 2, 3, 19, 18}},
	{name: "scrolled", keys: slices.Repeat([]string{"down"}, 14), moves: counted(14)},
	{name: "long"},
	{name: "alpha"},
	{name: "shadows"},
	{name: "layout"},
	{name: "hidden"},
	{name: "timeout"},
	{name: "entries", keys: []string{"up"}, moves: []int{5}},
	{name: "submenu", keys: []string{"down", "ret"}, menu: 1},
	{name: "help", keys: []string{"down"}, moves: []int{1}},
	{name: "wide1024"},
	{name: "tile", files: []string{"tile.png"}},
	{name: "large", files: []string{"wide.png"}},
	{name: "negative"},
	{name: "pages"},
}

func counted(n int) (list []int) {
	for i := range n {
		list = append(list, i+1)
	}
	return list
}

// TestTruth compares with the kept pictures. ISOWRIGHT_RETAKE=1 takes them all
// again; two, chosen anew, are taken again in any case, where the tools are.
func TestTruth(t *testing.T) {
	again := map[int]bool{rand.IntN(len(truths)): true, rand.IntN(len(truths)): true}
	for i, c := range truths {
		t.Run(c.name, func(t *testing.T) {
			config, err := Parse(os.DirFS("testdata"), c.name+".cfg")
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range config.Warnings {
				t.Errorf("warning: %s:%d: %s", w.File, w.Line, w.Text)
			}
			s := config.First()
			if c.menu != 0 {
				s = config.Open(c.menu)
			}
			for _, n := range c.moves {
				s = config.Choose(s, n)
			}
			golden := filepath.Join("testdata", "truth", c.name+".png")
			if os.Getenv("ISOWRIGHT_RETAKE") == "1" {
				keep(t, golden, take(t, config, c.name, c.files, c.keys))
			}
			compare(t, config, s, load(t, golden))
			if again[i] && os.Getenv("ISOWRIGHT_RETAKE") == "" {
				compare(t, config, s, take(t, config, c.name, c.files, c.keys))
			}
		})
	}
}

// compare finds the second in which the picture was taken.
func compare(t *testing.T, config *Config, s Screen, want image.Image) {
	t.Helper()
	best, least := (*image.RGBA)(nil), -1
	for range 60 {
		got, err := Render(config, os.DirFS("testdata"), ".", s)
		if got == nil {
			t.Fatal(err)
		}
		if n := differing(got, want); least < 0 || n < least {
			best, least = got, n
		}
		if least == 0 || s.TimeoutLeft < 0 {
			break
		}
		s.TimeoutLeft--
	}
	if least != 0 {
		path := filepath.Join(t.ArtifactDir(), "ours.png")
		keep(t, path, best)
		t.Errorf("%d pixels differ, see %s", least, path)
	}
}

func differing(a, b image.Image) (n int) {
	if a.Bounds() != b.Bounds() {
		return a.Bounds().Dx() * a.Bounds().Dy()
	}
	if a, ok := a.(*image.RGBA); ok {
		if b, ok := b.(*image.RGBA); ok && bytes.Equal(a.Pix, b.Pix) {
			return 0
		}
	}
	for y := range a.Bounds().Dy() {
		for x := range a.Bounds().Dx() {
			r1, g1, b1, _ := a.At(x, y).RGBA()
			r2, g2, b2, _ := b.At(x, y).RGBA()
			if r1 != r2 || g1 != g2 || b1 != b2 {
				n++
			}
		}
	}
	return n
}

func keep(t *testing.T, path string, img image.Image) {
	t.Helper()
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
}

func load(t *testing.T, path string) image.Image {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

const (
	isolinuxBin = "/usr/lib/ISOLINUX/isolinux.bin"
	modules     = "/usr/lib/syslinux/modules/bios/"
)

// take boots the menu and takes its picture.
func take(t *testing.T, config *Config, name string, files, keys []string) image.Image {
	t.Helper()
	need.Tools(t, "qemu-system-x86_64", "xorriso", isolinuxBin, modules+"vesamenu.c32")
	dir := t.TempDir()
	tree := filepath.Join(dir, "tree", "isolinux")
	copies := map[string]string{isolinuxBin: "isolinux.bin", "testdata/" + name + ".cfg": "isolinux.cfg"}
	for _, m := range []string{"ldlinux", "libcom32", "libutil", "vesamenu"} {
		copies[modules+m+".c32"] = m + ".c32"
	}
	for _, f := range files {
		copies["testdata/"+f] = f
	}
	if err := os.MkdirAll(tree, 0o755); err != nil {
		t.Fatal(err)
	}
	for from, to := range copies {
		data, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(filepath.Join(tree, to), data, 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	iso := filepath.Join(dir, "menu.iso")
	out, err := exec.Command("xorriso", "-as", "mkisofs", "-quiet", "-r", "-V", "MENU", "-b", "isolinux/isolinux.bin", "-c", "boot.cat",
		"-no-emul-boot", "-boot-load-size", "4", "-boot-info-table", "-o", iso, filepath.Dir(tree)).CombinedOutput()
	if err != nil {
		t.Fatalf("xorriso: %v\n%s", err, out)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Second)
	defer cancel()
	m, err := vm.Start(ctx, vm.Config{Image: iso, As: vm.CD, Firmware: vm.BIOS, MemoryMiB: 256, CPUs: 1,
		WorkDir: dir, Accel: vm.Accel{Name: "tcg"}})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = m.Stop() }()
	size := image.Rect(0, 0, config.Menus[0].Width, config.Menus[0].Height)
	img := still(ctx, t, m, size)
	for _, key := range keys {
		// Each of the keys changes the screen; one that comes too early is lost.
		if err := m.SendKeys(ctx, key); err != nil {
			t.Fatal(err)
		}
		before := img
		for differing(img, before) == 0 {
			img = look(ctx, t, m)
		}
	}
	return still(ctx, t, m, size)
}

// look takes a picture of the screen, ten times a second at most: isolinux says nowhere
// that it has painted.
func look(ctx context.Context, t *testing.T, m *vm.Machine) image.Image {
	t.Helper()
	select {
	case <-time.After(100 * time.Millisecond):
	case <-ctx.Done():
	}
	img, err := m.Screen(ctx)
	if err != nil {
		t.Fatal(fmt.Errorf("the menu did not come to rest: %w", err))
	}
	return img
}

// still waits until the screen has its size and stays as it is.
func still(ctx context.Context, t *testing.T, m *vm.Machine, size image.Rectangle) image.Image {
	t.Helper()
	var last image.Image
	for same := 0; same < 5; {
		img := look(ctx, t, m)
		switch {
		case img.Bounds() != size || plain(img):
			same = 0
		case last != nil && differing(img, last) == 0:
			same++
		default:
			same = 0
		}
		last = img
	}
	return last
}

// plain says whether a picture has one colour.
func plain(img image.Image) bool {
	first := img.At(0, 0)
	for y := 0; y < img.Bounds().Dy(); y += 2 {
		for x := range img.Bounds().Dx() {
			if img.At(x, y) != first {
				return false
			}
		}
	}
	return true
}
