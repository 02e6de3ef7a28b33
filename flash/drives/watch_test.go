package drives

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/isowright/isowright/internal/need"
)

// loopOn attaches a file of the size in MiB and returns the device's path.
func loopOn(t *testing.T, mib int64, args ...string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "stick \u202e.img")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file, mib<<20); err != nil {
		t.Fatal(err)
	}
	loop := strings.TrimSpace(run(t, "losetup", append(args, "--find", "--show", file)...))
	t.Cleanup(func() { _ = exec.Command("losetup", "-d", loop).Run() }) // may be so already
	return loop
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// until waits for an update that fits.
func until(t *testing.T, updates <-chan Update, what string, fits func([]Drive) bool) {
	t.Helper()
	for u := range updates {
		if u.Err != nil {
			t.Fatal(u.Err)
		}
		if fits(u.Drives) {
			return
		}
	}
	t.Fatalf("no update came: %s", what)
}

func has(list []Drive, path string, fits func(Drive) bool) bool {
	return slices.ContainsFunc(list, func(d Drive) bool { return d.Path == path && fits(d) })
}

// TestWatch follows a real device as it comes, is mounted, and goes.
func TestWatch(t *testing.T) {
	need.Root(t)
	need.Tools(t, "losetup", "mkfs.ext4", "mount", "umount")
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	updates := Watch(ctx, Live())
	until(t, updates, "the first list", func([]Drive) bool { return true })
	loop := loopOn(t, 32)
	anything := func(Drive) bool { return true }
	until(t, updates, "the device came", func(l []Drive) bool { return has(l, loop, anything) })
	run(t, "mkfs.ext4", "-qF", loop)
	point := t.TempDir()
	run(t, "mount", loop, point)
	t.Cleanup(func() { _ = exec.Command("umount", point).Run() }) // may be so already
	until(t, updates, "it is mounted", func(l []Drive) bool {
		return has(l, loop, func(d Drive) bool { return slices.Equal(d.Mounted, []string{point}) && len(d.System) == 0 })
	})
	run(t, "umount", point)
	until(t, updates, "it is not mounted", func(l []Drive) bool {
		return has(l, loop, func(d Drive) bool { return len(d.Mounted) == 0 })
	})
	run(t, "losetup", "-d", loop)
	until(t, updates, "the device went", func(l []Drive) bool { return !has(l, loop, anything) })
	cancel()
	for range updates { // closed in the end
	}
}

// TestEvents: the kernel tells, nobody has to look.
func TestEvents(t *testing.T) {
	need.Root(t)
	need.Tools(t, "losetup")
	events := make(chan struct{}, 1)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		listen(ctx, events)
		close(ended)
	}()
	// Attaching gives a "change"; until listen listens none is heard.
	for heard := false; !heard; {
		loop := loopOn(t, 1)
		select {
		case <-events:
			heard = true
		case <-time.After(200 * time.Millisecond):
		}
		run(t, "losetup", "-d", loop)
		if t.Context().Err() != nil {
			t.Fatal("no event came")
		}
	}
	cancel()
	<-ended
}

// TestWatchQuietly counts the looks: one for a burst of events, one more later.
func TestWatchQuietly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := Source{Recorded: true, FS: fstest.MapFS{
			"sys/class/block":     {Mode: os.ModeDir | 0o755},
			"proc/self/mountinfo": {Data: []byte("1 0 0:2 / / rw - tmpfs tmpfs rw\n")},
		}}
		ctx, cancel := context.WithCancel(t.Context())
		events, out := make(chan struct{}), make(chan Update, 1)
		go watch(ctx, s, events, out)
		if u := <-out; u.Err != nil {
			t.Fatal(u.Err)
		}
		s.FS.(fstest.MapFS)["proc/swaps"] = &fstest.MapFile{Data: []byte("Filename\nnonsense\n")}
		for range 5 {
			events <- struct{}{}
		}
		synctest.Wait()
		select {
		case u := <-out:
			t.Fatalf("it looked in the middle of events: %+v", u)
		default:
		}
		time.Sleep(quiet + time.Millisecond)
		if u := <-out; u.Err == nil {
			t.Error("the list that cannot be read is not told")
		}
		cancel()
		synctest.Wait()
		if _, open := <-out; open {
			t.Error("the channel stays open")
		}
	})
}

// TestLive lists this computer: "/" lies on a disk, and its disk is found; a
// file is placed on a loop device and that on the disk below.
func TestLive(t *testing.T) {
	need.Root(t)
	need.Tools(t, "losetup", "mkfs.ext4", "mount", "umount")
	loop := loopOn(t, 32, "-b", "4096", "-r")
	list, err := List(t.Context(), Live())
	if err != nil {
		t.Fatal(err)
	}
	if !has(list, loop, func(d Drive) bool {
		return d.Size == 32<<20 && d.SectorSize == 4096 && d.ReadOnly && d.Model == "stick .img" && d.Major == 7 && d.Sequence > 0
	}) {
		t.Errorf("%s is not as it should be among %+v", loop, list)
	}
	if !slices.ContainsFunc(list, func(d Drive) bool { return len(d.System) > 0 }) {
		t.Errorf("this computer runs from nothing: %+v", list)
	}
	stick := loopOn(t, 64)
	run(t, "mkfs.ext4", "-qF", stick)
	point := t.TempDir()
	run(t, "mount", stick, point)
	t.Cleanup(func() { _ = exec.Command("umount", point).Run() })
	file := filepath.Join(point, "image.iso")
	if err := os.WriteFile(file, []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	disks, err := DisksOf(t.Context(), Live(), file)
	if err != nil || !slices.Contains(disks, filepath.Base(stick)) {
		t.Errorf("%s lies on %v, %v", file, disks, err)
	}
}
