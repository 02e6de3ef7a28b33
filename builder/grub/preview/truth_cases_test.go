package preview_test

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/isowright/isowright/builder/grub/themes"
)

// picture is one picture of the suite: a menu on one screen of one GRUB.
type picture struct {
	// menu is the name of the file with the configuration, about what it shows.
	menu, about   string
	firmware      string // "bios" or "uefi"
	grub          string // "2.06" or "2.12"
	width, height int
	keys          []string
	// wait and until are what the serial line shows when the menu is there and
	// when it is to be photographed; left are the seconds of the countdown then,
	// blinks whether there is a cursor that does.
	wait, until string
	left        int
	blinks      bool
	// text is what stands in the edit screen or on the command line, where keys
	// were typed, with the cursor's place; nil: what the preview shows there.
	text        []string
	row, column int
	// differs is how many pixels are known to differ; docs/boot-menu.md says why.
	differs int
	files   fstest.MapFS
}

// name is that of the golden picture without ".png".
func (p picture) name() string {
	return fmt.Sprintf("%s_%s_%s_%dx%d", p.menu, p.grub, p.firmware, p.width, p.height)
}

const truthDir = "testdata/truth"

// typedFile holds a picture's text in a menu's file and is not on the medium.
const typedFile = "screen.txt"

// pictures reads the suite: one file a menu, in which a field with several
// words stands for a picture of each.
func pictures(t *testing.T) []picture {
	t.Helper()
	files, err := filepath.Glob(truthDir + "/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var all []picture
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		some, err := parseMenu(strings.TrimSuffix(filepath.Base(file), ".txtar"), archive)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all = append(all, some...)
	}
	return all
}

func parseMenu(name string, archive *txtar.Archive) ([]picture, error) {
	base := picture{menu: name, left: -1}
	fields := map[string]string{}
	for line := range strings.Lines(string(archive.Comment)) {
		line = strings.TrimSpace(line)
		if about, ok := strings.CutPrefix(line, "#"); ok {
			base.about = strings.TrimSpace(base.about + " " + strings.TrimSpace(about))
			continue
		}
		key, value, ok := strings.Cut(line, ":")
		if !ok {
			return nil, fmt.Errorf("odd line %q", line)
		}
		fields[key] = strings.TrimSpace(value)
	}
	base.keys, base.wait, base.until = strings.Fields(fields["keys"]), fields["wait"], fields["until"]
	base.blinks = fields["blinks"] == "yes"
	for key, values := range map[string][]any{"left": {&base.left}, "cursor": {&base.row, &base.column}, "differs": {&base.differs}} {
		if field, ok := fields[key]; ok {
			if _, err := fmt.Sscan(field, values...); err != nil {
				return nil, fmt.Errorf("%s: %w", key, err)
			}
		}
	}
	for _, f := range archive.Files {
		if f.Name == typedFile {
			base.text = strings.Split(strings.TrimSuffix(string(f.Data), "\n"), "\n")
		}
	}
	var all []picture
	for _, p := range spread(base, fields) {
		if _, err := fmt.Sscanf(fields["resolution"], "%dx%d", &p.width, &p.height); err != nil {
			return nil, fmt.Errorf("resolution: %w", err)
		}
		for resolution := range strings.FieldsSeq(fields["resolution"]) {
			if _, err := fmt.Sscanf(resolution, "%dx%d", &p.width, &p.height); err != nil {
				return nil, fmt.Errorf("resolution: %w", err)
			}
			var err error
			if p.files, err = mediumFiles(archive, strings.Fields(fields["assets"]), resolution); err != nil {
				return nil, err
			}
			if err = addTheme(p.files, fields["built"], p.width, p.height); err != nil {
				return nil, err
			}
			all = append(all, p)
		}
	}
	return all, nil
}

// spread gives a picture for each version and firmware.
func spread(base picture, fields map[string]string) (all []picture) {
	for version := range strings.FieldsSeq(fields["grub"]) {
		for firmware := range strings.FieldsSeq(fields["firmware"]) {
			p := base
			p.grub, p.firmware = version, firmware
			all = append(all, p)
		}
	}
	return all
}

// addTheme puts one of Isowright's themes on a medium, where a menu's file names
// one in the field "built", and a configuration that loads its fonts.
func addTheme(files fstest.MapFS, name string, width, height int) error {
	if name == "" {
		return nil
	}
	made, err := themes.Theme(name, themes.Options{Width: width, Height: height, Title: "Rescue system"})
	if err != nil {
		return err
	}
	var load strings.Builder
	for _, file := range slices.Sorted(maps.Keys(made)) {
		files["boot/grub/theme/"+file] = &fstest.MapFile{Data: made[file]}
		if strings.HasSuffix(file, ".pf2") {
			fmt.Fprintf(&load, "loadfont /boot/grub/theme/%s\n", file)
		}
	}
	files["boot/grub/theme/fonts.cfg"] = &fstest.MapFile{Data: []byte(load.String())}
	return nil
}

// mediumFiles puts the menu's own files and the trees of its assets together.
// "@resolution@" in the menu's texts stands for that of the picture.
func mediumFiles(archive *txtar.Archive, assets []string, resolution string) (fstest.MapFS, error) {
	files := fstest.MapFS{}
	for _, asset := range assets {
		tree := os.DirFS(path.Join(truthDir, "assets", asset))
		err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			data, err := fs.ReadFile(tree, name)
			files[name] = &fstest.MapFile{Data: data}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	for _, f := range archive.Files {
		if f.Name == typedFile {
			continue
		}
		text := strings.ReplaceAll(string(f.Data), "@resolution@", resolution)
		files[f.Name] = &fstest.MapFile{Data: []byte(text)}
	}
	return files, nil
}
