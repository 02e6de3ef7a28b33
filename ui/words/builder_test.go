package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/hardware"
)

// builderSource are all strings in the source of the rooms whose sentences the
// window shows, so that a translation of one that is gone is found.
func builderSource(t *testing.T) string {
	t.Helper()
	text, err := readBuilder()
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// readBuilder reads the source once.
var readBuilder = sync.OnceValues(func() (string, error) {
	var b strings.Builder
	set := token.NewFileSet()
	for _, root := range []string{"../../builder", "../../flash", "../../internal"} {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return err
			}
			f, err := parser.ParseFile(set, path, nil, 0)
			if err != nil {
				return err
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if e, ok := n.(ast.Expr); ok {
					if text, ok := literal(e); ok {
						b.WriteString(fold(text) + "\n")
						return false
					}
				}
				return true
			})
			return nil
		})
		if err != nil {
			return "", err
		}
	}
	for _, list := range []string{assets.NixpkgsList, assets.DebianList} { // the titles of groups
		for line := range strings.Lines(list) {
			if title, ok := strings.CutPrefix(line, "# "); ok {
				b.WriteString(strings.TrimSpace(title) + "\n")
			}
		}
	}
	for _, list := range []string{assets.Hardware, assets.Drivers} { // hardware, reasons and warnings
		b.WriteString(list)
	}
	for _, release := range []string{"25.05", "26.05"} { // texts that are put together of parts
		for _, l := range hardware.Labels(hardware.Target{Distribution: "nixos", Release: release}) {
			b.WriteString(l.Summary + "\n")
		}
	}
	return b.String(), nil
})

// fold makes all verbs one: the builder may write %q where the translation has %s.
func fold(text string) string { return verb.ReplaceAllString(text, "%") }
