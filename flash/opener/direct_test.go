package opener

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/isowright/isowright/flash/drives"
	"github.com/isowright/isowright/internal/need"
)

func TestDirect(t *testing.T) {
	need.Root(t)
	need.Tools(t, "losetup")
	for _, sector := range []string{"512", "4096"} {
		t.Run(sector, func(t *testing.T) {
			l := newLoop(t, "-b", sector)
			d := l.drive()
			if want := map[string]int{"512": 512, "4096": 4096}[sector]; d.SectorSize != want || d.Size != loopSize || d.Bus != "loop" {
				t.Errorf("the drive is %+v", d)
			}
			f, err := Open(t.Context(), d, Options{})
			if err != nil {
				t.Fatal(err)
			}
			if err := stamp(f, false); err != nil || !l.written() {
				t.Errorf("the mark is not there: %v", err)
			}
			if _, err := f.WriteAt([]byte("x"), 1); err == nil {
				t.Error("an unaligned write went through: the device was not opened with O_DIRECT")
			}
			_, err = Open(t.Context(), d, Options{})
			if !Is(err, Busy) || !strings.Contains(err.Error(), "has "+d.Path+" open") {
				t.Errorf("a second opening gives %v", err)
			}
			if err := f.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func TestDirectForReading(t *testing.T) {
	need.Root(t)
	need.Tools(t, "losetup")
	l := newLoop(t, "-r")
	d := l.drive()
	if _, err := Open(t.Context(), d, Options{}); !Is(err, ReadOnly) {
		t.Errorf("a write-protected drive opens with %v", err)
	}
	f, err := Open(t.Context(), d, Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := stamp(f, true); err != nil {
		t.Error(err)
	}
}

// TestOther: what is not the drive that was chosen is not opened.
func TestOther(t *testing.T) {
	need.Root(t)
	need.Tools(t, "losetup")
	l := newLoop(t)
	d := l.drive()
	for name, change := range map[string]func(*drives.Drive){
		"size":     func(d *drives.Drive) { d.Size += 512 },
		"sequence": func(d *drives.Drive) { d.Sequence++ },
		"model":    func(d *drives.Drive) { d.Model = "another" },
		"serial":   func(d *drives.Drive) { d.Serial = "1" },
		"by-id":    func(d *drives.Drive) { d.ByID = []string{"/dev/disk/by-id/usb-x"} },
		"minor":    func(d *drives.Drive) { d.Minor++ },
		"path":     func(d *drives.Drive) { d.Path = "/dev/null" },
	} {
		other := d
		change(&other)
		if f, err := Open(t.Context(), other, Options{}); !Is(err, Changed) {
			t.Errorf("with another %s it opens: %v %v", name, f, err)
		}
	}
	// The kernel is asked too, without the list.
	f, err := os.OpenFile(d.Path, unix.O_RDONLY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	if err := Same(f, d); err != nil {
		t.Error(err)
	}
	for _, other := range []drives.Drive{
		{Major: d.Major, Minor: d.Minor + 1, Size: d.Size}, {Major: d.Major, Minor: d.Minor, Size: d.Size + 512},
		{Major: d.Major, Minor: d.Minor, Size: d.Size, Sequence: d.Sequence + 1},
	} {
		if err := Same(f, other); !Is(err, Changed) {
			t.Errorf("%+v passes: %v", other, err)
		}
	}
}

// TestExchanged: the same name and size, but plugged in again.
func TestExchanged(t *testing.T) {
	need.Root(t)
	need.Tools(t, "losetup")
	l := newLoop(t)
	d := l.drive()
	l.detach()
	if _, err := Open(t.Context(), d, Options{}); !Is(err, Gone) && !Is(err, Changed) {
		t.Errorf("a drive that is gone opens with %v", err)
	}
	again := attach(t, l.file)
	if again.path != l.path {
		t.Logf("%s came back as %s", l.path, again.path)
	}
	if _, err := Open(t.Context(), d, Options{}); !Is(err, Changed) && !Is(err, Gone) {
		t.Errorf("a drive that was plugged in again opens with %v", err)
	}
}

func TestMounted(t *testing.T) {
	need.Root(t)
	need.Tools(t, "losetup", "mkfs.ext4", "mount")
	l := newLoop(t)
	run(t, "mkfs.ext4", "-qF", l.path)
	point := filepath.Join(t.TempDir(), "a place")
	if err := os.Mkdir(point, 0o755); err != nil {
		t.Fatal(err)
	}
	run(t, "mount", l.path, point)
	t.Cleanup(func() { _ = unix.Unmount(point, unix.MNT_DETACH) })
	d := l.drive()
	if len(d.System) > 0 || len(d.Mounted) != 1 || d.Mounted[0] != point {
		t.Fatalf("the drive is %+v", d)
	}
	if _, err := Open(t.Context(), d, Options{}); !Is(err, Busy) || !strings.Contains(err.Error(), point) {
		t.Errorf("a mounted drive opens with %v", err)
	}
	held, err := os.Create(filepath.Join(point, "file"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Open(t.Context(), d, Options{Unmount: true}); !Is(err, Busy) {
		t.Errorf("with a file open it opens with %v", err)
	}
	if err := held.Close(); err != nil {
		t.Fatal(err)
	}
	f, err := Open(t.Context(), d, Options{Unmount: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if now := l.drive(); len(now.Mounted) > 0 {
		t.Errorf("it is still mounted: %+v", now)
	}
}

// TestSystemDisk: no way and no option opens one for writing, or unmounts it.
func TestSystemDisk(t *testing.T) {
	need.Root(t)
	need.Tools(t, "losetup", "mkfs.ext4", "mount")
	l := newLoop(t)
	run(t, "mkfs.ext4", "-qF", l.path)
	point, err := os.MkdirTemp("/var/lib", "isowright-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(point) })
	run(t, "mount", l.path, point)
	t.Cleanup(func() { _ = unix.Unmount(point, unix.MNT_DETACH) })
	d := l.drive()
	if len(d.System) == 0 {
		t.Fatalf("%s is mounted at %s, but not of the system: %+v", d.Path, point, d)
	}
	for _, o := range []Options{
		{}, {Unmount: true}, {Ways: []Way{Direct}, Unmount: true},
		{Ways: []Way{Sudo, UDisks, Pkexec, Run0}, Unmount: true, Child: []string{"/bin/true"}},
	} {
		if f, err := Open(t.Context(), d, o); !Is(err, SystemDisk) {
			t.Errorf("%+v: %v %v", o, f, err)
		}
	}
	if err := Unmount(t.Context(), d, Options{}); !Is(err, SystemDisk) {
		t.Errorf("unmounting gives %v", err)
	}
	// What the caller believes of the drive does not count.
	d.System, d.Mounted = nil, nil
	if _, err := openDirect(t.Context(), d, false); err == nil {
		t.Error("without the first check it opens")
	}
	if _, err := (request{drive: d, unmount: true}).open(t.Context()); !Is(err, SystemDisk) {
		t.Errorf("the privileged child says %v", err)
	}
}

func TestCancelledBefore(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Open(ctx, drives.Drive{Name: "loop0", Path: "/dev/loop0"}, Options{}); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}
