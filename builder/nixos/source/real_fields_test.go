//go:build nixpkgs

package source_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
)

// Values that scenarios share. The hashes are of no password that anybody uses.
const (
	annasKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOshBa3t6KqFRq04abmh3SKsxArOfPcCHiS6ntV8uTgn anna@example"
	bensKey  = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIDmOufu71V0qSwUV7SQ4N/fx06sEN0eczsBNX2JJ6z87 ben@example"
	yescrypt = "$y$j9T$abcdefghijklmnopqrstu.$0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
	sha512   = "$6$saltsalt$fCrh8nUGWG1kaWS0cBxg4tHqtdI/.vguU6L92utUDE2uuLboegIJMic.sfv7QYLSrG3dfTzYL584/rt2BJn400"

	installed = "map lib.getName c.environment.systemPackages"
	issue     = "c.environment.etc.issue.source.text"
	targets   = "map (e: e.target) c.isoImage.contents"
)

// withoutMeaning are fields that say nothing to NixOS, or nothing that an
// evaluation shows, with the reason.
var withoutMeaning = map[string]string{
	"format":             "the version of the project file",
	"archive.mirror":     "Debian only, refused for NixOS",
	"archive.security":   "Debian only, refused for NixOS",
	"archive.components": "Debian only, refused for NixOS",
	"archive.state":      "Debian only, refused for NixOS",
}

// TestEveryField evaluates each field of the design alone: with no more beside
// it than makes it valid.
func TestEveryField(t *testing.T) {
	run(t, fieldScenarios())
}

// TestFieldsHaveScenarios fails for a field of the design that no scenario is
// about.
func TestFieldsHaveScenarios(t *testing.T) {
	covered := map[string]bool{}
	for _, s := range fieldScenarios() {
		for _, f := range s.fields {
			covered[f] = true
		}
	}
	all := designFields()
	for _, f := range all {
		if reason, ok := withoutMeaning[f]; ok {
			if covered[f] {
				t.Errorf("%s has a scenario and is said to have no meaning (%s)", f, reason)
			}
		} else if !covered[f] {
			t.Errorf("no scenario is about the field %s", f)
		}
		delete(covered, f)
	}
	for f := range covered {
		t.Errorf("there is a scenario about %s, which is no field of the design", f)
	}
	if len(all) < 150 {
		t.Errorf("only %d fields found", len(all))
	}
}

// designFields lists the keys of the project file that hold values, by
// reflection; those of a list's tables once, submenus' as their parents'.
func designFields() []string {
	var fields []string
	seen := map[reflect.Type]bool{}
	var walk func(t reflect.Type, path string)
	walk = func(t reflect.Type, path string) {
		for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
			t = t.Elem()
		}
		if t.Kind() != reflect.Struct {
			fields = append(fields, path)
			return
		}
		if seen[t] && t == reflect.TypeFor[design.BootEntry]() {
			fields = append(fields, path)
			return
		}
		seen[t] = true
		for i := range t.NumField() {
			name, _, _ := strings.Cut(t.Field(i).Tag.Get("toml"), ",")
			if name == "-" {
				continue
			}
			walk(t.Field(i).Type, strings.TrimPrefix(path+"."+name, "."))
		}
	}
	walk(reflect.TypeFor[design.Design](), "")
	return fields
}

// fieldScenarios are all scenarios of one field, by section of the file.
func fieldScenarios() []scenario {
	return slices.Concat(
		topScenarios(), systemScenarios(), userScenarios(), loginScenarios(), networkScenarios(),
		bootScenarios(), fileScenarios(), nixSourceScenarios(), nixKernelScenarios(), nixConsentScenarios(),
		nixTextScenarios(), nixImageScenarios(), nixMenuScenarios(), nixOfflineScenarios(), nixListScenarios(),
	)
}

// field makes a scenario about one field; further fields follow with commas.
func field(fields, text string, checks ...check) scenario {
	names := strings.Split(fields, ",")
	return scenario{name: names[0], text: text, fields: names, checks: checks}
}

// with adds files.
func (s scenario) with(files map[string]string) scenario {
	s.files = files
	return s
}

// locked adds the files of a flake in a folder, locked to the tree.
func (s scenario) locked(folder string, files map[string]string) scenario {
	s.files, s.lock = files, folder
	return s
}

// warned wants warnings about fields.
func (s scenario) warned(fields ...string) scenario {
	s.warns = fields
	return s
}

// written evaluates with a writable store.
func (s scenario) written() scenario {
	s.write = true
	return s
}

// named tells scenarios of one field apart.
func (s scenario) named(how string) scenario {
	s.name += " " + how
	return s
}
