package words

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"
	"unicode"

	"github.com/isowright/isowright/assets"
)

// TestEveryTextIsTranslated collects the texts of the window from its source and
// holds them against each language's file: none may be missing, none left over,
// and each has the same verbs.
func TestEveryTextIsTranslated(t *testing.T) {
	used := map[string]string{}
	for _, dir := range []string{"../view", "../model", "../words", "../desktop"} {
		collect(t, dir, used)
	}
	if len(used) < 50 {
		t.Fatalf("only %d texts were found", len(used))
	}
	for _, name := range Languages(assets.Words()) {
		if name == "en" {
			continue
		}
		texts := load(t, name)
		for text, where := range used {
			if !strings.ContainsFunc(verb.ReplaceAllString(text, ""), unicode.IsLetter) {
				continue
			}
			switch translated, ok := texts[text]; {
			case !ok:
				t.Errorf("%s: %q (%s) is missing", name, text, where)
			case !slices.Equal(verbs(text), verbs(translated)):
				t.Errorf("%s: %q has other verbs than %q", name, translated, text)
			}
		}
		for text := range texts {
			if _, ok := used[text]; !ok && !ofTheBuilder(t, text) {
				t.Errorf("%s: %q is used nowhere", name, text)
			}
		}
	}
}

// TestFilesOfLanguagesAreInOrder keeps differences small.
func TestFilesOfLanguagesAreInOrder(t *testing.T) {
	for _, name := range Languages(assets.Words()) {
		if name == "en" {
			continue
		}
		data, err := fs.ReadFile(assets.Words(), name+".json")
		if err != nil {
			t.Fatal(err)
		}
		var keys []string
		for line := range strings.Lines(string(data)) {
			if key, _, ok := strings.Cut(line, `": "`); ok {
				keys = append(keys, key)
			}
		}
		if len(keys) != len(load(t, name)) {
			t.Errorf("%s.json has not one text a line, or one twice", name)
		}
	}
}

func load(t *testing.T, name string) map[string]string {
	t.Helper()
	data, err := fs.ReadFile(assets.Words(), name+".json")
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]string{}
	if err := json.Unmarshal(data, &texts); err != nil {
		t.Fatal(err)
	}
	return texts
}

// collect finds the texts in a folder's source: the first string of Say, say,
// Act and Key, the second and third of Count and count.
func collect(t *testing.T, dir string, used map[string]string) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	set := token.NewFileSet()
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(set, file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			for _, i := range textArguments(call) {
				if i < len(call.Args) {
					if text, ok := literal(call.Args[i]); ok && text != "" {
						used[text] = set.Position(call.Pos()).String()
					}
				}
			}
			return true
		})
	}
}

// textArguments are the places of texts among a call's arguments.
func textArguments(call *ast.CallExpr) []int {
	name := ""
	switch f := call.Fun.(type) {
	case *ast.Ident:
		name = f.Name
	case *ast.SelectorExpr:
		name = f.Sel.Name
	}
	switch name {
	case "Say", "say", "Act", "Key":
		return []int{0}
	case "Count", "count":
		return []int{1, 2}
	}
	return nil
}

// literal is the value of a string, also of one put together with +.
func literal(e ast.Expr) (string, bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind != token.STRING {
			return "", false
		}
		text, err := strconv.Unquote(e.Value)
		return text, err == nil
	case *ast.BinaryExpr:
		a, ok := literal(e.X)
		b, also := literal(e.Y)
		return a + b, ok && also && e.Op == token.ADD
	}
	return "", false
}

// verbs are a text's verbs in the order of their arguments.
func verbs(text string) []string {
	found := verb.FindAllString(strings.ReplaceAll(text, "%%", ""), -1)
	for i, v := range found {
		if m := verb.FindStringSubmatch(v)[1]; m != "" {
			// An argument by its number: its place says which it is.
			found[i] = m + "%" + strings.Replace(v[1:], m, "", 1)
		} else {
			found[i] = "[" + strconv.Itoa(i+1) + "]" + v
		}
	}
	slices.Sort(found)
	return found
}

// ofTheBuilder tells texts that are in a language's file for Of: sentences of
// the builder's, found in its source.
func ofTheBuilder(t *testing.T, text string) bool {
	t.Helper()
	if _, ok := sentences(t)[text]; ok || slices.Contains(spliced(), text) || slices.Contains(hardwareTexts(), text) {
		return true
	}
	return strings.Contains(builderSource(t), fold(text))
}

func german(t *testing.T) *Words {
	t.Helper()
	w, err := New(fstest.MapFS{"de.json": {Data: []byte(`{
		"Undo: %s": "Rückgängig: %s",
		"%d package": "%d Paket", "%d packages": "%d Pakete",
		"%s lies on %s": "auf %[2]s liegt %[1]s",
		"there is no package %q": "es gibt kein Paket %q",
		"shorten it": "kürzer schreiben"
	}`)}}, "de_DE.UTF-8")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestSaysItInThePersonsLanguage(t *testing.T) {
	w := german(t)
	for got, want := range map[string]string{
		w.Say("Undo: %s", "x"):                                  "Rückgängig: x",
		w.Count(1, "%d package", "%d packages"):                 "1 Paket",
		w.Count(68000, "%d package", "%d packages"):             "68.000 Pakete",
		w.Say("not translated"):                                 "not translated",
		w.Of("shorten it"):                                      "kürzer schreiben",
		w.Of(`there is no package "a%b"`):                       `es gibt kein Paket "a%b"`,
		w.Of("/home lies on /dev/sda"):                          "auf /dev/sda liegt /home",
		w.Of("what nobody knows 100%"):                          "what nobody knows 100%",
		English().Count(68000, "%d package", "%d packages"):     "68,000 packages",
		English().Size(1234567890):                              "1.2 GB",
		w.Size(1234567890):                                      "1,2 GB",
		English().Size(999):                                     "999 B",
		English().Size(999_960):                                 "1.0 MB",
		English().Rate(41e6):                                    "41.0 MB/s",
		English().Duration(200 * time.Second):                   "3 min 20 s",
		English().Duration(3900 * time.Second):                  "1 h 5 min",
		English().Left(47 * time.Second):                        "about 50 s left",
		English().Left(10 * time.Minute):                        "about 10 minutes left",
		English().Ago(time.Unix(0, 0), time.Unix(3*3600, 0)):    "3 hours ago",
		English().Ago(time.Unix(0, 0).UTC(), time.Unix(9e6, 0)): "1970-01-01",
		(*Words)(nil).Say("%d things", 3):                       "3 things",
	} {
		if got != want {
			t.Errorf("%q, not %q", got, want)
		}
	}
}

func TestChoosesTheLanguage(t *testing.T) {
	dir := fstest.MapFS{"de.json": {Data: []byte(`{}`)}, "fr.json": {Data: []byte(`broken`)}}
	for wanted, want := range map[string]string{"de_AT.UTF-8": "de-AT", "xx": "en-GB", "C": "en-GB", "": "en-GB", "en_US": "en-GB", "es": "en-GB"} {
		w, err := New(dir, wanted)
		if err != nil || w.Language() != want {
			t.Errorf("%q gives %v, %v", wanted, w.Language(), err)
		}
	}
	if w, err := New(dir, "es", "de"); err != nil || w.Language() != "de" {
		t.Error("the second choice is not taken")
	}
	if _, err := New(dir, "fr"); err == nil {
		t.Error("a broken file passes")
	}
	if got := Languages(dir); !slices.Equal(got, []string{"de", "en", "fr"}) {
		t.Errorf("languages %v", got)
	}
}
