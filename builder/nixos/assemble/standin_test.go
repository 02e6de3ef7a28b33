package assemble_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/nixos/nix"
)

// TestStandInRefusesLikeNixpkgs holds the stand-in to nixpkgs' words: what our
// engine knows of nixpkgs' errors must hold for its errors too.
func TestStandInRefusesLikeNixpkgs(t *testing.T) {
	const module = "\n[[nixos.modules]]\nname = \"own\"\ntext = '''\n"
	for name, c := range map[string]struct {
		add     string // to a design
		kind    nix.Kind
		subject string
	}{
		"conflict":    {module + "{ boot.loader.timeout = 3; isoImage.volumeID = \"OTHER\"; }\n'''", nix.KindConflict, "isoImage.volumeID"},
		"no option":   {module + "{ servicesx.gpm.enable = true; }\n'''", nix.KindNoOption, "servicesx"},
		"type":        {module + "{ boot.kernelParams = \"quiet\"; }\n'''", nix.KindType, "boot.kernelParams"},
		"assertion":   {module + "{ assertions = [ { assertion = false; message = \"it does not fit\"; } ]; }\n'''", nix.KindAssertion, ""},
		"unfree":      {"\npackages = [\"steam\"]", nix.KindUnfree, "steam-1.0"},
		"insecure":    {"\npackages = [\"hello-insecure\"]", nix.KindInsecure, "hello-insecure-1.0"},
		"broken":      {"\npackages = [\"hello-broken\"]", nix.KindBroken, "hello-broken-1.0"},
		"no package":  {"\npackages = [\"no-such-package\"]", nix.KindNoAttribute, "no-such-package"},
		"syntax":      {module + "{ boot = ; }\n'''", nix.KindSyntax, ""},
		"consented":   {"\npackages = [\"steam\", \"hello-insecure\", \"hello-broken\"]\n[nixos]\nunfree = [\"steam\"]\ninsecure = [\"hello-insecure\"]\nbroken = [\"hello-broken\"]", "", ""},
		"forced":      {module + "{ lib, ... }: { boot.loader.timeout = lib.mkOverride 40 3; isoImage.volumeID = lib.mkForce \"OTHER\"; }\n'''", "", ""},
		"conditional": {module + "{ lib, config, ... }: lib.mkIf (config.networking.hostName != \"\") { boot.kernelParams = lib.mkAfter [ \"x\" ]; }\n'''", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			b := generate(t, "format = 1\nname = \"T\"\nvolume_label = \"T\"\ndistribution = \"nixos\"\nbase = \"minimal\""+c.add)
			var plan any
			err := b.nix.Eval(t.Context(), nix.Flake(b.dir, "plan"), &plan)
			var e *nix.Error
			switch {
			case c.kind == "":
				check(t, err)
			case !errors.As(err, &e) || e.Kind != c.kind || !strings.Contains(e.Subject, c.subject):
				t.Errorf("error %v (%+v), want %s %q", err, e, c.kind, c.subject)
			}
		})
	}
}
