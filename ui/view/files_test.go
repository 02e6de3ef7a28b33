package view

import (
	stdcontext "context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/ui/model"
)

// project saves the design in front in a folder of its own, with files beside
// it.
func (w *testWindow) project(t *testing.T, doc *model.Document, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := doc.SaveAs(filepath.Join(dir, "project.isowright")); err != nil {
		t.Fatal(err)
	}
	return dir
}

// someFiles are what lies beside a design.
func someFiles() map[string]string {
	return map[string]string{"tools/run.sh": "#!/bin/sh\necho hello\n", "tools/data.bin": strings.Repeat("x", 4<<20), "welcome.txt": "hello\n"}
}

// offlineCosts plans as recorded: what the levels cost.
func offlineCosts(e *model.Env) {
	e.Actions.Plan = func(stdcontext.Context, design.Design, builder.Options) (plan.Plan, error) {
		return plan.Plan{Sizes: plan.Sizes{Image: 1240e6}, Nix: &plan.Nix{Offline: []plan.OfflineCost{
			{Level: "A", Added: 412e6, Image: 1240e6, Space: 6100e6},
			{Level: "B", Added: 1310e6, Image: 1690e6, Space: 7900e6},
			{Level: "C", Added: 14200e6, Image: 9300e6, Space: 41e9},
		}}}, nil
	}
}

// filesScreens are those of the page Files & offline.
func filesScreens() []screen {
	return []screen{
		{name: "files-empty", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "minimal")
			w.session.Show(model.Files)
		}},
		{name: "files-filled", shot: "files", golden: true, begin: func(t *testing.T, w *testWindow) {
			doc := w.open(t, "minimal")
			w.project(t, doc, someFiles())
			doc.Edit(model.Act("x"), func(d *design.Design) {
				d.Files = []design.File{{Source: "tools", Target: "/opt/tools", Mode: "0755"}, {Source: "welcome.txt", Target: "/README.txt", On: "medium"}}
			})
			w.session.Show(model.Files)
		}},
		{name: "files-problems", begin: func(t *testing.T, w *testWindow) {
			doc := w.open(t, "minimal")
			w.project(t, doc, map[string]string{"id": "-----BEGIN OPENSSH PRIVATE KEY-----\n"})
			doc.Edit(model.Act("x"), func(d *design.Design) {
				d.Files = []design.File{{Source: "id", Target: "relative", Mode: "rwx"}, {Source: "missing", Target: "/proc/x", On: "medium", Owner: "ada"}}
			})
			w.session.Show(model.Files)
		}},
		{name: "files-offline", env: offlineCosts, begin: func(t *testing.T, w *testWindow) {
			doc := w.open(t, "nixos-offline")
			w.project(t, doc, nil)
			w.session.Show(model.Files)
			doc.MakePlan()
			w.until(t, "the plan", func() bool { return !doc.Planning() })
		}},
		{name: "files-offline-unknown", begin: func(t *testing.T, w *testWindow) {
			w.open(t, "nixos-offline").Edit(model.Act("x"), func(d *design.Design) {
				d.NixOS.Offline.Unattended, d.NixOS.Offline.Disk = true, "/dev/vda"
				d.NixOS.Contents = []design.NixContent{{Target: "/README.txt", Text: "How to install\n"}, {Target: "/files/hello", Package: "hello"}}
			})
			w.session.Show(model.Files)
			w.scrollTo(1)
		}},
	}
}
