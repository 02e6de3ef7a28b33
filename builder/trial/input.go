package trial

import (
	"context"
	"errors"

	"github.com/isowright/isowright/internal/vm"
)

// Why a key goes nowhere.
var (
	errInputFull = errors.New("the guest does not take its keys: too many are waiting")
	errEnded     = errors.New("the guest has ended")
)

// Key presses or releases a key by its name ("A", "Return", "LeftShift", "F10", see
// vm.Machine.Key for all). An error says that there is no such key, or that the
// guest takes none.
func (t *Trial) Key(name string, down bool) error {
	if err := vm.CheckKey(name); err != nil {
		return err
	}
	return t.queue(func(ctx context.Context) error { return t.machine.Key(ctx, name, down) })
}

// Type types a text on the guest's US keyboard, 25 runes a second. It may be one
// rune, as toolkits tell of typed ones. An error says which rune it does not have.
func (t *Trial) Type(text string) error {
	if err := vm.CheckText(text); err != nil {
		return err
	}
	return t.queue(func(ctx context.Context) error { return t.machine.Type(ctx, text) })
}

// ReleaseKeys lets go of all keys that are down: for when the person turns away
// and their releases would go elsewhere.
func (t *Trial) ReleaseKeys() error { return t.queue(t.machine.ReleaseKeys) }

// Point moves the pointer; x and y are shares of the screen, from 0 to 1.
func (t *Trial) Point(x, y float64) error {
	return t.queue(func(ctx context.Context) error { return t.machine.Point(ctx, x, y) })
}

// Button is a button of the pointer.
type Button = vm.Button

// The buttons. Turning the wheel by a notch is pressing and releasing one.
const (
	Left      = vm.Left
	Middle    = vm.Middle
	Right     = vm.Right
	WheelUp   = vm.WheelUp
	WheelDown = vm.WheelDown
)

// Button presses or releases a button of the pointer.
func (t *Trial) Button(button Button, down bool) error {
	return t.queue(func(ctx context.Context) error { return t.machine.Button(ctx, button, down) })
}

// Send types text on the guest's serial line. A line ends with "\n"; programs that
// read single keys, as GRUB's menu, want "\r".
func (t *Trial) Send(text string) error { return t.machine.Send(text) }

// queue has something done behind what is waiting.
func (t *Trial) queue(do func(context.Context) error) error {
	select {
	case <-t.done:
		return errEnded
	default:
	}
	select {
	case t.input <- do:
		return nil
	default:
		return errInputFull
	}
}

// passInput does what is queued, in order. What fails does so because the machine
// ends, of which State tells.
func (t *Trial) passInput(ctx context.Context) {
	for {
		select {
		case do := <-t.input:
			_ = do(ctx)
		case <-ctx.Done():
			return
		}
	}
}
