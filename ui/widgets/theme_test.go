package widgets

import (
	"fmt"
	"image/color"
	"math"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"
)

// luminance is the relative luminance of WCAG 2.2.
func luminance(c color.Color) float64 {
	n := color.NRGBAModel.Convert(c).(color.NRGBA)
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(n.R) + 0.7152*linear(n.G) + 0.0722*linear(n.B)
}

// contrast is the contrast ratio of WCAG 2.2.
func contrast(a, b color.Color) float64 {
	l, d := luminance(a), luminance(b)
	if l < d {
		l, d = d, l
	}
	return (l + 0.05) / (d + 0.05)
}

// blend lays a colour that lets light through over a ground.
func blend(over, ground color.Color) color.Color {
	o := color.NRGBAModel.Convert(over).(color.NRGBA)
	g := color.NRGBAModel.Convert(ground).(color.NRGBA)
	mix := func(a, b uint8) uint8 { return uint8((int(a)*int(o.A) + int(b)*(255-int(o.A))) / 255) }
	return color.NRGBA{R: mix(o.R, g.R), G: mix(o.G, g.G), B: mix(o.B, g.B), A: 255}
}

// TestContrast holds every pair of words and ground that the widgets draw to WCAG AA:
// 4.5 for text, 3 for the outlines of controls, of the focus and for icons. Disabled
// words are exempt there.
func TestContrast(t *testing.T) {
	grounds := []fyne.ThemeColorName{ColourGround, ColourSurface, ColourRaised, theme.ColorNameInputBackground,
		theme.ColorNameMenuBackground, theme.ColorNameOverlayBackground}
	type pair struct {
		words, ground fyne.ThemeColorName
		least         float64
	}
	var pairs []pair
	for _, g := range grounds {
		for _, w := range []fyne.ThemeColorName{ColourText, ColourQuiet, ColourAccent, ColourDanger, ColourWarning, ColourGood, theme.ColorNameHyperlink} {
			pairs = append(pairs, pair{w, g, 4.5})
		}
		pairs = append(pairs, pair{ColourEdge, g, 3})
	}
	for _, k := range []Kind{Neutral, Accent, Good, Warning, Failure} {
		words, ground := k.colours()
		pairs = append(pairs, pair{words, ground, 4.5}, pair{ColourText, ground, 4.5})
	}
	pairs = append(pairs,
		pair{ColourOnAccent, ColourAccent, 4.5},
		pair{ColourOnDanger, ColourDanger, 4.5},
		pair{theme.ColorNameForegroundOnWarning, ColourWarning, 4.5},
		pair{theme.ColorNameForegroundOnSuccess, ColourGood, 4.5},
		pair{ColourQuiet, ColourTint, 4.5},
		pair{ColourText, theme.ColorNameButton, 4.5},
		pair{ColourText, theme.ColorNameSelection, 4.5},
		pair{ColourAccent, colourGroove, 3},
	)
	for _, variant := range []fyne.ThemeVariant{theme.VariantLight, theme.VariantDark} {
		th := NewTheme(System)
		worst := math.Inf(1)
		for _, p := range pairs {
			ground := th.Color(p.ground, variant)
			for name, g := range map[string]color.Color{"": ground, " hovered": blend(th.Color(ColourHover, variant), ground)} {
				if name != "" && p.words != ColourText && p.words != ColourOnAccent && p.words != ColourOnDanger {
					continue
				}
				got := contrast(th.Color(p.words, variant), g)
				worst = min(worst, got/p.least)
				if got < p.least {
					t.Errorf("variant %d: %s on %s%s has a contrast of %.2f, wanted %.1f", variant, p.words, p.ground, name, got, p.least)
				}
			}
		}
		t.Logf("variant %d: the weakest of %d pairs has %.2f times the contrast it needs", variant, len(pairs), worst)
	}
}

// TestContrastFormula checks the measure itself against values of WCAG.
func TestContrastFormula(t *testing.T) {
	if got := contrast(color.White, color.Black); math.Abs(got-21) > 0.01 {
		t.Errorf("black on white: %.2f, wanted 21", got)
	}
	// #767676 is the lightest grey that passes on white.
	if got := contrast(color.NRGBA{0x76, 0x76, 0x76, 255}, color.White); math.Abs(got-4.54) > 0.01 {
		t.Errorf("#767676 on white: %.2f, wanted 4.54", got)
	}
}

func TestThemeModes(t *testing.T) {
	light, dark := color.NRGBA{0xf6, 0xf7, 0xf9, 255}, color.NRGBA{0x14, 0x17, 0x1b, 255}
	for _, c := range []struct {
		mode    Mode
		variant fyne.ThemeVariant
		want    color.Color
	}{
		{System, theme.VariantLight, light},
		{System, theme.VariantDark, dark},
		{Light, theme.VariantDark, light},
		{Dark, theme.VariantLight, dark},
	} {
		if got := NewTheme(c.mode).Color(ColourGround, c.variant); got != c.want {
			t.Errorf("mode %d, variant %d: ground is %v, wanted %v", c.mode, c.variant, got, c.want)
		}
	}
}

// TestThemeKnowsEverything asks for all that Fyne's own theme has.
func TestThemeKnowsEverything(t *testing.T) {
	th := NewTheme(System)
	for name := range palette {
		if th.Color(name, theme.VariantLight) == nil || th.Color(name, theme.VariantDark) == nil {
			t.Errorf("no colour %s", name)
		}
	}
	if got := th.Color(theme.ColorNameHeaderBackground, theme.VariantDark); got == nil {
		t.Error("no colour for headers")
	}
	for name, ours := range standIns {
		if len(th.Icon(name).Content()) == 0 {
			t.Errorf("%s: icon %s is empty", name, ours)
		}
	}
	if th.Icon(theme.IconNameColorPalette) == nil {
		t.Error("an icon that is not ours is missing")
	}
	for name, want := range map[fyne.ThemeSizeName]float32{SizeTitle: 22, SizeSection: 16, SizeBody: 14, SizeNote: 12, theme.SizeNameWindowTitleBarHeight: 26} {
		if got := th.Size(name); got != want {
			t.Errorf("size %s: %v, wanted %v", name, got, want)
		}
	}
}

func TestFonts(t *testing.T) {
	th := NewTheme(System)
	for _, c := range []struct {
		style fyne.TextStyle
		want  string
	}{
		{fyne.TextStyle{}, "Inter-Regular.otf"},
		{fyne.TextStyle{Bold: true}, "Inter-SemiBold.otf"},
		{fyne.TextStyle{Italic: true}, "Inter-Italic.otf"},
		{fyne.TextStyle{Bold: true, Italic: true}, "Inter-SemiBold.otf"},
		{fyne.TextStyle{Monospace: true}, "JetBrainsMono-Regular.ttf"},
		{fyne.TextStyle{Monospace: true, Bold: true}, "JetBrainsMono-Bold.ttf"},
		{fyne.TextStyle{Monospace: true, Italic: true}, "JetBrainsMono-Regular.ttf"},
	} {
		f := th.Font(c.style)
		if f.Name() != c.want || len(f.Content()) < 100_000 {
			t.Errorf("%+v: %s of %d bytes, wanted %s", c.style, f.Name(), len(f.Content()), c.want)
		}
	}
	if th.Font(fyne.TextStyle{Symbol: true}) == nil {
		t.Error("no face for symbols")
	}
	// Inter and JetBrains Mono are really what is drawn: a mono face gives i and W one
	// width, the other does not.
	width := func(s string, mono bool) string {
		return fmt.Sprintf("%.2f", fyne.MeasureText(s, 14, fyne.TextStyle{Monospace: mono}).Width)
	}
	if width("iiii", true) != width("WWWW", true) || width("iiii", false) == width("WWWW", false) {
		t.Error("the faces are not the ones of the theme")
	}
	if got := fyne.MeasureText("iiii", 14, fyne.TextStyle{Monospace: true}).Width; math.Abs(float64(got)-33.6) > 0.1 {
		t.Errorf("four letters of JetBrains Mono at 14 are %v wide, wanted 33.6: 600 of 1000 an em", got)
	}
}
