package widgets

import (
	"fmt"
	"image"
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

// drawings gives each icon as outlines, made when it is first asked for.
var drawings = func() map[string]func() fyne.Resource {
	all := map[string]func() fyne.Resource{}
	for _, name := range IconNames() {
		all[name] = sync.OnceValue(func() fyne.Resource {
			svg, err := outline(iconSource(name), iconScale)
			if err != nil {
				panic(fmt.Sprintf("icon %q: %v", name, err)) // the tests drew it
			}
			return fyne.NewStaticResource(name+".svg", svg)
		})
	}
	return all
}()

// The scales at which drawings are outlined: an icon is shown with 96 pixels at most.
const (
	iconScale    = 4
	pictureScale = 3
)

// IconResource gives the icon assets/icons/NAME.svg in the colour of text.
// theme.NewColoredResource and its sisters tint it. A name that does not exist is a
// mistake of the program: it panics. Icon is quicker than Fyne's image of it.
func IconResource(name string) fyne.Resource {
	return theme.NewThemedResource(drawing(name))
}

// drawing is an icon as outlines, without a theme.
func drawing(name string) fyne.Resource {
	d, ok := drawings[name]
	if !ok {
		panic(fmt.Sprintf("no icon %q", name))
	}
	return d()
}

// iconSource is an icon as it was drawn.
func iconSource(name string) []byte {
	src, err := assets.Icons.ReadFile("icons/" + name + ".svg")
	if err != nil {
		panic(fmt.Sprintf("no icon %q: %v", name, err))
	}
	return src
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
	svg, err := outline(iconSource(appIcon), 2)
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

// CreateRenderer makes the icon a raster in the middle of its space.
func (g *Glyph) CreateRenderer() fyne.WidgetRenderer {
	raster := keptRaster(func() string { return g.name + hex(theme.ColorForWidget(g.colour, g)) },
		func(w, h int) image.Image { return paint(g.name, theme.ColorForWidget(g.colour, g), w, h) })
	r := &renderer{objects: []fyne.CanvasObject{raster}}
	r.min = func() fyne.Size { return fyne.NewSquareSize(g.size) }
	r.layout = func(size fyne.Size) {
		raster.Resize(fyne.NewSquareSize(g.size))
		raster.Move(fyne.NewPos((size.Width-g.size)/2, (size.Height-g.size)/2))
	}
	r.refresh = func() {
		r.layout(g.Size())
		raster.Refresh()
	}
	return r
}

// keptRaster is a raster that is drawn again only where key or the number of pixels
// changed. Fyne's image of an SVG reads the whole drawing at every refresh.
func keptRaster(key func() string, draw func(w, h int) image.Image) *canvas.Raster {
	var pixels image.Image
	last := ""
	return canvas.NewRaster(func(w, h int) image.Image {
		now := fmt.Sprint(key(), w, h)
		if pixels == nil || now != last {
			last, pixels = now, draw(w, h)
		}
		return pixels
	})
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
	return &picture{name: name, src: src}
}

// newPicture shows a resource in its proportions; our own drawings are painted
// directly, which is quicker.
func newPicture(res fyne.Resource) fyne.CanvasObject {
	p, ok := res.(*picture)
	if !ok {
		img := canvas.NewImageFromResource(res)
		img.FillMode = canvas.ImageFillContain
		return img
	}
	return keptRaster(p.Name, func(w, h int) image.Image { return paintColours(p.themed(), w, h) })
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

// Content is the drawing in the theme's present colours, as outlines.
func (p *picture) Content() []byte {
	svg, err := outline(p.themed(), pictureScale)
	if err != nil {
		panic(fmt.Sprintf("picture %q: %v", p.name, err)) // the tests drew it
	}
	return svg
}

// themed is the drawing in the theme's present colours.
func (p *picture) themed() []byte {
	pairs := make([]string, 0, 2*len(pictureColours))
	for _, name := range pictureColours {
		pairs = append(pairs, hex(rgba(palette[name].light)), hex(theme.Color(name)))
	}
	return []byte(strings.NewReplacer(pairs...).Replace(string(p.src)))
}
