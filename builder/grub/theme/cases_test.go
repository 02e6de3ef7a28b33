package theme

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/isowright/isowright/builder/grub/scene"
	"github.com/isowright/isowright/builder/grub/term"
	"github.com/rogpeppe/go-internal/txtar"
)

// gcase is one picture: a theme in a scene, from testdata/cases.
type gcase struct {
	name          string
	platform      scene.Platform
	width, height int
	fonts         []string // files below testdata/fonts, or unicode
	entries       []scene.Entry
	timeout       int // seconds, -1: none
	selected      int
	top           int    // the entry at the top before the last key
	keys          string // pressed before the picture is taken
	state         scene.State
	after         string // seconds to wait before the picture is taken
	icondir       bool
	theme         []byte
	extra         []string // lines of grub.cfg
}

// loadCases reads the cases: a header of "name: value" lines, then theme.txt.
func loadCases(t testing.TB) []gcase {
	t.Helper()
	names, err := filepath.Glob("testdata/cases/*.txtar")
	if err != nil || len(names) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	sort.Strings(names)
	var all []gcase
	for _, name := range names {
		a, err := txtar.ParseFile(name)
		if err != nil {
			t.Fatal(err)
		}
		c := gcase{name: strings.TrimSuffix(filepath.Base(name), ".txtar"), platform: scene.BIOS,
			width: 640, height: 480, timeout: -1, fonts: []string{"unicode"}}
		for line := range strings.Lines(string(a.Comment)) {
			key, value, ok := strings.Cut(strings.TrimSpace(line), ": ")
			if !ok {
				continue
			}
			if err := c.set(key, value); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		for _, f := range a.Files {
			if f.Name == "theme.txt" {
				c.theme = f.Data
			}
		}
		if len(c.entries) == 0 {
			c.entries = entriesOf("Debian GNU/Linux|debian,os;Memory test|mem;Firmware|fw;Windows|none")
		}
		all = append(all, c)
	}
	return all
}

// set takes a line of the header.
func (c *gcase) set(key, value string) (err error) {
	switch key {
	case "res":
		_, err = fmt.Sscanf(value, "%dx%d", &c.width, &c.height)
	case "mode":
		if value == "uefi" {
			c.platform = scene.UEFI
		}
	case "fonts":
		c.fonts = strings.Fields(value)
	case "entries":
		c.entries = entriesOf(value)
	case "many":
		n, err := strconv.Atoi(value)
		if err != nil {
			return err
		}
		for i := range n {
			c.entries = append(c.entries, scene.Entry{Title: fmt.Sprintf("Entry number %d", i), Classes: []string{[]string{"debian", "mem", "none"}[i%3]}})
		}
	case "timeout":
		c.timeout, err = strconv.Atoi(value)
	case "selected":
		c.selected, err = strconv.Atoi(value)
	case "keys":
		c.keys = value
	case "state":
		c.state = map[string]scene.State{"edit": scene.Edit, "console": scene.Console}[value]
	case "top":
		c.top, err = strconv.Atoi(value)
	case "after":
		c.after = value
	case "icondir":
		c.icondir = true
	case "extra":
		c.extra = append(c.extra, value)
	default:
		err = fmt.Errorf("unknown %q", key)
	}
	return err
}

// entriesOf reads "title|class,class;title|class".
func entriesOf(s string) []scene.Entry {
	var all []scene.Entry
	for one := range strings.SplitSeq(s, ";") {
		title, classes, _ := strings.Cut(one, "|")
		e := scene.Entry{Title: title, Source: "true\n"}
		if classes != "" {
			e.Classes = strings.Split(classes, ",")
		}
		all = append(all, e)
	}
	return all
}

// config is the grub.cfg that makes the scene.
func (c gcase) config() string {
	var b strings.Builder
	for _, f := range c.fonts {
		fmt.Fprintf(&b, "loadfont $prefix/fonts/%s.pf2\n", f)
	}
	fmt.Fprintf(&b, "set gfxterm_font=\"Unifont Regular 16\"\nset gfxmode=%dx%d\nterminal_output gfxterm\nset theme=$prefix/theme/theme.txt\n", c.width, c.height)
	if c.icondir {
		b.WriteString("set icondir=$prefix/icons\n")
	}
	fmt.Fprintf(&b, "set timeout=%d\nset default=%d\n", c.timeout, c.selected)
	for _, l := range c.extra {
		b.WriteString(l + "\n")
	}
	for _, e := range c.entries {
		fmt.Fprintf(&b, "menuentry %q", e.Title)
		for _, class := range e.Classes {
			fmt.Fprintf(&b, " --class %s", class)
		}
		b.WriteString(" {\ntrue\n}\n")
	}
	return b.String()
}

// files are what GRUB sees below its prefix.
func (c gcase) files(t testing.TB) fstest.MapFS {
	t.Helper()
	m := fstest.MapFS{"theme/theme.txt": {Data: c.theme}}
	for name, data := range pictures(t) {
		m["theme/"+name] = &fstest.MapFile{Data: data}
	}
	m["icons/none.png"] = &fstest.MapFile{Data: m["theme/icons/debian.png"].Data}
	for _, f := range c.fonts {
		path := "testdata/fonts/" + f + ".pf2"
		if f == "unicode" {
			path = unicodeFont
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		m["fonts/"+f+".pf2"] = &fstest.MapFile{Data: data}
	}
	return m
}

// unicodeFont comes with grub-common.
const unicodeFont = "/usr/share/grub/unicode.pf2"

// scene is what the case shows.
func (c gcase) scene(files fs.FS) scene.Scene {
	s := scene.Scene{Platform: c.platform, Width: c.width, Height: c.height, Version: "2.06-13+deb12u2", Files: files, Graphics: true,
		Vars:    map[string]string{"theme": "/theme/theme.txt", "gfxterm_font": "Unifont Regular 16"},
		Entries: c.entries, Selected: c.selected, Top: c.top, TimeoutLeft: c.timeout, Timeout: c.timeout, State: c.state}
	switch c.state {
	case scene.Edit:
		s.Text = []string{"setparams '" + c.entries[c.selected].Title + "'", "", "true"}
	case scene.Console:
		s.Text, s.CursorColumn = []string{term.Prompt}, len(term.Prompt)
	}
	for _, f := range c.fonts {
		s.Fonts = append(s.Fonts, "fonts/"+f+".pf2")
	}
	if c.icondir {
		s.Vars["icondir"] = "/icons"
	}
	for key := range strings.SplitSeq(c.keys, ",") {
		switch key {
		case "down":
			s.Selected = min(s.Selected+1, len(s.Entries)-1)
		case "up":
			s.Selected = max(s.Selected-1, 0)
		case "pgdn":
			s.Selected = min(s.Selected+10, len(s.Entries)-1)
		case "end":
			s.Selected = len(s.Entries) - 1
		default:
			continue
		}
		s.TimeoutLeft = -1
	}
	return s
}

// TestWriteCases writes every case as a folder for the program that takes the
// pictures of real GRUB, if a folder is named.
func TestWriteCases(t *testing.T) {
	out := os.Getenv("ISOWRIGHT_THEME_CASES")
	if out == "" {
		return
	}
	for _, c := range loadCases(t) {
		dir := filepath.Join(out, c.name)
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
		if err := os.CopyFS(filepath.Join(dir, "assets"), c.files(t)); err != nil {
			t.Fatal(err)
		}
		mode := "bios"
		if c.platform == scene.UEFI {
			mode = "uefi"
		}
		args := fmt.Sprintf("--mode %s --res %dx%d", mode, c.width, c.height)
		if c.keys != "" {
			args += " --keys " + c.keys
		}
		if c.after != "" {
			args += " --after " + c.after
		}
		for name, data := range map[string]string{"grub.cfg": c.config(), "args": args} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}
