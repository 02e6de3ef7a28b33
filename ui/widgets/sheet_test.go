package widgets

import (
	"image"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/container"
	"fyne.io/fyne/v2/test"
)

// lookEnv names a folder for pictures of everything, for people to look at.
const lookEnv = "ISOWRIGHT_PICTURES"

func nothing() {}

// iconSheet shows every icon, small and large.
func iconSheet() fyne.CanvasObject {
	var all []fyne.CanvasObject
	for _, name := range IconNames() {
		label := Note(name)
		label.align = fyne.TextAlignCenter
		all = append(all, Column(4,
			Row(4, Spring(), Icon(name), newGlyph(name, ColourAccent, 24), newGlyph(name, ColourText, 48), Spring()), label))
	}
	return Inset(16, 16, Cards(110, 12, all...))
}

// pictureSheet shows the pictures of templates and the application's icon.
func pictureSheet() fyne.CanvasObject {
	var all []fyne.CanvasObject
	for _, name := range PictureNames() {
		all = append(all, TapCard(PictureResource(name), name, "What this one is for, in a sentence that takes two lines.", nothing))
	}
	var icons []fyne.CanvasObject
	for _, size := range []float32{16, 24, 32, 48, 64, 128, 256} {
		img := canvas.NewImageFromResource(AppIcon())
		img.FillMode = canvas.ImageFillContain
		icons = append(icons, sized(img, size, size))
	}
	return Inset(16, 16, Column(16, Row(16, icons...), Cards(220, 16, all...)))
}

func sidebarItems() []SidebarItem {
	var items []SidebarItem
	add := func(group string, rows ...[3]string) {
		for _, r := range rows {
			items = append(items, SidebarItem{ID: r[0], Icon: r[0], Text: r[1], Group: group, Badge: r[2], Alarm: r[0] == "users"})
		}
	}
	add("Design", [3]string{"overview", "Overview"}, [3]string{"base", "Base"}, [3]string{"packages", "Packages", "84"},
		[3]string{"drivers", "Drivers", "2"}, [3]string{"system", "System"}, [3]string{"users", "Users & access", "1"},
		[3]string{"startup", "Start-up"}, [3]string{"bootmenu", "Boot menu"}, [3]string{"files", "Files & offline"})
	add("Deliver", [3]string{"build", "Build"}, [3]string{"try", "Try"}, [3]string{"flash", "Flash"}, [3]string{"history", "History", "12"})
	return items
}

// pageSheet is a whole window.
func pageSheet() fyne.CanvasObject {
	side := NewSidebar()
	side.SetItems(sidebarItems())
	side.Select("users")
	strip := NewStrip(Plain("Build", "build", nothing), Primary("Flash", "flash", nothing))
	strip.SetCells([]StripCell{
		{Label: "Base", Value: "NixOS 26.05, minimal"},
		{Label: "Packages", Value: "84"},
		{Label: "Estimated size", Value: "1.2 GB"},
		{Label: "Problems", Value: "1 problem", Kind: Failure, Tapped: nothing},
	})
	name := NewEntry()
	name.SetText("admin")
	host := NewEntry()
	host.SetText("rescue!")
	host.SetPlaceHolder("rescue")
	hostField := Field("Host name", "Letters, digits and hyphens.", host, Width(320))
	hostField.SetProblem("A host name has letters, digits and hyphens only; this one has “!”.")
	session := NewSelect(Options("None", "Plasma"), nil)
	session.SetValue("Plasma")
	root := NewCheck("May become root (member of wheel)", nil)
	root.SetValue(true)
	form := Form(
		Banner(Warning, "This design holds no way in: no user has a password or a key.", "Add a key", nothing),
		Field("Name", "Who logs in. It is shown nowhere else.", name),
		hostField,
		Field("Session", "", session, Width(320)),
		Column(0, root, NewCheck("Logs in by itself", nil)),
		Card("Public keys", "Taken over as they are; a private key is refused.", Row(8, Icon("key"), Fill(Mono("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJx7Qk2m3mVQ user@computer")), IconButton("trash", "Remove", nothing))),
	)
	page := Page("Users & access", "Who may log in, and how.", []fyne.CanvasObject{Plain("Add user", "plus", nothing)}, PageBody(form))
	return Frame(side, nil, strip, page)
}

// widgetSheet shows the small widgets in all their states.
func widgetSheet() fyne.CanvasObject {
	off := Plain("Disabled", "save", nothing)
	off.Disable()
	focus := Plain("Focused", "", nothing)
	focus.focused = true
	focus2 := Primary("Focused", "play", nothing)
	focus2.focused = true
	hover := Plain("Hovered", "", nothing)
	hover.hovered = true
	run := ProgressBar()
	run.SetValue(0.62)
	unknown := ProgressBar()
	unknown.unknown, unknown.shown = true, 0.5
	good := ProgressBar()
	good.SetValue(1)
	good.SetKind(Good)
	steps := Steps("Image", "Device", "Write and verify")
	steps.SetCurrent(1)
	chosen := TapCard(nil, "SanDisk Ultra, 32 GB", "USB 3, on /dev/sdb. It holds: Debian 13 live.", nothing)
	chosen.SetChosen(true)
	focused := TapCard(nil, "Kingston DataTraveler, 16 GB", "USB 2, on /dev/sdc. Empty.", nothing)
	focused.focused = true
	refused := TapCard(nil, "Samsung SSD 980, 1 TB", "Cannot be written: the running system is on it.", nothing)
	refused.Disable()
	return Inset(16, 24, Column(16,
		Title("Title of a page, which may be longer than the window is wide and then ends in an ellipsis, as here"),
		Section("Section"),
		Body("Body text wraps where the column ends. It is set in Inter at 14 units, with lines of 20: the quick brown fox jumps over the lazy dog, Größe, naïve, ½, 1.2 GB, and so on until there are two lines of it."),
		Note("Note: quiet, 12 units, wraps as well."),
		Mono("sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="),
		Row(8, Primary("Build", "build", nothing), Plain("Try it", "play", nothing), Danger("Erase and write", "flash", nothing), Link("Open folder", "folder", nothing), off, focus, focus2, hover,
			IconButton("undo", "Undo", nothing), IconButton("menu", "Menu", nothing)),
		Row(8, Pill("84", Neutral), Pill("new", Accent), Pill("written", Good), Pill("unfree", Warning), Pill("3 problems", Failure)),
		Banner(Neutral, "A draft of this design was found that is newer than the file.", "Restore it", nothing),
		Banner(Good, "Written and verified.", "", nothing),
		Banner(Warning, "The stick is slower than it says.", "", nothing),
		Banner(Failure, "The build failed: the archive has no package “gti”. Did you mean “git”?", "Go there", nothing),
		run, unknown, good,
		SizeBar([]SizePart{{0.4, "System 1.2 GB", Accent}, {0.2, "Offline 0.6 GB", Warning}, {0.05, "Boot 40 MB", Neutral}}),
		steps,
		Cards(220, 16, chosen, focused, refused),
		Separator(),
		sized(Empty("history", "Nothing was built yet. A build appears here with its log.", "Build", nothing), 600, 180),
	))
}

// TestSheets draws everything in both looks, and keeps the pictures where asked.
func TestSheets(t *testing.T) {
	sheets := []struct {
		name string
		make func() fyne.CanvasObject
		size fyne.Size
		// golden is the look whose picture is kept in testdata; System is none.
		golden Mode
	}{
		{"icons", iconSheet, fyne.NewSize(1280, 600), System},
		{"pictures", pictureSheet, fyne.NewSize(1280, 720), System},
		{"widgets", widgetSheet, fyne.NewSize(1024, 1000), Light},
		{"page", pageSheet, fyne.NewSize(1280, 800), System},
		{"page-small", pageSheet, fyne.NewSize(1024, 700), Dark},
	}
	folder := os.Getenv(lookEnv)
	for _, mode := range []Mode{Light, Dark} {
		for _, s := range sheets {
			name := s.name + map[Mode]string{Light: "-light", Dark: "-dark"}[mode]
			t.Run(name, func(t *testing.T) {
				c := drawn(t, mode, s.make, s.size)
				if s.golden == mode {
					test.AssertRendersToImage(t, name+".png", c)
				}
				if folder != "" {
					save(t, filepath.Join(folder, name+".png"), c)
				}
			})
		}
	}
}

// TestTwiceTheScale draws a window for a screen of 200 %: the same layout, twice the
// pixels.
func TestTwiceTheScale(t *testing.T) {
	c := drawn(t, Light, pageSheet, fyne.NewSize(1024, 700))
	c.(test.WindowlessCanvas).SetScale(2)
	if got := c.Capture().Bounds().Size(); got != image.Pt(2048, 1400) {
		t.Errorf("%v pixels", got)
	}
	if folder := os.Getenv(lookEnv); folder != "" {
		save(t, filepath.Join(folder, "page-twice.png"), c)
	}
}

// TestMarkup keeps the structure of the widgets that others build upon.
func TestMarkup(t *testing.T) {
	problem := Field("Host name", "Letters and digits.", NewEntry(), Width(200))
	problem.SetProblem("It is empty.")
	side := NewSidebar()
	side.SetItems([]SidebarItem{
		{ID: "base", Icon: "base", Text: "Base", Group: "Design"},
		{ID: "packages", Icon: "packages", Text: "Packages", Group: "Design", Badge: "84"},
		{ID: "flash", Icon: "flash", Text: "Flash", Group: "Deliver", Badge: "1", Alarm: true},
	})
	side.Select("packages")
	strip := NewStrip(Primary("Build", "build", nothing))
	strip.SetCells([]StripCell{{Label: "Problems", Value: "1 problem", Kind: Failure, Tapped: nothing}})
	for name, o := range map[string]fyne.CanvasObject{
		"field":   Form(problem),
		"sidebar": side,
		"strip":   strip,
		"banner":  Banner(Warning, "The stick is slow.", "Test it", nothing),
		"card":    Card("Keys", "Public ones.", Mono("ssh-ed25519 AAAA")),
	} {
		t.Run(name, func(t *testing.T) {
			c := drawn(t, Light, func() fyne.CanvasObject { return container.New(column{}, o) }, fyne.NewSize(600, 300))
			test.AssertRendersToMarkup(t, name+".xml", c)
		})
	}
}

// TestLookChangesWhileOpen goes from light to dark in an open window: it looks as if
// it had been opened dark.
func TestLookChangesWhileOpen(t *testing.T) {
	want := drawn(t, Dark, pageSheet, fyne.NewSize(1024, 700)).Capture()
	c := drawn(t, Light, pageSheet, fyne.NewSize(1024, 700))
	before := c.Capture()
	fyne.CurrentApp().Settings().SetTheme(NewTheme(Dark))
	test.ApplyTheme(t, NewTheme(Dark))
	got := c.Capture()
	if n := differing(want, got); n != 0 {
		t.Errorf("%d pixels are not as in a window that was opened dark", n)
	}
	if differing(before, got) == 0 {
		t.Error("nothing changed")
	}
}

// differing counts the pixels in which two pictures of one size differ.
func differing(a, b image.Image) int {
	n := 0
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			if a.At(x, y) != b.At(x, y) {
				n++
			}
		}
	}
	return n
}

// drawn shows an object in a window of a size and a look.
func drawn(t *testing.T, mode Mode, make func() fyne.CanvasObject, size fyne.Size) fyne.Canvas {
	t.Helper()
	settings := fyne.CurrentApp().Settings()
	settings.SetTheme(NewTheme(mode))
	t.Cleanup(func() { settings.SetTheme(NewTheme(Light)) })
	w := test.NewWindow(container.NewStack(newPanel(ColourGround, ColourNone, 0), make()))
	w.SetPadded(false)
	t.Cleanup(w.Close)
	w.Resize(size)
	return w.Canvas()
}

func save(t *testing.T, path string, c fyne.Canvas) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, c.Capture()); err != nil {
		t.Fatal(err)
	}
}
