package theme

import (
	"math"
	"strings"
)

// trigOne is 1 in the fixed point of sines.
const trigOne = 16384

// angle is the sine and cosine of an angle in 256ths of a turn.
func angle(a int) (sin, cos int) {
	s, c := math.Sincos(float64(a&255) * math.Pi / 128)
	return int(math.Round(s * trigOne)), int(math.Round(c * trigOne))
}

// parseAngle reads 256ths of a turn, or degrees with their name or sign.
func parseAngle(s string) int {
	n, _ := integer(s)
	rest := strings.TrimLeft(strings.TrimSpace(s), "-0123456789 \t")
	if strings.HasPrefix(rest, "deg") || strings.HasPrefix(rest, "°") {
		return int(math.Floor(float64(n)*64/90 + 0.5))
	}
	return n
}
