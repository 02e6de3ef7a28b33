package themes

import (
	"fmt"
	"image/color"
)

// calm is a list in the middle, the chosen entry in the accent's colour.
func calm(t *theme) {
	t.ink = palette{top: rgb(0xf7f9fc), bottom: rgb(0xe3eaf3), shape: rgb(0xffffff), card: rgb(0xffffff), edge: rgb(0xcfd8e3),
		text: rgb(0x253041), quiet: rgb(0x5f6d80), accent: t.accent(rgb(0x2f62d9))}
	chip := rgb(0xdfe7f5)
	if t.dark {
		t.ink = palette{top: rgb(0x1b2230), bottom: rgb(0x0f141d), shape: rgb(0x222b3b), card: rgb(0x171d29), edge: rgb(0x2c3648),
			text: rgb(0xdde4ee), quiet: rgb(0x93a0b3), accent: t.accent(rgb(0x5b8cff))}
		chip = rgb(0x263043)
	}
	t.ink.onAccent = over(t.ink.accent)
	back := t.backdrop()
	right := 100 * float64(t.Width) / float64(t.Height)
	back.fill(alpha(t.ink.shape, 0.5), func(p path) { p.circle(right, 0, 46) })
	back.fill(alpha(t.ink.shape, 0.5), func(p path) { p.circle(0, 100, 36) })
	t.head(back)

	small := t.font(regular, max(t.size*7/8, 14))
	width := t.width(31, 56)
	left := (100 - width) / 2
	align, edge := "center", "0"
	if t.Left {
		left, align, edge = 8, "left", "8%"
	}
	wide := "100%"
	if t.Left {
		wide = "84%"
	}
	t.label("", t.Title, edge, fmt.Sprintf("11%%-%d", t.em(0.5)), wide, align, t.font(medium, t.size*17/10), t.ink.text)
	radius := t.em(0.45)
	t.box("item", color.NRGBA{}, color.NRGBA{}, radius, 0)
	t.box("select", t.ink.accent, color.NRGBA{}, radius, 0)
	m := menu{left: pct(left), top: "24%", width: pct(width), height: "52%", font: t.font(regular, t.size), chosen: t.font(medium, t.size),
		text: t.ink.text, strong: t.ink.onAccent, item: t.em(1.9), gap: t.em(0.75), pad: t.em(0.2), icon: t.em(1.6), iconSpace: t.em(0.7)}
	if t.Background != nil {
		m.box = "card"
		t.box("card", alpha(t.ink.card, 0.9), color.NRGBA{}, t.em(0.8), 0)
	}
	t.menu(m)
	t.saveIcons(t.em(1.6), mix(t.ink.accent, t.ink.text, 0.15), chip)
	t.countdown(pct(left), "81%", pct(width), align, small)
	t.label("", keys, edge, fmt.Sprintf("96%%-%d", t.em(1)), wide, align, small, t.ink.quiet)
}

func pct(n int) string { return fmt.Sprintf("%d%%", n) }

// panel is a card of the screen's height at the left side.
func panel(t *theme) {
	t.ink = palette{top: rgb(0xd9e6e4), bottom: rgb(0xb9d0cd), shape: rgb(0x8fb5b0), card: rgb(0xfbfcfc), edge: rgb(0xd5dfdd),
		text: rgb(0x21302e), quiet: rgb(0x5b6d6a), accent: t.accent(rgb(0x0f7f73)), chosen: rgb(0xdcefec)}
	if t.dark {
		t.ink = palette{top: rgb(0x12302e), bottom: rgb(0x0b1d1e), shape: rgb(0x1f5751), card: rgb(0x121818), edge: rgb(0x2a3636),
			text: rgb(0xdfe8e6), quiet: rgb(0x8fa19e), accent: t.accent(rgb(0x3cc4b2)), chosen: rgb(0x17302d)}
	}
	if t.Accent != nil {
		t.ink.chosen = mix(t.ink.card, t.ink.accent, 0.16)
		t.ink.shape = mix(t.ink.bottom, t.ink.accent, 0.4)
		t.ink.top, t.ink.bottom = mix(t.ink.card, t.ink.accent, 0.12), mix(t.ink.card, t.ink.accent, 0.24)
	}
	t.ink.strong = t.ink.text
	back := t.backdrop()
	ratio := 100 * float64(t.Width) / float64(t.Height)
	for i, r := range []float64{74, 54, 34} {
		back.fill(alpha(t.ink.shape, 0.22+0.1*float64(i)), func(p path) { p.circle(ratio-14, 88, r) })
	}
	t.head(back)

	width := t.width(33, 54)
	left := 6
	if !t.Left && t.Width < t.Height*5/4 {
		left = (100 - width) / 2
	}
	at, wide := fmt.Sprintf("%d%%+%d", left, t.em(1.6)), fmt.Sprintf("%d%%-%d", width, t.em(3.2))
	small := t.font(regular, max(t.size*7/8, 14))
	t.label("", t.Title, at, fmt.Sprintf("8%%+%d", t.em(1.2)), wide, "left", t.font(bold, t.size*3/2), t.ink.text)
	t.countdown(at, fmt.Sprintf("92%%-%d", t.em(5)), wide, "left", small)
	t.label("", shortKeys, at, fmt.Sprintf("92%%-%d", t.em(2.2)), wide, "left", small, t.ink.quiet)
	radius := t.em(0.4)
	t.box("item", color.NRGBA{}, color.NRGBA{}, radius, 0)
	t.box("select", t.ink.chosen, t.ink.accent, radius, max(t.em(0.11), 2))
	t.menu(menu{left: fmt.Sprintf("%d%%+%d", left, t.em(1)), top: fmt.Sprintf("8%%+%d", t.em(3.9)), width: fmt.Sprintf("%d%%-%d", width, t.em(2)),
		height: fmt.Sprintf("84%%-%d", t.em(9.6)), font: t.font(regular, t.size), chosen: t.font(medium, t.size), text: t.ink.text, strong: t.ink.strong,
		item: t.em(1.8), gap: t.em(0.7), pad: t.em(0.2), icon: t.em(1.35), iconSpace: t.em(0.7)})
	t.saveIcons(t.em(1.35), t.ink.accent, color.NRGBA{})
	t.card(left, width)
}

// card is the panel itself. The first component lies on top: it comes last.
func (t *theme) card(left, width int) {
	w, h := t.Width*width/100, t.Height*84/100
	c := newCanvas(w, h)
	r := float64(t.em(0.8))
	c.fill(t.ink.card, func(p path) { p.box(0, 0, float64(w), float64(h), r) })
	c.fill(t.ink.accent, func(p path) { p.box(0, 0, float64(t.em(0.35)), float64(h), 0) })
	t.save("panel.png", c.img)
	t.line("+ image {\n  left = %d%%\n  top = 8%%\n  width = %d%%\n  height = 84%%\n  file = \"panel.png\"\n}", left, width)
}

// line is monospaced, with fine lines above and below the list.
func line(t *theme) {
	t.ink = palette{top: rgb(0xfaf8f4), bottom: rgb(0xfaf8f4), card: rgb(0xffffff), edge: rgb(0xc9c2b4), text: rgb(0x2b2823),
		quiet: rgb(0x6f685b), accent: t.accent(rgb(0xb4531b)), chosen: rgb(0xefe7d9)}
	if t.dark {
		t.ink = palette{top: rgb(0x14161a), bottom: rgb(0x14161a), card: rgb(0x101216), edge: rgb(0x3a3f49), text: rgb(0xd6d9df),
			quiet: rgb(0x8d939f), accent: t.accent(rgb(0xf0a44b)), chosen: rgb(0x262a32)}
	}
	t.ink.strong = mix(t.ink.text, over(t.ink.chosen), 0.6)
	back := t.backdrop()
	t.head(back)

	width, left := t.width(34, 70), 8
	if !t.Left {
		left = (100 - width) / 2
	}
	at, wide := pct(left), pct(width)
	small := t.font(mono, max(t.size*7/8, 14))
	t.label("", t.Title, at, fmt.Sprintf("17%%-%d", t.em(2.1)), wide, "left", t.font(monoBold, t.size*5/4), t.ink.text)
	rule := newCanvas(8, 1)
	rule.fill(t.ink.edge, func(p path) { p.box(0, 0, 8, 1, 0) })
	t.save("rule.png", rule.img)
	thick := max(t.em(0.08), 1)
	for _, top := range []string{"17%", "76%"} {
		t.line("+ image {\n  left = %s\n  top = %s\n  width = %s\n  height = %d\n  file = \"rule.png\"\n}", at, top, wide, thick)
	}
	t.bar()
	t.menu(menu{left: at, top: fmt.Sprintf("17%%+%d", t.em(0.8)), width: wide, height: fmt.Sprintf("59%%-%d", t.em(1.5)), font: t.font(mono, t.size),
		chosen: t.font(monoBold, t.size), text: t.ink.text, strong: t.ink.strong, item: t.em(1.8), gap: t.em(0.35), pad: 0,
		icon: t.em(1.3), iconSpace: t.em(0.8)})
	t.saveIcons(t.em(1.3), t.ink.accent, color.NRGBA{})
	t.countdown(at, fmt.Sprintf("76%%+%d", t.em(0.9)), wide, "left", small)
	t.label("", keys, at, fmt.Sprintf("95%%-%d", t.em(1)), wide, "left", small, t.ink.quiet)
}

// bar is the chosen entry's ground with the accent at its left edge.
func (t *theme) bar() {
	edge, side := max(t.em(0.25), 3), 8
	for name, colours := range map[string][2]color.NRGBA{"item": {}, "select": {t.ink.chosen, t.ink.accent}} {
		c := newCanvas(edge+t.em(0.5)+side, side)
		c.fill(colours[0], func(p path) { p.box(0, 0, float64(c.img.Rect.Dx()), float64(side), 0) })
		c.fill(colours[1], func(p path) { p.box(0, 0, float64(edge), float64(side), 0) })
		t.slices(name, c, edge+t.em(0.5), 0, 0, 0)
	}
}
