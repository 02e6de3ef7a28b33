package assets

import "embed"

// The window's faces: Inter 3.19 for text (SemiBold stands for bold) and JetBrains
// Mono 2.242 for logs, keys and code, unchanged, under the SIL Open Font Licence 1.1
// that lies beside them.
var (
	//go:embed fonts/Inter-Regular.otf
	FontSans []byte
	//go:embed fonts/Inter-SemiBold.otf
	FontSansBold []byte
	//go:embed fonts/Inter-Italic.otf
	FontSansItalic []byte
	//go:embed fonts/JetBrainsMono-Regular.ttf
	FontMono []byte
	//go:embed fonts/JetBrainsMono-Bold.ttf
	FontMonoBold []byte
)

// Icons are the window's icons, icons/NAME.svg: 24 units square, strokes of 1.75
// units in one colour. isowright.svg among them is the application's own icon and
// has colours.
//
//go:embed icons/*.svg
var Icons embed.FS

// Pictures are the drawings on the cards of templates, pictures/NAME.svg, 320 by 160
// units, in the colours of the light theme.
//
//go:embed pictures/*.svg
var Pictures embed.FS
