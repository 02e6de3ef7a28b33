package flash

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/isowright/isowright/internal/need"
)

// loopDisk is a real block device of the kernel's, size bytes long.
func loopDisk(t testing.TB, size int64, sector int, content []byte) (device, backing string) {
	t.Helper()
	return loopDiskIn(t, t.TempDir(), func() {}, size, sector, content)
}

// loopDiskIn has its file in a folder that ready makes ready.
func loopDiskIn(t testing.TB, dir string, ready func(), size int64, sector int, content []byte) (device, backing string) {
	t.Helper()
	need.Tools(t, "losetup")
	need.Root(t)
	ready()
	backing = filepath.Join(dir, "stick")
	if err := os.WriteFile(backing, content, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(backing, size); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("losetup", "--find", "--show", "--partscan", "--sector-size", strconv.Itoa(sector), backing).CombinedOutput()
	if err != nil {
		t.Fatalf("losetup: %v: %s", err, out)
	}
	device = strings.TrimSpace(string(out))
	t.Cleanup(func() {
		if out, err := exec.Command("losetup", "--detach", device).CombinedOutput(); err != nil {
			t.Errorf("losetup --detach: %v: %s", err, out)
		}
	})
	return device, backing
}

// openDevice opens it as the opener does.
func openDevice(t testing.TB, path string) Target {
	t.Helper()
	f, err := os.OpenFile(path, os.O_RDWR|os.O_EXCL|unix.O_DIRECT|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	target, err := OpenFile(f)
	if err != nil {
		t.Fatal(err)
	}
	return target
}

// partitioned is an image with a partition table of real tools; seen tells
// whether this kernel looks for such at all.
func partitioned(t testing.TB, size int, sector int) (image []byte, seen bool) {
	t.Helper()
	need.Tools(t, "sgdisk")
	b := noise(41, size)
	clear(b[:mib])
	clear(b[size-mib:])
	device, backing := loopDisk(t, int64(size), sector, b)
	if out, err := exec.Command("sgdisk", "--new=1:0:0", device).CombinedOutput(); err != nil {
		t.Fatalf("sgdisk: %v: %s", err, out)
	}
	made, err := os.ReadFile(backing)
	if err != nil {
		t.Fatal(err)
	}
	return made, hasPartition(device)
}

func hasPartition(device string) bool {
	name := filepath.Base(device)
	_, err := os.Stat("/sys/class/block/" + name + "/" + name + "p1")
	return err == nil
}

// TestLoopDevices writes to real block devices, through direct I/O.
func TestLoopDevices(t *testing.T) {
	for _, sector := range []int{512, 4096} {
		t.Run(fmt.Sprint(sector), func(t *testing.T) {
			image, seen := partitioned(t, 24*mib, sector)
			device, backing := loopDisk(t, 40*mib, sector, noise(42, 40*mib))
			target := openDevice(t, device)
			if target.SectorSize() != sector || target.Size() != 40*mib {
				t.Fatalf("sectors of %d, %d bytes", target.SectorSize(), target.Size())
			}
			// Direct I/O refuses what is not aligned: what we do is.
			if _, err := target.ReadAt(aligned(alignment)[:100], 0); !errors.Is(err, unix.EINVAL) {
				t.Errorf("100 bytes are read with: %v", err)
			}
			r, err := Write(t.Context(), Stick{Target: target}, imageOf(image), Options{})
			if err != nil || !r.Verified || len(r.Notes) > 0 {
				t.Fatalf("%+v, %v", r, err)
			}
			sameFile(t, backing, image)
			if hasPartition(device) != seen {
				t.Errorf("the kernel knows the new partition: %v, want %v", !seen, seen)
			}
			// The same again, with a little changed.
			image[9*mib] ^= 1
			r, err = Write(t.Context(), Stick{Target: openDevice(t, device)}, imageOf(image), Options{})
			if err != nil || !r.Verified || r.Written > 2*mib || r.ReadBack > 4*mib {
				t.Fatalf("%+v, %v", r, err)
			}
			sameFile(t, backing, image)
			c, err := Verify(t.Context(), openDevice(t, device), imageOf(image), VerifyOptions{})
			if err != nil || c.Compared != int64(len(image)) {
				t.Errorf("%+v, %v", c, err)
			}
		})
	}
}

func sameFile(t *testing.T, path string, image []byte) {
	t.Helper()
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if i := firstDifference(got[:len(image)], image); i >= 0 {
		t.Errorf("differs from the image at %d", i)
	}
	if !zero(got[len(got)-mib:]) {
		t.Error("something is left at the end")
	}
}

// The kernel's own errors: a loop device whose file cannot grow any more.
func TestLoopDeviceFails(t *testing.T) {
	small := t.TempDir()
	device, backing := loopDiskIn(t, small, func() {
		if out, err := exec.Command("mount", "-t", "tmpfs", "-o", "size=10m", "stick", small).CombinedOutput(); err != nil {
			t.Fatalf("mount: %v: %s", err, out)
		}
		t.Cleanup(func() {
			if out, err := exec.Command("umount", small).CombinedOutput(); err != nil {
				t.Errorf("umount: %v: %s", err, out)
			}
		})
	}, 64*mib, 512, noise(43, 4*mib))
	image := noise(44, 32*mib)
	r, err := Write(t.Context(), Stick{Target: openDevice(t, device)}, imageOf(image), Options{Full: true})
	if !IsKind(err, WriteFault) && !IsKind(err, NoSpace) && !IsKind(err, SyncFault) || r.FirstMiB != FirstBlank || r.State != Failed {
		t.Errorf("%+v, %v", r, err)
	}
	head := make([]byte, mib)
	f, err := os.Open(backing)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if _, err := io.ReadFull(f, head); err != nil || !zero(head) {
		t.Errorf("the first MiB is not blank: %v", err)
	}
}

// A regular file can stand for a stick.
func TestRegularFile(t *testing.T) {
	image := noise(45, 3*mib+700)
	path := filepath.Join(t.TempDir(), "stick")
	if err := os.WriteFile(path, noise(46, 5*mib), 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	target, err := OpenFile(f)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Write(t.Context(), Stick{Target: target}, imageOf(image), Options{})
	if err != nil || !r.Verified {
		t.Fatalf("%+v, %v", r, err)
	}
	sameFile(t, path, image)
	if err := target.Close(); err == nil {
		t.Error("it was left open")
	}
}

func TestOpenFileRefuses(t *testing.T) {
	for _, path := range []string{"/dev/null", t.TempDir()} {
		f, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := OpenFile(f); !IsKind(err, Unfit) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// Reading asks the device, not the kernel's copy: what is changed behind its
// back is seen.
func TestReadsPastTheCache(t *testing.T) {
	content := noise(47, 8*mib)
	device, backing := loopDisk(t, 8*mib, 512, content)
	if _, err := os.ReadFile(device); err != nil { // into the cache
		t.Fatal(err)
	}
	f, err := os.OpenFile(backing, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte{content[5*mib] ^ 1}, 5*mib); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := Verify(t.Context(), openDevice(t, device), imageOf(content), VerifyOptions{})
	if !IsKind(err, Mismatch) || c.First != 5*mib || c.Blocks != 1 {
		t.Errorf("%+v, %v", c, err)
	}
	if !bytes.Equal(c.Expected[:1], content[5*mib:5*mib+1]) {
		t.Errorf("expected % x", c.Expected)
	}
}

// What has no length any more has been pulled out: the kernel calls it an end
// of file, or no space left.
func TestDeviceWithoutLength(t *testing.T) {
	content := noise(48, 8*mib)
	gone := func() Target {
		device, backing := loopDisk(t, 8*mib, 512, content)
		target := openDevice(t, device)
		if err := os.Truncate(backing, 0); err != nil {
			t.Fatal(err)
		}
		if out, err := exec.Command("losetup", "--set-capacity", device).CombinedOutput(); err != nil {
			t.Fatalf("losetup: %v: %s", err, out)
		}
		return target
	}
	if _, err := Verify(t.Context(), gone(), imageOf(content), VerifyOptions{}); !IsKind(err, Gone) {
		t.Errorf("comparing: %v", err)
	}
	r, err := Write(t.Context(), Stick{Target: gone()}, imageOf(noise(49, 2*mib)), Options{Full: true})
	if !IsKind(err, Gone) || r.FirstMiB == FirstWritten {
		t.Errorf("writing: %+v, %v", r, err)
	}
}
