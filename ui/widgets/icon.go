package widgets

import (
	"bytes"
	"fmt"
	"path"
	"strings"
	"sync"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/theme"
	"fyne.io/fyne/v2/widget"

	"github.com/isowright/isowright/assets"
)

// standIns says which of our icons stands for which of Fyne's, so that its dialogs
// and menus speak the same language.
var standIns = map[fyne.ThemeIconName]string{
	theme.IconNameCancel:         "close",
	theme.IconNameConfirm:        "check",
	theme.IconNameDelete:         "trash",
	theme.IconNameSearch:         "search",
	theme.IconNameMenu:           "menu",
	theme.IconNameMenuExpand:     "next",
	theme.IconNameContentAdd:     "plus",
	theme.IconNameContentRemove:  "minus",
	theme.IconNameContentCopy:    "copy",
	theme.IconNameContentClear:   "close",
	theme.IconNameContentRedo:    "redo",
	theme.IconNameContentUndo:    "undo",
	theme.IconNameInfo:           "info",
	theme.IconNameQuestion:       "help",
	theme.IconNameWarning:        "warning",
	theme.IconNameError:          "error",
	theme.IconNameDocument:       "file",
	theme.IconNameDocumentSave:   "save",
	theme.IconNameMoreHorizontal: "more",
	theme.IconNameMediaPlay:      "play",
	theme.IconNameMediaStop:      "stop",
	theme.IconNameMoveDown:       "down",
	theme.IconNameMoveUp:         "up",
	theme.IconNameNavigateBack:   "back",
	theme.IconNameNavigateNext:   "next",
	theme.IconNameArrowDropDown:  "unfold",
	theme.IconNameArrowDropUp:    "fold",
	theme.IconNameFile:           "file",
	theme.IconNameFileImage:      "image",
	theme.IconNameFileText:       "file",
	theme.IconNameFolder:         "folder",
	theme.IconNameFolderOpen:     "open",
	theme.IconNameHelp:           "help",
	theme.IconNameHistory:        "history",
	theme.IconNameSettings:       "system",
	theme.IconNameStorage:        "disc",
	theme.IconNameViewRefresh:    "refresh",
	theme.IconNameVisibility:     "eye",
	theme.IconNameVisibilityOff:  "eyeoff",
	theme.IconNameDownload:       "download",
	theme.IconNameComputer:       "computer",
	theme.IconNameDesktop:        "computer",
	theme.IconNameAccount:        "person",
	theme.IconNameWindowClose:    "close",
}

// drawings keeps outlined icons by name: outlining one takes a fraction of a
// millisecond, and rows of a list ask for the same one again and again.
var drawings sync.Map

// IconResource gives the icon assets/icons/NAME.svg in the colour of text.
// theme.NewColoredResource and its sisters tint it. A name that does not exist is a
// mistake of the program: it panics.
func IconResource(name string) fyne.Resource {
	return theme.NewThemedResource(drawing(name))
}

// The scales at which drawings are outlined: fine enough for 512 pixels.
const (
	iconScale    = 32
	pictureScale = 4
)

// drawing is an icon as outlines, without a theme.
func drawing(name string) fyne.Resource {
	if r, ok := drawings.Load(name); ok {
		return r.(fyne.Resource)
	}
	src, err := assets.Icons.ReadFile("icons/" + name + ".svg")
	if err != nil {
		panic(fmt.Sprintf("no icon %q: %v", name, err))
	}
	svg, err := outline(src, iconScale)
	if err != nil {
		panic(fmt.Sprintf("icon %q: %v", name, err))
	}
	r := fyne.NewStaticResource(name+".svg", svg)
	drawings.Store(name, r)
	return r
}

// IconNames lists all icons, sorted, the application's own icon excepted.
func IconNames() []string {
	files, err := assets.Icons.ReadDir("icons")
	if err != nil {
		panic(err) // embedded: it is there
	}
	var names []string
	for _, f := range files {
		if name := strings.TrimSuffix(f.Name(), ".svg"); name != appIcon {
			names = append(names, name)
		}
	}
	return names
}

const appIcon = "isowright"

// AppIcon is the application's icon, in its own colours.
func AppIcon() fyne.Resource {
	src, err := assets.Icons.ReadFile("icons/" + appIcon + ".svg")
	if err != nil {
		panic(err) // embedded: it is there
	}
	svg, err := outline(src, 2)
	if err != nil {
		panic(err) // the tests drew it
	}
	return fyne.NewStaticResource(appIcon+".svg", svg)
}

// Glyph is an icon in one colour of the theme.
type Glyph struct {
	widget.BaseWidget
	name   string
	colour fyne.ThemeColorName
	size   float32
}

// Icon shows an icon, 18 units large, in the colour of text.
func Icon(name string) *Glyph {
	return newGlyph(name, ColourText, 18)
}

func newGlyph(name string, colour fyne.ThemeColorName, size float32) *Glyph {
	g := &Glyph{name: name, colour: colour, size: size}
	g.ExtendBaseWidget(g)
	return g
}

// Coloured gives the icon another colour of the theme.
func (g *Glyph) Coloured(colour fyne.ThemeColorName) *Glyph {
	g.colour = colour
	g.Refresh()
	return g
}

// Sized gives the icon another size, in device-independent pixels.
func (g *Glyph) Sized(size float32) *Glyph {
	g.size = size
	g.Refresh()
	return g
}

// SetIcon shows another icon; "" shows none.
func (g *Glyph) SetIcon(name string) {
	g.name = name
	g.Refresh()
}

// CreateRenderer makes the icon an image in the middle of its space.
func (g *Glyph) CreateRenderer() fyne.WidgetRenderer {
	img := &canvas.Image{FillMode: canvas.ImageFillContain}
	r := &renderer{objects: []fyne.CanvasObject{img}}
	r.min = func() fyne.Size { return fyne.NewSquareSize(g.size) }
	r.layout = func(size fyne.Size) {
		img.Resize(fyne.NewSquareSize(g.size))
		img.Move(fyne.NewPos((size.Width-g.size)/2, (size.Height-g.size)/2))
	}
	r.refresh = func() {
		img.Resource = nil
		if g.name != "" {
			img.Resource = theme.NewColoredResource(drawing(g.name), g.colour)
		}
		img.Hidden = g.name == ""
		r.layout(g.Size())
		img.Refresh()
	}
	r.refresh()
	return r
}

// picture is a drawing that takes on the colours of the theme: the light colours of
// the palette in it stand for their names.
type picture struct {
	name string
	src  []byte
}

// PictureResource gives the drawing assets/pictures/NAME.svg, which follows the
// theme. A name that does not exist is a mistake of the program: it panics.
func PictureResource(name string) fyne.Resource {
	src, err := assets.Pictures.ReadFile("pictures/" + name + ".svg")
	if err != nil {
		panic(fmt.Sprintf("no picture %q: %v", name, err))
	}
	svg, err := outline(src, pictureScale)
	if err != nil {
		panic(fmt.Sprintf("picture %q: %v", name, err))
	}
	return &picture{name: name, src: svg}
}

// PictureNames lists all pictures, sorted.
func PictureNames() []string {
	files, err := assets.Pictures.ReadDir("pictures")
	if err != nil {
		panic(err) // embedded: it is there
	}
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), path.Ext(f.Name())))
	}
	return names
}

// pictureColours are the colours that drawings may be made of.
var pictureColours = []fyne.ThemeColorName{
	ColourSurface, ColourLine, ColourEdge, ColourText, ColourQuiet, ColourAccent,
	ColourTint, ColourDanger, ColourWarning, ColourWarningTint, ColourGood,
}

// Name tells the looks apart, because Fyne keeps drawn pictures by name.
func (p *picture) Name() string {
	return fmt.Sprintf("%s-%s.svg", p.name, hex(theme.Color(ColourGround))[1:])
}

// Content is the drawing in the theme's present colours.
func (p *picture) Content() []byte {
	pairs := make([]string, 0, 2*len(pictureColours))
	for _, name := range pictureColours {
		pairs = append(pairs, hex(rgba(palette[name].light)), hex(theme.Color(name)))
	}
	var out bytes.Buffer
	if _, err := strings.NewReplacer(pairs...).WriteString(&out, string(p.src)); err != nil {
		panic(err) // a buffer takes everything
	}
	return out.Bytes()
}
