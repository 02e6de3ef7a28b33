package vm

import (
	"fmt"
	"strings"
)

// keyNames leads from the names of keys, as desktop toolkits have them (with the
// signs that a US keyboard has on them), to QEMU's QKeyCode (its qapi/ui.json).
// Letters and digits are not in it: theirs are the same in both.
var keyNames = map[string]string{
	"Return": "ret", "Escape": "esc", "Tab": "tab", "BackSpace": "backspace", "Space": "spc",
	"Up": "up", "Down": "down", "Left": "left", "Right": "right",
	"Home": "home", "End": "end", "PageUp": "pgup", "PageDown": "pgdn",
	"Prior": "pgup", "Next": "pgdn", // as X11 calls them
	"Insert": "insert", "Delete": "delete",
	"F1": "f1", "F2": "f2", "F3": "f3", "F4": "f4", "F5": "f5", "F6": "f6",
	"F7": "f7", "F8": "f8", "F9": "f9", "F10": "f10", "F11": "f11", "F12": "f12",

	"LeftShift": "shift", "RightShift": "shift_r",
	"LeftControl": "ctrl", "RightControl": "ctrl_r",
	"LeftAlt": "alt", "RightAlt": "alt_r",
	"LeftSuper": "meta_l", "RightSuper": "meta_r",
	"Menu": "compose", "CapsLock": "caps_lock", "NumLock": "num_lock", "ScrollLock": "scroll_lock",
	"PrintScreen": "print", "Pause": "pause",

	"Enter": "kp_enter", "KP_Enter": "kp_enter", "KP_Add": "kp_add", "KP_Subtract": "kp_subtract",
	"KP_Multiply": "kp_multiply", "KP_Divide": "kp_divide", "KP_Decimal": "kp_decimal",
	"KP_0": "kp_0", "KP_1": "kp_1", "KP_2": "kp_2", "KP_3": "kp_3", "KP_4": "kp_4",
	"KP_5": "kp_5", "KP_6": "kp_6", "KP_7": "kp_7", "KP_8": "kp_8", "KP_9": "kp_9",
	"*": "kp_multiply", "+": "kp_add", // have a key of their own on the keypad only

	"-": "minus", "=": "equal", "[": "bracket_left", "]": "bracket_right",
	";": "semicolon", "'": "apostrophe", "`": "grave_accent", "\\": "backslash",
	",": "comma", ".": "dot", "/": "slash",
}

// shifted are the runes that a US keyboard gives with shift, and those of the same
// keys without it.
const (
	shifted   = `~!@#$%^&*()_+{}|:"<>?`
	unshifted = "`1234567890-=[]\\;',./"
)

// keyCode is the QKeyCode of a key.
func keyCode(name string) (string, error) {
	if code, ok := keyNames[name]; ok {
		return code, nil
	}
	if code := strings.ToLower(name); len(code) == 1 && isAlphanumeric(code[0]) {
		return code, nil
	}
	return "", fmt.Errorf("the guest's keyboard has no key %q", name)
}

func isAlphanumeric(b byte) bool { return b >= 'a' && b <= 'z' || b >= '0' && b <= '9' }

// runeKey says which key of a US keyboard gives a rune, and whether shift has to
// be down for it.
func runeKey(r rune) (code string, shift bool, err error) {
	switch r {
	case '\n', '\r':
		return "ret", false, nil
	case '\t':
		return "tab", false, nil
	case '\b', 0x7f:
		return "backspace", false, nil
	case 0x1b:
		return "esc", false, nil
	case ' ':
		return "spc", false, nil
	}
	if at := strings.IndexRune(shifted, r); at >= 0 {
		r, shift = rune(unshifted[at]), true
	} else if r >= 'A' && r <= 'Z' {
		shift = true
	}
	// The signs alone: '*' and '+' were told from the keypad's above.
	if code, err = keyCode(string(r)); err != nil {
		return "", false, fmt.Errorf("a US keyboard, which the guest has, cannot type %q", r)
	}
	return code, shift, nil
}
