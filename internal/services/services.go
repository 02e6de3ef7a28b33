// Package services starts what a desktop has and a test machine has not: a
// system message bus, polkit, udev and UDisks, all of them real, in namespaces
// of their own, with an ordinary user, sudo and rules that nothing outside sees.
// It is for tests, which have to run as root for it.
//
// The daemons share mounts and processes with the programs that Command starts,
// and no others; udev looks at the given devices alone. When the test ends, or
// is killed, everything goes.
package services

import (
	"context"
	_ "embed"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// User is the name of the ordinary user, UID its number.
const (
	User = "isowright-test"
	UID  = 64517
)

// Tools are the programs that Start needs.
var Tools = []string{
	"dbus-daemon", "/usr/lib/polkit-1/polkitd", "/lib/systemd/systemd-udevd", "/usr/libexec/udisks2/udisksd", "udevadm",
	"pkexec", "sudo", "nsenter", "setpriv",
}

//go:embed start.sh
var script string

// Services are running daemons.
type Services struct {
	dir string
	pid int
	log string
}

// Options say what is wanted.
type Options struct {
	// Devices are those that udev tells about ("loop3"); all others stay
	// untouched, other tests may be at work on them.
	Devices []string
	// NoUDisks leaves out UDisks and udev, NoBus everything.
	NoUDisks, NoBus bool
	// Rules are polkit's, in JavaScript; Sudoers are sudo's.
	Rules, Sudoers string
}

// Start starts the daemons and waits until they answer.
func Start(t testing.TB, o Options) *Services {
	t.Helper()
	dir, err := os.MkdirTemp("", "isowright-services-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	s := &Services{dir: dir, log: filepath.Join(dir, "log")}
	if err := s.configure(o); err != nil {
		t.Fatal(err)
	}
	log, err := os.Create(s.log)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("/bin/sh", "-c", script, "services", dir)
	cmd.Args = append(cmd.Args, o.Devices...)
	cmd.Env = append(os.Environ(), "NO_UDISKS="+flag(o.NoUDisks), "NO_BUS="+flag(o.NoBus))
	cmd.Stderr = log
	ready, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET,
		Pdeathsig:  syscall.SIGKILL,
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("start the services (as root?): %v", err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // and with the first process all others
		_ = cmd.Wait()
		_ = log.Close()
	})
	s.pid = cmd.Process.Pid
	stop := time.AfterFunc(time.Minute, func() { _ = cmd.Process.Kill() })
	line, _ := io.ReadAll(io.LimitReader(ready, 6))
	stop.Stop()
	if string(line) != "ready\n" {
		t.Fatalf("the services did not start: %q\n%s", line, s.Log())
	}
	return s
}

func flag(on bool) string {
	if on {
		return "1"
	}
	return ""
}

// configure writes what is laid over the files of the system.
func (s *Services) configure(o Options) error {
	udev := "SUBSYSTEM!=\"block\", GOTO=\"end\"\n"
	for _, d := range o.Devices {
		udev += fmt.Sprintf("KERNEL==\"%s|%sp*\", IMPORT{builtin}=\"blkid\", ENV{ID_FS_USAGE}=\"$env{ID_FS_USAGE}\"\n", d, d)
	}
	udev += "LABEL=\"end\"\n"
	account := fmt.Sprintf("%s:*:%d:%d::/:/bin/sh\n", User, UID, UID)
	files := map[string]string{
		"udev/00-test.rules":  udev,
		"rules/00-test.rules": o.Rules,
		"sudoers":             "root ALL=(ALL:ALL) ALL\nDefaults !syslog, !mail_always, !mail_badpass, !mail_no_user\n" + o.Sudoers + "\n",
		"passwd":              base("/etc/passwd") + account,
		"group":               base("/etc/group") + fmt.Sprintf("%s:x:%d:\n", User, UID),
		"shadow":              base("/etc/shadow") + User + ":*:19000:0:99999:7:::\n",
		"bus.conf":            busConfig,
		"pam":                 "auth required pam_deny.so\naccount required pam_permit.so\nsession required pam_permit.so\n",
	}
	for name, text := range files {
		path := filepath.Join(s.dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			return err
		}
	}
	if err := os.Chmod(filepath.Join(s.dir, "sudoers"), 0o440); err != nil {
		return err
	}
	return os.Chmod(s.dir, 0o755)
}

// base is a file of the system that lines are added to; a missing one is empty.
func base(name string) string {
	text, _ := os.ReadFile(name)
	if len(text) > 0 && text[len(text)-1] != '\n' {
		text = append(text, '\n')
	}
	return string(text)
}

const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=/run/dbus/system_bus_socket</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow user="*"/>
    <allow send_type="method_return"/>
    <allow send_type="error"/>
    <allow send_type="signal"/>
    <allow receive_type="method_call"/>
    <allow receive_type="method_return"/>
    <allow receive_type="error"/>
    <allow receive_type="signal"/>
    <allow send_destination="org.freedesktop.DBus"/>
    <allow send_destination_prefix="org.freedesktop"/>
    <allow send_interface="org.freedesktop.PolicyKit1.AuthenticationAgent"/>
  </policy>
  <includedir>/usr/share/dbus-1/system.d</includedir>
</busconfig>
`

// SetRules changes polkit's rules; polkitd reads them by itself, which is why
// the caller has to try again until they hold.
func (s *Services) SetRules(t testing.TB, rules string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, "rules/00-test.rules"), []byte(rules), 0o644); err != nil {
		t.Fatal(err)
	}
}

// Command is a program among the services, as the ordinary user or as root.
func (s *Services) Command(ctx context.Context, root bool, name string, args ...string) *exec.Cmd {
	all := []string{"-t", strconv.Itoa(s.pid), "-m", "-p", "-n", "--"}
	if !root {
		id := strconv.Itoa(UID)
		all = append(all, "setpriv", "--reuid", id, "--regid", id, "--clear-groups", "--inh-caps=-all", "--")
	}
	cmd := exec.CommandContext(ctx, "nsenter", append(append(all, name), args...)...)
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/", "LC_ALL=C.UTF-8", "USER=" + User}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

// Log is what the daemons have said.
func (s *Services) Log() string {
	text, _ := os.ReadFile(s.log)
	return strings.TrimSpace(string(text))
}
