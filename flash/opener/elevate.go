package opener

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"github.com/isowright/isowright/flash/drives"
)

// openElevated starts this program with more rights and takes the descriptor
// that it opens. sudo and pkexec close what a child would inherit, so the two
// meet at a socket in a folder that only this user can enter.
func openElevated(ctx context.Context, way Way, d drives.Drive, o Options) (*os.File, error) {
	if len(o.Child) == 0 {
		return nil, fault(NoService, nil, "there is no program to give the rights to")
	}
	program, err := exec.LookPath(string(way))
	if err != nil {
		return nil, fault(NoService, err, "%s is not installed", way)
	}
	dir, err := os.MkdirTemp("", "isowright-")
	if err != nil {
		return nil, fault(Failed, err, "a folder for the meeting with the privileged child cannot be made")
	}
	defer func() { _ = os.RemoveAll(dir) }()
	socket := filepath.Join(dir, "socket")
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: socket, Net: "unix"})
	if err != nil {
		return nil, fault(Failed, err, "a socket for the privileged child cannot be made")
	}
	defer func() { _ = listener.Close() }()

	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stderr := &tail{}
	cmd := exec.CommandContext(ctx, program, append(wayArgs(way, o), append(o.Child, childArgs(d, o, socket)...)...)...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = terminalInput(o), nil, stderr
	// A program that has become root cannot be killed by us: it is not waited
	// for. What it then starts finds no socket and ends.
	cmd.Cancel = func() error {
		_ = listener.Close()
		return cmd.Process.Signal(unix.SIGTERM)
	}
	cmd.WaitDelay = time.Second
	if err := cmd.Start(); err != nil {
		return nil, fault(NoService, err, "%s cannot be started", way)
	}
	exit := make(chan error, 1)
	go func() {
		exit <- cmd.Wait()
		_ = listener.Close()
	}()
	f, err := receive(ctx, listener)
	if err == nil {
		if f, err = verified(ctx, f, d, o.ReadOnly); err == nil {
			return f, nil
		}
		return nil, err
	}
	var told *Error
	if errors.As(err, &told) || ctx.Err() != nil {
		return nil, ended(ctx, err)
	}
	return nil, elevationFault(way, <-exit, stderr.String(), d)
}

// wayArgs are the arguments before the command.
func wayArgs(way Way, o Options) []string {
	switch {
	case way == Pkexec:
		return []string{"--disable-internal-agent"}
	case way == Run0 && o.Terminal:
		return []string{"--pipe"}
	case way == Run0:
		return []string{"--pipe", "--no-ask-password"}
	case o.Terminal:
		return []string{"-p", "Password of %p, to open the drive: ", "--"}
	case os.Getenv("SUDO_ASKPASS") != "":
		return []string{"-A", "--"}
	}
	return []string{"-n", "--"}
}

// terminalInput is where sudo may ask: it opens the terminal by itself.
func terminalInput(o Options) io.Reader {
	if o.Terminal {
		return os.Stdin
	}
	return nil
}

// childArgs say which device is meant, in full, so that rules and logs of the
// system see it.
func childArgs(d drives.Drive, o Options, socket string) []string {
	id := d.Identity()
	args := []string{
		"--socket", socket, "--device", d.Path, "--number", fmt.Sprintf("%d:%d", d.Major, d.Minor),
		"--size", strconv.FormatInt(id.Size, 10), "--sequence", strconv.FormatUint(id.Sequence, 10),
		"--by-id", id.ByID, "--serial", id.Serial, "--model", id.Model,
	}
	if o.ReadOnly {
		args = append(args, "--read-only")
	}
	if o.Unmount {
		args = append(args, "--unmount")
	}
	return args
}

// elevationFault says in words why no child came. pkexec ends with 126 when the
// person dismissed its question and with 127 when it could not or may not ask
// (pkexec(1)); sudo says it in its text.
func elevationFault(way Way, err error, text string, d drives.Drive) *Error {
	var exit *exec.ExitError
	code := -1
	if errors.As(err, &exit) {
		code = exit.ExitCode()
	}
	has := func(parts ...string) bool {
		for _, p := range parts {
			if strings.Contains(text, p) {
				return true
			}
		}
		return false
	}
	detail := errors.New(strings.TrimSpace(text))
	switch {
	case way == Pkexec && has("No authentication agent", "No session for"):
		return fault(NoAgent, nil, "%s needs an administrator's password, and no polkit agent runs that could ask for it", d.Path)
	case way == Pkexec && code == 126:
		return fault(Cancelled, nil, "the question for the password was dismissed")
	case has("a password is required", "a terminal is required", "no askpass", "Interactive authentication required"):
		return fault(NoAgent, nil, "%s needs a password to open %s, and there is no terminal to ask for it", way, d.Path)
	case has("not in the sudoers", "not allowed", "incorrect password", "Not authorized", "Sorry, try again", "may not run"):
		return fault(Refused, detail, "%s does not let this user open %s", way, d.Path)
	case has("command not found", "No such file"):
		return fault(NoService, detail, "%s could not start the program that opens %s", way, d.Path)
	}
	if err == nil {
		err = errors.New("it ended without an answer")
	}
	if text != "" {
		err = fmt.Errorf("%w: %w", err, detail)
	}
	return fault(Failed, err, "%s could not get %s opened", way, d.Path)
}

// tail keeps the end of what a program says.
type tail struct{ text []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.text = append(t.text, p...)
	if over := len(t.text) - 4096; over > 0 {
		t.text = t.text[over:]
	}
	return len(p), nil
}

func (t *tail) String() string { return string(t.text) }
