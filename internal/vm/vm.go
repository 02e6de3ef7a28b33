// Package vm boots an image in QEMU: for `isowright try` and for tests that
// look into the running guest. It types and reads on the serial line, presses
// keys, takes pictures of the screen and forwards a port to the guest's ssh
// server.
//
// It knows x86-64 guests only and runs on Linux only. It does not build or
// change images (a guest that writes to its USB medium writes to a layer that
// is thrown away), keeps no machine between calls, and speaks no ssh itself.
package vm

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// Medium says as what the guest sees the image.
type Medium int

// The media.
const (
	CD  Medium = iota // a DVD in an AHCI drive
	USB               // a stick on an xHCI port
)

// Firmware says what starts the image.
type Firmware int

// The firmwares.
const (
	BIOS Firmware = iota // SeaBIOS
	UEFI                 // OVMF without Secure Boot
	// UEFISecureBoot is OVMF with Secure Boot enforced and the vendor's usual
	// keys enrolled.
	UEFISecureBoot
)

// Display says where the guest's screen goes.
type Display int

// The displays.
const (
	NoDisplay Display = iota // nowhere; Screen and Screenshot still work
	Window                   // a window of its own
	Stream                   // to Machine.Watch
)

// Disk is one more disk of the guest, /dev/vda and following there.
type Disk struct {
	Path string
	// Format is "raw" (also when empty) or "qcow2".
	Format string
	// ReadOnly keeps the guest from writing. Without it the file changes.
	ReadOnly bool
	// Bootable makes the firmware set the disk up, which it leaves to the
	// guest's kernel otherwise, and boot from it if Image cannot be.
	Bootable bool
}

// Config describes a machine.
type Config struct {
	// Image is a bootable image file. It is never written to. It may be empty
	// where there is a Kernel.
	Image string
	// Kernel is a Linux kernel that QEMU starts itself, with Initrd and the
	// command line Parameters, in place of the firmware's choice.
	Kernel, Initrd, Parameters string

	// Restore is a file that Save has written: the guest goes on from there.
	// All else must be as it was for the machine that was saved, but for the
	// contents of ExtraDisks, if the guest had not looked at them yet.
	Restore string

	As       Medium
	Firmware Firmware
	// MemoryMiB is the guest's memory, 2048 when 0.
	MemoryMiB int
	// CPUs is the number of virtual processors, 2 when 0.
	CPUs       int
	ExtraDisks []Disk
	// Sticks are further USB sticks, see Machine.Unplug.
	Sticks  []Stick
	Display Display
	// Restarts lets the guest restart; without it a restart ends the machine.
	Restarts bool
	// Network lets the guest reach what this machine reaches (user mode
	// network with DHCP; needs no rights).
	Network bool
	// ForwardSSH forwards a free port of 127.0.0.1 to the guest's port 22, see
	// Machine.SSHAddr. It works without Network too.
	ForwardSSH bool
	// Serial receives a copy of everything the guest says on ttyS0, unchanged.
	// A slow writer slows the guest.
	Serial io.Writer
	// WorkDir is the folder in which the machine makes its own folder, the
	// system's temporary folder when empty.
	WorkDir string
	// Accel is what ChooseAccel returned. Left empty, Start calls it, which
	// takes up to 8 s where KVM is broken.
	Accel Accel
	// Tools is what Find returned. Left empty, Start calls it.
	Tools Tools
}

// ErrKVM is the cause when KVM gave up inside the running guest, though the
// trial had gone well. Starting again with Accel{Name: "tcg"} helps.
var ErrKVM = errors.New("KVM cannot run this guest")

// Machine is a running guest. All methods may be called from any goroutine.
type Machine struct {
	accel   Accel
	dir     string
	ssh     string
	sticks  []Stick
	serial  *console
	qmp     *qmpClient
	process *process
	detach  func() bool // ends the watch over Start's ctx
	streams bool        // Config.Display is Stream

	keys sync.Mutex      // orders what goes to the keyboard
	down map[string]bool // codes of the keys that Key holds; guarded by keys

	done     chan struct{} // closed once QEMU is gone and dir is removed
	exit     error         // how QEMU ended; valid after done
	cleanup  error         // what could not be cleaned up; valid after done
	stopOnce sync.Once
	stopped  chan struct{} // closed when we want QEMU gone
}

// Start boots the machine and returns as soon as QEMU runs. Canceling ctx, even
// later, kills the machine and removes its folder; so does the end of this
// process, however it ends (but then the folder stays).
func Start(ctx context.Context, cfg Config) (*Machine, error) {
	if err := cfg.complete(ctx); err != nil {
		return nil, fmt.Errorf("start virtual machine: %w", err)
	}
	display, err := displayBackend(ctx, cfg)
	if err != nil {
		return nil, fmt.Errorf("start virtual machine: %w", err)
	}
	dir, err := os.MkdirTemp(cfg.WorkDir, "isowright-vm-")
	if err != nil {
		return nil, fmt.Errorf("start virtual machine: %w", err)
	}
	m, err := launch(ctx, cfg, dir, arguments(cfg, dir, display))
	if err != nil {
		os.RemoveAll(dir)
		return nil, fmt.Errorf("start virtual machine: %w", err)
	}
	if err := m.greet(ctx, cfg); err != nil {
		m.Stop()
		return nil, fmt.Errorf("start virtual machine: %w", m.explain(err))
	}
	return m, nil
}

// complete checks the configuration and fills in what was left to us.
func (cfg *Config) complete(ctx context.Context) error {
	if err := cfg.absolute(); err != nil {
		return err
	}
	if cfg.MemoryMiB == 0 {
		cfg.MemoryMiB = 2048
	}
	if cfg.CPUs == 0 {
		cfg.CPUs = 2
	}
	var err error
	if cfg.Tools == (Tools{}) {
		if cfg.Tools, err = Find(cfg.Firmware); err != nil {
			return err
		}
	}
	if cfg.Accel.Name == "" {
		if cfg.Accel, err = ChooseAccel(ctx, cfg.Tools); err != nil {
			return err
		}
	}
	return nil
}

// absolute checks the files and makes their names absolute: QEMU runs in its own
// folder, so that nothing it writes strays.
func (cfg *Config) absolute() error {
	files := []struct {
		what string
		path *string
	}{{"image", &cfg.Image}, {"kernel", &cfg.Kernel}, {"initrd", &cfg.Initrd}, {"saved state", &cfg.Restore}}
	for _, f := range files {
		if *f.path == "" && (f.what != "image" || cfg.Kernel != "") {
			continue
		}
		info, err := os.Stat(*f.path)
		switch {
		case err != nil:
			return fmt.Errorf("open %s: %w", f.what, err)
		case info.IsDir():
			return fmt.Errorf("open %s: %s is a folder, not a file", f.what, *f.path)
		case info.Size() == 0:
			return fmt.Errorf("open %s: %s is empty", f.what, *f.path)
		}
		if *f.path, err = filepath.Abs(*f.path); err != nil {
			return fmt.Errorf("open %s: %w", f.what, err)
		}
	}
	for i := range cfg.ExtraDisks {
		var err error
		if cfg.ExtraDisks[i].Path, err = filepath.Abs(cfg.ExtraDisks[i].Path); err != nil {
			return fmt.Errorf("open disk: %w", err)
		}
	}
	for i := range cfg.Sticks {
		var err error
		if cfg.Sticks[i].Path, err = filepath.Abs(cfg.Sticks[i].Path); err != nil {
			return fmt.Errorf("open stick: %w", err)
		}
	}
	return nil
}

// launch starts QEMU and the goroutines that read from it.
func launch(ctx context.Context, cfg Config, dir string, args []string) (*Machine, error) {
	if cfg.Firmware != BIOS {
		vars, err := os.ReadFile(cfg.Tools.Vars)
		if err != nil {
			return nil, fmt.Errorf("read the firmware's variables: %w", err)
		}
		if err := os.WriteFile(filepath.Join(dir, varsName), vars, 0o600); err != nil {
			return nil, fmt.Errorf("copy the firmware's variables: %w", err)
		}
	}
	if cfg.Restore != "" {
		if err := os.Symlink(cfg.Restore, filepath.Join(dir, stateName)); err != nil {
			return nil, fmt.Errorf("find the saved state: %w", err)
		}
	}
	var wires [3]wire // in the order of the constants serialFD, qmpFD, logFD
	for i := range wires {
		var err error
		if wires[i], err = newWire(); err != nil {
			closeWires(wires[:])
			return nil, err
		}
	}
	m := &Machine{
		accel:   cfg.Accel,
		dir:     dir,
		sticks:  cfg.Sticks,
		serial:  newConsole(wires[0].ours, cfg.Serial),
		qmp:     newQMP(wires[1].ours),
		down:    make(map[string]bool),
		streams: cfg.Display == Stream,
		done:    make(chan struct{}),
		stopped: make(chan struct{}),
	}
	process, err := startProcess(command{
		path:   cfg.Tools.QEMU,
		args:   args,
		dir:    dir,
		stderr: m.watchStderr,
		files:  []*os.File{wires[0].theirs, wires[1].theirs, wires[2].theirs},
	})
	if err != nil {
		closeWires(wires[:])
		return nil, err
	}
	m.process = process
	for _, w := range wires {
		w.theirs.Close()
	}
	var readers sync.WaitGroup
	readers.Go(m.serial.read)
	readers.Go(m.qmp.read)
	readers.Go(func() { m.readFirmwareLog(wires[2].ours) })
	m.detach = context.AfterFunc(ctx, m.kill)
	go m.reap(&readers)
	return m, nil
}

// greet opens the control connection and asks for the forwarded port.
func (m *Machine) greet(ctx context.Context, cfg Config) error {
	if err := m.qmp.execute(ctx, "qmp_capabilities", nil, nil); err != nil {
		return err
	}
	if cfg.Restore != "" {
		if err := m.restored(ctx); err != nil {
			return err
		}
	}
	if !cfg.ForwardSSH {
		return nil
	}
	var err error
	m.ssh, err = m.qmp.forwardedPort(ctx)
	return err
}

// reap waits for QEMU's end, lets the readers drain what it said last, and
// cleans up.
func (m *Machine) reap(readers *sync.WaitGroup) {
	err := m.process.wait()
	readers.Wait()
	m.detach()
	m.exit = m.describeExit(err)
	m.serial.fail(m.exit)
	m.cleanup = errors.Join(m.serial.close(), m.qmp.close(), os.RemoveAll(m.dir))
	close(m.done)
}

// describeExit tells how QEMU ended; err is what its process returned.
func (m *Machine) describeExit(err error) error {
	select {
	case <-m.stopped:
		return ErrStopped
	default:
	}
	var status *exec.ExitError
	if errors.As(err, &status) && status.Sys().(syscall.WaitStatus).Signal() == syscall.SIGKILL {
		// Also what the kernel does when memory is short.
		err = fmt.Errorf("QEMU was killed from outside, by a person or for want of memory (%w)", err)
		return m.explain(err)
	}
	if err != nil {
		return m.explain(fmt.Errorf("QEMU ended: %w", err))
	}
	return &guestExit{reason: m.qmp.shutdownReason()}
}

// ErrStopped is how a machine has ended that Stop or the end of Start's ctx ended.
var ErrStopped = errors.New("the machine was stopped")

// guestExit is the orderly end of QEMU.
type guestExit struct {
	reason string // of QMP's SHUTDOWN event, "" if there was none
}

func (e *guestExit) Error() string {
	switch e.reason {
	case "guest-shutdown":
		return "the guest switched itself off"
	case "guest-reset":
		return "the guest restarted itself (or crashed so early that its processor was reset)"
	case "host-ui":
		return "the window was closed"
	case "":
		return "QEMU ended"
	}
	return "QEMU ended: " + e.reason
}

// explain adds what QEMU said on standard error.
func (m *Machine) explain(err error) error {
	if said := m.process.stderrTail(); said != "" {
		return fmt.Errorf("%w\nQEMU says: %s", err, said)
	}
	return err
}

// Accel is the accelerator the machine runs with, and why.
func (m *Machine) Accel() Accel { return m.accel }

// SSHAddr is the host:port on this machine that leads to the guest's port 22;
// empty without Config.ForwardSSH. Connections are accepted and dropped until
// the guest's server is up.
func (m *Machine) SSHAddr() string { return m.ssh }

// Done is closed once QEMU has ended and the machine's folder is removed.
func (m *Machine) Done() <-chan struct{} { return m.done }

// Wait waits until the guest switches off or restarts or its window is closed,
// which give nil. An end of ctx leaves the machine running and gives its error.
func (m *Machine) Wait(ctx context.Context) error {
	select {
	case <-m.done:
	case <-ctx.Done():
		return fmt.Errorf("wait for the guest's end: %w", ctx.Err())
	}
	var orderly *guestExit
	if errors.As(m.exit, &orderly) {
		return nil
	}
	return m.exit
}

// Stop ends the machine within a second, whatever the guest does, and removes
// its folder. It may be called more than once. The error is about cleaning up
// and copying to Config.Serial only.
func (m *Machine) Stop() error {
	m.stopOnce.Do(func() {
		close(m.stopped)
		// QEMU's own way out lets it finish writing to qcow2 disks.
		ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
		defer cancel()
		if m.qmp.execute(ctx, "quit", nil, nil) == nil {
			select {
			case <-m.done:
			case <-ctx.Done():
			}
		}
	})
	m.process.kill()
	<-m.done
	return m.cleanup
}

// kill ends QEMU at once.
func (m *Machine) kill() {
	m.stopOnce.Do(func() { close(m.stopped) })
	m.process.kill()
}
