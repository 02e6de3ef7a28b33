package trial

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/isowright/isowright/internal/need"
	"github.com/isowright/isowright/internal/vm"
)

func TestConfig(t *testing.T) {
	for _, c := range []struct {
		options  Options
		firmware vm.Firmware
		as       vm.Medium
	}{
		{Options{}, vm.UEFI, vm.USB},
		{Options{Firmware: UEFI, As: USB}, vm.UEFI, vm.USB},
		{Options{Firmware: BIOS, As: CD}, vm.BIOS, vm.CD},
		{Options{Firmware: SecureBoot}, vm.UEFISecureBoot, vm.USB},
	} {
		got, err := c.options.Config()
		if err != nil || got.Firmware != c.firmware || got.As != c.as {
			t.Errorf("%+v: %+v, %v", c.options, got, err)
		}
	}
	got, err := Options{Image: "x", MemoryMiB: 512, CPUs: 3, Network: true, Accel: Emulated()}.Config()
	if err != nil || got.Image != "x" || got.MemoryMiB != 512 || got.CPUs != 3 || !got.Network || got.Accel.Name != "tcg" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestConfigRefuses(t *testing.T) {
	for want, o := range map[string]Options{
		`no firmware "coreboot"`:   {Firmware: "coreboot"},
		`tried as "floppy"`:        {As: "floppy"},
		"1 MiB of memory":          {MemoryMiB: 1},
		"neither -1 processors":    {CPUs: -1},
		"nor a disk of -5 MiB":     {DiskMiB: -5},
		"try x.iso: an image cann": {Image: "x.iso", As: "tape"},
	} {
		o.WorkDir = t.TempDir()
		if _, err := Start(t.Context(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: %v, want %q in it", o, err, want)
		}
		if left, _ := os.ReadDir(o.WorkDir); len(left) > 0 {
			t.Errorf("%+v left %v", o, left)
		}
	}
}

func TestWords(t *testing.T) {
	var words []string
	for _, f := range Firmwares() {
		words = append(words, f.String())
	}
	for _, m := range Media() {
		words = append(words, m.String())
	}
	if got, want := strings.Join(words, ", "), "UEFI, BIOS, UEFI with Secure Boot, USB, CD"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

// What is missing is named, with the way to get it; nothing is left behind.
func TestStartWithout(t *testing.T) {
	need.Tools(t, "qemu-system-x86_64")
	img := filepath.Join(t.TempDir(), "blank.img")
	if err := os.WriteFile(img, make([]byte, 1<<20), 0o644); err != nil {
		t.Fatal(err)
	}
	work := t.TempDir()
	_, err := Start(t.Context(), Options{Image: img + ".none", Firmware: BIOS, Accel: Emulated(), WorkDir: work})
	if !errors.Is(err, os.ErrNotExist) {
		t.Errorf("without an image: %v", err)
	}
	t.Setenv("PATH", work)
	_, err = Start(t.Context(), Options{Image: img, Firmware: BIOS, Accel: Emulated(), WorkDir: work})
	var missing *MissingError
	if !errors.As(err, &missing) || !strings.Contains(missing.What, "QEMU") {
		t.Errorf("without QEMU: %v", err)
	}
	if left, _ := os.ReadDir(work); len(left) > 0 {
		t.Errorf("left %v behind", left)
	}
}
