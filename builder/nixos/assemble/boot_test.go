package assemble_test

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/nixos/assemble"
	"github.com/isowright/isowright/internal/vm"
)

func sum(s string) [32]byte { return sha256.Sum256([]byte(s)) }

// full says whether images are started in every way.
func full() bool { return os.Getenv("ISOWRIGHT_VM") == "full" }

// boots starts both images. In the short run each kind of firmware starts ours
// once, and theirs is started once.
func boots(t *testing.T, b *built, image *assemble.Image, theirs, ours string) {
	for _, w := range []struct {
		name, iso string
		firmware  vm.Firmware
		as        vm.Medium
		full      bool
	}{
		{"ours BIOS USB", ours, vm.BIOS, vm.USB, false},
		{"ours UEFI CD", ours, vm.UEFI, vm.CD, false},
		{"theirs BIOS CD", theirs, vm.BIOS, vm.CD, false},
		{"ours BIOS CD", ours, vm.BIOS, vm.CD, true},
		{"ours UEFI USB", ours, vm.UEFI, vm.USB, true},
		{"theirs BIOS USB", theirs, vm.BIOS, vm.USB, true},
		{"theirs UEFI CD", theirs, vm.UEFI, vm.CD, true},
		{"theirs UEFI USB", theirs, vm.UEFI, vm.USB, true},
	} {
		if w.full && !full() {
			continue
		}
		t.Run(w.name, func(t *testing.T) {
			g := start(t, vm.Config{Image: w.iso, As: w.as, Firmware: w.firmware})
			g.up()
			g.store(image)
			g.settings("rescue")
			g.want("cat /iso/docs/note.txt", "on the medium\n")
			// The menu of the design has a default of its own.
			g.want("grep -c second=1 /proc/cmdline", map[bool]string{true: "1\n", false: "0\n"}[w.iso == ours])
		})
	}
	if !full() {
		return
	}
	for _, f := range []vm.Firmware{vm.BIOS, vm.UEFI} {
		t.Run(fmt.Sprintf("specialisation, firmware %d", f), func(t *testing.T) { specialisation(t, f, ours) })
		t.Run(fmt.Sprintf("in memory, firmware %d", f), func(t *testing.T) { inMemory(t, f, ours) })
	}
}

// specialisation chooses the entry behind the default one.
func specialisation(t *testing.T, f vm.Firmware, image string) {
	g := start(t, vm.Config{Image: image, As: vm.USB, Firmware: f})
	g.choose(down)
	g.up()
	g.settings("otherhost")
	g.want("grep -c other=1 /proc/cmdline", "1\n")
}

// inMemory chooses the submenu's first entry.
func inMemory(t *testing.T, f vm.Firmware, image string) {
	g := start(t, vm.Config{Image: image, As: vm.USB, Firmware: f})
	g.choose(down, down, "\r")
	if err := g.m.Expect(g.ctx, "In memory"); err != nil {
		t.Fatal(err)
	}
	check(t, g.m.Send("\r"))
	g.expect("stage 1: the medium is in memory")
	g.up()
	g.settings("rescue")
	g.want("grep -c ' /iso tmpfs ' /proc/mounts", "1\n")
}

// down is the key on a serial terminal.
const down = "\x1b[B"

// choose presses keys once the menu is there, then Enter.
func (g *guest) choose(keys ...string) {
	g.t.Helper()
	g.expect("Restart")
	for _, k := range keys {
		check(g.t, g.m.Send(k))
	}
	check(g.t, g.m.Send("\r"))
}

// guest is a started image with a root shell on its serial line.
type guest struct {
	t   *testing.T
	ctx context.Context
	m   *vm.Machine
	n   int
}

type lockedBuffer struct {
	mu sync.Mutex
	b  strings.Builder
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// start starts a machine.
func start(t *testing.T, c vm.Config) *guest {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
	t.Cleanup(cancel)
	tools, err := vm.Find(c.Firmware)
	if err != nil {
		needed(t, "%v", err)
	}
	c.Tools = tools
	c.Accel, err = vm.ChooseAccel(ctx, tools)
	check(t, err)
	serial := &lockedBuffer{}
	c.Serial, c.MemoryMiB = serial, 1024
	m, err := vm.Start(ctx, c)
	check(t, err)
	t.Cleanup(func() {
		m.Stop()
		if t.Failed() {
			t.Logf("serial line:\n%q", serial.String())
		}
	})
	return &guest{t: t, ctx: ctx, m: m}
}

func (g *guest) expect(text string) {
	g.t.Helper()
	if err := g.m.Expect(g.ctx, text); err != nil {
		g.t.Fatal(err)
	}
}

// up waits for the shell.
func (g *guest) up() {
	g.t.Helper()
	began := time.Now()
	g.expect("stage 2: the store is registered")
	g.expect("~ #")
	g.t.Logf("up after %.0f s more", time.Since(began).Seconds())
}

// run gives a command's output. The marks are not in what the shell echoes.
func (g *guest) run(command string) string {
	g.t.Helper()
	g.n++
	check(g.t, g.m.Send(fmt.Sprintf("printf 'be''gin%d\\n'; { %s\n} 2>&1; printf \"en\"\"d%d=$?\\n\"\n", g.n, command, g.n)))
	re := regexp.MustCompile(fmt.Sprintf(`(?s)begin%d\n(?:> )?(.*?)end%d=(\d+)\n`, g.n, g.n))
	found, err := g.m.ExpectRegexp(g.ctx, re)
	if err != nil {
		g.t.Fatal(err)
	}
	if found[2] != "0" && !strings.HasPrefix(command, "grep -c") {
		g.t.Errorf("%s: status %s: %s", command, found[2], found[1])
	}
	return found[1]
}

func (g *guest) want(command, want string) {
	g.t.Helper()
	if got := g.run(command); got != want {
		g.t.Errorf("%s\n got %q\nwant %q", command, got, want)
	}
}

// store checks that the store is the packed one, that its registration loads
// into an empty Nix database, and that every path in it has the contents that
// were registered.
func (g *guest) store(image *assemble.Image) {
	g.t.Helper()
	g.want("grep -c ' /nix/.ro-store squashfs ro' /proc/mounts", "1\n")
	g.want("grep -c '^overlay /nix/store overlay .*lowerdir=[^,]*/nix/.ro-store,' /proc/mounts", "1\n")
	paths := 0
	for e := range image.Root.Entries() {
		if e.Path != "" && !strings.Contains(e.Path, "/") && e.Path != "nix-path-registration" {
			paths++
		}
	}
	g.run("rm -rf /nix/var/nix/db")
	g.run("nix-store --load-db </nix/store/nix-path-registration")
	g.want("nix-store --verify --check-contents 2>/tmp/verify; echo $?", "0\n")
	if said := g.run("cat /tmp/verify"); strings.Contains(said, "error") || !strings.Contains(said, "checking store hashes") {
		g.t.Errorf("nix-store --verify: %s", said)
	}
	g.want("nix-store --query --requisites $(readlink -f /run/current-system) 2>/dev/null | wc -l", fmt.Sprintln(paths))
}

// settings are the design's, seen from inside.
func (g *guest) settings(host string) {
	g.t.Helper()
	g.want("hostname", host+"\n")
	g.want("cat /etc/motd", "The $motd of 'the' \"rescue\" stick\n")
	g.want("cut -d : -f 5 /etc/passwd | grep Alice", "Alice A.\n")
	g.want("hello", "hello 2.12.2\n")
	g.want("git", "git 1.0\n")
	g.want("grep -c isowright.test=1 /proc/cmdline", "1\n")
}
