package grub

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/internal/need"
)

// lex reads a script as GRUB's lexer does, but for expansions: it fails on any
// that are not among the generator's own. Lines of words; ; counts as a line's
// end.
func lex(t *testing.T, text string) [][]string {
	t.Helper()
	var lines [][]string
	for line := range strings.Lines(text) {
		var words []string
		var word strings.Builder
		started, quoted := false, rune(0)
		end := func() {
			if started {
				words = append(words, word.String())
			}
			started = false
			word.Reset()
		}
		skip := false
		for _, r := range strings.TrimSuffix(line, "\n") {
			switch {
			case skip:
				word.WriteRune(r)
				skip = false
			case quoted != 0 && r == quoted:
				quoted = 0
			case quoted == '\'':
				word.WriteRune(r)
			case quoted == '"':
				if r == '\\' {
					t.Fatalf("backslash in double quotes: %s", line)
				}
				word.WriteRune(r)
			case r == '\\':
				started, skip = true, true
			case r == '\'' || r == '"':
				started, quoted = true, r
			case r == ' ' || r == ';':
				end()
			case r == '#' && !started:
				goto done
			case strings.ContainsRune("|&<>()`*?~", r) && !strings.Contains(line, "prefix=($root)"):
				t.Fatalf("unquoted %q: %s", r, line)
			default:
				started = true
				word.WriteRune(r)
			}
		}
	done:
		if quoted != 0 || skip {
			t.Fatalf("open quote: %s", line)
		}
		end()
		if len(words) > 0 {
			lines = append(lines, words)
		}
	}
	return lines
}

// compare checks a generated script against the model, word for word.
func compare(t *testing.T, m Menu, text string, loopback bool) {
	t.Helper()
	var want [][]string
	var walk func([]Entry)
	walk = func(entries []Entry) {
		for _, e := range entries {
			word := "menuentry"
			if e.Kind == Submenu {
				word = "submenu"
			}
			want = append(want, []string{word, e.Title, e.Class, e.Hotkey})
			if e.Kind == Linux {
				line := append([]string{"linux", e.Kernel}, e.Parameters...)
				if loopback {
					line = append(line, "findiso=${iso_path}")
				}
				want = append(want, line)
				if e.Initrd != "" {
					want = append(want, []string{"initrd", e.Initrd})
				}
			}
			walk(e.Entries)
		}
	}
	walk(m.Entries)
	var got [][]string
	for _, words := range lex(t, text) {
		switch words[0] {
		case "linux", "initrd":
			got = append(got, words)
		case "menuentry", "submenu":
			dashes := slices.Index(words, "--")
			if dashes < 0 || len(words) != dashes+3 || words[dashes+2] != "{" {
				t.Fatalf("odd line %q", words)
			}
			entry := []string{words[0], words[dashes+1], "", ""}
			for _, option := range words[1:dashes] {
				if value, ok := strings.CutPrefix(option, "--class="); ok {
					entry[2] = value
				}
				if value, ok := strings.CutPrefix(option, "--hotkey="); ok {
					entry[3] = value
				}
			}
			got = append(got, entry)
		}
	}
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Fatalf("got  %q\nwant %q", got, want)
	}
}

// scriptCheck lets GRUB's own parser read the script.
func scriptCheck(t *testing.T, text []byte) {
	t.Helper()
	need.Tools(t, "grub-script-check")
	file := filepath.Join(t.TempDir(), "grub.cfg")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("grub-script-check", file).CombinedOutput(); err != nil {
		t.Fatalf("grub-script-check: %v\n%s\n%s", err, out, text)
	}
}

func TestScripts(t *testing.T) {
	for name, m := range map[string]Menu{"plain": plainMenu(), "live": liveMenu(), "hostile": hostileMenu()} {
		t.Run(name, func(t *testing.T) {
			for i, make := range []func(Menu) ([]byte, error){Config, Loopback, Redirect} {
				text, err := make(m)
				if err != nil {
					t.Fatal(err)
				}
				scriptCheck(t, text)
				if i < 2 {
					compare(t, m, string(text), i == 1)
				}
				again, err := make(m)
				if err != nil || string(again) != string(text) {
					t.Fatal("the same menu gives other bytes")
				}
			}
		})
	}
}

// TestConfigGolden keeps the look of the files under review.
func TestConfigGolden(t *testing.T) {
	for file, make := range map[string]func(Menu) ([]byte, error){
		"grub.cfg": Config, "loopback.cfg": Loopback, "esp.cfg": Redirect,
	} {
		got, err := make(liveMenu())
		if err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", file)
		if os.Getenv("UPDATE_GOLDEN") == "1" {
			write(t, golden, got)
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if string(got) != string(want) {
			t.Errorf("%s differs (UPDATE_GOLDEN=1 renews it):\n%s", golden, got)
		}
	}
}

// TestDefaultIDs: no title may be taken for the default's ID, nor an ID for a
// number.
func TestDefaultIDs(t *testing.T) {
	m := liveMenu()
	m.Entries[0].Title, m.Entries[5].Title = "entry1", "entry-x"
	text, err := Config(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"set default='entry--1>entry--1-0'\n", "--id=entry--1 ", "--id=entry--1-0 "} {
		if !strings.Contains(string(text), want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}

func FuzzConfig(f *testing.F) {
	for _, text := range hostile {
		f.Add(text, "a="+text, "c")
	}
	f.Fuzz(func(t *testing.T, title, word, key string) {
		m := plainMenu()
		m.Entries[0].Class, m.Entries[0].Hotkey = title, key
		m.Entries[0].Parameters = []string{word}
		m.Entries = append(m.Entries, Entry{Title: title, Kind: Submenu, Entries: []Entry{{Title: title, Kind: PowerOff}}})
		text, err := Config(m)
		if err != nil {
			return
		}
		if strings.ContainsAny(title+word, "\n\r\x00") {
			t.Fatalf("control characters came through: %q %q", title, word)
		}
		compare(t, m, string(text), false)
	})
}
