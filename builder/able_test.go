package builder

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/nixos/nix"
)

// withoutNix are options for a computer on which no nix can be found.
func withoutNix(t *testing.T, engine string) Options {
	none := filepath.Join(t.TempDir(), "none")
	return Options{CacheDir: t.TempDir(), Nix: nix.Search{Path: none, Env: []string{"PATH=" + none},
		Container: nix.ContainerSearch{Engine: engine}}}
}

func TestAble(t *testing.T) {
	a, err := Able(t.Context(), "nixos", withoutNix(t, ""))
	var step *StepError
	if !errors.As(err, &step) || len(a.Choices) == 0 || step.Hint == "" {
		t.Fatalf("without a Nix: %v, %v", a, err)
	}
	if a.Choices[0].Engine != nix.Builtin {
		t.Errorf("the first choice is %v", a.Choices[0])
	}
	a, err = Able(t.Context(), "nixos", withoutNix(t, nix.Podman))
	if err != nil || a.Engine != nix.Podman {
		t.Errorf("with an engine that was chosen: %v, %v", a, err)
	}
	if entries, err := os.ReadDir(withoutNix(t, "").CacheDir); err != nil || len(entries) > 0 {
		t.Errorf("it left %v, %v", entries, err)
	}
	if _, err := Able(t.Context(), "plan9", Options{}); err == nil || !strings.Contains(err.Error(), "plan9") {
		t.Errorf("of an unknown distribution: %v", err)
	}
}

func TestRefuse(t *testing.T) {
	d := design.Design{Name: "x", Distribution: "debian", Base: "graphical", Desktop: "xfce"}
	if p := Refuse(d); len(p) != 1 || p[0].Field != "base" {
		t.Errorf("of a graphical Debian: %v", p)
	}
	d.Base, d.Desktop = "minimal", ""
	if p := Refuse(d); len(p) != 0 {
		t.Errorf("of a minimal one: %v", p)
	}
	d.Distribution = "nothing"
	if p := Refuse(d); p != nil {
		t.Errorf("of no distribution: %v", p)
	}
}
