package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// The names under which the program runs itself inside the new namespaces:
// first while it waits to be made root, then as root.
const (
	childName = "isowright-sandbox"
	rootName  = "isowright-sandbox-root"
	// specFile is the descriptor on which the parent sends the Spec.
	specFile = 3
)

// Child takes over if this process was started by Run; it then never returns.
// A main function calls it before anything else. It exits with 125 when the
// sandbox cannot be set up.
func Child() {
	if os.Args[0] == childName || os.Args[0] == rootName {
		// The death signal belongs to a thread, and goes on with the one that
		// calls exec. A goroutine that has waited may be on another.
		runtime.LockOSThread()
	}
	var err error
	switch os.Args[0] {
	case childName:
		err = becomeRoot()
	case rootName:
		err = enter()
	default:
		return
	}
	fmt.Fprintln(os.Stderr, "isowright sandbox:", err)
	os.Exit(125)
}

// becomeRoot waits until the parent has mapped the ids and runs the program
// again: only an exec as the mapped root gives the rights of root.
func becomeRoot() error {
	var b [1]byte
	if n, err := unix.Read(specFile, b[:]); err != nil || n == 0 {
		return fmt.Errorf("the parent is gone (%v)", err)
	}
	return unix.Exec("/proc/self/exe", []string{rootName}, nil)
}

// enter sets up the mounts and becomes the program.
func enter() error {
	if err := dieWithParent(); err != nil {
		return err
	}
	var m message
	if err := json.NewDecoder(os.NewFile(specFile, "spec")).Decode(&m); err != nil {
		return fmt.Errorf("read the specification: %w", err)
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("make mounts private: %w", err)
	}
	if err := unix.Sethostname([]byte("isowright")); err != nil {
		return fmt.Errorf("set the host name: %w", err)
	}
	switch {
	case m.Job.Probe:
		if err := unix.Mount("proc", "/proc", "proc", 0, ""); err != nil {
			return fmt.Errorf("mount /proc: %w", err)
		}
		os.Exit(0)
	case m.Job.Remove != "":
		if err := removeTree(m.Job.Remove, make(chan struct{}, removers)); err != nil {
			return err
		}
		os.Exit(0)
	}
	return m.Spec.become()
}

// dieWithParent asks for a death signal once more: the kernel drops it when an
// exec gives new rights. A parent that was killed before is found by its end of
// the pipe, which it keeps open.
func dieWithParent() error {
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0); err != nil {
		return fmt.Errorf("ask for a death signal: %w", err)
	}
	unix.CloseOnExec(specFile)
	pipe := []unix.PollFd{{Fd: specFile}}
	if _, err := unix.Poll(pipe, 0); err != nil {
		return fmt.Errorf("look for the parent: %w", err)
	}
	if pipe[0].Revents&unix.POLLHUP != 0 {
		return errors.New("the parent is gone")
	}
	return nil
}

// become sets up the root and runs the program in place of this one.
func (s Spec) become() error {
	if err := s.mountAll(); err != nil {
		return err
	}
	if err := unix.Chroot(s.Root); err != nil {
		return fmt.Errorf("enter %s: %w", s.Root, err)
	}
	if err := os.Chdir("/" + strings.TrimPrefix(s.Dir, "/")); err != nil {
		return err
	}
	unix.Umask(0o022)
	if err := unix.Exec(s.Args[0], s.Args, s.Env); err != nil {
		return fmt.Errorf("run %s: %w", s.Args[0], err)
	}
	return nil
}

// mountAll fills Root. Mount points that Root does not have are made first.
func (s Spec) mountAll() error {
	points := slices.Sorted(maps.Keys(s.Tmpfs))
	for _, b := range s.Binds {
		points = append(points, b.Inside)
	}
	for _, p := range append(points, "/proc", "/dev") {
		if err := os.MkdirAll(filepath.Join(s.Root, p), 0o755); err != nil {
			return fmt.Errorf("make a mount point: %w", err)
		}
	}
	if err := bind(s.Root, s.Root, false); err != nil {
		return err
	}
	in := func(p string) string { return filepath.Join(s.Root, p) }
	if err := unix.Mount("proc", in("/proc"), "proc", unix.MS_NOSUID|unix.MS_NODEV|unix.MS_NOEXEC, ""); err != nil {
		return fmt.Errorf("mount /proc: %w", err)
	}
	if err := mountDev(in("/dev")); err != nil {
		return err
	}
	for _, inside := range slices.Sorted(maps.Keys(s.Tmpfs)) {
		options := "mode=0755"
		if size := s.Tmpfs[inside]; size > 0 {
			options += fmt.Sprintf(",size=%d", size)
		}
		if err := unix.Mount("tmpfs", in(inside), "tmpfs", unix.MS_NOSUID, options); err != nil {
			return fmt.Errorf("mount a tmpfs on %s: %w", inside, err)
		}
	}
	for _, b := range s.Binds {
		if err := bind(b.Host, in(b.Inside), b.Writable); err != nil {
			return err
		}
	}
	return nil
}

// bind shows host at inside. A read-only bind has to keep the flags that the
// host's own mount has, because a user namespace may not clear them.
func bind(host, inside string, writable bool) error {
	if err := unix.Mount(host, inside, "", unix.MS_BIND|unix.MS_REC, ""); err != nil {
		return fmt.Errorf("show %s at %s: %w", host, inside, err)
	}
	if writable {
		return nil
	}
	var st unix.Statfs_t
	if err := unix.Statfs(inside, &st); err != nil {
		return fmt.Errorf("look at %s: %w", inside, err)
	}
	const kept = unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC | unix.MS_NOATIME | unix.MS_NODIRATIME | unix.MS_RELATIME
	flags := uintptr(st.Flags)&kept | unix.MS_REMOUNT | unix.MS_BIND | unix.MS_RDONLY
	if err := unix.Mount("", inside, "", flags, ""); err != nil {
		return fmt.Errorf("make %s read-only: %w", inside, err)
	}
	return nil
}

// mountDev makes a /dev with the nodes that every program may use and no disk.
func mountDev(dev string) error {
	// The nodes are bound from the host: a user namespace cannot make any.
	hold := map[string]string{}
	for _, node := range []string{"null", "zero", "full", "random", "urandom", "tty"} {
		hold[node] = "/dev/" + node
	}
	if err := unix.Mount("tmpfs", dev, "tmpfs", unix.MS_NOSUID|unix.MS_NOEXEC, "mode=0755,size=1m"); err != nil {
		return fmt.Errorf("mount /dev: %w", err)
	}
	for _, node := range slices.Sorted(maps.Keys(hold)) {
		target := filepath.Join(dev, node)
		if err := os.WriteFile(target, nil, 0o666); err != nil {
			return fmt.Errorf("make /dev/%s: %w", node, err)
		}
		if err := unix.Mount(hold[node], target, "", unix.MS_BIND, ""); err != nil {
			return fmt.Errorf("show /dev/%s: %w", node, err)
		}
	}
	for name, target := range map[string]string{
		"fd": "/proc/self/fd", "stdin": "/proc/self/fd/0", "stdout": "/proc/self/fd/1",
		"stderr": "/proc/self/fd/2", "ptmx": "pts/ptmx",
	} {
		if err := os.Symlink(target, filepath.Join(dev, name)); err != nil {
			return fmt.Errorf("make /dev/%s: %w", name, err)
		}
	}
	for _, m := range []struct{ dir, kind, options string }{
		{"pts", "devpts", "newinstance,ptmxmode=0666,mode=0620"},
		{"shm", "tmpfs", "mode=1777"},
	} {
		target := filepath.Join(dev, m.dir)
		if err := os.Mkdir(target, 0o755); err != nil {
			return fmt.Errorf("make /dev/%s: %w", m.dir, err)
		}
		if err := unix.Mount(m.kind, target, m.kind, unix.MS_NOSUID|unix.MS_NOEXEC, m.options); err != nil {
			return fmt.Errorf("mount /dev/%s: %w", m.dir, err)
		}
	}
	return nil
}
