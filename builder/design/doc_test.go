package design

import (
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const document = "../../docs/project-file.md"

// documented reads the document's tables: the keys by the section's name.
func documented(t *testing.T) (keys map[string][]string, text string) {
	t.Helper()
	data, err := os.ReadFile(document)
	if err != nil {
		t.Fatal(err)
	}
	heading := regexp.MustCompile("^##+ `\\[+([a-z._0-9]+)\\]+`$")
	row := regexp.MustCompile("^\\| `([a-z_0-9]+)` \\| [^|]+ \\| [^|]+ \\| [^|]+ \\|$")
	keys = map[string][]string{}
	section := ""
	for line := range strings.Lines(string(data)) {
		line = strings.TrimSuffix(line, "\n")
		if m := heading.FindStringSubmatch(line); m != nil {
			section = m[1]
		}
		if m := row.FindStringSubmatch(line); m != nil {
			keys[section] = append(keys[section], m[1])
		} else if strings.HasPrefix(line, "| `") {
			t.Errorf("not a row of four columns: %s", line)
		}
	}
	return keys, string(data)
}

// TestDocumentHasEveryKey: the tables of the document are those of the types,
// in the same order; sections of keys that are tables may be in between.
func TestDocumentHasEveryKey(t *testing.T) {
	doc, _ := documented(t)
	seen := map[reflect.Type]bool{}
	var walk func(typ reflect.Type, section string)
	walk = func(typ reflect.Type, section string) {
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		if typ.Kind() != reflect.Struct || seen[typ] {
			return
		}
		seen[typ] = true
		var names []string
		for _, k := range keysOf(typ) {
			if !(section == "" && isTable(typ.Field(k.index).Type)) { // these have a chapter each
				names = append(names, k.name)
			}
			walk(typ.Field(k.index).Type, join(section, k.name))
		}
		slices.Sort(names)
		got := slices.Sorted(slices.Values(doc[section]))
		if !slices.Equal(got, names) {
			t.Errorf("[%s]: the document has %v, the type %v", section, got, names)
		}
		delete(doc, section)
	}
	walk(reflect.TypeFor[Design](), "")
	for section := range doc {
		t.Errorf("the document has a section [%s] that does not exist", section)
	}
}

func TestDocumentsExample(t *testing.T) {
	_, text := documented(t)
	_, rest, _ := strings.Cut(text, "```toml\n")
	example, _, ok := strings.Cut(rest, "```")
	if !ok {
		t.Fatal("the document has no example")
	}
	d, err := Parse([]byte(example), "")
	if err != nil {
		t.Fatal(err)
	}
	if ps := Validate(d); len(ps) > 0 {
		t.Error(ps)
	}
	if d.System.Keyboard.Variant != "nodeadkeys" || len(d.Users) != 1 || len(d.Files) != 1 {
		t.Errorf("the example says less than it shows: %+v", d)
	}
}
