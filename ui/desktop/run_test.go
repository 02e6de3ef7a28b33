package desktop

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/internal/need"
)

// buildPatience is how long a build may take, the fetching of its packages
// included.
const buildPatience = 12 * time.Minute

// aKey is a public key that nobody has the private half of.
const aKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIL8yROyGj93Il4acQVQxHdSPnLnbLOlHBANdV21hoa/j rescue@example.org"

// A driver by the name that people know, and what it puts into a design of Debian:
// small, and free software, so that nothing is asked.
const (
	aDriver         = "Atheros Wi-Fi sticks, free firmware"
	aDriversPackage = "firmware-ath9k-htc"
)

// TestMouse does what a person does from the first start to a written stick, by
// mouse and keyboard.
func TestMouse(t *testing.T) {
	need.Root(t)
	p := newPerson(t, 1280, 800)
	p.open()
	p.sees("Begin with a template")
	p.picture("start")
	p.clicks("Small Debian")
	p.sees("Overview")

	p.clicks("Packages")
	p.fetchesPackages()
	p.ticks("htop")
	p.ticks("tmux")
	p.picture("packages")

	p.clicks("Drivers & firmware")
	p.clicks("All drivers")
	row := p.find(aDriver, 0)
	p.clickAt(row.X-20, row.Y+row.Height/2+8)
	p.until("the driver in the design", func(s seen) bool { return slices.Contains(s.Packages, aDriversPackage) })
	p.picture("drivers")

	p.clicks("Users & access")
	p.clicks("Add a user")
	p.clicksBeside("Name", 0, 0, 34)
	p.presses("ctrl+a")
	p.types("ada")
	p.clicks("Paste …")
	p.sees("Paste public keys")
	p.types(aKey)
	p.clicks("Add")
	p.sees("rescue@example.org")
	p.picture("users")

	p.clicks("Boot menu")
	before := p.until("the boot menu's picture", func(s seen) bool { return s.Monitor != 0 }).Monitor
	p.clicksBeside("Title", 0, 0, 34)
	p.presses("ctrl+a")
	p.types("Start the system of Ada")
	p.until("another picture of the boot menu", func(s seen) bool { return s.Monitor != 0 && s.Monitor != before })
	p.picture("boot-menu")

	design := p.savesAs("lab")
	p.quits()
	p.open(design)
	p.isTheDesign(design, []string{"htop", "tmux"}, "ada")
	p.picture("reopened")

	p.clicks("Build")
	p.clicksBeside("Level", 0, 0, 34)
	p.types("1")
	p.clicks("Build the image")
	image := p.waitsForImage()
	device := loopDevice(t, image)
	p.clicks("Flash it")
	p.chooses(device)
	p.picture("flash")
	p.clicks("Erase and write")
	p.sees("This cannot be undone.")
	p.picture("flash-confirm")
	p.confirms("stick")
	p.isWritten(image, device)
	if p.stalled > 0 {
		t.Logf("the drawing goroutine was busy for at most %.0f ms at a stretch, drawing by software included", p.stalled)
	}
	p.quits()
}

// TestKeyboard does the same without a mouse.
func TestKeyboard(t *testing.T) {
	need.Root(t)
	p := newPerson(t, 1280, 800)
	p.open()
	p.tabsTo("Small Debian")
	p.presses("Return")
	p.sees("Overview")

	p.presses("ctrl+3")
	p.fetchesPackages()
	for _, name := range []string{"htop", "tmux"} {
		p.presses("ctrl+f", "ctrl+a")
		p.types(name)
		p.until(name+" in the list", func(s seen) bool { return slices.Contains(s.Texts, name) })
		p.presses("Down", "space")
		p.until(name+" in the design", func(s seen) bool { return slices.Contains(s.Packages, name) })
	}

	p.presses("ctrl+4")
	p.tabsTo("All drivers")
	p.presses("Right")
	p.tabsTo("Search by hardware")
	p.types("ath9k")
	p.until("one driver", func(s seen) bool {
		return slices.Contains(s.Texts, aDriver) && !slices.Contains(s.Texts, "Intel Wi-Fi and Bluetooth")
	})
	p.presses("Down", "space")
	p.until("the driver in the design", func(s seen) bool { return slices.Contains(s.Packages, aDriversPackage) })

	p.presses("ctrl+6")
	p.tabsTo("Add a user")
	p.presses("Return")
	p.tabsBelow("Name")
	p.presses("ctrl+a")
	p.types("ada")
	p.tabsTo("Paste …")
	p.presses("Return")
	p.sees("Paste public keys")
	p.types(aKey)
	p.tabsTo("Add")
	p.presses("Return")
	p.sees("rescue@example.org")

	p.presses("ctrl+8")
	before := p.until("the boot menu's picture", func(s seen) bool { return s.Monitor != 0 }).Monitor
	p.tabsBelow("Title")
	p.presses("ctrl+a")
	p.types("Start the system of Ada")
	p.until("another picture of the boot menu", func(s seen) bool { return s.Monitor != 0 && s.Monitor != before })
	p.picture("boot-menu")

	file := p.savesAs("lab")
	p.quits()
	p.open(file)
	p.isTheDesign(file, []string{"htop", "tmux"}, "ada")

	p.presses("ctrl+b")
	p.tabsBelow("Level")
	p.types("1")
	p.tabsTo("Build the image")
	p.presses("Return")
	image := p.waitsForImage()
	device := loopDevice(t, image)
	p.flashesByKeys(device)
	p.isWritten(image, device)
	p.quits()
}

// flashesByKeys goes from the built image to the writing of it, without a mouse.
func (p *person) flashesByKeys(device string) {
	p.t.Helper()
	p.tabsTo("Flash it")
	p.presses("Return")
	p.until("the drives", func(s seen) bool { return listed(s) })
	p.tabsTo("Show")
	p.presses("space")
	p.tabsTo(device)
	p.presses("space")
	p.until("the drive to be chosen", func(s seen) bool { return s.Stick == device })
	p.tabsTo("Erase and write")
	p.presses("Return")
	p.sees("This cannot be undone.")
	p.tabsBelow("Type stick to go on")
	p.types("stick")
	p.until("the end of the count-down", func(s seen) bool { return slices.Contains(s.Texts, "Erase and write") })
	p.tabsTo("Erase and write")
	p.presses("Return")
}

// fetchesPackages has the list of packages fetched, where it is not there yet.
func (p *person) fetchesPackages() {
	p.t.Helper()
	ready := func(s seen) bool {
		return slices.ContainsFunc(s.Texts, func(text string) bool {
			return strings.Contains(text, "packages in Debian") || strings.HasPrefix(text, "System monitoring")
		})
	}
	s := p.untilJob("the packages, or that they can be fetched", "", buildPatience, func(s seen) bool {
		return ready(s) || slices.Contains(s.Texts, "Fetch the list of packages")
	})
	if !ready(s) {
		p.clicks("Fetch the list of packages")
	}
}

// ticks searches a package and ticks it, with the mouse.
func (p *person) ticks(name string) {
	p.t.Helper()
	at := p.find("Search by name, command or what it does", 0)
	p.clickAt(at.X+60, at.Y+at.Height/2)
	p.presses("ctrl+a")
	p.types(name)
	row := p.find(name, 0)
	for _, place := range p.question("find " + name).Places {
		// The field that searches has the name in it, too: the row is below.
		if place.Y > at.Y+30 {
			row = place
			break
		}
	}
	p.clickAt(row.X-20, row.Y+row.Height/2+8)
	p.until(name+" in the design", func(s seen) bool { return slices.Contains(s.Packages, name) })
	p.clickAt(at.X+60, at.Y+at.Height/2)
	p.presses("ctrl+a", "BackSpace")
}

// savesAs saves the design under a name in the person's folder.
func (p *person) savesAs(name string) string {
	p.t.Helper()
	p.presses("ctrl+s")
	p.sees("Save")
	p.until("the field for the name", func(s seen) bool {
		return strings.Contains(s.Focused, "ntry") || slices.Contains(s.Texts, "small-debian.isowright")
	})
	p.presses("ctrl+a")
	p.types(name)
	p.presses("Return")
	path := filepath.Join(p.home, name+".isowright")
	p.sees("Saved: " + path)
	return path
}

// isTheDesign checks that the file holds what was chosen, and the window shows
// that.
func (p *person) isTheDesign(path string, packages []string, user string) {
	p.t.Helper()
	d, err := design.Load(path)
	if err != nil {
		p.fail("the saved design: %v", err)
	}
	for _, name := range packages {
		if !slices.Contains(d.Packages, name) {
			p.t.Errorf("the saved design has the packages %v, not %s", d.Packages, name)
		}
	}
	if !slices.ContainsFunc(d.Users, func(u design.User) bool { return u.Name == user && len(u.SSHKeys) == 1 }) {
		p.t.Errorf("the saved design has the users %+v", d.Users)
	}
	if len(d.Boot.Entries) == 0 || d.Boot.Entries[0].Title != "Start the system of Ada" {
		p.t.Errorf("the saved design has the boot entries %+v", d.Boot.Entries)
	}
	p.until("the saved design in the window", func(s seen) bool { return s.Design == design.ID(d) })
}

// waitsForImage watches the build, and gives the image's path.
func (p *person) waitsForImage() string {
	p.t.Helper()
	p.untilJob("a running build", "build", patience, func(s seen) bool { return s.Job == "running" })
	p.untilJob("progress", "build", buildPatience, func(s seen) bool {
		return s.Job != "running" || slices.ContainsFunc(s.Texts, func(text string) bool { return strings.Contains(text, " of ") && strings.Contains(text, "B") })
	})
	p.picture("building")
	s := p.untilJob("the end of the build", "build", buildPatience, func(s seen) bool { return s.Job != "running" })
	if s.Job != "done" {
		p.fail("the build ended as %s", s.Job)
	}
	p.picture("built")
	images, err := filepath.Glob(filepath.Join(p.home, "*.iso"))
	if err != nil || len(images) != 1 {
		p.fail("the images are %v, %v", images, err)
	}
	return images[0]
}

// isWritten waits for the end of the writing and compares.
func (p *person) isWritten(image, device string) {
	p.t.Helper()
	p.untilJob("the stick to be written", "flash", buildPatience, func(s seen) bool { return s.Job != "" && s.Job != "running" })
	p.sees("Written and verified")
	p.picture("flashed")
	written, err := os.ReadFile(device)
	if err != nil {
		p.t.Fatal(err)
	}
	want, err := os.ReadFile(image)
	if err != nil {
		p.t.Fatal(err)
	}
	if !bytes.HasPrefix(written, want) {
		p.t.Errorf("what is on %s is not the image", device)
	}
}

// loopDevice is a stick of a test: large enough for the image.
func loopDevice(t *testing.T, image string) string {
	t.Helper()
	info, err := os.Stat(image)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "stick")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Truncate((info.Size() + 64<<20) &^ (1<<20 - 1)); err != nil {
		t.Fatal(err)
	}
	f.Close()
	out, err := exec.Command("losetup", "--find", "--show", file).Output()
	if err != nil {
		t.Fatalf("losetup: %v", err)
	}
	device := strings.TrimSpace(string(out))
	t.Cleanup(func() { exec.Command("losetup", "--detach", device).Run() })
	return device
}

// chooses chooses a drive by its card, which is folded away as no stick.
func (p *person) chooses(device string) {
	p.t.Helper()
	p.until("the drives", func(s seen) bool { return listed(s) })
	p.clicks("Show*")
	p.clicks("*" + device + "*")
	p.until("the drive to be chosen", func(s seen) bool { return s.Stick == device })
}

// listed tells that the drives are known, all of them folded away, as they are on
// a computer without a stick.
func listed(s seen) bool {
	return slices.ContainsFunc(s.Texts, func(text string) bool {
		return strings.HasPrefix(text, "Show") && strings.Contains(text, "disk")
	})
}

// confirms agrees to what is asked before a drive is written: its name, which is
// that of a loop device's file, is typed.
func (p *person) confirms(name string) {
	p.t.Helper()
	p.clicksBeside("Type "+name+" to go on", 0, 0, 34)
	p.types(name)
	p.until("the end of the count-down", func(s seen) bool { return slices.Contains(s.Texts, "Erase and write") })
	p.clicks("Erase and write")
}
