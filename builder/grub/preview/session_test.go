package preview

import (
	"bytes"
	"io/fs"
	"os"
	"runtime"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/isowright/isowright/builder/grub/scene"
	"github.com/isowright/isowright/internal/need"
)

// gnuFont is GRUB's own font.
func gnuFont(t testing.TB) []byte {
	t.Helper()
	font, err := os.ReadFile("testdata/truth/assets/unicode/boot/grub/fonts/unicode.pf2")
	if os.IsNotExist(err) {
		font, err = os.ReadFile("/usr/share/grub/unicode.pf2")
	}
	need.NoError(t, err)
	return font
}

const sessionConfig = `
loadfont unicode
set gfxmode=800x600,auto
terminal_output gfxterm
set timeout=20
set default=b
menuentry a --hotkey=x { linux /vmlinuz; }
menuentry b --id b { true; }
submenu more { set default=1; menuentry c { true; }; submenu deeper { menuentry d { halt; }; }; }
menuentry other { configfile /boot/grub/other.cfg; }
`

func open(t testing.TB, config string, o Options) *Session {
	t.Helper()
	files := Files{"boot/grub/grub.cfg": []byte(config), "boot/grub/other.cfg": []byte("menuentry file { true; }\n")}
	o.Unicode = gnuFont(t)
	s, err := Open(files, "/boot/grub/grub.cfg", o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// press presses keys, and wants each to have done something.
func press(t *testing.T, s *Session, keys ...Key) {
	t.Helper()
	for _, k := range keys {
		if changed, err := s.Key(k); err != nil || !changed {
			t.Fatalf("key %s: changed %v, %v", k, changed, err)
		}
	}
}

func title(s *Session) string {
	sc := s.Scene()
	return sc.Entries[sc.Selected].Title
}

func TestKeys(t *testing.T) {
	s := open(t, sessionConfig, Options{Version: "2.12"})
	sc := s.Scene()
	if title(s) != "b" || sc.TimeoutLeft != 20 || sc.Width != 800 || sc.Height != 600 || !sc.Graphics || s.Default() != 1 {
		t.Fatalf("%+v", sc)
	}
	press(t, s, KeyUp)
	if title(s) != "a" || s.Scene().TimeoutLeft != -1 {
		t.Errorf("up: %+v", s.Scene())
	}
	if changed, _ := s.Key(KeyUp); changed {
		t.Error("up at the top did something")
	}
	press(t, s, KeyEnter)
	if s.Booted() != "a" || s.Depth() != 1 {
		t.Errorf("enter booted %q", s.Booted())
	}
	press(t, s, KeyPageDown, KeyHome, KeyEnd, KeyUp, KeyEnter)
	if title(s) != "deeper" || !s.Scene().Nested || s.Depth() != 2 {
		t.Errorf("submenu: %+v", s.Scene())
	}
	press(t, s, KeyEnter)
	if title(s) != "d" || s.Depth() != 3 {
		t.Errorf("deeper: %+v", s.Scene())
	}
	press(t, s, KeyEscape, KeyEscape)
	if title(s) != "b" || s.Scene().Nested {
		t.Error("a menu shows its default again when a submenu is left")
	}
	press(t, s, "x")
	if s.Booted() != "a" {
		t.Error("the hot key started", s.Booted())
	}
	press(t, s, KeyEnd, KeyEnter)
	if title(s) != "file" {
		t.Error("configfile shows", title(s))
	}
}

func TestEditAndConsole(t *testing.T) {
	s := open(t, sessionConfig, Options{})
	press(t, s, KeyEdit, KeyEnd, " ", "é", KeyEnter, "z", KeyUp, KeyDown, KeyHome, KeyRight, KeyLeft, KeyDelete, KeyBackspace)
	sc := s.Scene()
	if sc.State != scene.Edit || sc.Text[0] != "setparams 'b' é" || sc.Text[1] != " true; " || sc.CursorRow != 0 || sc.CursorColumn != 15 {
		t.Errorf("%q at %d,%d", sc.Text, sc.CursorRow, sc.CursorColumn)
	}
	press(t, s, KeyEscape, KeyConsole)
	for _, k := range "echo $default" {
		press(t, s, Key(string(k)))
	}
	press(t, s, KeyEnter)
	if sc = s.Scene(); sc.State != scene.Console || strings.Join(sc.Text, "|") != "grub> echo $default|b|grub> " || sc.CursorColumn != 6 {
		t.Errorf("%q", sc.Text)
	}
	if changed, _ := s.Key(KeyBackspace); changed && s.Scene().Text[2] != prompt {
		t.Error("the prompt was removed")
	}
}

func TestHidden(t *testing.T) {
	s := open(t, "set timeout_style=hidden\n"+sessionConfig, Options{})
	if s.Scene().State != scene.Black {
		t.Error("the menu shows by itself")
	}
	if changed, _ := s.Key(KeyDown); changed {
		t.Error("a key that is not Esc did something")
	}
	press(t, s, KeyEscape)
	if s.Scene().State != scene.Menu || s.Scene().TimeoutLeft != -1 {
		t.Errorf("%+v", s.Scene())
	}
}

func TestSteering(t *testing.T) {
	s := open(t, sessionConfig, Options{Platform: scene.UEFI, Width: 640, Height: 480})
	if err := s.Submenu("more>deeper"); err != nil || title(s) != "d" {
		t.Errorf("%v %s", err, title(s))
	}
	for _, bad := range []string{"nope", "7"} {
		if err := s.Submenu(bad); err == nil || !strings.Contains(err.Error(), bad) {
			t.Errorf("%s: %v", bad, err)
		}
	}
	if err := s.Select("0"); err != nil {
		t.Error(err)
	}
	s.SetTimeout(7)
	if s.Scene().TimeoutLeft != 7 || s.Scene().Width != 640 {
		t.Errorf("%+v", s.Scene())
	}
}

// TestRenderIsSession: the session's caches change no pixel.
func TestRenderIsSession(t *testing.T) {
	for _, config := range []string{sessionConfig, "menuentry a { true; }\n", themed} {
		files := themedMedium(t, config)
		s, err := Open(files, "boot/grub/grub.cfg", Options{Width: 800, Height: 600})
		if err != nil {
			t.Fatal(err)
		}
		for _, k := range []Key{KeyDown, KeyDown, KeyUp, KeyEdit, "x", KeyEscape, KeyConsole, KeyEscape, KeyEnd} {
			if _, err := s.Key(k); err != nil {
				t.Fatal(err)
			}
			if got, want := s.Image(), Render(s.Scene()); !bytes.Equal(got.Pix, want.Pix) {
				t.Errorf("after %s the session's picture is not that of its scene", k)
			}
		}
	}
}

const themed = `loadfont unicode
set gfxmode=1920x1080
terminal_output gfxterm
set theme=/boot/grub/theme/theme.txt
set timeout=-1
for i in 1 2 3 4 5 6 7 8 9; do menuentry "Entry $i" --class debian { true; }; done
`

// themedMedium has Debian's theme starfield where the suite has it.
func themedMedium(t testing.TB, config string) fs.FS {
	files := fstest.MapFS{"boot/grub/grub.cfg": {Data: []byte(config)}, "boot/grub/fonts/unicode.pf2": {Data: gnuFont(t)}}
	tree := os.DirFS("testdata/truth/assets/starfield")
	err := fs.WalkDir(tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		data, err := fs.ReadFile(tree, name)
		if i := strings.LastIndex(name, "starfield/"); i >= 0 {
			name = "boot/grub/theme/" + name[i+len("starfield/"):]
		}
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// TestFiles: a medium in memory is a file system.
func TestFiles(t *testing.T) {
	if err := fstest.TestFS(Files{"a/b/c": []byte("x"), "a/d": nil, "e": []byte("yy")}, "a/b/c", "a/d", "e"); err != nil {
		t.Error(err)
	}
}

func TestOpenRefuses(t *testing.T) {
	if _, err := Open(Files{}, "boot/grub/grub.cfg", Options{}); err == nil {
		t.Error("a menu that is not there")
	}
	if _, err := Open(Files{"g": nil}, "g", Options{Width: 1 << 20, Height: 1}); err == nil {
		t.Error("a screen that is too large")
	}
}

func benchmarkScene(b *testing.B) (fs.FS, *Session) {
	files := themedMedium(b, themed)
	s, err := Open(files, "boot/grub/grub.cfg", Options{Width: 1920, Height: 1080})
	if err != nil {
		b.Fatal(err)
	}
	if s.renderer.shown(s.Scene()) == nil {
		b.Fatal("the theme is not shown")
	}
	return files, s
}

// BenchmarkKey is one key stroke with a theme at 1920x1080.
func BenchmarkKey(b *testing.B) {
	_, s := benchmarkScene(b)
	s.Image()
	keys := []Key{KeyDown, KeyUp}
	for i := 0; b.Loop(); i++ {
		if _, err := s.Key(keys[i%2]); err != nil {
			b.Fatal(err)
		}
		s.Image()
	}
}

// BenchmarkKeyText is the same in the text menu over a picture.
func BenchmarkKeyText(b *testing.B) {
	s := open(b, strings.Replace(sessionConfig, "800x600", "1920x1080", 1), Options{})
	s.Image()
	keys := []Key{KeyDown, KeyUp}
	for i := 0; b.Loop(); i++ {
		if _, err := s.Key(keys[i%2]); err != nil {
			b.Fatal(err)
		}
		s.Image()
	}
}

// BenchmarkCold is everything from the files to the first picture, and how much
// memory such a session keeps.
func BenchmarkCold(b *testing.B) {
	files, _ := benchmarkScene(b)
	var last *Session
	before := liveHeap()
	for b.Loop() {
		s, err := Open(files, "boot/grub/grub.cfg", Options{Width: 1920, Height: 1080})
		if err != nil {
			b.Fatal(err)
		}
		s.Image()
		last = s
	}
	b.ReportMetric(float64(liveHeap()-before)/(1<<20), "MiB-kept")
	runtime.KeepAlive(last)
}

// liveHeap is the memory in use, in bytes.
func liveHeap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
