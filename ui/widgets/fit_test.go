package widgets

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
)

func TestAdvancesAreNearTheTruth(t *testing.T) {
	a := advances{}
	for _, text := range []string{"libreoffice-writer", "4:25.2.3-2+deb13u1", "AVATAR, To. Ty.", "an office suite with a description", "Größe ½ naïve"} {
		for _, style := range []fyne.TextStyle{{}, {Bold: true}} {
			want, got := exactly(text, 14, style), a.measure(text, 14, style)
			if off := got - want; off < -3 || off > 0.08*want {
				t.Errorf("%q, bold %v: %g, want about %g", text, style.Bold, got, want)
			}
		}
	}
}

func TestEllipsis(t *testing.T) {
	text := "a description that goes on and on"
	whole := exactly(text, 14, fyne.TextStyle{})
	for _, m := range []measure{exactly, advances{}.measure} {
		if got, w := ellipsis(text, 14, fyne.TextStyle{}, whole+10, m); got != text || w <= 0 {
			t.Errorf("%q, %g wide, where all of it fits", got, w)
		}
		for width := whole - 20; width > 20; width -= 17 {
			got, w := ellipsis(text, 14, fyne.TextStyle{}, width, m)
			head, cut := strings.CutSuffix(got, "…")
			if !cut || !strings.HasPrefix(text, head) || w > width {
				t.Errorf("in %g: %q, %g wide", width, got, w)
			}
			if w < width-32 {
				t.Errorf("in %g: %q is only %g wide", width, got, w)
			}
		}
		for _, width := range []float32{5, 0, -3} {
			if got, w := ellipsis(text, 14, fyne.TextStyle{}, width, m); got != "" || w != 0 {
				t.Errorf("in %g: %q", width, got)
			}
		}
	}
}
