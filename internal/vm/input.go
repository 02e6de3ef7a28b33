package vm

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// typingTime is how long Type holds a key, and waits for the next one. Firmware
// looks at its keyboard every 10 ms or more rarely and keeps 16 keys at most.
const typingTime = 20 * time.Millisecond

// inputEvent is an InputEvent of QEMU's protocol.
type inputEvent struct {
	Type string `json:"type"`
	Data any    `json:"data"`
}

// keyEvent presses or releases the key with a QKeyCode.
func keyEvent(code string, down bool) inputEvent {
	return inputEvent{"key", map[string]any{"down": down, "key": qmpKey{"qcode", code}}}
}

// Key presses or releases a key of the guest's keyboard, which is a US one. Names
// are those of desktop toolkits: "A" to "Z", "0" to "9", the sign on the key ("-",
// "["), "Return", "Escape", "Tab", "BackSpace", "Space", "Up", "Home", "PageUp"
// or "Prior", "F1", "LeftShift", "RightAlt", "LeftSuper", "Enter" and "KP_0" for
// the keypad. A name that no key has is an error and does nothing.
func (m *Machine) Key(ctx context.Context, name string, down bool) error {
	code, err := keyCode(name)
	if err == nil {
		m.keys.Lock()
		defer m.keys.Unlock()
		err = m.press(ctx, code, down)
	}
	if err != nil {
		return fmt.Errorf("press a key: %w", err)
	}
	return nil
}

// Type types a text as on a US keyboard, about 25 runes a second, whatever keys
// are held down: shift is let go and pressed as each rune needs it. Text that such
// a keyboard does not have is an error, before which nothing was typed.
func (m *Machine) Type(ctx context.Context, text string) error {
	if err := CheckText(text); err != nil {
		return fmt.Errorf("type: %w", err)
	}
	m.keys.Lock()
	defer m.keys.Unlock()
	for _, r := range text {
		err := ctx.Err()
		if err == nil {
			err = m.typeRune(ctx, r)
		}
		if err != nil {
			return fmt.Errorf("type: %w", err)
		}
	}
	return nil
}

// CheckKey tells whether Key knows a name.
func CheckKey(name string) error {
	_, err := keyCode(name)
	return err
}

// CheckText tells whether Type can type a text.
func CheckText(text string) error {
	for _, r := range text {
		if _, _, err := runeKey(r); err != nil {
			return err
		}
	}
	return nil
}

// typeRune presses and releases what gives r; shift is left as it was.
func (m *Machine) typeRune(ctx context.Context, r rune) error {
	code, shift, err := runeKey(r)
	if err != nil {
		return err
	}
	var before, after []inputEvent
	shifts := slices.DeleteFunc([]string{"shift", "shift_r"}, func(code string) bool { return !m.down[code] })
	switch {
	case shift && len(shifts) == 0:
		before = append(before, keyEvent("shift", true))
		after = append(after, keyEvent("shift", false))
	case !shift:
		for _, code := range shifts {
			before = append(before, keyEvent(code, false))
			after = append(after, keyEvent(code, true))
		}
	}
	if err := m.input(ctx, append(before, keyEvent(code, true))...); err != nil {
		return err
	}
	time.Sleep(typingTime)
	if err := m.input(ctx, append([]inputEvent{keyEvent(code, false)}, after...)...); err != nil {
		return err
	}
	time.Sleep(typingTime)
	return nil
}

// ReleaseKeys lets go of all keys that Key holds down, as when the person turns
// to another window.
func (m *Machine) ReleaseKeys(ctx context.Context) error {
	m.keys.Lock()
	defer m.keys.Unlock()
	for _, code := range slices.Sorted(maps.Keys(m.down)) {
		if err := m.press(ctx, code, false); err != nil {
			return fmt.Errorf("release the keys: %w", err)
		}
	}
	return nil
}

// press remembers which keys are down. m.keys is locked.
func (m *Machine) press(ctx context.Context, code string, down bool) error {
	if down {
		m.down[code] = true
	} else {
		delete(m.down, code)
	}
	return m.input(ctx, keyEvent(code, down))
}

// Point moves the guest's pointer, which needs Config.Display other than
// NoDisplay. x and y are shares of the screen's width and height, from 0 to 1.
func (m *Machine) Point(ctx context.Context, x, y float64) error {
	axis := func(name string, share float64) inputEvent {
		const last = 0x7fff // of QEMU's absolute axes
		return inputEvent{"abs", map[string]any{"axis": name, "value": int(min(max(share, 0), 1) * last)}}
	}
	if err := m.input(ctx, axis("x", x), axis("y", y)); err != nil {
		return fmt.Errorf("move the pointer: %w", err)
	}
	return nil
}

// Button is a button of the pointer, as QEMU calls it.
type Button string

// The buttons. Turning the wheel by a notch is pressing and releasing one.
const (
	Left      Button = "left"
	Middle    Button = "middle"
	Right     Button = "right"
	WheelUp   Button = "wheel-up"
	WheelDown Button = "wheel-down"
)

// Button presses or releases a button of the pointer.
func (m *Machine) Button(ctx context.Context, button Button, down bool) error {
	event := inputEvent{"btn", map[string]any{"button": button, "down": down}}
	if err := m.input(ctx, event); err != nil {
		return fmt.Errorf("press a button: %w", err)
	}
	return nil
}

// input gives events to the guest, all at once.
func (m *Machine) input(ctx context.Context, events ...inputEvent) error {
	return m.qmp.execute(ctx, "input-send-event", map[string]any{"events": events}, nil)
}
