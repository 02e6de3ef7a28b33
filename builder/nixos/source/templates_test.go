package source_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/nixos/source"
)

// TestTemplatesBecomeNix: each NixOS template is valid and becomes Nix without
// a fault, from a folder as `isowright new` makes it.
func TestTemplatesBecomeNix(t *testing.T) {
	count := 0
	for _, tmpl := range assets.Templates() {
		if !strings.HasPrefix(tmpl.Name, "nixos") {
			continue
		}
		count++
		d := fromTemplate(t, tmpl, nil)
		src, err := source.Generate(d, source.Options{})
		if err != nil {
			t.Errorf("%s: %v", tmpl.Name, err)
			continue
		}
		if err := src.Write(t.TempDir()); err != nil {
			t.Errorf("%s: %v", tmpl.Name, err)
		}
	}
	if count < 7 {
		t.Errorf("%d templates of NixOS", count)
	}
}

// fromTemplate loads a template with its files; instead replaces some of them
// and adds others.
func fromTemplate(t *testing.T, tmpl assets.Template, instead map[string]string) design.Design {
	t.Helper()
	dir := t.TempDir()
	files := map[string]string{"design.isowright": tmpl.Text}
	for _, f := range tmpl.Files {
		files[f.Path] = f.Text
	}
	for name, text := range instead {
		files[name] = text
	}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	d, err := design.Load(filepath.Join(dir, "design.isowright"))
	if err != nil {
		t.Fatalf("%s: %v", tmpl.Name, err)
	}
	if p := append(design.Validate(d), design.CheckFiles(d)...); len(p) > 0 {
		t.Errorf("%s: %v", tmpl.Name, p)
	}
	return d
}
