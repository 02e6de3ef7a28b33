package flash

import (
	"bufio"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
)

// logind answers as systemd-logind does: with the writing end of a pipe.
type logind struct {
	asked []string
	read  *os.File
}

func (l *logind) Inhibit(what, who, why, mode string) (dbus.UnixFD, *dbus.Error) {
	l.asked = []string{what, who, why, mode}
	r, w, err := os.Pipe()
	if err != nil {
		return 0, dbus.MakeFailedError(err)
	}
	l.read = r
	// The number is sent on when this returns; the end of the test closes it.
	return dbus.UnixFD(w.Fd()), nil
}

// bus starts a bus of our own and says it is the system's.
func bus(t *testing.T) {
	t.Helper()
	needTools(t, "dbus-daemon")
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
	release()
	if l.read == nil {
		t.Error("no lock was given")
	}
}
