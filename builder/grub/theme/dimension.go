package theme

import (
	"fmt"
	"strings"
)

// Dimension is a place or a size: pixels and a part of the parent's size.
type Dimension struct {
	Pixels int
	// Part is in 65536ths.
	Part int
}

// maxNumber bounds what a theme may count or measure, so that no sum of them
// overflows.
const maxNumber = 1 << 24

// In is the dimension within a parent of a size in pixels.
func (d Dimension) In(parent int) int {
	return d.Pixels + d.Part*parent>>16
}

// ParseDimension reads a sum of pixels and percents ("100%-60").
func ParseDimension(s string) (Dimension, error) {
	var d Dimension
	rest := s
	for {
		sign := 1
		for rest != "" && (rest[0] == '+' || rest[0] == '-') {
			if rest[0] == '-' {
				sign = -1
			}
			rest = rest[1:]
		}
		n, after, ok := digits(rest)
		if !ok {
			return d, fmt.Errorf("%q is no sum of pixels and percents, as in 50%%-20", s)
		}
		rest = after
		if strings.HasPrefix(rest, "%") {
			rest = rest[1:]
			d.Part += sign * ((n<<16 + 50) / 100)
		} else {
			d.Pixels += sign * n
		}
		d.Pixels, d.Part = bound(d.Pixels), max(-maxNumber, min(d.Part, maxNumber))
		if rest == "" {
			return d, nil
		}
	}
}

// digits reads an unsigned number at the beginning of a text: decimal,
// hexadecimal after 0x, octal after 0. What is larger than maxNumber is that.
func digits(s string) (n int, rest string, ok bool) {
	base := 10
	switch {
	case len(s) > 2 && s[0] == '0' && (s[1] == 'x' || s[1] == 'X') && digit(s[2]) < 16:
		base, s = 16, s[2:]
	case len(s) > 1 && s[0] == '0' && digit(s[1]) < 8:
		base, s = 8, s[1:]
	}
	for len(s) > 0 && digit(s[0]) < base {
		n, s, ok = min(n*base+digit(s[0]), maxNumber), s[1:], true
	}
	return n, s, ok
}

// integer reads a number with a sign as GRUB does: what follows it does not
// count.
func integer(s string) (n int, ok bool) {
	rest := strings.TrimLeft(s, " \t\r\n")
	negative := strings.HasPrefix(rest, "-")
	n, _, ok = digits(strings.TrimPrefix(rest, "-"))
	if negative {
		n = -n
	}
	return n, ok
}

func digit(c byte) int {
	switch {
	case '0' <= c && c <= '9':
		return int(c - '0')
	case 'a' <= c && c <= 'f':
		return int(c-'a') + 10
	case 'A' <= c && c <= 'F':
		return int(c-'A') + 10
	}
	return 99
}

func bound(n int) int { return max(-maxNumber, min(n, maxNumber)) }
