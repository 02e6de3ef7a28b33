package builder_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/internal/vm"
	"golang.org/x/crypto/ssh"
)

// The tests in this file flash sticks inside of a started rescue image, with
// the program itself, and start computers from these sticks.

// The sticks of the guest, by their place in bench.sticks.
const (
	plainStick  = iota
	slowStick   // so slow that it can be pulled out half way
	largeStick  // with sectors of 4096 bytes
	brokenStick // what device mapper's faulty devices lie on
	imageStick  // for the rescue image itself, where every way is tried
)

const mib = 1 << 20

// bench is what a guest gets for flashing: a disk with the program and a small
// image that boots, and sticks.
type bench struct {
	disk   string
	image  []byte
	sticks []vm.Stick
	rescue testImage
}

func newBench(t *testing.T, rescue testImage) bench {
	t.Helper()
	dir := t.TempDir()
	files := filepath.Join(dir, "files")
	check(t, os.Mkdir(files, 0o755))
	tool(t, "go", "build", "-tags", "nogui", "-o", filepath.Join(files, "isowright"), "..")
	b := bench{disk: filepath.Join(dir, "disk.img"), image: smallImage(t), rescue: rescue}
	check(t, os.WriteFile(filepath.Join(files, "small.iso"), b.image, 0o644))
	tool(t, "gzip", "--keep", filepath.Join(files, "small.iso"))
	b.sticks = []vm.Stick{
		plainStick:  newStick(t, dir, "PLAIN0", 40*mib),
		slowStick:   newStick(t, dir, "SLOW1", 40*mib),
		largeStick:  newStick(t, dir, "LARGE2", 40*mib),
		brokenStick: newStick(t, dir, "BROKEN3", 32*mib),
	}
	b.sticks[slowStick].BytesPerSecond = 3 * mib
	b.sticks[largeStick].SectorSize = 4096
	if full() {
		info, err := os.Stat(rescue.Path)
		check(t, err)
		check(t, os.Link(rescue.Path, filepath.Join(files, "rescue.iso")))
		b.sticks = append(b.sticks, newStick(t, dir, "IMAGE4", (info.Size()/mib+9)*mib))
	}
	tool(t, "mke2fs", "-q", "-t", "ext4", "-d", files, b.disk, "1G")
	return b
}

// attach is for boot. It does nothing without sticks.
func (b bench) attach(cfg *vm.Config) {
	if b.disk != "" {
		cfg.ExtraDisks = append(cfg.ExtraDisks, vm.Disk{Path: b.disk})
		cfg.Sticks = b.sticks
	}
}

// newStick is a stick that something lies on, so that a blank MiB means that it
// was blanked.
func newStick(t *testing.T, dir, serial string, size int64) vm.Stick {
	t.Helper()
	path := filepath.Join(dir, serial)
	check(t, os.WriteFile(path, bytes.Repeat([]byte{0xe5}, 2*mib), 0o644))
	check(t, os.Truncate(path, size))
	return vm.Stick{Path: path, Serial: serial}
}

// smallImage is a hybrid image for BIOS and UEFI that says on the serial line
// which firmware started it. Its length is no multiple of a sector.
func smallImage(t *testing.T) []byte {
	t.Helper()
	dir := t.TempDir()
	grub := filepath.Join(dir, "tree", "boot", "grub")
	check(t, os.MkdirAll(grub, 0o755))
	check(t, os.WriteFile(filepath.Join(grub, "grub.cfg"), []byte("serial --unit=0 --speed=115200\n"+
		"terminal_output console serial\necho \"FLASHED with $grub_platform.\"\nsleep --interruptible 999\n"), 0o644))
	noise := make([]byte, 4*mib)
	rand.NewChaCha8([32]byte{7}).Read(noise)
	check(t, os.WriteFile(filepath.Join(dir, "tree", "noise"), noise, 0o644))
	path := filepath.Join(dir, "small.iso")
	tool(t, "grub-mkrescue", "-o", path, "--locales=", "--themes=", "--fonts=",
		"--install-modules=serial terminal echo sleep normal configfile", filepath.Join(dir, "tree"))
	image, err := os.ReadFile(path)
	check(t, err)
	t.Logf("the small image has %d bytes", len(image))
	return append(image, noise[:700]...)
}

// flashing is all that is tried in one guest. Then it is stopped and computers
// start from what was flashed.
func (g *guest) flashing(b bench) {
	g.t.Helper()
	g.run("mkdir /mnt/bench && mount /dev/vda /mnt/bench && ln -s /mnt/bench/isowright /usr/local/bin/ && udevadm settle")
	g.timed("list", func() { g.listsDrives() })
	g.timed("together", func() { g.flashesTogether(b) })
	g.timed("pulled out", func() { g.pulledOut(b) })
	g.timed("faults", func() { g.faultyDevices(b) })
	if full() {
		g.flashesItself()
	}
	check(g.t, g.m.Stop())
	b.hold(g.t, plainStick)
	b.hold(g.t, slowStick)
	b.hold(g.t, largeStick)
	g.timed("start from the sticks", func() {
		startsFrom(g.t, b.sticks[plainStick].Path, vm.BIOS, "FLASHED with pc.")
		startsFrom(g.t, b.sticks[slowStick].Path, vm.UEFI, "FLASHED with efi.")
	})
	if full() {
		flashed := b.rescue
		flashed.Path = b.sticks[imageStick].Path
		boot(g.t, flashed, way{vm.BIOS, vm.USB, "BIOS, flashed stick"}).m.Stop()
		boot(g.t, flashed, way{vm.UEFI, vm.USB, "UEFI, flashed stick"}).m.Stop()
	}
}

// timed tells how long a part took.
func (g *guest) timed(name string, do func()) {
	start := time.Now()
	do()
	g.t.Logf("flashing, %s: %.0f s", name, time.Since(start).Seconds())
}

// startsFrom starts a computer from a stick alone.
func startsFrom(t *testing.T, stick string, firmware vm.Firmware, says string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	m, err := vm.Start(ctx, vm.Config{Image: stick, As: vm.USB, Firmware: firmware, MemoryMiB: 256, Accel: accel(t)})
	check(t, err)
	defer m.Stop()
	if err := m.Expect(ctx, says); err != nil {
		t.Errorf("start from %s: %v", filepath.Base(stick), err)
	}
}

// hold compares a stick with the image, from outside of the guest.
func (b bench) hold(t *testing.T, stick int) {
	t.Helper()
	held, err := os.ReadFile(b.sticks[stick].Path)
	check(t, err)
	if !bytes.Equal(held[:len(b.image)], b.image) {
		t.Errorf("the stick %s does not hold the image", b.sticks[stick].Serial)
	}
}

// blank holds that nothing is in the first MiB of a stick.
func (b bench) blank(t *testing.T, stick int, when string) {
	t.Helper()
	file, err := os.Open(b.sticks[stick].Path)
	check(t, err)
	defer file.Close()
	head := make([]byte, mib)
	_, err = io.ReadFull(file, head)
	check(t, err)
	if !bytes.Equal(head, make([]byte, mib)) {
		t.Errorf("%s: the first MiB of %s is not blank", when, b.sticks[stick].Serial)
	}
}

// ended is how a command in the guest ended.
type ended struct {
	code int
	said string // on both outputs
	took time.Duration
}

// isowright runs the program in the guest. act, where there is one, is called
// once when the command has reported done bytes of a step.
func (g *guest) isowright(command, step string, done int64, act func()) ended {
	g.t.Helper()
	s, err := g.ssh.NewSession()
	check(g.t, err)
	defer s.Close()
	var stdout bytes.Buffer
	s.Stdout = &stdout
	pipe, err := s.StderrPipe()
	check(g.t, err)
	start := time.Now()
	check(g.t, s.Start("isowright "+command))
	var stderr strings.Builder
	acted := act == nil
	for lines := bufio.NewScanner(pipe); lines.Scan(); {
		var e struct {
			Step string
			Done int64
		}
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			stderr.WriteString(lines.Text() + "\n")
		} else if !acted && e.Step == step && e.Done >= done {
			acted = true
			act()
		}
	}
	end := ended{}
	var exit *ssh.ExitError
	switch err := s.Wait(); {
	case errors.As(err, &exit):
		end.code = exit.ExitStatus()
	default:
		check(g.t, err)
	}
	end.said, end.took = stdout.String()+stderr.String(), time.Since(start)
	if !acted {
		g.t.Errorf("isowright %s never came to %d bytes of %q:\n%s", command, done, step, end.said)
	}
	return end
}

// wantEnd runs the program and compares its end.
func (g *guest) wantEnd(code int, command string, parts ...string) ended {
	g.t.Helper()
	end := g.isowright(command, "", 0, nil)
	g.wantSaid(end, code, command, parts...)
	return end
}

func (g *guest) wantSaid(end ended, code int, command string, parts ...string) {
	g.t.Helper()
	g.t.Logf("isowright %s: exit %d after %.1f s", command, end.code, end.took.Seconds())
	if end.code != code {
		g.t.Errorf("isowright %s: exit %d, want %d\n%s", command, end.code, code, end.said)
	}
	for _, part := range parts {
		if !strings.Contains(end.said, part) {
			g.t.Errorf("isowright %s does not say %q:\n%s", command, part, end.said)
		}
	}
}

// guestDrive is one of `isowright devices --json`.
type guestDrive struct {
	Path, ID, Serial, Bus, Model string
	SectorSize                   int `json:"sector_size"`
	Removable, Writable          bool
	System, Mounted, Held        []string
}

func (g *guest) drives() []guestDrive {
	g.t.Helper()
	var list struct{ Devices []guestDrive }
	check(g.t, json.Unmarshal([]byte(g.run("isowright devices --json")), &list))
	return list.Devices
}

// listsDrives holds the list against what the machine was given, and tries to
// write what must not be written.
func (g *guest) listsDrives() {
	g.t.Helper()
	live := strings.TrimSpace(g.run("lsblk --noheadings --output PKNAME $(findmnt --noheadings --output SOURCE /run/live/medium)"))
	sectors := map[string]int{"PLAIN0": 512, "SLOW1": 512, "LARGE2": 4096, "BROKEN3": 512}
	system := map[string]guestDrive{}
	for _, d := range g.drives() {
		if len(d.System) > 0 {
			system[d.Path] = d
		}
		if d.Path == "/dev/vda" && (len(d.System) > 0 || len(d.Mounted) != 1 || d.Mounted[0] != "/mnt/bench") {
			g.t.Errorf("the disk with the program is %+v", d)
		}
		if size, ok := sectors[d.Serial]; ok {
			delete(sectors, d.Serial)
			if d.SectorSize != size || d.Bus != "usb" || !d.Removable || !d.Writable || len(d.System)+len(d.Held) > 0 ||
				!strings.Contains(d.ID, d.Serial) {
				g.t.Errorf("a stick is listed as %+v", d)
			}
		}
	}
	if len(sectors) > 0 {
		g.t.Errorf("not listed: %v", sectors)
	}
	if _, ok := system["/dev/"+live]; !ok {
		g.t.Errorf("the live medium %s is not among the disks of the system: %+v", live, system)
	}
	const insist = " --yes --unmount --full --no-verify"
	for _, d := range system {
		g.wantEnd(4, "flash /mnt/bench/small.iso "+d.ID+" --model '"+d.Model+"'"+insist, "the running system needs this disk")
	}
	g.wantEnd(4, "flash /mnt/bench/small.iso vda"+insist, "image lies on")
}

// flashesTogether writes two sticks from one image, one with large sectors from
// a packed one, and compares them.
func (g *guest) flashesTogether(b bench) {
	g.t.Helper()
	g.wantEnd(0, "flash /mnt/bench/small.iso.gz PLAIN0 LARGE2 --yes", ": verified.")
	g.wantEnd(0, "verify /mnt/bench/small.iso LARGE2", "holds")
	b.hold(g.t, plainStick)
}

// pulledOut pulls a stick out while it is written, while it is read back, and
// while it is only compared.
func (g *guest) pulledOut(b bench) {
	g.t.Helper()
	const flash = "flash /mnt/bench/small.iso SLOW1 --yes --json"
	end := g.isowright(flash, "writing", int64(len(b.image)/2), func() { g.unplug(slowStick) })
	g.wantSaid(end, 1, flash, "pulled out", `"first_mib": "blank"`, "plug the stick in again")
	b.blank(g.t, slowStick, "pulled out while it was written")
	g.plug(slowStick, "SLOW1")

	end = g.isowright(flash, "verifying", 1, func() { g.unplug(slowStick) })
	g.wantSaid(end, 1, flash, "pulled out", `"first_mib": "blank"`)
	b.blank(g.t, slowStick, "pulled out while it was read back")
	g.plug(slowStick, "SLOW1")

	end = g.wantEnd(0, flash, `"verified": true`)
	var told struct {
		Sticks []struct{ Report struct{ Kept, Written int64 } }
	}
	check(g.t, json.Unmarshal([]byte(end.said), &told))
	if r := told.Sticks[0].Report; r.Kept < int64(len(b.image)/2) {
		g.t.Errorf("after two interruptions %d bytes were kept, %d written", r.Kept, r.Written)
	}
	const verify = "verify /mnt/bench/small.iso SLOW1 --json"
	end = g.isowright(verify, "verifying", mib, func() { g.unplug(slowStick) })
	g.wantSaid(end, 1, verify, "pulled out")
	g.wantEnd(1, "flash /mnt/bench/small.iso SLOW1 --yes", "there is no drive")
	g.plug(slowStick, "SLOW1")
	g.wantEnd(0, verify)
}

func (g *guest) unplug(n int) {
	g.t.Helper()
	check(g.t, g.m.Unplug(g.t.Context(), n))
}

// plug puts a stick back in and waits until the guest has seen it.
func (g *guest) plug(n int, serial string) {
	g.t.Helper()
	ctx, cancel := context.WithTimeout(g.t.Context(), time.Minute)
	defer cancel()
	check(g.t, g.m.Plug(ctx, n))
	g.run("for i in $(seq 300); do ls /dev/disk/by-id | grep -q " + serial + " && break; sleep 0.1; done; udevadm settle; " +
		"ls /dev/disk/by-id | grep -q " + serial)
}

// flashesItself writes the image that the guest runs from to a stick.
func (g *guest) flashesItself() {
	g.t.Helper()
	g.wantEnd(0, "flash /mnt/bench/rescue.iso IMAGE4 --yes", ": verified.")
}

// faultyDevice is a stick with a fault, made by the kernel's device mapper.
type faultyDevice struct {
	name string
	// table is what dmsetup is given; DEV stands for the stick. It is 32 MiB
	// long, the fault is in the MiBs from 4 to 8.
	table string
	code  int
	says  []string
	// cancel the flash once it writes.
	cancel bool
}

const (
	before = "0 8192 linear DEV 0\n8192 8192 "
	behind = "\n16384 49152 linear DEV 16384\n"
)

var faultyDevices = []faultyDevice{
	{name: "failing", table: before + "error" + behind, code: 1,
		says: []string{"cannot be written at 4.0 MiB", `"first_mib": "blank"`, "worn out or broken"}},
	{name: "unreadable", table: before + "flakey DEV 8192 0 1 1 error_reads" + behind, code: 1,
		says: []string{`"kind": "read"`, "cannot be read at", `"first_mib": "blank"`}},
	{name: "forgetful", table: before + "flakey DEV 8192 0 1 1 drop_writes" + behind, code: 1,
		says: []string{`"kind": "mismatch"`, `"first_mib": "blank"`}},
	{name: "lying", table: before + "flakey DEV 8192 0 1 5 corrupt_bio_byte 32 r 1 0" + behind, code: 1,
		says: []string{`"kind": "mismatch"`, `"first_mib": "blank"`}},
	{name: "slow", table: "0 65536 delay DEV 0 0 DEV 0 1500\n", code: 130, says: []string{"cancelled"}, cancel: true},
}

// faultyDevices flashes them. They are not listed as drives, as all of device
// mapper's; a loop device that passes the cache makes them one.
func (g *guest) faultyDevices(b bench) {
	g.t.Helper()
	for _, f := range faultyDevices {
		device := strings.TrimSpace(g.run("readlink -f /dev/disk/by-id/*BROKEN3*"))
		g.run("head -c 8M /dev/zero | tr '\\0' '\\345' | dd iflag=fullblock oflag=direct bs=1M status=none of=" + device)
		table := strings.ReplaceAll(f.table, "DEV", device)
		g.run(fmt.Sprintf("printf '%s' | dmsetup create %s", table, f.name))
		loop := strings.TrimSpace(g.run("losetup --find --show --direct-io=on /dev/mapper/" + f.name + "; udevadm settle"))
		var id, model string
		for _, d := range g.drives() {
			if d.Path == loop {
				id, model = d.ID, d.Model
			}
			if d.Path == device && (d.Writable || len(d.Held) == 0) {
				g.t.Errorf("the stick below it is %+v", d)
			}
		}
		command := fmt.Sprintf("flash /mnt/bench/small.iso %s --yes --model '%s' --json", id, model)
		cancel := func() { g.run("pkill -INT -x isowright") }
		if !f.cancel {
			cancel = nil
		}
		end := g.isowright(command, "writing", 1, cancel)
		g.wantSaid(end, f.code, f.name+": "+command, f.says...)
		b.blank(g.t, brokenStick, f.name)
		g.run("losetup --detach " + loop + "; udevadm settle; dmsetup remove --retry " + f.name)
	}
}
