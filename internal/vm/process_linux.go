package vm

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"time"
)

// command is a program to start.
type command struct {
	path string
	args []string
	dir  string // working and temporary folder
	// stdout and stderr, if set, see the bytes as they come.
	stdout, stderr func([]byte)
	files          []*os.File // become descriptors 3, 4, …
}

// process is a program that dies with us.
type process struct {
	cmd  *exec.Cmd
	done chan struct{}
	err  error // valid after done
	tail *tail
}

// startProcess starts the program in a process group of its own, so that a
// Ctrl-C at our terminal reaches us alone and we end it in order. The kernel
// kills it when the thread that started it ends, hence one goroutine keeps that
// thread until the program's end.
func startProcess(c command) (*process, error) {
	p := &process{done: make(chan struct{}), tail: &tail{watch: c.stderr}}
	p.cmd = exec.Command(c.path, c.args...)
	p.cmd.Dir = c.dir
	p.cmd.Env = append(os.Environ(), "TMPDIR="+c.dir, "LC_ALL=C")
	p.cmd.Stderr = p.tail
	if c.stdout != nil {
		p.cmd.Stdout = writerFunc(c.stdout)
	}
	p.cmd.ExtraFiles = c.files
	p.cmd.WaitDelay = time.Second
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	started := make(chan error)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		err := p.cmd.Start()
		started <- err
		if err != nil {
			return
		}
		p.err = p.cmd.Wait()
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, fmt.Errorf("run %s: %w", c.path, err)
	}
	return p, nil
}

// wait waits for the program's end.
func (p *process) wait() error {
	<-p.done
	return p.err
}

// kill ends the program at once; it may have ended already.
func (p *process) kill() { p.cmd.Process.Kill() }

// stderrTail is the end of what the program said on standard error.
func (p *process) stderrTail() string { return p.tail.String() }

// tail keeps the last 4 KiB and shows each piece to watch.
type tail struct {
	watch func([]byte)
	mu    sync.Mutex
	text  []byte
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	t.text = append(t.text, b...)
	if extra := len(t.text) - 4096; extra > 0 {
		t.text = bytes.Clone(t.text[extra:])
	}
	t.mu.Unlock()
	if t.watch != nil {
		t.watch(b)
	}
	return len(b), nil
}

func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.TrimSpace(string(t.text))
}

type writerFunc func([]byte)

func (f writerFunc) Write(b []byte) (int, error) {
	f(b)
	return len(b), nil
}

// wire is a two-way connection between us and a program to be started.
type wire struct {
	ours   net.Conn
	theirs *os.File
}

// newWire needs no name in the file system and is there before QEMU is, so not
// a byte of the guest's is lost.
func newWire() (wire, error) {
	fds, err := syscall.Socketpair(syscall.AF_UNIX, syscall.SOCK_STREAM|syscall.SOCK_CLOEXEC, 0)
	if err != nil {
		return wire{}, fmt.Errorf("make a socket pair: %w", err)
	}
	ours := os.NewFile(uintptr(fds[0]), "ours")
	defer ours.Close()
	theirs := os.NewFile(uintptr(fds[1]), "theirs")
	conn, err := net.FileConn(ours)
	if err != nil {
		theirs.Close()
		return wire{}, fmt.Errorf("make a socket pair: %w", err)
	}
	return wire{conn, theirs}, nil
}

func closeWires(wires []wire) {
	for _, w := range wires {
		if w.ours != nil {
			w.ours.Close()
			w.theirs.Close()
		}
	}
}
