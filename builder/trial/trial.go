// Package trial boots an image in a machine that a window can show: its screen as
// a stream of pictures, its keyboard, pointer and serial line, and what a person
// does with a computer: pause, reset, switch off.
//
// It does not draw, and it does not judge what boots.
package trial

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"github.com/isowright/isowright/internal/vm"
)

// Frame is a picture of the guest's screen; Changed says what is new in it.
type Frame = vm.Frame

// State is what a trial is doing.
type State int

// The states. The last three are ends.
const (
	Running State = iota
	Paused
	Off     // the guest has switched itself off
	Stopped // by Stop, or by the end of Start's context
	Failed  // QEMU has ended by itself; the error says how
)

// Trial is a running guest. Its methods may be called from any goroutine; those
// without a context never wait for the guest.
type Trial struct {
	machine *vm.Machine
	dir     string
	frames  <-chan Frame
	input   chan func(context.Context) error
	cancel  context.CancelFunc
	done    chan struct{}

	mu      sync.Mutex
	state   State
	err     error // why it Failed
	cleanup error // what could not be removed; valid after done
}

// inputQueue is how many presses of keys and moves of the pointer may wait until
// the guest has taken earlier ones.
const inputQueue = 256

// Start boots the image and returns once QEMU runs. The end of ctx, even later,
// ends the trial like Stop. What is not installed gives a *MissingError.
func Start(ctx context.Context, o Options) (*Trial, error) {
	t, err := start(ctx, o)
	if err != nil {
		return nil, fmt.Errorf("try %s: %w", o.Image, err)
	}
	return t, nil
}

func start(ctx context.Context, o Options) (*Trial, error) {
	config, err := o.Config()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(o.WorkDir, "isowright-try-")
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(ctx)
	undo := func() {
		cancel()
		os.RemoveAll(dir)
	}
	config.WorkDir, config.Display, config.Restarts = dir, vm.Stream, true
	if o.DiskMiB > 0 {
		disk, err := emptyDisk(dir, o.DiskMiB)
		if err != nil {
			undo()
			return nil, err
		}
		config.ExtraDisks = []vm.Disk{disk}
	}
	machine, err := vm.Start(ctx, config)
	if err != nil {
		undo()
		return nil, err
	}
	frames, err := machine.Watch(ctx, 0)
	if err != nil {
		err = errors.Join(err, machine.Stop())
		undo()
		return nil, err
	}
	t := &Trial{
		machine: machine, dir: dir, frames: frames, cancel: cancel,
		input: make(chan func(context.Context) error, inputQueue),
		done:  make(chan struct{}),
	}
	go t.passInput(ctx)
	go t.reap()
	return t, nil
}

// emptyDisk makes a disk that takes no room until it is written to.
func emptyDisk(dir string, sizeMiB int) (vm.Disk, error) {
	disk := vm.Disk{Path: filepath.Join(dir, "disk.img"), Bootable: true}
	file, err := os.OpenFile(disk.Path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return vm.Disk{}, fmt.Errorf("make an empty disk: %w", err)
	}
	if err := errors.Join(file.Truncate(int64(sizeMiB)<<20), file.Close()); err != nil {
		return vm.Disk{}, fmt.Errorf("make an empty disk: %w", err)
	}
	return disk, nil
}

// reap waits for the machine's end and says what it was.
func (t *Trial) reap() {
	err := t.machine.Wait(context.Background())
	t.cancel()
	cleanup := errors.Join(t.machine.Stop(), os.RemoveAll(t.dir))
	t.mu.Lock()
	switch {
	case err == nil:
		t.state = Off
	case errors.Is(err, vm.ErrStopped):
		t.state = Stopped
	default:
		t.state, t.err = Failed, err
	}
	t.cleanup = cleanup
	t.mu.Unlock()
	close(t.done)
}

// Frames are what the screen shows, at most 30 a second and none while nothing
// changes; a slow receiver gets the newest only. The channel is closed at the end.
func (t *Trial) Frames() <-chan Frame { return t.frames }

// Done is closed when the guest has ended and nothing of it is left.
func (t *Trial) Done() <-chan struct{} { return t.done }

// State is what the trial is doing, with the reason if it is Failed.
func (t *Trial) State() (State, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.state, t.err
}

// Accel is how fast the guest runs, and why.
func (t *Trial) Accel() Accel { return t.machine.Accel() }

// Trouble is why the guest will not come up (its kernel panicked, the firmware
// found nothing to boot, ErrKVM …), nil as far as anyone knows. It is what the
// serial line tells, so ask when there is more on it.
func (t *Trial) Trouble() error { return t.machine.Trouble() }

// Said is the text of the guest's serial line behind its first from bytes; next is
// the from of a later call, and more is closed when there is more. At least the
// last 2 MiB are kept.
func (t *Trial) Said(from int64) (text string, next int64, more <-chan struct{}) {
	return t.machine.Said(from)
}

// Expect waits until the guest says a text on its serial line, behind what the last
// call found.
func (t *Trial) Expect(ctx context.Context, text string) error { return t.machine.Expect(ctx, text) }

// Screenshot writes what the screen shows to a PNG file.
func (t *Trial) Screenshot(ctx context.Context, path string) error {
	return t.machine.Screenshot(ctx, path)
}

// Pause makes the guest stand still.
func (t *Trial) Pause(ctx context.Context) error { return t.turn(t.machine.Pause(ctx), Paused) }

// Resume lets it go on.
func (t *Trial) Resume(ctx context.Context) error { return t.turn(t.machine.Resume(ctx), Running) }

// turn notes that the guest stands still, or runs, unless that failed.
func (t *Trial) turn(err error, state State) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if err == nil && t.state <= Paused {
		t.state = state
	}
	return err
}

// Reset presses the reset button: the guest starts again, without a question.
func (t *Trial) Reset(ctx context.Context) error { return t.machine.Reset(ctx) }

// PowerButton presses the power button. Most systems shut down in order then,
// after which the state is Off.
func (t *Trial) PowerButton(ctx context.Context) error { return t.machine.PowerButton(ctx) }

// Stop switches the machine off within a second and removes what it needed. It may
// be called more than once. The error says what could not be removed.
func (t *Trial) Stop() error {
	// The machine's own errors are in cleanup too: its Stop repeats them.
	_ = t.machine.Stop()
	<-t.done
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.cleanup
}
