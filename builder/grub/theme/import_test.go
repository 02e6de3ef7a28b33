package theme

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/grub/gfx"
	"github.com/ulikunitz/xz"
)

const importedText = `# a theme
title-text: ""
desktop-image: "back.jpg"
+ boot_menu { width = 80% height = 80% item_pixmap_style = "item_*.gif" icon_width = 32 } # item_c.gif
+ image { file = "./sub/deep.png" }
+ image { file = "grey.PNG" }
`

// foreign is a theme with every kind of picture that GRUB would not show.
func foreign(t testing.TB) map[string][]byte {
	t.Helper()
	font, err := os.ReadFile("testdata/fonts/go-14.pf2")
	if err != nil {
		t.Fatal(err)
	}
	picture := drawn(20, 10, color.NRGBA{90, 40, 20, 255}, false)
	grey, deep := image.NewGray(picture.Bounds()), image.NewNRGBA64(picture.Bounds())
	clear := image.NewPaletted(picture.Bounds(), color.Palette{color.NRGBA{}, color.NRGBA{200, 10, 10, 255}})
	for y := range 10 {
		for x := range 20 {
			grey.Set(x, y, picture.At(x, y))
			deep.Set(x, y, picture.At(x, y))
			clear.SetColorIndex(x, y, uint8(x&1))
		}
	}
	encode := func(write func(*bytes.Buffer) error) []byte {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	asPNG := func(m image.Image) []byte {
		return encode(func(b *bytes.Buffer) error { return png.Encode(b, m) })
	}
	return map[string][]byte{
		"Nice/theme.txt":        []byte(importedText),
		"Nice/back.jpg":         encode(func(b *bytes.Buffer) error { return jpeg.Encode(b, picture, nil) }),
		"Nice/item_c.gif":       encode(func(b *bytes.Buffer) error { return gif.Encode(b, picture, nil) }),
		"Nice/sub/deep.png":     asPNG(deep),
		"Nice/grey.PNG":         asPNG(grey),
		"Nice/icons/linux.png":  asPNG(clear),
		"Nice/icons/plain.png":  asPNG(picture),
		"Nice/icons/broken.png": []byte("no picture"),
		"Nice/a.pf2":            font,
		"Nice/b.pf2":            []byte("FILE"),
		"Nice/a.ttf":            []byte("x"),
		"Nice/LICENSE":          []byte("free"),
		"install.sh":            []byte("rm -rf /"),
		"Nice/install.sh":       []byte("rm -rf /"),
	}
}

func TestImport(t *testing.T) {
	files := foreign(t)
	got, err := Import(files)
	if err != nil {
		t.Fatal(err)
	}
	if got.Name != "Nice" || got.Fonts["a.pf2"] != "Go Regular 14" || len(got.Problems) != 0 {
		t.Errorf("name %q, fonts %v, problems %v", got.Name, got.Fonts, got.Problems)
	}
	want := []string{"LICENSE", "a.pf2", "back.png", "grey.png", "icons/linux.png", "icons/plain.png", "item_c.png", "sub/deep.png", "theme.txt"}
	if names := memory(got.Files).names(); !slices.Equal(names, want) {
		t.Errorf("files %v, want %v", names, want)
	}
	text := strings.NewReplacer("back.jpg", "back.png", `"item_*.gif"`, `"item_*.png"`, "grey.PNG", "grey.png").Replace(importedText)
	if string(got.Files["theme.txt"]) != text {
		t.Errorf("theme.txt is\n%s", got.Files["theme.txt"])
	}
	for name, data := range got.Files {
		if strings.HasSuffix(name, ".png") {
			if _, err := gfx.Read(name, data); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	clear, _ := gfx.Read("x.png", got.Files["icons/linux.png"])
	if clear.NRGBAAt(0, 0).A != 0 || clear.NRGBAAt(1, 0) != (color.NRGBA{200, 10, 10, 255}) {
		t.Error("the palette's transparency is lost")
	}
	if !bytes.Equal(got.Files["icons/plain.png"], files["Nice/icons/plain.png"]) {
		t.Error("a picture that GRUB shows was written anew")
	}
	notes := strings.Join(got.Notes, "\n")
	for _, name := range []string{"a.ttf", "b.pf2", "back.jpg became back.png", "icons/broken.png is left out", "install.sh", "sub/deep.png was written anew", "icons/linux.png was"} {
		if !strings.Contains(notes, name) {
			t.Errorf("no note on %s in\n%s", name, notes)
		}
	}
}

// entry is a member of a test's archive.
type entry struct{ name, link, data string }

func tarred(t testing.TB, pack string, entries []entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for _, e := range entries {
		h := &tar.Header{Name: e.name, Mode: 0o644, Size: int64(len(e.data)), Linkname: e.link, Typeflag: tar.TypeReg}
		if e.link != "" {
			h.Typeflag = tar.TypeSymlink
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(e.data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	var err error
	switch pack {
	case "gz":
		z := gzip.NewWriter(&out)
		_, err = z.Write(b.Bytes())
		err = errors.Join(err, z.Close())
	case "xz":
		z, xerr := xz.NewWriter(&out)
		if xerr != nil {
			t.Fatal(xerr)
		}
		_, err = z.Write(b.Bytes())
		err = errors.Join(err, z.Close())
	default:
		return b.Bytes()
	}
	if err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func zipped(t testing.TB, entries []entry) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate}
		data := e.data
		if e.link != "" {
			h.SetMode(os.ModeSymlink | 0o777)
			data = e.link
		}
		f, err := w.CreateHeader(h)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(data)); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestImportArchives(t *testing.T) {
	icon := string(foreign(t)["Nice/icons/plain.png"])
	entries := []entry{{name: "./a/theme.txt", data: "title-text: \"x\"\n"}, {name: "./a/icons/debian.png", data: icon},
		{name: "./a/icons/ubuntu.png", link: "debian.png"}, {name: "./a/icons/mint.png", link: "../icons/ubuntu.png"}}
	for kind, data := range map[string][]byte{"tar": tarred(t, "", entries), "tar.gz": tarred(t, "gz", entries),
		"tar.xz": tarred(t, "xz", entries), "zip": zipped(t, entries)} {
		file := filepath.Join(t.TempDir(), "theme."+kind)
		if err := os.WriteFile(file, data, 0o644); err != nil {
			t.Fatal(err)
		}
		got, err := ImportPath(file)
		if err != nil {
			t.Errorf("%s: %v", kind, err)
			continue
		}
		if got.Name != "a" || string(got.Files["icons/mint.png"]) != icon || len(got.Files) != 4 {
			t.Errorf("%s: %s has %v", kind, got.Name, memory(got.Files).names())
		}
	}
}

func TestImportRefuses(t *testing.T) {
	text := entry{name: "theme.txt", data: "title-text: \"x\"\n"}
	for _, c := range []struct {
		entries []entry
		want    string
	}{
		{[]entry{text, {name: "../../etc/passwd", data: "x"}}, "leads out of the archive"},
		{[]entry{text, {name: "/etc/passwd", data: "x"}}, "leads out of the archive"},
		{[]entry{text, {name: "a.png", link: "../../etc/passwd"}}, "leads out of the archive"},
		{[]entry{text, {name: "a.png", link: "/etc/passwd"}}, "leads out of the archive"},
		{[]entry{{name: "readme", data: "x"}}, "there is no theme.txt"},
		{[]entry{{name: "a/theme.txt"}, {name: "b/theme.txt"}}, "several themes"},
		{[]entry{text, {name: "a.png", data: string(foreign(t)["Nice/icons/plain.png"])}, {name: "a.gif", data: string(foreign(t)["Nice/item_c.gif"])}}, "both become a.png"},
	} {
		for kind, data := range map[string][]byte{"tar": tarred(t, "gz", c.entries), "zip": zipped(t, c.entries)} {
			file := filepath.Join(t.TempDir(), "x")
			if err := os.WriteFile(file, data, 0o644); err != nil {
				t.Fatal(err)
			}
			if _, err := ImportPath(file); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%s of %v: %v, want %s", kind, c.entries, err, c.want)
			}
		}
	}
	if _, err := Unpack([]byte("this is no archive at all")); err == nil || !strings.Contains(err.Error(), "tar.gz") {
		t.Errorf("no archive: %v", err)
	}
}

// TestImportFolder has links in a folder: those that lead out are left out.
func TestImportFolder(t *testing.T) {
	dir := t.TempDir()
	secret := filepath.Join(t.TempDir(), "secret.png")
	for name, data := range map[string][]byte{secret: foreign(t)["Nice/icons/plain.png"], filepath.Join(dir, "theme.txt"): []byte("title-text: \"x\"\n")} {
		if err := os.WriteFile(name, data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink(secret, filepath.Join(dir, "out.png")); err != nil {
		t.Fatal(err)
	}
	got, err := ImportPath(dir)
	if err != nil || len(got.Files) != 1 {
		t.Errorf("%v, %v", got, err)
	}
}

// FuzzUnpack reads anything as an archive and imports what is in it.
func FuzzUnpack(f *testing.F) {
	entries := []entry{{name: "a/theme.txt", data: importedText}, {name: "a/b.png", link: "c.png"}, {name: "a/c.png", link: "b.png"}}
	f.Add(tarred(f, "", entries))
	f.Add(tarred(f, "gz", entries))
	f.Add(tarred(f, "xz", entries))
	f.Add(zipped(f, entries))
	f.Fuzz(func(t *testing.T, data []byte) {
		files, err := Unpack(data)
		if err != nil {
			return
		}
		for name := range files {
			if clean, err := inside(name); err != nil || clean != name {
				t.Fatalf("%q is no name within the archive", name)
			}
		}
		if _, err := Import(files); err != nil {
			return
		}
	})
}
