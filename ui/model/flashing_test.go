package model

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/store"
	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/flash/drives"
	"github.com/isowright/isowright/flash/opener"
	"github.com/isowright/isowright/internal/need"
	"github.com/isowright/isowright/internal/recorded"
	"github.com/isowright/isowright/ui/flashing"
)

// recordedDesk is a session with a recorded computer, whose drives cannot be
// opened.
func recordedDesk(t *testing.T) (s *Session, l *loop, root string) {
	t.Helper()
	root, _ = recorded.Lay(t, filepath.Join("..", "..", "flash", "drives", "testdata", "layouts", "desk.txt"))
	s, l = begin(t, Actions{Sticks: flashing.Computer{Source: drives.Source{FS: os.DirFS(root), Recorded: true},
		Open: func(_ context.Context, d drives.Drive, _ opener.Options) (flash.Stick, error) {
			t.Errorf("%s was opened", d.Path)
			return flash.Stick{}, errors.New("it must not be opened")
		}}})
	return s, l, root
}

// show shows the page and waits for the drives.
func show(t *testing.T, s *Session, l *loop) *Flashing {
	t.Helper()
	s.Show(Flash)
	f := s.Flashing()
	l.until(t, "the drives", func() bool { listed, err := f.Listed(); return listed || err != nil })
	return f
}

// list reads the drives as they are now.
func list(t *testing.T, f *Flashing) {
	t.Helper()
	all, err := drives.List(t.Context(), f.session.env.Actions.Sticks.Source)
	f.drivesAre(drives.Update{Drives: all, Err: err})
}

// imageFile is an image that looks as if it could start a computer.
func imageFile(t *testing.T, size int) string {
	t.Helper()
	data := bytes.Repeat([]byte("isowright"), size/9+1)[:size]
	copy(data[0x1be:], make([]byte, 64))
	data[0x1be+4], data[0x1be+12] = 0x83, 1
	copy(data[510:], "\x55\xaa")
	path := filepath.Join(t.TempDir(), "test.iso")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func load(t *testing.T, f *Flashing, l *loop, path string) {
	t.Helper()
	f.SetImage(path)
	l.until(t, "the image", func() bool { return !f.Image().Loading })
}

func ended(t *testing.T, f *Flashing, l *loop) *Job {
	t.Helper()
	l.until(t, "the end", func() bool { return f.Task().Job.State != Running })
	return f.Task().Job
}

func TestSystemDiskIsNeverChosenNorWritten(t *testing.T) {
	s, l, _ := recordedDesk(t)
	f := show(t, s, l)
	load(t, f, l, imageFile(t, 1<<20))
	for _, name := range []string{"sda", "sde", "nosuch"} {
		if f.Choose(name, true) || f.Chosen(name) {
			t.Errorf("%s can be chosen", name)
		}
	}
	// An order that names it all the same, with every consent, is refused.
	for _, d := range f.Drives() {
		if len(d.System) == 0 {
			continue
		}
		for _, action := range []string{WriteStick, RestoreStick, TestStick} {
			f.Dismiss()
			o := f.Order(action)
			o.Drives = []drives.Drive{d}
			f.Begin(o, []flash.Consent{{Unmount: true, Typed: flash.NameToType(d)}})
			if j := ended(t, f, l); j.State != Failed || !flashing.Refused(j.Err) || !strings.Contains(j.Err.Error(), "running system needs") {
				t.Errorf("%s: %v", action, j.Err)
			}
		}
	}
}

func TestExchangedDriveIsRefused(t *testing.T) {
	s, l, root := recordedDesk(t)
	f := show(t, s, l)
	load(t, f, l, imageFile(t, 1<<20))
	f.Choose("sdb", true)
	o := f.Order(WriteStick)
	recorded.Put(t, root, "run/udev/data/b8:16", "E:ID_BUS=usb\nE:ID_MODEL=Ultra\nE:ID_SERIAL_SHORT=OTHER\n")
	for _, action := range []string{WriteStick, RestoreStick, TestStick, VerifyStick, SaveStick} {
		f.Dismiss()
		o.Action, o.File = action, filepath.Join(t.TempDir(), "x.img")
		f.Begin(o, []flash.Consent{{Unmount: true, Typed: "Ultra"}})
		if j := ended(t, f, l); j.State != Failed || !flashing.Refused(j.Err) || !strings.Contains(j.Err.Error(), "not the drive that was chosen") {
			t.Errorf("%s: %v", action, j.Err)
		}
	}
	f.Dismiss()
	list(t, f)
	if f.Chosen("sdb") || f.Current(o) || !strings.Contains(s.Message().Text, "exchanged") {
		t.Errorf("the exchanged stick is still chosen; it is said: %q", s.Message().Text)
	}
	if !f.Plugged("sdb") {
		t.Error("the new stick is not marked as new")
	}
}

func TestWhatWasNotAgreedToIsRefused(t *testing.T) {
	s, l, _ := recordedDesk(t)
	f := show(t, s, l)
	load(t, f, l, imageFile(t, 1<<20))
	for _, name := range []string{"sdc", "sdd"} { // mounted; large
		f.Dismiss()
		f.Choose(name, true)
		f.Begin(f.Order(WriteStick), make([]flash.Consent, 1))
		if j := ended(t, f, l); j.State != Failed || !flashing.Refused(j.Err) {
			t.Errorf("%s: %v", name, j.Err)
		}
		f.Choose(name, false)
	}
	if _, ok := f.Begin(f.Order(WriteStick), nil); ok {
		t.Error("an order without drives begins")
	}
}

func TestDriveThatIsPulledOutIsNotChosenAnyMore(t *testing.T) {
	s, l, root := recordedDesk(t)
	f := show(t, s, l)
	f.Choose("sdb", true)
	for _, name := range []string{"sdb", "sdb1"} {
		if err := os.Remove(filepath.Join(root, "sys/class/block", name)); err != nil {
			t.Fatal(err)
		}
	}
	list(t, f)
	if f.Chosen("sdb") || !strings.Contains(s.Message().Text, "pulled out") {
		t.Errorf("it is still chosen, or nothing is said: %q", s.Message().Text)
	}
	f.drivesAre(drives.Update{Err: errors.New("no mounts")})
	if listed, err := f.Listed(); listed || err == nil {
		t.Error("a list that cannot be made passes for one")
	}
}

func TestImageThatDoesNotFitTakesTheChoiceBack(t *testing.T) {
	s, l, _ := recordedDesk(t)
	f := show(t, s, l)
	f.Choose("sdc", true)
	f.Choose("sdb", true)
	path := imageFile(t, 1<<20)
	if err := os.Truncate(path, 20_000_000_000); err != nil {
		t.Fatal(err)
	}
	load(t, f, l, path)
	if f.Chosen("sdc") || !f.Chosen("sdb") {
		t.Error("16 GB hold 20 GB, or 32 GB do not")
	}
	if !f.Image().Usable() || f.Image().Info.Boot != flash.BootDisk {
		t.Errorf("the image: %+v", f.Image())
	}
	load(t, f, l, filepath.Join(t.TempDir(), "nosuch.iso"))
	if f.Image().Usable() || f.Image().Err == nil {
		t.Error("a missing image is usable")
	}
}

func TestDrivesAreWatchedOnlyWhileSomebodyLooks(t *testing.T) {
	s, l, _ := recordedDesk(t)
	var timers []func()
	s.env.After = func(_ time.Duration, do func()) func() {
		timers = append(timers, do)
		return func() { timers = nil }
	}
	s.Show(Build)
	if s.flashing != nil {
		t.Error("another page watches the drives")
	}
	f := show(t, s, l)
	s.Show(Build)
	s.Show(Flash)
	if len(timers) != 0 || f.unwatch == nil {
		t.Error("a short look at another page ends the watching")
	}
	s.Show(Build)
	for _, do := range timers {
		do()
	}
	if f.unwatch != nil {
		t.Error("it goes on for ever")
	}
	show(t, s, l)
	if f.unwatch == nil {
		t.Error("it does not begin again")
	}
}

func TestOrderKnowsWhatWasMountedMeanwhile(t *testing.T) {
	s, l, root := recordedDesk(t)
	f := show(t, s, l)
	f.Choose("sdb", true)
	mounts, err := os.ReadFile(filepath.Join(root, "proc/self/mountinfo"))
	if err != nil {
		t.Fatal(err)
	}
	recorded.Put(t, root, "proc/self/mountinfo", string(mounts)+"43 30 8:17 / /media/ada/CAMERA rw,relatime shared:1 - exfat /dev/sdb1 rw\n")
	list(t, f)
	o := f.Order(WriteStick)
	if len(o.Drives) != 1 || len(o.Drives[0].Mounted) != 1 {
		t.Fatalf("the order has %+v", o.Drives)
	}
	if left := flash.Standing(f.AgainstOrder(o, o.Drives[0]), o.Drives[0], flash.Consent{}); len(left) != 1 || left[0].Level != flash.Unmount {
		t.Errorf("it asks for %+v", left)
	}
}

// loopDesk is a session on this computer, which may only choose a loop device of
// its own, of some bytes.
func loopDesk(t *testing.T, size int64) (s *Session, l *loop, f *Flashing, path string) {
	t.Helper()
	need.Root(t)
	need.Tools(t, "losetup")
	file := filepath.Join(t.TempDir(), "stick")
	if err := os.WriteFile(file, bytes.Repeat([]byte{0xe5}, int(size)), 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("losetup", "--find", "--show", file).CombinedOutput()
	if err != nil {
		t.Fatalf("losetup: %v: %s", err, out)
	}
	path = strings.TrimSpace(string(out))
	t.Cleanup(func() {
		if out, err := exec.Command("losetup", "--detach", path).CombinedOutput(); err != nil {
			t.Errorf("losetup: %v: %s", err, out)
		}
	})
	here := flashing.Here(false)
	really := here.Open
	here.Open = func(ctx context.Context, d drives.Drive, o opener.Options) (flash.Stick, error) {
		if d.Path != path {
			return flash.Stick{}, fmt.Errorf("the test may not open %s", d.Path)
		}
		return really(ctx, d, o)
	}
	s, l = begin(t, Actions{Sticks: here})
	s.env.Library = store.NewLibrary(filepath.Join(t.TempDir(), "library.db"))
	f = show(t, s, l)
	l.until(t, "the loop device", func() bool { return f.Choose(filepath.Base(path), true) })
	return s, l, f, path
}

// TestFlashLoopDevice writes to a real block device, then compares, saves, tests
// and restores it; the journal has all of it.
func TestFlashLoopDevice(t *testing.T) {
	s, l, f, path := loopDesk(t, 64<<20)
	image := imageFile(t, 9<<20+512)
	sum(t, image, 0)
	load(t, f, l, image)
	if f.Image().SHA256 == "" {
		t.Error("the checksum beside the image was not found")
	}
	agreed := []flash.Consent{{Typed: flash.NameToType(f.Order(WriteStick).Drives[0])}}
	f.SetOptions(WriteOptions{})
	f.Begin(f.Order(WriteStick), agreed)
	if f.unwatch != nil {
		t.Error("the drives are asked while one is written")
	}
	j := ended(t, f, l)
	if j.State != Done || !j.Result.(Outcome).Results[0].Report.Verified {
		t.Fatalf("it ended with %v", j.Err)
	}
	if out, err := exec.Command("cmp", "-n", fmt.Sprint(9<<20+512), image, path).CombinedOutput(); err != nil {
		t.Errorf("the device does not hold the image: %s", out)
	}
	if f.Chosen(filepath.Base(path)) || f.unwatch == nil {
		t.Error("after a success the stick is still chosen, or the drives are not watched")
	}
	copied := filepath.Join(t.TempDir(), "copy.img")
	for _, action := range []string{VerifyStick, SaveStick, TestStick, RestoreStick} {
		f.Dismiss()
		l.until(t, "the loop device", func() bool { return f.Choose(filepath.Base(path), true) })
		o := f.Order(action)
		o.File, o.Label = copied, "STICK"
		f.Begin(o, agreed)
		if j := ended(t, f, l); j.State != Done {
			t.Errorf("%s ended with %v", action, j.Err)
		}
	}
	if out, err := exec.Command("cmp", "-n", fmt.Sprint(9<<20+512), image, copied).CombinedOutput(); err != nil {
		t.Errorf("the copy differs: %s", out)
	}
	lines, err := s.env.Library.Flashes(0)
	if err != nil || len(lines) != 5 || lines[4].Result != flashing.Verified || lines[4].Image != image || lines[0].Action != RestoreStick {
		t.Errorf("the journal has %+v, %v", lines, err)
	}
	l.until(t, "the journal", func() bool { return len(f.Journal()) == 5 })
}

// sum puts a checksum beside an image; wrong is added to its first digit.
func sum(t *testing.T, image string, wrong byte) {
	t.Helper()
	data, err := os.ReadFile(image)
	if err != nil {
		t.Fatal(err)
	}
	digest := sha256.Sum256(data)
	digest[0] += wrong
	if err := os.WriteFile(image+".sha256", fmt.Appendf(nil, "%x  %s\n", digest, filepath.Base(image)), 0o644); err != nil {
		t.Fatal(err)
	}
}

// blank tells whether the first MiB of a device is.
func blank(t *testing.T, path string) bool {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	head := make([]byte, 1<<20)
	if _, err := f.Read(head); err != nil {
		t.Fatal(err)
	}
	return bytes.Equal(head, make([]byte, 1<<20))
}

func TestFlashWithAWrongChecksum(t *testing.T) {
	_, l, f, path := loopDesk(t, 16<<20)
	image := imageFile(t, 4<<20)
	sum(t, image, 1)
	load(t, f, l, image)
	o := f.Order(WriteStick)
	f.Begin(o, []flash.Consent{{Typed: flash.NameToType(o.Drives[0])}})
	j := ended(t, f, l)
	if j.State != Failed || !flash.IsKind(j.Err, flash.WrongSum) {
		t.Errorf("it ended with %v", j.Err)
	}
	if r := j.Result.(Outcome).Results[0].Report; r.FirstMiB != flash.FirstBlank || !blank(t, path) {
		t.Errorf("the first MiB is said to be %s, and blank is %v", r.FirstMiB, blank(t, path))
	}
	if !f.Chosen(filepath.Base(path)) {
		t.Error("after a failure the stick is not chosen any more, so it cannot be tried again")
	}
}

func TestFlashCancelledInTheMiddle(t *testing.T) {
	s, l, f, path := loopDesk(t, 192<<20)
	load(t, f, l, imageFile(t, 128<<20))
	// The stick waits at its 40th MiB, so that the end does not come first.
	reached, goOn := make(chan struct{}), make(chan struct{})
	really := s.env.Actions.Sticks.Open
	s.env.Actions.Sticks.Open = func(ctx context.Context, d drives.Drive, o opener.Options) (flash.Stick, error) {
		stick, err := really(ctx, d, o)
		stick.Target = &waiting{Target: stick.Target, reached: reached, goOn: goOn}
		return stick, err
	}
	f.SetOptions(WriteOptions{Full: true})
	o := f.Order(WriteStick)
	j, _ := f.Begin(o, []flash.Consent{{Typed: flash.NameToType(o.Drives[0])}})
	<-reached
	j.Cancel()
	close(goOn)
	ended(t, f, l)
	if j.State != Cancelled {
		t.Fatalf("it ended with %v: %v", j.State, j.Err)
	}
	r := j.Result.(Outcome).Results[0].Report
	if r.State != flash.Cancelled || r.FirstMiB != flash.FirstBlank || !blank(t, path) {
		t.Errorf("it ended as %+v, blank is %v", r, blank(t, path))
	}
	lines, err := s.env.Library.Flashes(0)
	if err != nil || len(lines) != 1 || lines[0].Result != string(flash.Cancelled) {
		t.Errorf("the journal has %+v, %v", lines, err)
	}
}

// waiting is a stick that waits once at its 40th MiB.
type waiting struct {
	flash.Target
	reached, goOn chan struct{}
	done          bool
}

func (w *waiting) WriteAt(p []byte, at int64) (int, error) {
	if at >= 40<<20 && at < 100<<20 && !w.done {
		w.done = true
		close(w.reached)
		<-w.goOn
	}
	return w.Target.WriteAt(p, at)
}
