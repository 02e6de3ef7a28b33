package look_test

import (
	"archive/zip"
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/font/gofont/goregular"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/grub/themes"
	"github.com/isowright/isowright/builder/look"
)

// TestOwnThemesAreThoseOfTheDesign: the design's checks know every theme.
func TestOwnThemesAreThoseOfTheDesign(t *testing.T) {
	if got, want := design.OwnThemes(), themes.Names(); !slices.Equal(got, want) {
		t.Errorf("a design knows %q, there are %q", got, want)
	}
}

func own(name string) design.Design {
	return design.Design{Name: "Rescue", Distribution: "debian", Boot: design.Boot{Theme: "isowright:" + name}}
}

func of(t *testing.T, d design.Design) look.Theme {
	t.Helper()
	theme, err := look.Of(d)
	if err != nil {
		t.Fatal(err)
	}
	return theme
}

// same says whether two themes are the same bytes.
func same(a, b look.Theme) bool {
	return slices.EqualFunc(a.Names(), b.Names(), func(x, y string) bool { return x == y && bytes.Equal(a.Files[x], b.Files[y]) })
}

func TestOwnThemes(t *testing.T) {
	for _, name := range design.OwnThemes() {
		theme := of(t, own(name))
		if !strings.Contains(string(theme.Files["theme.txt"]), "Rescue") || len(theme.Fonts()) == 0 {
			t.Errorf("%s: no title or no font among %q", name, theme.Names())
		}
		if !same(theme, of(t, own(name))) {
			t.Errorf("%s: made twice it is not the same", name)
		}
	}
}

func TestTicksOfOwnThemes(t *testing.T) {
	dir := t.TempDir()
	picture := image.NewRGBA(image.Rect(0, 0, 32, 24))
	picture.Set(3, 3, color.RGBA{200, 10, 10, 255})
	var data bytes.Buffer
	if err := png.Encode(&data, picture); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "back.png"), data.Bytes())
	plain := of(t, own("calm-dark"))
	for name, change := range map[string]func(*design.Boot){
		"accent":     func(b *design.Boot) { b.Look.Accent = "#c02050" },
		"layout":     func(b *design.Boot) { b.Look.Layout = "left" },
		"resolution": func(b *design.Boot) { b.Resolution = "1920x1080x32,auto" },
		"title":      func(b *design.Boot) { b.Title = `Anna's "tools" \ 100%` },
		"background": func(b *design.Boot) { b.Background = "back.png" },
	} {
		d := own("calm-dark")
		d.Dir = dir
		change(&d.Boot)
		if same(plain, of(t, d)) {
			t.Errorf("%s changes nothing", name)
		}
	}
}

func TestTitle(t *testing.T) {
	for title, want := range map[string]string{"Rescue": "Rescue", `Anna's "tools"`: "Anna's \u201ctools\u201d", `19" rack`: "19\u201c rack", `""`: "\u201c\u201d"} {
		if got := look.Title(title); got != want {
			t.Errorf("%s: %s, want %s", title, got, want)
		}
	}
}

func TestNoTheme(t *testing.T) {
	if theme := of(t, design.Design{}); len(theme.Files)+len(theme.Fonts()) > 0 {
		t.Errorf("a theme out of nothing: %q", theme.Names())
	}
}

// TestFolderAndArchiveAreOne: both give the same theme, with its font.
func TestFolderAndArchiveAreOne(t *testing.T) {
	dir := t.TempDir()
	font, err := grub.Font(goregular.TTF, 14)
	if err != nil {
		t.Fatal(err)
	}
	files := map[string][]byte{
		"theme.txt": []byte("title-text: \"\"\n+ boot_menu {\n  left = 10%\n  top = 10%\n  width = 80%\n  height = 80%\n}\n"),
		"go 14.pf2": font, "install.sh": []byte("#!/bin/sh\n"),
	}
	var packed bytes.Buffer
	w := zip.NewWriter(&packed)
	for name, data := range files {
		if err := os.MkdirAll(filepath.Join(dir, "mine"), 0o755); err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, "mine", name), data)
		f, err := w.Create("mine/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write(data); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "mine.zip"), packed.Bytes())
	folder := of(t, design.Design{Dir: dir, Boot: design.Boot{Theme: "mine"}})
	archive := of(t, design.Design{Dir: dir, Boot: design.Boot{Theme: "mine.zip"}})
	if !same(folder, archive) {
		t.Errorf("folder %q, archive %q", folder.Names(), archive.Names())
	}
	if got, want := archive.Fonts(), []string{"/boot/grub/theme/go 14.pf2"}; !slices.Equal(got, want) {
		t.Errorf("fonts %q, want %q", got, want)
	}
	if !slices.ContainsFunc(archive.Notes, func(s string) bool { return strings.Contains(s, "install.sh") }) {
		t.Errorf("nothing of install.sh in %q", archive.Notes)
	}
}

// TestThemesThatCannotBe: each fault names its field.
func TestThemesThatCannotBe(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "bad.zip"), []byte("PK\x03\x04 and no more"))
	for name, files := range map[string]map[string]string{
		"lost":   {"theme.txt": "+ boot_menu {\n  nonsense\n"},
		"secret": {"theme.txt": "title-text: \"\"\n", "README": "-----BEGIN OPENSSH PRIVATE KEY-----\n"},
		"empty":  {"x.png": ""},
		"odd":    {"theme.txt": "title-text: \"\"\n", "README\n": ""},
	} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o755); err != nil {
			t.Fatal(err)
		}
		for file, text := range files {
			write(t, filepath.Join(dir, name, file), []byte(text))
		}
	}
	write(t, filepath.Join(dir, "notes.txt"), []byte("no picture"))
	for _, c := range []struct {
		boot        design.Boot
		field, want string
	}{
		{design.Boot{Theme: "bad.zip"}, "boot.theme", "bad.zip"},
		{design.Boot{Theme: "lost"}, "boot.theme", "text menu"},
		{design.Boot{Theme: "secret"}, "boot.theme", "private key"},
		{design.Boot{Theme: "odd"}, "boot.theme", "control character"},
		{design.Boot{Theme: "empty"}, "boot.theme", "no theme.txt"},
		{design.Boot{Theme: "isowright:none"}, "boot.theme", "no theme"},
		{design.Boot{Theme: "isowright:calm-dark", Resolution: "100x100"}, "boot.theme", "100x100"},
		{design.Boot{Theme: "isowright:calm-dark", Background: "notes.txt"}, "boot.background", "neither PNG nor JPEG"},
	} {
		_, err := look.Of(design.Design{Name: "x", Dir: dir, Boot: c.boot})
		var faults design.Problems
		if !errors.As(err, &faults) || faults[0].Field != c.field || !strings.Contains(faults[0].Text, c.want) || faults[0].Hint == "" {
			t.Errorf("%+v: %v, want %s: %s", c.boot, err, c.field, c.want)
		}
	}
}

func write(t *testing.T, name string, data []byte) {
	t.Helper()
	if err := os.WriteFile(name, data, 0o644); err != nil {
		t.Fatal(err)
	}
}
