package vm

import (
	"os"
	"path/filepath"
	"testing"

	needs "github.com/isowright/isowright/internal/need"
)

// TestSaveAndRestore saves a machine that waits for a key, and lets two others go
// on from there.
func TestSaveAndRestore(t *testing.T) {
	tools, err := Find(BIOS)
	needs.NoError(t, err)
	dir := t.TempDir()
	disk := filepath.Join(dir, "disk")
	if err := os.WriteFile(disk, append(waitingSector(), make([]byte, 1<<20)...), 0o600); err != nil {
		t.Fatal(err)
	}
	cfg := Config{Image: disk, As: USB, MemoryMiB: 64, CPUs: 1, Tools: tools, Accel: Accel{Name: "tcg"}, WorkDir: dir}
	m, err := Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer m.Stop()
	if err := m.Expect(t.Context(), "<"); err != nil {
		t.Fatal(err)
	}
	cfg.Restore = filepath.Join(dir, "saved")
	if err := m.Save(t.Context(), cfg.Restore); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		again, err := Start(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		if err := again.SendKeys(t.Context(), "a"); err != nil {
			t.Error(err)
		}
		if err := again.Expect(t.Context(), ">"); err != nil {
			t.Error(err)
		}
		if used, err := again.CPUTime(); err != nil || used <= 0 {
			t.Errorf("the machine has computed for %v (%v)", used, err)
		}
		again.Stop()
	}
}

// waitingSector is a boot sector that writes "<" to the serial port, waits for a
// key, writes ">" and stops.
func waitingSector() []byte {
	code := []byte{
		0xba, 0xf8, 0x03, // mov dx, 0x3f8
		0xb0, '<', 0xee, // mov al, '<'; out dx, al
		0x31, 0xc0, 0xcd, 0x16, // xor ax, ax; int 0x16
		0xba, 0xf8, 0x03, // mov dx, 0x3f8
		0xb0, '>', 0xee, // mov al, '>'; out dx, al
		0xf4, 0xeb, 0xfd, // hlt; jmp to hlt
	}
	sector := make([]byte, 512)
	copy(sector, code)
	sector[510], sector[511] = 0x55, 0xaa
	return sector
}
