package source

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
	"unicode/utf8"
)

// hostile are texts that mean something to Nix, shells, menus or terminals.
var hostile = []string{
	"", "a", `"`, `\`, `\\`, `\"`, "$", "${", "${x}", "$${x}", "$$${x}", `\${x}`, "''", "'''", "''''", "'''''", "''${x}", "'${x}", "'$", "''$", `''\n`, `''\`,
	"'", "x'", "x''", "''x", "a''b'c'''d", "$''", "$'", "$''{", "{$}", "${''}", "''${''}", "}", "in", "let x = 1; in x",
	"a\nb", "a\nb\n", "\n", "\n\n", "\na", " a\n b", "  a\n b\n   c\n", "a\n   \nb\n", "a\n\t\nb", "\ta\n\tb\n", " \n", "   ", "a \n b \n",
	"`id`", "$(id)", "$HOME", "%h %% %i", "^x^^", "EOF\nEOF", "/* x */", "# x", "//", "é ß 日本 🎉", "\u2028", "a=b;c", "<x>", "&amp;", "--", "a\tb",
	"''\n''", "'\n'", "x\n'", "x\n''", "x\n'''", "x\n$", "x\n${", "lorem ipsum dolor sit amet, consectetur adipisici elit, sed eiusmod tempor incidunt ut labore et ''${dolore}",
}

// random makes texts out of what is dangerous.
func random(r *rand.Rand) string {
	pieces := []string{"'", "''", "$", "{", "}", "${", `\`, `"`, "\n", " ", "  ", "\t", "a", "\\n", "%", "`", "é", "#", ";", "\r"}
	var b strings.Builder
	for range r.IntN(14) {
		b.WriteString(pieces[r.IntN(len(pieces))])
	}
	return b.String()
}

// corpus are all texts for tests.
func corpus(n int) []string {
	all := append([]string(nil), hostile...)
	r := rand.New(rand.NewPCG(1, 2))
	for range n {
		all = append(all, random(r))
	}
	return all
}

// render is an expression as a module would show it.
func (e expr) render() string {
	b, _ := join(e.lines)
	return string(b)
}

func TestStringsArriveInNix(t *testing.T) {
	needNix(t)
	texts := corpus(3000)
	var b strings.Builder
	b.WriteString("[\n")
	for _, s := range texts {
		// As values at two depths, and as names.
		fmt.Fprintf(&b, "%s\n", list(text(s), attrs(at1("deep", list(text(s), text(s)))), attrs(at1(s+"x", integer(1)))).render())
	}
	b.WriteString("]\n")
	var got [][]any
	nixEval(t, b.String(), &got)
	if len(got) != len(texts) {
		t.Fatalf("%d of %d texts arrived", len(got), len(texts))
	}
	for i, s := range texts {
		deep := got[i][1].(map[string]any)["deep"].([]any)
		_, named := got[i][2].(map[string]any)[s+"x"]
		if got[i][0] != s || deep[0] != s || deep[1] != s || !named {
			t.Errorf("%q arrived as %q, %q", s, got[i][0], deep)
		}
	}
}

func FuzzString(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if strings.ContainsRune(s, 0) || !utf8.ValidString(s) {
			text(s).render() // must not panic
			return
		}
		needNix(t)
		var got []string
		nixEval(t, list(text(s), list(text(s)).wrap("builtins.head ", "", false), code(quoted(s))).render(), &got)
		for _, g := range got {
			if g != s {
				t.Errorf("%q arrived as %q", s, g)
			}
		}
	})
}

func TestShellWords(t *testing.T) {
	need(t, "bash")
	for _, s := range corpus(200) {
		out, err := exec.Command("bash", "-c", "printf %s "+shellWord(s)).Output()
		if err != nil || string(out) != s {
			t.Errorf("%q arrived as %q: %v", s, out, err)
		}
	}
}

func TestGRUBWordsParse(t *testing.T) {
	need(t, "grub-script-check")
	var b strings.Builder
	for _, s := range corpus(200) {
		if strings.ContainsAny(s, "\n\r") {
			continue // a title is one line
		}
		fmt.Fprintf(&b, "menuentry %s {\n  true\n}\n", grubWord(s))
	}
	cmd := exec.Command("grub-script-check")
	cmd.Stdin = strings.NewReader(b.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("%v: %s", err, out)
	}
}

func TestSSIDs(t *testing.T) {
	for s, want := range map[string]string{
		"Office": "Office", "My Net": "My Net", " x": "32;120;", "a;b": "97;59;98;", "$X": "36;88;", "é": "195;169;", "12;": "49;50;59;",
	} {
		if got := keyfileSSID(s); got != want {
			t.Errorf("%q became %q, want %q", s, got, want)
		}
	}
}
