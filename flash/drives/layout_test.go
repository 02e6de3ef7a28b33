package drives

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/isowright/isowright/internal/recorded"
)

var update = flag.Bool("update", false, "write the reasons in the layouts anew")

// layout is one file in testdata/layouts: a txtar archive.
//
//   - its comment says what the layout is;
//   - "disks" has a line for each disk that is listed: its name and "system",
//     "held", "mounted" or "free". People write it;
//   - "reasons" has what List says, and is written by -update;
//   - "tree" has a line for each attribute ("path = value") and link ("path ->
//     target"), as testdata/record prints them;
//   - all others are files of their name.
type layout struct {
	name    string
	archive *txtar.Archive
	disks   string
	reasons string
	source  Source
}

func readLayout(t *testing.T, name string) layout {
	t.Helper()
	root, archive := recorded.Lay(t, name)
	l := layout{name: name, archive: archive, source: Source{FS: os.DirFS(root), Recorded: true}}
	for _, f := range archive.Files {
		switch f.Name {
		case "disks":
			l.disks = string(f.Data)
		case "reasons":
			l.reasons = string(f.Data)
		}
	}
	return l
}

// state is a drive's line in "disks".
func state(d Drive) string {
	switch {
	case len(d.System) > 0:
		return "system"
	case len(d.Held) > 0:
		return "held"
	case len(d.InUse) > 0:
		return "mounted"
	}
	return "free"
}

// TestLayouts is the rule of the system's disks, tried on every layout.
func TestLayouts(t *testing.T) {
	names, err := filepath.Glob("testdata/layouts/*.txt")
	if err != nil {
		t.Fatal(err)
	}
	if len(names) < 30 {
		t.Fatalf("%d layouts are fewer than were promised", len(names))
	}
	for _, name := range names {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txt"), func(t *testing.T) {
			t.Parallel()
			testLayout(t, readLayout(t, name))
		})
	}
}

func testLayout(t *testing.T, l layout) {
	list, err := List(t.Context(), l.source)
	if err != nil {
		t.Fatal(err)
	}
	var states []string
	var reasons strings.Builder
	for _, d := range list {
		states = append(states, d.Name+" "+state(d))
		fmt.Fprintf(&reasons, "%s: %s\n", d.Name, describe(d))
		for _, kind := range []struct {
			name string
			all  []string
		}{{"system", d.System}, {"held", d.Held}, {"in use", d.InUse}} {
			for _, r := range kind.all {
				fmt.Fprintf(&reasons, "  %s: %s\n", kind.name, r)
			}
		}
	}
	want := slices.DeleteFunc(strings.Split(l.disks, "\n"), func(s string) bool { return s == "" })
	if !slices.Equal(states, want) {
		t.Errorf("disks are\n\t%s\nwant\n\t%s\n%s", strings.Join(states, "\n\t"), strings.Join(want, "\n\t"), reasons.String())
	}
	if *update {
		writeReasons(t, l, reasons.String())
	} else if reasons.String() != l.reasons {
		t.Errorf("reasons are\n%s\nwant\n%s", reasons.String(), l.reasons)
	}
}

// describe is what else was read of a drive.
func describe(d Drive) string {
	text := fmt.Sprintf("%s %q %q %q, %d bytes, sectors %d/%d, removable %v, read-only %v, optical %v, by-id %d",
		d.Bus, d.Vendor, d.Model, d.Serial, d.Size, d.SectorSize, d.PhysicalSize, d.Removable, d.ReadOnly, d.Optical, len(d.ByID))
	for _, p := range d.Parts {
		text += fmt.Sprintf("\n  %d %s %s %q %v %v", p.Number, p.Name, p.FileSystem, p.Label, p.Mounts, p.Holders)
	}
	return text
}

func writeReasons(t *testing.T, l layout, reasons string) {
	t.Helper()
	files := slices.DeleteFunc(l.archive.Files, func(f txtar.File) bool { return f.Name == "reasons" })
	at := slices.IndexFunc(files, func(f txtar.File) bool { return f.Name == "tree" })
	l.archive.Files = slices.Insert(files, max(at, 0), txtar.File{Name: "reasons", Data: []byte(reasons)})
	if err := os.WriteFile(l.name, txtar.Format(l.archive), 0o644); err != nil {
		t.Fatal(err)
	}
}
