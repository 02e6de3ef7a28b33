package widgets

import (
	"encoding/json"
	"io/fs"
	"testing"

	"fyne.io/fyne/v2"

	"github.com/isowright/isowright/assets"
)

// TestRuler compares what the sum of characters says of the program's texts, in all
// styles, with what the toolkit measures.
func TestRuler(t *testing.T) {
	data, err := fs.ReadFile(assets.Words(), "de.json")
	if err != nil {
		t.Fatal(err)
	}
	var german map[string]string
	if err := json.Unmarshal(data, &german); err != nil {
		t.Fatal(err)
	}
	texts := []string{"AVAVAVAVAVAVAV", "fffiffififi", "To. Te. Ty. LT. P,", "WAWAWA", "1.0.1-1+deb13u4", "— „Übung“ – ‚ß‘ …", "iiiiiiiiilllll", "MMMMMMMM"}
	for english, other := range german {
		if len(texts)%4 == 0 { // every fourth is enough
			texts = append(texts, other)
		}
		texts = append(texts, english[:len(english)/4*2])
	}
	for _, style := range []fyne.TextStyle{{}, {Bold: true}, {Monospace: true}} {
		m := ruler(func(s string) float32 { return fyne.MeasureText(s, 14, style).Width })
		for _, text := range texts[:min(len(texts), 300)] {
			a, exact := m.sum(text), m(text)
			if !a.known {
				continue
			}
			if exact > a.width*(1+mostWider) || exact < a.width*(1-mostNarrower) {
				t.Errorf("%q in %+v is %v wide, and its characters are %v", text, style, exact, a.width)
			}
			for _, width := range []float32{exact - 1, exact, exact + 1, 2 * exact, exact / 2} {
				if m.fits(text, width) != (exact <= width) {
					t.Errorf("%q in %+v is %v wide: fits(%v) is wrong", text, style, exact, width)
				}
			}
		}
	}
	if m := ruler(func(string) float32 { return 1 }); m.sum("שלום").known || m.sum("नमस्ते").known {
		t.Error("characters that change beside each other are added up")
	}
}
