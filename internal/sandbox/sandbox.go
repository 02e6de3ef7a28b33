// Package sandbox runs a program in a root directory of its own, with its own
// mounts, processes and host name and without any network, as root of a user
// namespace or, for a caller who is root, as root. Whatever the program mounts
// or starts is gone when it ends, however it ends.
//
// It keeps mistakes inside, not attackers: the program sees only the folders it
// is given, but shares the kernel.
package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"syscall"

	"github.com/isowright/isowright/internal/run"
)

// Spec says what to run and what it sees.
type Spec struct {
	// Root becomes "/" and cannot be written to, except where Binds and Tmpfs
	// say otherwise. Mount points that it has not are made in it.
	Root string
	// Binds are folders of the host.
	Binds []Bind
	// Tmpfs are folders in memory with their size in bytes; 0 is half of the
	// memory.
	Tmpfs map[string]int64
	// Args are the program's path in Root and its arguments.
	Args []string
	Env  []string
	Dir  string
	// job is what the sandbox does instead of running Args.
	job job
}

// job is something that the sandbox does itself.
type job struct {
	// Probe only tries the namespaces and mounts.
	Probe bool
	// Remove is a folder of the host to remove.
	Remove string
}

// Bind shows a folder of the host inside.
type Bind struct {
	Host, Inside string
	Writable     bool
}

// Streams are the program's input and output; each may be nil.
type Streams struct {
	Stdin  io.Reader
	Stdout io.Writer
	// Line gets standard error line by line.
	Line func(string)
}

// Mode is how the sandbox becomes root.
type Mode int

// The modes.
const (
	// UserNamespace maps root to the caller and the rest to subordinate ids.
	UserNamespace Mode = iota
	// Root uses the caller's own root rights.
	Root
)

// HostMode is the mode for the current user.
func HostMode() Mode {
	if os.Geteuid() == 0 {
		return Root
	}
	return UserNamespace
}

// namespaces that every sandbox has.
const namespaces = syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWIPC |
	syscall.CLONE_NEWUTS | syscall.CLONE_NEWNET

// Run runs the program to its end. When ctx ends, everything in the sandbox is
// killed at once. The calling program must call Child first thing in its main
// function.
func Run(ctx context.Context, s Spec, io Streams) error {
	ids, err := hostIDs()
	if err != nil {
		return err
	}
	reader, writer, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("start the sandbox: %w", err)
	}
	defer reader.Close()
	defer writer.Close()
	attr := &syscall.SysProcAttr{Cloneflags: namespaces}
	if ids != nil {
		attr.Cloneflags |= syscall.CLONE_NEWUSER
	}
	err = run.Run(ctx, run.Cmd{
		Path: "/proc/self/exe", Name: childName,
		Env:   []string{},
		Stdin: io.Stdin, Stdout: io.Stdout, Line: io.Line,
		Files: []*os.File{reader}, Attr: attr,
		Started: func(pid int) error { return release(ctx, writer, pid, ids, s) },
	})
	return named(err, s)
}

// release lets the child go on, once it may act as root inside. The pipe stays
// open, by which the child knows that we live.
func release(ctx context.Context, w *os.File, pid int, ids *idMaps, s Spec) error {
	if ids != nil {
		if err := ids.apply(ctx, pid); err != nil {
			return err
		}
	}
	spec, err := json.Marshal(message{s, s.job})
	if err != nil {
		return fmt.Errorf("start the sandbox: %w", err)
	}
	// The first byte ends the child's wait, the rest is for what it becomes.
	if _, err := w.Write(append([]byte{'\n'}, spec...)); err != nil {
		return fmt.Errorf("start the sandbox: %w", err)
	}
	return nil
}

// message is what the child is told.
type message struct {
	Spec Spec
	Job  job
}

// named replaces the name of the re-executed program by the one that was asked
// for.
func named(err error, s Spec) error {
	if failed, ok := err.(*run.Error); ok && len(s.Args) > 0 {
		failed.Name = s.Args[0]
	}
	return err
}
