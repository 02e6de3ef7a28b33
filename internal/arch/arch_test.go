// Package arch holds the direction of imports. There is no code in it: a new
// arrow between rooms is a decision, and this table is where it is made.
package arch

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/isowright/isowright/"

// allowed lists for each package the ones of ours that it may import. A package
// that is not here may not exist.
var allowed = map[string][]string{
	".": {
		"assets",
		"builder",
		"internal/locale",
		"internal/sandbox",
		"ui/cli",
		"ui/desktop",
		"ui/flashing",
		"ui/model",
	},
	"internal/locale": {},
	"ui/words":        {},
	"ui/flashing": {
		"builder/store",
		"flash",
		"flash/drives",
		"flash/opener",
		"internal/progress",
	},
	"ui/model": {
		"assets",
		"builder",
		"builder/catalog/offer",
		"builder/design",
		"builder/diff",
		"builder/grub",
		"builder/grub/gfx",
		"builder/grub/preview",
		"builder/grub/scene",
		"builder/hardware",
		"builder/plan",
		"builder/settings",
		"builder/store",
		"builder/trial",
		"flash",
		"flash/drives",
		"internal/progress",
		"internal/safefile",
		"ui/flashing",
		"ui/words",
	},
	"ui/view": {
		"assets",
		"builder",
		"builder/catalog",
		"builder/catalog/offer",
		"builder/design",
		"builder/diff",
		"builder/grub/preview",
		"builder/grub/scene",
		"builder/hardware",
		"builder/plan",
		"builder/store",
		"builder/trial",
		"flash",
		"flash/drives",
		"flash/opener",
		"ui/flashing",
		"ui/model",
		"ui/widgets",
		"ui/words",
	},
	"ui/desktop": {
		"assets",
		"builder/settings",
		"builder/store",
		"flash",
		"ui/model",
		"ui/view",
		"ui/widgets",
		"ui/words",
	},
	"assets":             {},
	"builder/tree":       {},
	"builder/catalog":    {},
	"builder/grub":       {"builder/grub/pf2"},
	"builder/iso":        {"builder/tree"},
	"builder/grub/scene": {},
	"builder/grub/gfx":   {},
	"builder/grub/pf2":   {"builder/grub/gfx"},
	"builder/grub/term": {
		"builder/grub/gfx",
		"builder/grub/pf2",
		"builder/grub/scene",
	},
	"builder/grub/theme": {
		"builder/grub/gfx",
		"builder/grub/pf2",
		"builder/grub/scene",
		"builder/grub/term",
	},
	"builder/grub/script": {
		"builder/grub/gfx",
		"builder/grub/scene",
	},
	"builder/grub/themes": {"builder/grub/pf2"},
	"builder/grub/vesamenu": {
		"builder/grub/gfx",
		"builder/grub/scene",
	},
	"builder/grub/preview": {
		"assets",
		"builder/grub",
		"builder/grub/gfx",
		"builder/grub/pf2",
		"builder/grub/scene",
		"builder/grub/script",
		"builder/grub/term",
		"builder/grub/theme",
		"builder/grub/vesamenu",
	},
	"flash/drives": {},
	"flash": {
		"flash/drives",
		"internal/progress",
		"internal/safefile",
	},
	"flash/opener": {
		"flash/drives",
	},
	"internal/arch":            {},
	"internal/fetch":           {},
	"internal/need":            {},
	"internal/progress":        {},
	"internal/recorded":        {},
	"internal/run":             {},
	"internal/safefile":        {},
	"internal/sandbox":         {"internal/run"},
	"internal/services":        {},
	"internal/truth":           {"builder/catalog", "builder/debian/archive", "builder/iso", "internal/run", "internal/vm"},
	"internal/vm":              {},
	"builder/design":           {"internal/safefile"},
	"builder/squash":           {"builder/tree"},
	"builder/look":             {"builder/design", "builder/grub", "builder/grub/theme", "builder/grub/themes"},
	"builder/plan":             {"builder/catalog", "builder/design", "builder/grub", "builder/look", "builder/tree"},
	"builder/debian/archive":   {"assets", "builder/catalog", "builder/catalog/search", "internal/fetch", "internal/progress", "internal/safefile"},
	"builder/debian/configure": {"builder/catalog", "builder/debian/archive", "builder/design", "builder/plan", "builder/tree"},
	"builder/debian": {
		"builder/catalog", "builder/debian/archive", "builder/debian/configure", "builder/design",
		"builder/grub", "builder/plan", "builder/tree", "internal/progress", "internal/run", "internal/sandbox",
		"internal/safefile",
	},
	"builder/hardware":       {"assets", "builder/catalog/search", "builder/design", "builder/nixos/source"},
	"builder/nixos/source":   {"assets", "builder/design", "builder/look"},
	"builder/nixos/nix":      {"internal/progress", "internal/run", "internal/safefile"},
	"builder/nixos/assemble": {"builder/design", "builder/grub", "builder/look", "builder/plan", "builder/tree", "internal/progress"},
	"builder/catalog/groups": {},
	"builder/catalog/offer":  {"assets", "builder/catalog", "builder/catalog/groups", "builder/catalog/nixpkgs", "builder/catalog/sealed", "builder/catalog/search", "internal/progress", "internal/safefile"},
	"builder/catalog/sealed": {},
	"builder/catalog/search": {},
	"builder/catalog/nixpkgs": {
		"assets",
		"builder/catalog",
		"builder/catalog/groups",
		"builder/catalog/sealed",
		"builder/catalog/search",
		"internal/fetch",
		"internal/progress",
		"internal/safefile",
	},
	"builder/nixos": {
		"builder/catalog",
		"builder/design",
		"builder/grub",
		"builder/nixos/assemble",
		"builder/nixos/nix",
		"builder/nixos/source",
		"builder/plan",
		"builder/tree",
		"internal/progress",
		"internal/run",
		"internal/safefile",
	},
	"builder/trial":    {"internal/vm"},
	"builder/settings": {"builder/design", "internal/safefile"},
	"builder/store":    {},
	"builder": {
		"builder/catalog",
		"builder/catalog/nixpkgs",
		"builder/catalog/offer",
		"builder/debian",
		"builder/debian/archive",
		"builder/design",
		"builder/grub",
		"builder/grub/preview",
		"builder/iso",
		"builder/look",
		"builder/nixos",
		"builder/nixos/nix",
		"builder/plan",
		"builder/settings",
		"builder/squash",
		"builder/store",
		"builder/tree",
		"internal/progress",
		"internal/run",
		"internal/safefile",
		"internal/sandbox",
	},
	"ui/cli": {
		"assets",
		"builder",
		"builder/catalog",
		"builder/catalog/nixpkgs",
		"builder/catalog/offer",
		"builder/catalog/search",
		"builder/design",
		"builder/diff",
		"builder/grub",
		"builder/grub/preview",
		"builder/grub/scene",
		"builder/hardware",
		"builder/inspect",
		"builder/iso",
		"builder/nixos",
		"builder/nixos/nix",
		"builder/nixos/source",
		"builder/plan",
		"builder/settings",
		"builder/squash",
		"builder/store",
		"builder/tree",
		"builder/trial",
		"flash",
		"flash/drives",
		"flash/opener",
		"internal/progress",
		"internal/run",
		"internal/safefile",
		"internal/vm",
		"ui/flashing",
	},
	"ui/widgets": {"assets"},
	"builder/inspect": {
		"builder/catalog", "builder/grub", "builder/iso", "builder/plan", "builder/squash", "builder/tree",
		"internal/progress",
	},
	"builder/diff": {
		"builder/catalog", "builder/design", "builder/inspect", "builder/iso", "builder/plan", "builder/squash",
		"builder/store", "builder/tree", "internal/progress",
	},
	"internal/bench": {
		"builder", "builder/design", "builder/iso", "builder/plan", "builder/squash", "builder/store", "builder/tree",
		"flash", "internal/sandbox",
	},
}

// elsewhere are packages of others that only some rooms may use.
var elsewhere = map[string][]string{
	"fyne.io/fyne/v2":        {"ui/view", "ui/widgets", "ui/desktop"},
	"github.com/spf13/cobra": {"ui/cli"},
	"go.etcd.io/bbolt":       {"builder/catalog/sealed", "builder/store"},
	"net/http":               {"internal/fetch", "builder/debian/archive", "builder/catalog/nixpkgs"},
}

// listed is a package as `go list` prints it.
type listed struct {
	ImportPath string
	Imports    []string
}

func TestImportsGoOneWay(t *testing.T) {
	for _, p := range packages(t) {
		name := strings.TrimPrefix(p.ImportPath, module)
		if p.ImportPath+"/" == module {
			name = "."
		}
		may, ok := allowed[name]
		if !ok {
			t.Errorf("%s is not in the table: decide what it may import", name)
			continue
		}
		for _, imported := range p.Imports {
			if ours, ok := strings.CutPrefix(imported, module); ok && !slices.Contains(may, ours) {
				t.Errorf("%s imports %s, which the table does not allow", name, ours)
			}
			for prefix, rooms := range elsewhere {
				if (imported == prefix || strings.HasPrefix(imported, prefix+"/")) && !slices.Contains(rooms, name) {
					t.Errorf("%s imports %s, which belongs to %s", name, imported, strings.Join(rooms, ", "))
				}
			}
		}
	}
}

func packages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}
