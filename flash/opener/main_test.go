package opener

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"golang.org/x/sys/unix"

	"github.com/isowright/isowright/flash/drives"
	"github.com/isowright/isowright/internal/need"
	"github.com/isowright/isowright/internal/services"
)

// The test program is also the privileged child, and the ordinary user's
// program that asks for a drive.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 {
		switch os.Args[1] {
		case "open-device":
			os.Exit(Child(os.Args[2:], os.Stderr))
		case "client":
			os.Exit(client(os.Args[2]))
		}
	}
	os.Exit(m.Run())
}

// wish is what a client is to do, in JSON.
type wish struct {
	Drive   drives.Drive
	Options Options
	// Agent is what a polkit agent of the client does when asked: "" there is
	// none, "cancel" the person dismisses it, "wait" they do nothing, "stop"
	// they do nothing and the program gives up.
	Agent string
	// Eject and UnmountOnly do that instead of opening.
	Eject, UnmountOnly bool
}

// result is how it went.
type result struct {
	Problem Problem
	Text    string
	Hint    string
	Written bool
}

const mark = "written through the descriptor\n"

// client is the ordinary user's program: it opens the drive and writes a mark.
func client(text string) int {
	var w wish
	if err := json.Unmarshal([]byte(text), &w); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if w.Agent != "" {
		stop, err := agent(answering{w.Agent, cancel})
		if err != nil {
			fmt.Fprintln(os.Stderr, "agent:", err)
			return 2
		}
		defer stop()
	}
	err := act(ctx, w)
	r := result{Written: err == nil}
	if err != nil {
		r.Text = err.Error()
	}
	var told *Error
	if errors.As(err, &told) {
		r.Problem, r.Hint = told.Problem, told.Hint()
	}
	if err := json.NewEncoder(os.Stdout).Encode(r); err != nil {
		return 2
	}
	return 0
}

func act(ctx context.Context, w wish) error {
	switch {
	case w.Eject:
		return Eject(ctx, w.Drive, w.Options)
	case w.UnmountOnly:
		return Unmount(ctx, w.Drive, w.Options)
	}
	f, err := Open(ctx, w.Drive, w.Options)
	if err != nil {
		return err
	}
	if err := stamp(f, w.Options.ReadOnly); err != nil {
		return err
	}
	return f.Close()
}

// stamp writes the mark, aligned for O_DIRECT; on a descriptor for reading it
// makes sure that it cannot.
func stamp(f *os.File, readOnly bool) error {
	flags, err := unix.FcntlInt(f.Fd(), unix.F_GETFL, 0)
	if err != nil {
		return err
	}
	fdFlags, err := unix.FcntlInt(f.Fd(), unix.F_GETFD, 0)
	if err != nil {
		return err
	}
	if flags&unix.O_DIRECT == 0 || fdFlags&unix.FD_CLOEXEC == 0 {
		return fmt.Errorf("the descriptor's flags are %o and %o", flags, fdFlags)
	}
	buffer, err := unix.Mmap(-1, 0, 4096, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_ANON|unix.MAP_PRIVATE)
	if err != nil {
		return err
	}
	copy(buffer, mark)
	_, err = f.WriteAt(buffer, 0)
	if readOnly {
		if err == nil {
			return errors.New("a descriptor for reading could be written to")
		}
		_, err = f.ReadAt(buffer, 0)
	}
	return err
}

// agent registers a polkit agent for this process, see polkit's manual,
// org.freedesktop.PolicyKit1.AuthenticationAgent.
func agent(a answering) (stop func(), err error) {
	conn, err := dbus.ConnectSystemBus()
	if err != nil {
		return nil, err
	}
	const path = "/org/isowright/Agent"
	if err := conn.Export(a, path, "org.freedesktop.PolicyKit1.AuthenticationAgent"); err != nil {
		return nil, err
	}
	stat, err := os.ReadFile("/proc/self/stat")
	if err != nil {
		return nil, err
	}
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	var start uint64
	if _, err := fmt.Sscan(fields[19], &start); err != nil { // field 22 of proc_pid_stat(5)
		return nil, err
	}
	type subject struct {
		Kind    string
		Details map[string]dbus.Variant
	}
	err = conn.Object("org.freedesktop.PolicyKit1", "/org/freedesktop/PolicyKit1/Authority").Call(
		"org.freedesktop.PolicyKit1.Authority.RegisterAuthenticationAgent", 0,
		subject{"unix-process", map[string]dbus.Variant{
			"pid": dbus.MakeVariant(uint32(os.Getpid())), "start-time": dbus.MakeVariant(start),
			"uid": dbus.MakeVariant(int32(os.Getuid())),
		}}, "C", path).Err
	return func() { _ = conn.Close() }, err
}

type answering struct {
	kind   string
	cancel func()
}

// BeginAuthentication is called by polkit.
func (a answering) BeginAuthentication(_, _, _ string, _ map[string]string, _ string, _ []struct {
	Kind    string
	Details map[string]dbus.Variant
}) *dbus.Error {
	switch a.kind {
	case "wait":
		fmt.Fprintln(os.Stderr, "asked")
		time.Sleep(time.Hour)
	case "stop":
		a.cancel()
		time.Sleep(time.Hour)
	}
	return dbus.NewError("org.freedesktop.PolicyKit1.Error.Cancelled", []any{"dismissed"})
}

// CancelAuthentication is called by polkit when nobody waits any more.
func (a answering) CancelAuthentication(string) *dbus.Error { return nil }

// loop is a loop device on a file.
type loop struct {
	t          *testing.T
	file, path string
}

const loopSize = 64 << 20

func newLoop(t *testing.T, args ...string) loop {
	t.Helper()
	file := filepath.Join(t.TempDir(), "stick.img")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file, loopSize); err != nil {
		t.Fatal(err)
	}
	return attach(t, file, args...)
}

func attach(t *testing.T, file string, args ...string) loop {
	t.Helper()
	out, err := exec.Command("losetup", append(args, "--find", "--show", file)...).CombinedOutput()
	if err != nil {
		t.Fatalf("losetup: %v\n%s", err, out)
	}
	l := loop{t, file, strings.TrimSpace(string(out))}
	t.Cleanup(l.detach)
	return l
}

func (l loop) detach() { _ = exec.Command("losetup", "-d", l.path).Run() } // may be so already

// drive is the loop device as List sees it.
func (l loop) drive() drives.Drive {
	l.t.Helper()
	list, err := drives.List(l.t.Context(), drives.Live())
	if err != nil {
		l.t.Fatal(err)
	}
	for _, d := range list {
		if d.Path == l.path {
			return d
		}
	}
	l.t.Fatalf("%s is not among the drives", l.path)
	return drives.Drive{}
}

// written tells whether the mark is at the start of the file.
func (l loop) written() bool {
	l.t.Helper()
	f, err := os.Open(l.file)
	if err != nil {
		l.t.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	head := make([]byte, len(mark))
	if _, err := f.ReadAt(head, 0); err != nil {
		l.t.Fatal(err)
	}
	return string(head) == mark
}

func run(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s %v: %v\n%s", name, args, err, out)
	}
}

// desk is an ordinary user's place, with services.
type desk struct {
	*services.Services
	program string
}

func newDesk(t *testing.T, o services.Options) desk {
	t.Helper()
	need.Root(t)
	need.Tools(t, services.Tools...)
	return desk{services.Start(t, o), program(t)}
}

// program is a copy of this program that any user may start.
func program(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "isowright-opener-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "isowright")
	if err := os.WriteFile(name, data, 0o755); err != nil {
		t.Fatal(err)
	}
	return name
}

// command is a client with a wish.
func (d desk) command(ctx context.Context, t *testing.T, w wish) *exec.Cmd {
	t.Helper()
	w.Options.Child = []string{d.program, "open-device"}
	text, err := json.Marshal(w)
	if err != nil {
		t.Fatal(err)
	}
	return d.Command(ctx, false, d.program, "client", string(text))
}

// ask runs a client to its end.
func (d desk) ask(t *testing.T, w wish) result {
	t.Helper()
	cmd := d.command(t.Context(), t, w)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var r result
	if err == nil {
		err = json.Unmarshal(out, &r)
	}
	if err != nil {
		t.Fatalf("the client: %v\n%s%s\n%s", err, out, stderr.String(), d.Log())
	}
	return r
}

// expect asks, and wants a problem ("": none).
func (d desk) expect(t *testing.T, w wish, want Problem) result {
	t.Helper()
	r := d.ask(t, w)
	if r.Problem != want || (want == "") != r.Written {
		t.Errorf("got %+v, want the problem %q\n%s", r, want, d.Log())
	}
	if want != "" && r.Hint == "" && want != Failed {
		t.Errorf("nothing says what to do about %q", r.Text)
	}
	return r
}
