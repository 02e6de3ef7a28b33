package words

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"
)

// room is a folder whose sentences reach people.
type room struct {
	dir string
	// all: every sentence in it does; else only those that the fields,
	// variables and functions of spoken hold.
	all bool
	// files are those that count, without their ".go"; none: all of them.
	files string
}

// rooms are the folders below the window that speak to people. What only says
// how a file or a protocol is damaged (iso, squash, the control of QEMU) is for
// who mends it, and stays English.
func rooms() []room {
	return []room{
		{"builder", true, ""},
		{"builder/catalog", true, ""},
		{"builder/catalog/nixpkgs", true, ""},
		{"builder/catalog/offer", true, ""},
		{"builder/catalog/sealed", true, ""},
		{"builder/debian", true, ""},
		{"builder/debian/archive", true, ""},
		{"builder/debian/configure", true, "apt files names network planned ssh users"},
		{"builder/design", true, ""},
		{"builder/grub", false, ""},
		{"builder/grub", true, "background check quote"},
		{"builder/grub/preview", true, ""},
		{"builder/grub/theme", false, ""},
		{"builder/hardware", true, "labels match names"},
		{"builder/look", true, ""},
		{"builder/nixos", true, ""},
		{"builder/nixos/assemble", false, ""},
		{"builder/nixos/nix", true, "choices classify classify_builds classify_language classify_modules classify_network"},
		{"builder/nixos/nix", true, "classify_packages classify_store container container_faults find unpacked warning"},
		{"builder/nixos/nix", false, ""},
		{"builder/nixos/source", false, ""},
		{"builder/plan", true, ""},
		{"builder/settings", true, ""},
		{"builder/store", true, "builds claim drafts file flashes library recents salvage"},
		{"builder/trial", true, ""},
		{"flash", true, ""},
		{"flash/drives", true, ""},
		{"flash/opener", true, ""},
		{"internal/fetch", true, ""},
		{"internal/safefile", true, ""},
		{"internal/sandbox", true, "ids probe"},
		{"internal/vm", true, "accel faults find keymap vm"},
	}
}

// counts tells whether a file is one of the room's.
func (r room) counts(file string) bool {
	name := strings.TrimSuffix(filepath.Base(file), ".go")
	return r.files == "" || slices.Contains(strings.Fields(r.files), name)
}

// spoken are the names of fields, variables and functions whose sentences reach
// people wherever they stand.
var spoken = map[string]bool{
	"Text": true, "Hint": true, "Advice": true, "text": true, "hint": true, "advice": true,
	"step": true, "refuse": true, "explain": true, "warn": true, "warnAt": true, "problem": true,
	"Reason": true, "Why": true, "Fix": true, "note": true, "Note": true,
}

// unspoken are functions whose strings are no sentences for people, although
// they may look like some.
var unspoken = map[string]bool{
	"MustCompile": true, "Fields": true, "CutPrefix": true, "CutSuffix": true, "Cut": true, "Contains": true,
	"HasPrefix": true, "HasSuffix": true, "TrimPrefix": true, "TrimSuffix": true, "ReplaceAll": true, "Replace": true,
	"Info": true, "Debug": true, "Warn": true, "has": true, "at": true, "Fprintf": true, "Fprintln": true, "Fprint": true,
	"panic": true, "CommandContext": true, "Command": true, "NewFile": true, "Sscanf": true, "Appendf": true,
	"Format": true, "Split": true, "ContainsAny": true, "Parse": true, "WriteString": true,
}

// sentences collects the keys of all sentences of the rooms, with the place of
// one that says it. Gaps are written %s, %d or %q.
func sentences(t *testing.T) map[string]string {
	t.Helper()
	found, err := collectSentences()
	if err != nil {
		t.Fatal(err)
	}
	if len(found) == 0 {
		t.Fatal("no sentence was found")
	}
	return maps.Clone(found)
}

// collectSentences reads the source once.
var collectSentences = sync.OnceValues(func() (map[string]string, error) {
	found := map[string]string{}
	for _, r := range rooms() {
		files, err := filepath.Glob(filepath.Join("../..", r.dir, "*.go"))
		if err != nil || len(files) == 0 {
			return nil, fmt.Errorf("no source in %s: %w", r.dir, err)
		}
		c := &collector{set: token.NewFileSet(), found: found, all: r.all, values: map[string][]ast.Expr{}}
		var parsed []*ast.File
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || !r.counts(file) {
				continue
			}
			f, err := parser.ParseFile(c.set, file, nil, 0)
			if err != nil {
				return nil, err
			}
			parsed = append(parsed, f)
			c.constants(f)
		}
		for _, f := range parsed {
			for _, d := range f.Decls {
				c.declaration(d)
			}
		}
	}
	return found, nil
})

// collector walks through one package.
type collector struct {
	set   *token.FileSet
	found map[string]string
	all   bool
	// values are what the package's constants, and the variables of the
	// function at hand, are set to.
	values map[string][]ast.Expr
}

// constants notes a file's constants.
func (c *collector) constants(f *ast.File) {
	for _, d := range f.Decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.CONST {
			for _, s := range g.Specs {
				v := s.(*ast.ValueSpec)
				for i, value := range v.Values {
					c.values[v.Names[i].Name] = append(c.values[v.Names[i].Name], value)
				}
			}
		}
	}
}

// declaration collects what one declaration says.
func (c *collector) declaration(d ast.Decl) {
	local := *c
	local.values = map[string][]ast.Expr{}
	for name, values := range c.values {
		local.values[name] = values
	}
	ast.Inspect(d, func(n ast.Node) bool {
		if a, ok := n.(*ast.AssignStmt); ok && len(a.Lhs) == len(a.Rhs) {
			for i, to := range a.Lhs {
				if name, ok := to.(*ast.Ident); ok && a.Tok != token.ADD_ASSIGN {
					local.values[name.Name] = append(local.values[name.Name], a.Rhs[i])
				}
			}
		}
		return true
	})
	local.walk(d, c.all)
}

// walk collects the sentences below a node; heard tells whether they reach
// people.
func (c *collector) walk(n ast.Node, heard bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec, *ast.Field, *ast.IndexExpr:
			return false
		case *ast.CallExpr:
			name := nameOf(n.Fun)
			if unspoken[name] {
				return false
			}
			if c.say(n, heard) {
				return false
			}
			for _, arg := range n.Args {
				c.walk(arg, heard || spoken[name])
			}
			c.walk(n.Fun, heard)
			return false
		case *ast.KeyValueExpr:
			c.walk(n.Value, heard || spoken[nameOf(n.Key)])
			return false
		case *ast.AssignStmt:
			for i, value := range n.Rhs {
				c.walk(value, heard || i < len(n.Lhs) && spoken[nameOf(n.Lhs[i])])
			}
			return false
		case *ast.ValueSpec:
			for i, value := range n.Values {
				c.walk(value, heard || spoken[nameOf(n.Names[i])])
			}
			return false
		case ast.Expr:
			return !c.say(n, heard)
		}
		return true
	})
}

// say collects an expression if it is a text; it tells whether it was one.
func (c *collector) say(e ast.Expr, heard bool) bool {
	keys, ok := c.keys(e, 0)
	if !ok {
		return false
	}
	for _, key := range keys {
		key = strings.TrimLeft(key, ":;,. \n") // joined to what is before
		if heard && isSentence(key) {
			c.found[key] = c.set.Position(e.Pos()).String()
		}
	}
	return true
}

// keys are what a text may be, with verbs for what only the program knows: more
// than one where a variable in it has several values.
func (c *collector) keys(e ast.Expr, depth int) ([]string, bool) {
	switch e := e.(type) {
	case *ast.ParenExpr:
		return c.keys(e.X, depth)
	case *ast.BasicLit:
		text, ok := literal(e)
		return []string{plainVerbs(text)}, ok
	case *ast.BinaryExpr:
		left, a := c.keys(e.X, depth)
		right, b := c.keys(e.Y, depth)
		if e.Op != token.ADD || !a && !b {
			return nil, false
		}
		return product(c.part(e.X, left, a, depth), c.part(e.Y, right, b, depth)), true
	case *ast.CallExpr:
		if name := nameOf(e.Fun); name == "Sprintf" || name == "Errorf" {
			if text, ok := literal(e.Args[0]); ok {
				return []string{plainVerbs(text)}, true
			}
		}
	}
	return nil, false
}

// part is one side of a sum: its own keys, those of the variable that it is, or
// a gap.
func (c *collector) part(e ast.Expr, keys []string, ok bool, depth int) []string {
	if ok {
		return keys
	}
	if name, isName := e.(*ast.Ident); isName && depth < 3 {
		var all []string
		for _, value := range c.values[name.Name] {
			more, ok := c.keys(value, depth+1)
			if !ok {
				more = []string{gapOf(value)}
			}
			all = append(all, more...)
		}
		if len(all) > 0 && len(all) <= 4 {
			return all
		}
	}
	return []string{gapOf(e)}
}

// gapOf is the verb of an expression.
func gapOf(e ast.Expr) string {
	if call, ok := e.(*ast.CallExpr); ok {
		switch nameOf(call.Fun) {
		case "show", "Quote":
			return "%q"
		case "Itoa", "FormatInt":
			return "%d"
		}
	}
	return "%s"
}

// plainVerbs writes a format with the verbs that translations have. (A text that
// is no format has none: that is how the builder writes.)
func plainVerbs(text string) string {
	return strings.NewReplacer("%w", "%s", "%+v", "%s", "%v", "%s", "%T", "%s").Replace(text)
}

func product(left, right []string) []string {
	var all []string
	for _, l := range left {
		for _, r := range right {
			all = append(all, l+r)
		}
	}
	return all
}

func nameOf(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		return e.Sel.Name
	}
	return ""
}

var word = regexp.MustCompile(`\ban?\b|[A-Za-z][A-Za-z']+`)

// isSentence tells a sentence, or a part of one that people read, from a path, a
// command or a fragment: it has two words at least and begins like one.
func isSentence(key string) bool {
	text := percent.ReplaceAllString(key, "")
	return len(word.FindAllString(text, -1)) > 1 && len(text) >= least-2 && strings.Contains(strings.TrimSpace(key), " ") &&
		!strings.ContainsFunc(key, func(r rune) bool { return unicode.IsControl(r) && r != '\n' }) && !strings.HasPrefix(text, "#")
}
