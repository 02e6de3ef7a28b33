package vm

// ansiStripper removes what steers a terminal from a stream of bytes: escape
// sequences (ECMA-48: CSI, OSC and the other strings, two-byte escapes),
// carriage returns, bells and NULs. It remembers where it was, so a sequence
// may be cut anywhere.
type ansiStripper struct {
	state ansiState
}

type ansiState int

const (
	ansiText   ansiState = iota
	ansiEscape           // after ESC
	ansiCSI              // after ESC [
	ansiString           // after ESC ], P, X, ^ or _: until BEL or ESC \
	ansiInter            // after ESC and an intermediate byte, as in ESC ( B
)

// strip appends to dst what of src is text.
func (a *ansiStripper) strip(dst, src []byte) []byte {
	for _, b := range src {
		switch {
		case b == 0x1b:
			a.state = ansiEscape
		case a.state == ansiText:
			if b == '\n' || b == '\t' || b >= ' ' && b != 0x7f {
				dst = append(dst, b)
			}
		default:
			a.state = a.state.next(b)
		}
	}
	return dst
}

// next is the state after byte b, which is not ESC, inside a sequence.
func (s ansiState) next(b byte) ansiState {
	switch s {
	case ansiEscape:
		switch b {
		case '[':
			return ansiCSI
		case ']', 'P', 'X', '^', '_':
			return ansiString
		}
		if b >= 0x20 && b <= 0x2f {
			return ansiInter
		}
		return ansiText
	case ansiCSI:
		if b >= 0x20 && b <= 0x3f { // parameters and intermediates
			return s
		}
		return ansiText
	case ansiString:
		if b == '\a' || b == '\n' { // a newline: a string that was never ended
			return ansiText
		}
		return s
	}
	if b >= 0x20 && b <= 0x2f {
		return s
	}
	return ansiText
}
