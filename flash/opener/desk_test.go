package opener

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/isowright/isowright/internal/need"
	"github.com/isowright/isowright/internal/services"
)

const (
	allowOpen = `polkit.addRule(function(action, subject) {
		if (action.id.indexOf("org.freedesktop.udisks2.") == 0 && subject.user == "isowright-test") return polkit.Result.YES; });`
	denyOpen = `polkit.addRule(function(action, subject) {
		if (action.id.indexOf("org.freedesktop.udisks2.") == 0) return polkit.Result.NO; });`
	allowPkexec = `polkit.addRule(function(action, subject) {
		if (action.id == "org.freedesktop.policykit.exec" && subject.user == "isowright-test") return polkit.Result.YES; });`
	denyPkexec = `polkit.addRule(function(action, subject) {
		if (action.id == "org.freedesktop.policykit.exec") return polkit.Result.NO; });`
)

func devices(loops ...loop) []string {
	var names []string
	for _, l := range loops {
		names = append(names, filepath.Base(l.path))
	}
	return names
}

// TestUDisks goes through all answers of polkit, with one set of services.
func TestUDisks(t *testing.T) {
	need.Root(t)
	need.Tools(t, "losetup", "mkfs.ext4")
	a, b := newLoop(t, "-b", "512"), newLoop(t, "-b", "4096")
	run(t, "mkfs.ext4", "-qF", b.path)
	desk := newDesk(t, services.Options{Devices: devices(a, b)})
	only := Options{Ways: []Way{UDisks}}

	r := desk.expect(t, wish{Drive: a.drive(), Options: only}, NoAgent)
	if !strings.Contains(r.Text, "no polkit agent") {
		t.Errorf("the text is %q", r.Text)
	}
	// The person dismisses the question, and tries again later.
	desk.expect(t, wish{Drive: a.drive(), Options: only, Agent: "cancel"}, Cancelled)
	if a.written() {
		t.Fatal("it was written without leave")
	}
	desk.rules(t, a, denyOpen, Refused)
	desk.rules(t, a, allowOpen, "")
	if !a.written() {
		t.Error("the mark is not there")
	}
	desk.expect(t, wish{Drive: a.drive(), Options: Options{Ways: []Way{UDisks}, ReadOnly: true}}, "")
	desk.expect(t, wish{Drive: b.drive(), Options: only}, "")
	if !b.written() {
		t.Error("the mark is not on the drive with sectors of 4096 bytes")
	}
	t.Run("busy", func(t *testing.T) { testBusy(t, desk, a) })
	t.Run("unmount", func(t *testing.T) { testUnmount(t, desk, b) })
	t.Run("changed", func(t *testing.T) {
		other := a.drive()
		other.Sequence++
		desk.expect(t, wish{Drive: other, Options: only}, Changed)
	})
}

// rules sets polkit's rules and waits until they hold.
func (d desk) rules(t *testing.T, l loop, rules string, want Problem) {
	t.Helper()
	d.SetRules(t, rules)
	for range 40 {
		if r := d.ask(t, wish{Drive: l.drive(), Options: Options{Ways: []Way{UDisks}}}); r.Problem == want {
			return
		}
		time.Sleep(250 * time.Millisecond)
	}
	t.Errorf("the rules do not lead to %q\n%s", want, d.Log())
}

func testBusy(t *testing.T, d desk, l loop) {
	f, err := Open(t.Context(), l.drive(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	d.expect(t, wish{Drive: l.drive(), Options: Options{Ways: []Way{UDisks}}}, Busy)
}

// testUnmount mounts among the services, where a desktop would.
func testUnmount(t *testing.T, d desk, l loop) {
	run(t, "mkfs.ext4", "-qF", l.path)
	prepare := "mkdir -p /run/media/x && udevadm trigger --settle /sys/class/block/" + filepath.Base(l.path) +
		" && mount " + l.path + " /run/media/x"
	if out, err := d.Command(t.Context(), true, "sh", "-c", prepare).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	// The drive looks mounted only from within.
	w := wish{Drive: l.drive(), Options: Options{Ways: []Way{UDisks}}}
	d.expect(t, w, Busy)
	w.Options.Unmount = true
	d.expect(t, w, "")
}

// TestNoServices: without a bus there is sudo; without that, words.
func TestNoServices(t *testing.T) {
	need.Root(t)
	need.Tools(t, "losetup")
	l := newLoop(t)
	program := "/tmp/isowright-opener-*/isowright open-device *"
	desk := newDesk(t, services.Options{NoBus: true, Sudoers: services.User + " ALL=(root) NOPASSWD: " + program})
	desk.expect(t, wish{Drive: l.drive(), Options: Options{Ways: []Way{UDisks}}}, NoService)
	desk.expect(t, wish{Drive: l.drive(), Options: Options{Ways: []Way{UDisks, Sudo}}}, "")
	if !l.written() {
		t.Error("the mark is not there")
	}
}

// TestSudo goes through sudo's answers; the child is this program.
func TestSudo(t *testing.T) {
	need.Root(t)
	need.Tools(t, "losetup", "mkfs.ext4")
	l := newLoop(t, "-b", "4096")
	desk := newDesk(t, services.Options{NoBus: true, Sudoers: services.User + " ALL=(root) NOPASSWD: /tmp/isowright-opener-*/isowright open-device *"})
	sudo := Options{Ways: []Way{Sudo}}
	desk.expect(t, wish{Drive: l.drive(), Options: sudo}, "")
	if !l.written() {
		t.Error("the mark is not there")
	}
	desk.expect(t, wish{Drive: l.drive(), Options: Options{Ways: []Way{Sudo}, ReadOnly: true}}, "")
	if out, err := desk.Command(t.Context(), false, "sudo", "-n", "id").CombinedOutput(); err == nil {
		t.Errorf("the user may do anything: %s", out)
	}

	// The child by itself, without the checks of the program that asks.
	system := mountedForSystem(t, l)
	out, err := desk.Command(t.Context(), false, "sudo", append([]string{"-n", desk.program, "open-device"}, system...)...).CombinedOutput()
	if err == nil || !strings.Contains(string(out), "nobody waits") {
		t.Errorf("without a socket the child says %v %s", err, out)
	}

	other := newDesk(t, services.Options{NoBus: true})
	other.expect(t, wish{Drive: newLoop(t).drive(), Options: sudo}, NoAgent)
}

// mountedForSystem are arguments for a child, with a socket that is not there.
func mountedForSystem(t *testing.T, l loop) []string {
	t.Helper()
	return childArgs(l.drive(), Options{}, filepath.Join(t.TempDir(), "none"))
}

func TestPkexec(t *testing.T) {
	need.Root(t)
	need.Tools(t, "losetup")
	l := newLoop(t)
	desk := newDesk(t, services.Options{NoUDisks: true, Rules: allowPkexec})
	pkexec := Options{Ways: []Way{Pkexec}}
	desk.expect(t, wish{Drive: l.drive(), Options: pkexec}, "")
	if !l.written() {
		t.Error("the mark is not there")
	}
	denied := newDesk(t, services.Options{NoUDisks: true, Rules: denyPkexec})
	denied.expect(t, wish{Drive: l.drive(), Options: pkexec}, Refused)
	asked := newDesk(t, services.Options{NoUDisks: true})
	asked.expect(t, wish{Drive: l.drive(), Options: pkexec}, NoAgent)
	asked.expect(t, wish{Drive: l.drive(), Options: pkexec, Agent: "cancel"}, Cancelled)
}

// TestKilledWhileAsking: the program that asks is killed while the question is
// on screen; nothing of it is left.
func TestKilledWhileAsking(t *testing.T) {
	need.Root(t)
	need.Tools(t, "losetup")
	l := newLoop(t)
	desk := newDesk(t, services.Options{NoUDisks: true})
	cmd := desk.command(t.Context(), t, wish{Drive: l.drive(), Options: Options{Ways: []Way{Pkexec}}, Agent: "wait"})
	stderr, err := cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	if line, err := bufio.NewReader(stderr).ReadString('\n'); line != "asked\n" {
		t.Fatalf("%q %v\n%s", line, err, desk.Log())
	}
	for _, pid := range running(desk.program + "\x00client") {
		if err := unix.Kill(pid, unix.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	_, _ = io.Copy(io.Discard, stderr)
	_ = cmd.Wait() // it was killed
	nothingRuns(t, desk.program)
	if _, err := Open(t.Context(), l.drive(), Options{}); err != nil {
		t.Errorf("afterwards the drive opens with %v", err)
	}
}

// TestCancelledWhileAsking: the program gives up while the question is on
// screen, and is told so at once.
func TestCancelledWhileAsking(t *testing.T) {
	need.Root(t)
	need.Tools(t, "losetup")
	l := newLoop(t)
	desk := newDesk(t, services.Options{Devices: devices(l)})
	for _, way := range []Way{UDisks, Pkexec} {
		r := desk.ask(t, wish{Drive: l.drive(), Options: Options{Ways: []Way{way}}, Agent: "stop"})
		if r.Text != context.Canceled.Error() {
			t.Errorf("%s: %+v\n%s", way, r, desk.Log())
		}
		nothingRuns(t, desk.program)
	}
}

// nothingRuns waits until a program and what it started are gone.
func nothingRuns(t *testing.T, program string) {
	t.Helper()
	for range 100 {
		if len(running(program)) == 0 {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Errorf("something of %s still runs", program)
}

// running are the processes that are a program, or have it among their
// arguments.
func running(program string) []int {
	var all []int
	lines, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, line := range lines {
		text, err := os.ReadFile(line)
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(line)))
		if err == nil && bytes.Contains(text, []byte(program)) {
			all = append(all, pid)
		}
	}
	return all
}

// TestChildAlone starts the child as root without sudo, against sockets that
// behave in other ways than ours.
func TestChildAlone(t *testing.T) {
	need.Root(t)
	need.Tools(t, "losetup", "mkfs.ext4", "mount")
	l := newLoop(t)
	program := program(t)
	start := func(o Options, socket string) (string, error) {
		args := append([]string{"open-device"}, childArgs(l.drive(), o, socket)...)
		cmd := exec.CommandContext(t.Context(), program, args...)
		cmd.Env = append(os.Environ(), "SUDO_UID=4711")
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	if out, err := start(Options{}, filepath.Join(t.TempDir(), "none")); err == nil || !strings.Contains(out, "nobody waits") {
		t.Errorf("without a socket: %v %s", err, out)
	}
	// Another user than the one who called sudo listens.
	listener := listen(t)
	if out, err := start(Options{}, listener.Addr().String()); err == nil || !strings.Contains(out, "4711 asked") {
		t.Errorf("with another user's socket: %v %s", err, out)
	}
}

func listen(t *testing.T) *net.UnixListener {
	t.Helper()
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(t.TempDir(), "s"), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

func FuzzRequest(f *testing.F) {
	f.Add("--socket\x00/tmp/s\x00--device\x00/dev/sdb\x00--number\x008:16\x00--size\x001024\x00--unmount")
	f.Add("--device=/dev/../etc/passwd\x00--socket=/x\x00--size=1\x00--number=1:1")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parseRequest(strings.Split(text, "\x00"))
		if err == nil && (!strings.HasPrefix(r.drive.Path, "/dev/") || strings.Contains(r.drive.Path, "/../") || !filepath.IsAbs(r.socket)) {
			t.Errorf("%q was taken as %+v", text, r)
		}
	})
}
