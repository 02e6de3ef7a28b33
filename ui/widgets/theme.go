package widgets

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"github.com/isowright/isowright/assets"
)

// Mode chooses between the light and the dark look.
type Mode int

// The modes. System follows the desktop's setting.
const (
	System Mode = iota
	Light
	Dark
)

// Names of colours. Those that Fyne knows have Fyne's names, so that its own widgets
// are drawn in them too.
const (
	ColourGround  = theme.ColorNameBackground
	ColourSurface = fyne.ThemeColorName("surface")
	ColourRaised  = fyne.ThemeColorName("raised")
	ColourLine    = theme.ColorNameSeparator
	// ColourEdge is the outline of controls: visible enough to find them by (3:1).
	ColourEdge     = theme.ColorNameInputBorder
	ColourText     = theme.ColorNameForeground
	ColourQuiet    = theme.ColorNamePlaceHolder
	ColourDisabled = theme.ColorNameDisabled
	ColourAccent   = theme.ColorNamePrimary
	ColourOnAccent = theme.ColorNameForegroundOnPrimary
	ColourTint     = fyne.ThemeColorName("tint")
	ColourHover    = theme.ColorNameHover
	ColourPressed  = theme.ColorNamePressed

	ColourDanger      = theme.ColorNameError
	ColourOnDanger    = theme.ColorNameForegroundOnError
	ColourDangerTint  = fyne.ThemeColorName("dangerTint")
	ColourWarning     = theme.ColorNameWarning
	ColourWarningTint = fyne.ThemeColorName("warningTint")
	ColourGood        = theme.ColorNameSuccess
	ColourGoodTint    = fyne.ThemeColorName("goodTint")

	// ColourNone draws nothing.
	ColourNone = fyne.ThemeColorName("none")

	colourDisabledButton = theme.ColorNameDisabledButton
	colourPill           = fyne.ThemeColorName("pill")
	colourGroove         = fyne.ThemeColorName("groove")
)

// Names of the sizes of text: 22, 16, 14 and 12.
const (
	SizeTitle   = theme.SizeNameHeadingText
	SizeSection = theme.SizeNameSubHeadingText
	SizeBody    = theme.SizeNameText
	SizeNote    = theme.SizeNameCaptionText
)

// The grid, in Fyne's device-independent pixels.
const (
	Step       = 4
	Gap        = 8
	Margin     = 16
	MarginWide = 24
	// FormWidth is the most that a form is wide.
	FormWidth = 760
	// ControlHeight is the height of buttons and fields.
	ControlHeight = 36
	radius        = 8
	radiusSmall   = 6
)

// shades are a colour's light and dark value.
type shades struct{ light, dark uint32 }

// palette gives every colour as 0xRRGGBBAA.
var palette = map[fyne.ThemeColorName]shades{
	ColourGround:   {0xf6f7f9ff, 0x14171bff},
	ColourSurface:  {0xffffffff, 0x1c2026ff},
	ColourRaised:   {0xffffffff, 0x242a31ff},
	ColourLine:     {0xdde2e8ff, 0x2e353dff},
	ColourEdge:     {0x868f99ff, 0x6b7682ff},
	ColourText:     {0x1a1e23ff, 0xe7eaeeff},
	ColourQuiet:    {0x59636eff, 0x9ba6b2ff},
	ColourDisabled: {0x9aa3adff, 0x5e6873ff},
	ColourAccent:   {0x0f766eff, 0x2dd4bfff},
	ColourOnAccent: {0xffffffff, 0x0b1f1dff},
	ColourTint:     {0xe3f3f1ff, 0x123532ff},
	ColourHover:    {0x1a1e230f, 0xe7eaee12},
	ColourPressed:  {0x1a1e231f, 0xe7eaee24},

	ColourDanger:      {0xb4233cff, 0xff8093ff},
	ColourOnDanger:    {0xffffffff, 0x2a0c12ff},
	ColourDangerTint:  {0xfbe9ecff, 0x3a1d24ff},
	ColourWarning:     {0x9a5b00ff, 0xf2b84bff},
	ColourWarningTint: {0xfdf1ddff, 0x36290fff},
	ColourGood:        {0x177245ff, 0x5fd08aff},
	ColourGoodTint:    {0xe4f4ebff, 0x15331fff},
	ColourNone:        {0, 0},
	colourPill:        {0xe9edf1ff, 0x2e353dff},
	colourGroove:      {0xdde2e8ff, 0x343c45ff},

	theme.ColorNameButton:              {0xe9edf1ff, 0x2a3038ff},
	theme.ColorNameDisabledButton:      {0xeef1f4ff, 0x20252bff},
	theme.ColorNameFocus:               {0x0f766e40, 0x2dd4bf4d},
	theme.ColorNameForegroundOnWarning: {0xffffffff, 0x241a06ff},
	theme.ColorNameForegroundOnSuccess: {0xffffffff, 0x08200fff},
	theme.ColorNameHeaderBackground:    {0xf6f7f9ff, 0x242a31ff},
	theme.ColorNameHyperlink:           {0x0f766eff, 0x2dd4bfff},
	theme.ColorNameInputBackground:     {0xffffffff, 0x181c21ff},
	theme.ColorNameMenuBackground:      {0xffffffff, 0x242a31ff},
	theme.ColorNameOverlayBackground:   {0xffffffff, 0x242a31ff},
	theme.ColorNameScrollBar:           {0x59636e99, 0x9ba6b299},
	theme.ColorNameScrollBarBackground: {0xf6f7f900, 0x14171b00},
	theme.ColorNameSelection:           {0xbfe3dfff, 0x1d5550ff},
	theme.ColorNameShadow:              {0x1a1e2329, 0x00000066},
}

// lengths are sizes, in device-independent pixels.
var lengths = map[fyne.ThemeSizeName]float32{
	SizeTitle:   22,
	SizeSection: 16,
	SizeBody:    14,
	SizeNote:    12,

	theme.SizeNameInlineIcon:         18,
	theme.SizeNameInnerPadding:       9.5, // makes entries ControlHeight high
	theme.SizeNameInputRadius:        radiusSmall,
	theme.SizeNameSelectionRadius:    radiusSmall,
	theme.SizeNamePadding:            4,
	theme.SizeNameLineSpacing:        4,
	theme.SizeNameScrollBar:          10,
	theme.SizeNameScrollBarSmall:     4,
	theme.SizeNameScrollBarRadius:    4,
	theme.SizeNameSeparatorThickness: 1,
	theme.SizeNameInputBorder:        1,
}

// look is the window's theme.
type look struct {
	mode   Mode
	base   fyne.Theme
	fonts  map[fyne.TextStyle]fyne.Resource
	normal fyne.Resource
}

// NewTheme gives the window's colours, sizes, faces and icons. In mode System the
// variant is the one that Fyne found the desktop to have.
func NewTheme(mode Mode) fyne.Theme {
	sans := fyne.NewStaticResource("Inter-Regular.otf", assets.FontSans)
	return &look{
		mode:   mode,
		base:   theme.DefaultTheme(),
		normal: sans,
		fonts: map[fyne.TextStyle]fyne.Resource{
			{Bold: true}:                  fyne.NewStaticResource("Inter-SemiBold.otf", assets.FontSansBold),
			{Italic: true}:                fyne.NewStaticResource("Inter-Italic.otf", assets.FontSansItalic),
			{Monospace: true}:             fyne.NewStaticResource("JetBrainsMono-Regular.ttf", assets.FontMono),
			{Monospace: true, Bold: true}: fyne.NewStaticResource("JetBrainsMono-Bold.ttf", assets.FontMonoBold),
		},
	}
}

// Color looks a colour up; names that are not ours are Fyne's own.
func (l *look) Color(name fyne.ThemeColorName, variant fyne.ThemeVariant) color.Color {
	switch l.mode {
	case Light:
		variant = theme.VariantLight
	case Dark:
		variant = theme.VariantDark
	}
	s, ok := palette[name]
	switch {
	case !ok:
		return l.base.Color(name, variant)
	case variant == theme.VariantLight:
		return rgba(s.light)
	}
	return rgba(s.dark)
}

// Font gives the face for a style. There is no bold italic: bold is strong enough.
func (l *look) Font(style fyne.TextStyle) fyne.Resource {
	if style.Symbol {
		return l.base.Font(style)
	}
	key := fyne.TextStyle{Bold: style.Bold, Italic: style.Italic, Monospace: style.Monospace}
	if key.Bold || key.Monospace {
		key.Italic = false
	}
	if f, ok := l.fonts[key]; ok {
		return f
	}
	return l.normal
}

// Icon gives our drawing where we have one for Fyne's name.
func (l *look) Icon(name fyne.ThemeIconName) fyne.Resource {
	if ours, ok := standIns[name]; ok {
		return IconResource(ours)
	}
	return l.base.Icon(name)
}

// Size looks a size up; names that are not ours are Fyne's own.
func (l *look) Size(name fyne.ThemeSizeName) float32 {
	if s, ok := lengths[name]; ok {
		return s
	}
	return l.base.Size(name)
}

func rgba(v uint32) color.NRGBA {
	return color.NRGBA{R: uint8(v >> 24), G: uint8(v >> 16), B: uint8(v >> 8), A: uint8(v)}
}
