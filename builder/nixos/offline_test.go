package nixos

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/nixos/nix"
	"github.com/isowright/isowright/builder/nixos/source"
)

const offlineDesign = `format = 1
distribution = "nixos"
release = "26.05"
base = "minimal"
name = "Offline"
packages = ["htop"]

[[users]]
name = "alice"
password_hash = "$y$j9T$abcdefghijklmnopqrstu.$oT1TcMQ3kTZ6aO0bBWLSpKMbOcmd6yN3ZUn4SSVXzx1"

[nixos.offline]
level = "B"
`

// TestOfflineBuildInputs compares what an image of level B says that changes
// need, which Nix finds while it evaluates, with what nix.BuildInputs finds in
// the derivations that nix shows.
func TestOfflineBuildInputs(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("nix"); err != nil {
		if os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" {
			t.Fatal("nix is missing: PATH=$(.ci/nix):$PATH")
		}
		t.Skip("nix is not installed")
	}
	standIn, err := exec.Command("../../.ci/standin").Output()
	if err != nil {
		t.Fatal(".ci/standin:", err)
	}
	dir := t.TempDir()
	name := filepath.Join(dir, "offline.isowright")
	if err := os.WriteFile(name, []byte(offlineDesign), 0o644); err != nil {
		t.Fatal(err)
	}
	d, err := design.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	s, err := source.Generate(d, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Write(filepath.Join(dir, "source")); err != nil {
		t.Fatal(err)
	}
	n, err := nix.Find(t.Context(), nix.Search{Settings: nix.Settings{Nixpkgs: "path:" + strings.TrimSpace(string(standIn))}})
	if err != nil {
		t.Fatal(err)
	}
	const at = "#nixosConfigurations.image.config.system.build.isowrightOffline."
	eval := func(attribute string) []string {
		var paths []string
		if err := n.Eval(t.Context(), "path:"+dir+"/source"+at+attribute, &paths); err != nil {
			t.Fatal(err)
		}
		return paths
	}
	graph := func(attribute string) nix.Graph {
		g, err := n.Graph(t.Context(), eval(attribute)...)
		if err != nil {
			t.Fatal(err)
		}
		return g
	}
	var want []string
	for _, o := range nix.BuildInputs(graph("derivations.known"), graph("derivations.changed")) {
		want = append(want, o.Path)
	}
	got := eval("buildInputs")
	slices.Sort(want)
	slices.Sort(got)
	if len(want) == 0 || !slices.Equal(got, want) {
		t.Errorf("the image has\n%s\nand changes need\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}
