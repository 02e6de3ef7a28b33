package flash

import (
	"bytes"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"

	"github.com/isowright/isowright/internal/need"
)

// seeded is randomness that is the same every time.
func seeded() RestoreOptions {
	return RestoreOptions{Label: "MY STICK", Random: rand.NewChaCha8([32]byte{3})}
}

// TestEmptyFileSystems has fsck.fat and sgdisk look at sticks of many sizes.
func TestEmptyFileSystems(t *testing.T) {
	need.Tools(t, "fsck.fat", "sgdisk", "mlabel")
	sizes := []int64{
		36 << 20, 64 << 20, 129 << 20, 1 << 30, 2_000_000_512, 4 << 30, 7_800_000_512, 8<<30 + 4096,
		16 << 30, 31_000_002_560, 64_000_000_000 / 4096 * 4096,
	}
	if os.Getenv("ISOWRIGHT_HEAVY") == "1" {
		sizes = append(sizes, 256<<30, 1<<40)
	}
	for _, sector := range []int64{512, 4096} {
		for _, gpt := range []bool{false, true} {
			for _, size := range sizes {
				if size < 300<<20 && sector == 4096 {
					continue // there are not enough clusters of 4096 bytes
				}
				t.Run(fmt.Sprintf("%d bytes, sectors of %d, GPT: %v", size, sector, gpt), func(t *testing.T) {
					o := seeded()
					o.GPT = gpt
					parts, err := empty(size, sector, o)
					if err != nil {
						t.Fatal(err)
					}
					path := filepath.Join(t.TempDir(), "stick")
					layDown(t, path, size, parts, 0)
					if gpt && sector == 512 {
						command(t, "No problems found", "sgdisk", "-v", path)
						command(t, "Microsoft basic data", "sgdisk", "-i", "1", path)
					}
					layDown(t, path, size, parts, 1<<20)
					command(t, "", "fsck.fat", "-n", "-v", path)
					command(t, "MY STICK", "mlabel", "-s", "-i", path, "::")
				})
			}
		}
	}
}

// layDown writes extents into a sparse file that begins at an offset of the
// stick.
func layDown(t *testing.T, path string, size int64, parts []extent, from int64) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, p := range parts {
		if p.data == nil || p.at < from {
			continue
		}
		if _, err := f.WriteAt(p.data, p.at-from); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Truncate(size - from); err != nil {
		t.Fatal(err)
	}
}

func command(t *testing.T, want, name string, args ...string) {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil || !strings.Contains(string(out), want) {
		t.Errorf("%s: %v, want %q in\n%s", name, err, want, out)
	}
}

// TestRestore restores real block devices that hold something else.
func TestRestore(t *testing.T) {
	need.Tools(t, "fsck.fat", "sgdisk")
	for sector, size := range map[int]int64{512: 40 * mib, 4096: 280 * mib} {
		t.Run(fmt.Sprint(sector), func(t *testing.T) {
			old := noise(61, 8*mib)
			device, backing := loopDisk(t, size, sector, old)
			o := seeded()
			o.GPT = sector == 4096
			r, err := Restore(t.Context(), Stick{Target: openDevice(t, device)}, o)
			if err != nil || !r.Verified || r.FirstMiB != FirstWritten {
				t.Fatalf("%+v, %v", r, err)
			}
			b, err := os.ReadFile(backing)
			if err != nil {
				t.Fatal(err)
			}
			if o.GPT {
				command(t, "No problems found", "sgdisk", "-v", device)
			} else if b[510] != 0x55 || b[511] != 0xaa || b[446+4] != 0x0c || !zero(b[size-mib:]) {
				t.Error("no MBR, or something is left at the end")
			}
			if err := os.WriteFile(backing+".part1", b[mib:size-mib], 0o600); err != nil {
				t.Fatal(err)
			}
			command(t, "", "fsck.fat", "-n", "-v", backing+".part1")
		})
	}
}

func TestRestoreFails(t *testing.T) {
	for _, c := range []struct {
		rule  rule
		kind  Kind
		first FirstMiB
	}{
		{rule{op: "write", at: 2 * mib, times: -1, err: syscall.EIO}, WriteFault, FirstBlank},
		{rule{op: "write", at: 2 * mib, times: 1, flip: true}, Mismatch, FirstBlank},
		{rule{op: "write", at: 446, after: 1, times: 4, err: syscall.EIO}, WriteFault, FirstBlank},
		{rule{op: "sync", at: -1, after: 1, times: 1, err: syscall.EIO}, SyncFault, FirstBlank},
		{rule{op: "read", at: 2 * mib, times: 1, vanish: true}, Gone, FirstBlank},
	} {
		synctest.Test(t, func(t *testing.T) {
			f := newFake(40*mib, 512, noise(62, 4*mib))
			f.rules = []*rule{&c.rule}
			r, err := Restore(t.Context(), Stick{Target: f}, seeded())
			if !IsKind(err, c.kind) || r.FirstMiB != c.first || r.State != Failed || len(f.violations) > 0 {
				t.Errorf("%+v: %+v, %v %v", c.rule, r, err, f.violations)
			}
			if !zero(f.kept[:mib]) {
				t.Error("the first MiB is not blank")
			}
		})
	}
	for _, bad := range []RestoreOptions{{Label: "TWELVE CHARS"}, {Label: "small"}, {Label: "Ä"}, {Label: " X"}} {
		f := newFake(40*mib, 512, nil)
		if _, err := Restore(t.Context(), Stick{Target: f}, bad); !IsKind(err, Unfit) || f.writes > 0 {
			t.Errorf("label %q: %v", bad.Label, err)
		}
	}
	f := newFake(20*mib, 512, nil)
	if _, err := Restore(t.Context(), Stick{Target: f}, seeded()); !IsKind(err, Unfit) || f.writes > 0 {
		t.Errorf("20 MiB: %v", err)
	}
}

func TestSave(t *testing.T) {
	old := slices.Concat(noise(63, 300_000), make([]byte, 2*mib), noise(64, mib))
	old = append(old, make([]byte, 4*mib-len(old)/512*512)...)
	f := newFake(int64(len(old)/512*512), 512, old)
	path := filepath.Join(t.TempDir(), "saved.img")
	s, err := Save(t.Context(), f, path, SaveOptions{geometry: small()})
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile(path)
	if err != nil || !bytes.Equal(got, f.memory) || s.Size != f.size {
		t.Errorf("differs at %d, %+v, %v", firstDifference(got, f.memory), s, err)
	}
	var stat syscall.Stat_t
	if err := syscall.Stat(path, &stat); err != nil || stat.Blocks*512 > 2*mib {
		t.Errorf("takes %d bytes, %v", stat.Blocks*512, err)
	}
	if f.closings == 0 || f.writes > 0 {
		t.Error("left open, or written to")
	}
	if s, err = Save(t.Context(), f.reopen(), path, SaveOptions{End: 300_000, geometry: small()}); err != nil || s.Size != 300_032 {
		t.Errorf("%+v, %v", s, err)
	}
}

// A failed or cancelled copy leaves the old file and no half of a new one.
func TestSaveFails(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "saved.img")
	if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	f := newFake(mib, 512, noise(65, mib))
	f.rules = []*rule{{op: "read", at: 700_000, times: -1, err: syscall.EIO}}
	if _, err := Save(t.Context(), f, path, SaveOptions{geometry: small()}); !IsKind(err, ReadFault) {
		t.Error(err)
	}
	names, err := os.ReadDir(dir)
	got, errRead := os.ReadFile(path)
	if len(names) != 1 || string(got) != "precious" || errors.Join(err, errRead) != nil {
		t.Errorf("%v %q %v", names, got, err)
	}
	if _, err := Save(t.Context(), newFake(mib, 512, nil), filepath.Join(dir, "no", "folder"), SaveOptions{}); !IsKind(err, FileFault) {
		t.Error(err)
	}
}
