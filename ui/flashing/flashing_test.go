package flashing

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/flash/drives"
	"github.com/isowright/isowright/flash/opener"
	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/internal/recorded"
)

// computer is a recorded one; opened are the drives that were opened.
type computer struct {
	Computer
	root   string
	opened []string
	closed int
	fail   string
}

func newComputer(t *testing.T) *computer {
	t.Helper()
	c := &computer{}
	c.root, _ = recorded.Lay(t, filepath.Join("..", "..", "flash", "drives", "testdata", "layouts", "desk.txt"))
	c.Source = drives.Source{FS: os.DirFS(c.root), Recorded: true}
	c.Open = func(_ context.Context, d drives.Drive, o opener.Options) (flash.Stick, error) {
		if d.Name == c.fail {
			return flash.Stick{}, errors.New("it cannot be opened")
		}
		c.opened = append(c.opened, d.Name)
		if o.Unmount {
			c.opened[len(c.opened)-1] += " unmounted"
		}
		return flash.Stick{Target: &stick{closed: &c.closed}}, nil
	}
	return c
}

// stick is one of which only the end matters.
type stick struct {
	flash.Target
	closed *int
}

func (s *stick) Close() error { *s.closed++; return nil }

// drive is a drive of the list.
func (c *computer) drive(t *testing.T, name string) drives.Drive {
	t.Helper()
	all, err := c.Drives(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if d.Name == name {
			return d
		}
	}
	t.Fatalf("there is no %s", name)
	return drives.Drive{}
}

func TestOpenSticksHoldsEachAgainstTheRules(t *testing.T) {
	c := newComputer(t)
	anything := flash.Consent{Unmount: true, Typed: "Elements 25A2"}
	for _, one := range []struct {
		name    string
		consent flash.Consent
		refused string
	}{
		{"sda", flash.Consent{Unmount: true, Typed: "Samsung SSD 870 EVO"}, "the running system needs this disk"},
		{"sde", anything, "write-protected"},
		{"sdc", flash.Consent{}, "is mounted at"},
		{"sdd", flash.Consent{Unmount: true}, "large for a stick"},
		{"sdb", flash.Consent{}, ""},
		{"sdc", flash.Consent{Unmount: true}, ""},
		{"sdd", anything, ""},
	} {
		_, err := c.OpenSticks(t.Context(), []Chosen{{c.drive(t, one.name), one.consent}}, flash.ImageInfo{Boot: flash.BootDisk}, false)
		switch {
		case one.refused == "" && err != nil:
			t.Errorf("%s: %v", one.name, err)
		case one.refused != "" && (!Refused(err) || !strings.Contains(err.Error(), one.refused)):
			t.Errorf("%s: %v, want %q", one.name, err, one.refused)
		}
	}
	if got := strings.Join(c.opened, ", "); got != "sdb, sdc unmounted, sdd unmounted" {
		t.Errorf("opened: %s", got)
	}
}

func TestOpenSticksOpensAllOrNone(t *testing.T) {
	c := newComputer(t)
	c.fail = "sdc"
	_, err := c.OpenSticks(t.Context(), []Chosen{{c.drive(t, "sdb"), flash.Consent{}}, {c.drive(t, "sdc"), flash.Consent{Unmount: true}}},
		flash.ImageInfo{Boot: flash.BootDisk}, false)
	if err == nil || c.closed != 1 {
		t.Errorf("%v; %d closed", err, c.closed)
	}
}

func TestChangedBetweenChoosingAndOpening(t *testing.T) {
	c := newComputer(t)
	chosen := c.drive(t, "sdb")
	recorded.Put(t, c.root, "run/udev/data/b8:16", "E:ID_MODEL=Ultra\nE:ID_SERIAL_SHORT=OTHER\n")
	if _, err := c.OpenSticks(t.Context(), []Chosen{{Drive: chosen}}, flash.ImageInfo{Boot: flash.BootDisk}, false); !Refused(err) {
		t.Errorf("to write: %v", err)
	}
	if _, err := c.OpenToRead(t.Context(), chosen); !Refused(err) {
		t.Errorf("to read: %v", err)
	}
	for _, name := range []string{"sdb", "sdb1"} {
		if err := os.Remove(filepath.Join(c.root, "sys/class/block", name)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.OpenToRead(t.Context(), chosen); err == nil || Refused(err) || !strings.Contains(err.Error(), "gone") {
		t.Errorf("gone: %v", err)
	}
	if len(c.opened) > 0 {
		t.Errorf("opened: %v", c.opened)
	}
}

func TestWithoutAListNothingIsOpened(t *testing.T) {
	c := newComputer(t)
	chosen := c.drive(t, "sdb")
	if err := os.Remove(filepath.Join(c.root, "proc/self/mountinfo")); err != nil {
		t.Fatal(err)
	}
	_, err := c.OpenSticks(t.Context(), []Chosen{{Drive: chosen}}, flash.ImageInfo{}, false)
	var hinted interface{ Hint() string }
	if err == nil || len(c.opened) > 0 || !errors.As(err, &hinted) || hinted.Hint() == "" {
		t.Errorf("%v; opened: %v", err, c.opened)
	}
}

func TestNames(t *testing.T) {
	for _, c := range []struct{ vendor, model, name string }{
		{"SanDisk", "Ultra", "SanDisk Ultra"}, {"SanDisk", "SanDisk Ultra", "SanDisk Ultra"}, {"", "Stick", "Stick"}, {"", "", ""},
	} {
		if got := DriveName(drives.Drive{Vendor: c.vendor, Model: c.model}); got != c.name {
			t.Errorf("%q %q is %q", c.vendor, c.model, got)
		}
	}
}

func TestRecords(t *testing.T) {
	began := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	d := drives.Drive{Path: "/dev/sdb", Model: "Ultra", Serial: "1", Size: 5, ByID: []string{"/dev/disk/by-id/usb-1"}}
	for _, c := range []struct {
		result flash.Result
		want   string
	}{
		{flash.Result{Report: flash.Report{Verified: true}}, Verified},
		{flash.Result{}, NotVerified},
		{flash.Result{Report: flash.Report{State: flash.Cancelled}, Err: context.Canceled}, "cancelled"},
		{VerifyResult(flash.Comparison{}, nil), Verified},
		{VerifyResult(flash.Comparison{}, errors.New("x")), "failed"},
	} {
		f := FlashRecord("flash", "/a.iso", d, c.result, began, began.Add(time.Second))
		if f.Result != c.want || f.Device != d.Path || f.ByID == "" || !f.Ended.After(f.Started) || f.Image != "/a.iso" {
			t.Errorf("%+v, want %s", f, c.want)
		}
	}
	if f := Record("restore", d, began, began, nil); f.Result != "done" {
		t.Errorf("%+v", f)
	}
}

func TestTogetherIsAsFarAsTheSlowest(t *testing.T) {
	var last progress.Event
	n := 0
	together := NewTogether(2, func(e progress.Event) { last = e; n++ })
	one, two := together.Sink(0), together.Sink(1)
	one(progress.Event{Step: string(flash.Writing), Done: 5, Total: 10})
	if n != 0 {
		t.Error("it is told before all have begun")
	}
	two(progress.Event{Step: string(flash.Writing), Done: 1, Total: 10})
	if last.Done != 6 || last.Total != 20 {
		t.Errorf("%+v", last)
	}
	one(progress.Event{Step: string(flash.Succeeded)})
	if last.Step != string(flash.Writing) || last.Done != 1 {
		t.Errorf("%+v", last)
	}
	n = 0
	two(progress.Event{Step: string(flash.Failed)})
	if n != 0 {
		t.Error("an end is told as a step")
	}
}
