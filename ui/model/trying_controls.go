package model

import (
	"context"
	"slices"
	"time"

	"github.com/isowright/isowright/builder/trial"
	"github.com/isowright/isowright/ui/words"
)

// controlWait bounds how long a machine has for an order.
const controlWait = 10 * time.Second

// Stop switches the machine off, within a second.
func (t *Trial) Stop() { t.job.Cancel() }

// Pause makes the guest stand still.
func (t *Trial) Pause() {
	t.order(words.Key("The machine cannot be paused: %s"), Guest.Pause, func() { t.turned(TryPaused) })
}

// Resume lets it go on.
func (t *Trial) Resume() {
	t.order(words.Key("The machine cannot go on: %s"), Guest.Resume, func() { t.turned(TryRunning) })
}

// Restart presses the reset button.
func (t *Trial) Restart() {
	t.order(words.Key("The machine cannot be restarted: %s"), Guest.Reset, func() { t.Trouble = nil })
}

// PowerButton presses the power button, which most systems shut down at.
func (t *Trial) PowerButton() {
	t.order(words.Key("The power button cannot be pressed: %s"), Guest.PowerButton, func() {})
}

// Screenshot writes what the screen shows to a PNG file.
func (t *Trial) Screenshot(path string) {
	s := t.session
	t.order(words.Key("The picture is not saved: %s"),
		func(g Guest, ctx context.Context) error { return g.Screenshot(ctx, path) },
		func() { s.Tell(Message{Kind: "good", Text: s.Words().Say("Saved: %s", path)}) })
}

// turned notes that the guest stands still, or runs, unless it has ended.
func (t *Trial) turned(state TryState) {
	if t.State < TryOff {
		t.State = state
	}
}

// order has the guest do something, and tells where that fails.
func (t *Trial) order(failed string, do func(Guest, context.Context) error, then func()) {
	guest := t.guest
	if guest == nil {
		return
	}
	s := t.session
	go func() {
		ctx, cancel := context.WithTimeout(s.ctx, controlWait)
		defer cancel()
		err := do(guest, ctx)
		t.post(func() {
			if err != nil {
				s.Tell(Message{Kind: "danger", Text: s.Words().Say(failed, err.Error())})
				return
			}
			then()
		})
	}()
}

// Press presses keys together, as trial.Trial names them, and releases them.
func (t *Trial) Press(keys ...string) error {
	if t.guest == nil {
		return nil
	}
	for _, key := range keys {
		if err := t.guest.Key(key, true); err != nil {
			return err
		}
	}
	for _, key := range slices.Backward(keys) {
		if err := t.guest.Key(key, false); err != nil {
			return err
		}
	}
	return nil
}

// Type types a text on the guest's keyboard.
func (t *Trial) Type(text string) error {
	if t.guest == nil {
		return nil
	}
	return t.guest.Type(text)
}

// Point moves the pointer to a place, in shares of the screen from 0 to 1.
func (t *Trial) Point(x, y float64) {
	if t.guest != nil {
		t.quiet(t.guest.Point(x, y))
	}
}

// Button presses or releases a button of the pointer.
func (t *Trial) Button(button trial.Button, down bool) {
	if t.guest != nil {
		t.quiet(t.guest.Button(button, down))
	}
}

// quiet notes that a machine has not taken something that it can do without.
func (t *Trial) quiet(err error) {
	if err != nil {
		t.session.env.Log.Info("a machine that is tried", "error", err)
	}
}

// ReleaseKeys lets go of all keys.
func (t *Trial) ReleaseKeys() {
	if t.guest != nil {
		t.quiet(t.guest.ReleaseKeys())
	}
}
