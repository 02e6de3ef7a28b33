package flash

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
	"golang.org/x/sys/unix"

	"github.com/isowright/isowright/internal/need"
)

// logind answers as systemd-logind does: with the writing end of a pipe.
type logind struct {
	asked       []string
	read, write *os.File
}

func (l *logind) Inhibit(what, who, why, mode string) (dbus.UnixFD, *dbus.Error) {
	l.asked = []string{what, who, why, mode}
	r, w, err := os.Pipe()
	if err != nil {
		return 0, dbus.MakeFailedError(err)
	}
	l.read, l.write = r, w
	return dbus.UnixFD(w.Fd()), nil
}

// bus starts a bus of our own and says it is the system's.
func bus(t *testing.T) {
	t.Helper()
	need.Tools(t, "dbus-daemon")
	cmd := exec.Command("dbus-daemon", "--session", "--nofork", "--print-address=1")
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // it was killed
	})
	address, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", strings.TrimSpace(address))
}

func TestInhibitSleep(t *testing.T) {
	bus(t)
	if _, err := InhibitSleep(t.Context(), "x"); err == nil {
		t.Error("inhibited by nobody")
	}
	service, err := dbus.ConnectSystemBus()
	if err != nil {
		t.Fatal(err)
	}
	defer service.Close()
	l := &logind{}
	if err := service.Export(l, "/org/freedesktop/login1", "org.freedesktop.login1.Manager"); err != nil {
		t.Fatal(err)
	}
	if _, err := service.RequestName("org.freedesktop.login1", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	release, err := InhibitSleep(t.Context(), "Writing test.iso")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"sleep:idle", "Isowright", "Writing test.iso", "block"}; !slices.Equal(l.asked, want) {
		t.Errorf("asked for %q", l.asked)
	}
	l.write.Close() // as logind does: the lock is held by who was given it
	defer l.read.Close()
	poll := []unix.PollFd{{Fd: int32(l.read.Fd()), Events: unix.POLLIN}}
	if _, err := unix.Poll(poll, 0); err != nil || poll[0].Revents&unix.POLLHUP != 0 {
		t.Errorf("the lock was let go at once: %v", err)
	}
	release()
	if n, err := l.read.Read(make([]byte, 1)); n != 0 || !errors.Is(err, io.EOF) {
		t.Errorf("the lock is still held: %v", err)
	}
}
