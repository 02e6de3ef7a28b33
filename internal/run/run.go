// Package run starts programs so that they end with their caller: cancelled
// with the context, killed as a whole process group, never left behind when the
// caller itself is killed. It knows nothing of any particular program.
package run

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// Cmd is a program to run.
type Cmd struct {
	Path string
	// Args follow the program's name; Name replaces the path as argv[0].
	Args []string
	Name string
	Env  []string
	Dir  string
	// Stdin and Stdout may be nil. What goes to standard error is passed to
	// Line, line by line, and its end is kept for the error.
	Stdin  io.Reader
	Stdout io.Writer
	Line   func(string)
	// Files are inherited as descriptors 3, 4, …
	Files []*os.File
	// Attr are further attributes of the process; its group and its death with
	// the parent are always set.
	Attr *syscall.SysProcAttr
	// Started is called once the process runs.
	Started func(pid int) error
	// Grace is how long the program may take to end itself after SIGTERM when
	// the context ends; 0 kills it at once.
	Grace time.Duration
}

// Error is a program that failed.
type Error struct {
	// Name of the program, Err its exit status.
	Name string
	Err  error
	// Tail are the last lines of its standard error.
	Tail string
}

// Error names the program and how it ended.
func (e *Error) Error() string { return fmt.Sprintf("%s: %v", e.Name, e.Err) }

// Unwrap gives the exit status.
func (e *Error) Unwrap() error { return e.Err }

// tailLines is how much of standard error is kept for an error message.
const tailLines = 40

// Run runs the program to its end. A program that fails gives *Error; one that
// ended because ctx did gives ctx's error.
func Run(ctx context.Context, c Cmd) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	// The death signal of the child is bound to the thread that started it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	tail := &lineWriter{line: c.Line, keep: tailLines}
	cmd := command(ctx, c)
	cmd.Stderr = tail
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("start %s: %w", filepath.Base(c.Path), err)
	}
	if c.Started != nil {
		if err := c.Started(cmd.Process.Pid); err != nil {
			killGroup(cmd)
			return errors.Join(err, ignoreExit(cmd.Wait()))
		}
	}
	err := cmd.Wait()
	tail.flush()
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return &Error{Name: filepath.Base(c.Path), Err: err, Tail: tail.String()}
	}
	return nil
}

func command(ctx context.Context, c Cmd) *exec.Cmd {
	cmd := exec.CommandContext(ctx, c.Path, c.Args...)
	if c.Name != "" {
		cmd.Args[0] = c.Name
	}
	cmd.Env, cmd.Dir = c.Env, c.Dir
	cmd.Stdin, cmd.Stdout, cmd.ExtraFiles = c.Stdin, c.Stdout, c.Files
	attr := syscall.SysProcAttr{}
	if c.Attr != nil {
		attr = *c.Attr
	}
	attr.Setpgid, attr.Pdeathsig = true, syscall.SIGKILL
	cmd.SysProcAttr = &attr
	cmd.WaitDelay = c.Grace + time.Second
	cmd.Cancel = func() error {
		if c.Grace == 0 {
			return killGroup(cmd)
		}
		time.AfterFunc(c.Grace, func() { killGroup(cmd) })
		return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
	}
	return cmd
}

func killGroup(cmd *exec.Cmd) error {
	return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
}

// ignoreExit drops the exit status of a process that was killed on purpose.
func ignoreExit(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil
	}
	return err
}

// lineWriter cuts what is written into lines, hands them on and keeps the last.
type lineWriter struct {
	line func(string)
	keep int
	part []byte
	last []string
}

func (w *lineWriter) Write(p []byte) (int, error) {
	n := len(p)
	for {
		end := bytes.IndexAny(p, "\n\r")
		if end < 0 {
			w.part = append(w.part, p...)
			return n, nil
		}
		w.part = append(w.part, p[:end]...)
		w.flush()
		p = p[end+1:]
	}
}

func (w *lineWriter) flush() {
	if len(w.part) == 0 {
		return
	}
	line := strings.ToValidUTF8(string(w.part), "?")
	w.part = w.part[:0]
	if w.last = append(w.last, line); len(w.last) > w.keep {
		w.last = w.last[1:]
	}
	if w.line != nil {
		w.line(line)
	}
}

func (w *lineWriter) String() string { return strings.Join(w.last, "\n") }
