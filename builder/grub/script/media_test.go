package script

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/isowright/isowright/builder/grub/scene"
)

// TestMedia runs the menus of the distributions' media, whose pictures package
// preview compares with GRUB's, down to the last entry: on both firmwares, with
// no other warnings than those that the real files deserve.
func TestMedia(t *testing.T) {
	// The file of Ubuntu runs grub_platform, that of NixOS hiddenentry and an
	// entry that is a lone return; neither command is GRUB's own.
	deserved := []string{"not in function body", `"grub_platform" is not a command`, "hiddenentry is not a command", "file \"(memdisk)"}
	files, err := filepath.Glob("../preview/testdata/truth/media-*.txtar")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d media, %v", len(files), err)
	}
	for _, file := range files {
		for _, platform := range []scene.Platform{scene.BIOS, scene.UEFI} {
			t.Run(fmt.Sprintf("%s-%s", filepath.Base(file), platform), func(t *testing.T) {
				m := runMedium(t, file, platform)
				entries := enterAll(t, m, 0)
				if entries < 3 {
					t.Errorf("the medium has %d entries in all", entries)
				}
				for _, w := range m.Warnings() {
					known := false
					for _, d := range deserved {
						known = known || strings.Contains(w.Text, d)
					}
					if !known {
						t.Error(w)
					}
				}
			})
		}
	}
}

func runMedium(t *testing.T, file string, platform scene.Platform) *Machine {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	// Fonts and pictures of the suite are stood in for: their content is not read.
	medium := fstest.MapFS{"boot/grub/fonts/unicode.pf2": {}, "boot/grub/font.pf2": {}}
	for _, f := range archive.Files {
		medium[f.Name] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(string(f.Data), "@resolution@", "1024x768"))}
	}
	m, err := Run(Options{Files: medium, Config: "boot/grub/grub.cfg", Platform: platform})
	if err != nil {
		t.Fatal(err)
	}
	if s := m.Scene(); !s.Graphics || len(s.Fonts) == 0 {
		t.Error("the menu is not on the graphic terminal")
	}
	return m
}

// enterAll runs every entry of the menu on the screen and of its submenus.
func enterAll(t *testing.T, m *Machine, depth int) int {
	t.Helper()
	entries := m.Scene().Entries
	n := len(entries)
	for i, e := range entries {
		out, err := m.Enter(i)
		if err != nil {
			t.Fatalf("%s: %v", e.Title, err)
		}
		if out == Opened {
			if !m.Scene().Nested {
				t.Errorf("%s is no submenu", e.Title)
			}
			n += enterAll(t, m, depth+1)
			m.Back()
		} else if e.Submenu && e.Title != "" {
			t.Errorf("the submenu %s opens nothing", e.Title)
		}
	}
	return n
}
