package words

import (
	"errors"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/flash/drives"
)

// english are words that no German sentence has.
var english = regexp.MustCompile(`(^| )([Tt]he|[Ii]s|are|not|and|of|with|cannot|does|has|lies|[Ii]t|to|[Tt]his|no|one|write)( |$)`)

// quotation may hold anything.
var quotation = regexp.MustCompile("`[^`]*`|" + `"[^"]*"`)

// inGerman speaks the German that is delivered.
func inGerman(t testing.TB) *Words {
	t.Helper()
	w, err := New(assets.Words(), "de_DE.UTF-8")
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// translates fails where a sentence, or a part of it, stays English.
func translates(t *testing.T, w *Words, sentence string) {
	t.Helper()
	sentence, _, _ = strings.Cut(sentence, "this is not TOML: ") // the reader's own words
	if sentence == "" {
		return
	}
	text := w.Of(sentence)
	if text == sentence {
		t.Errorf("%q stays English", sentence)
	}
	if at := english.FindString(quotation.ReplaceAllString(text, "")); at != "" {
		t.Errorf("%q becomes %q, which has the English %q", sentence, text, at)
	}
	if strings.Contains(text, "%!") {
		t.Errorf("%q becomes %q", sentence, text)
	}
}

// TestFaultsOfDesignsAreGerman translates what is wrong with each broken design
// of the builder's own tests.
func TestFaultsOfDesignsAreGerman(t *testing.T) {
	w := inGerman(t)
	files, err := filepath.Glob("../../builder/design/testdata/bad/*.toml")
	if err != nil || len(files) < 20 {
		t.Fatalf("only %d broken designs: %v", len(files), err)
	}
	said := 0
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".toml"), func(t *testing.T) {
			d, err := design.Load(file)
			var faults design.Problems
			if err == nil {
				faults = append(design.Validate(d), design.CheckFiles(d)...)
			} else if !errors.As(err, &faults) {
				t.Fatal(err)
			}
			for _, f := range faults {
				said++
				translates(t, w, f.Text)
				translates(t, w, f.Hint)
			}
		})
	}
	if said < 200 {
		t.Errorf("only %d faults were said", said)
	}
}

// TestRefusalsOfDrivesAreGerman translates what stands against writing each
// drive of the recorded computers. (The reasons that List gives are recorded
// with them.)
func TestRefusalsOfDrivesAreGerman(t *testing.T) {
	w := inGerman(t)
	files, err := filepath.Glob("../../flash/drives/testdata/layouts/*.txt")
	if err != nil || len(files) < 30 {
		t.Fatalf("only %d layouts: %v", len(files), err)
	}
	said := 0
	for _, file := range files {
		for _, d := range recordedDrives(t, file) {
			for _, reason := range slices.Concat(d.System, d.Held, d.InUse) {
				translates(t, w, reason)
			}
			for _, image := range images(d) {
				for _, r := range flash.Check(d, image, drives.Identity{Serial: "another"}) {
					said++
					translates(t, w, r.Text)
					translates(t, w, r.Hint)
				}
			}
		}
	}
	if said < 300 {
		t.Errorf("only %d refusals were said", said)
	}
}

// recordedDrives are the drives of a recorded computer with what uses them.
func recordedDrives(t *testing.T, file string) []drives.Drive {
	t.Helper()
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all []drives.Drive
	var last *string // the reason that a further line belongs to
	for _, f := range archive.Files {
		if f.Name != "reasons" {
			continue
		}
		for line := range strings.Lines(string(f.Data)) {
			kind, text, names := strings.Cut(strings.TrimSpace(line), ": ")
			switch {
			case !names && !strings.HasPrefix(line, " "):
				*last += "\n" + kind
				continue
			case !strings.HasPrefix(line, " "):
				all = append(all, drives.Drive{Name: kind, Path: "/dev/" + kind, Size: 536_870_912})
				continue
			}
			d := &all[len(all)-1]
			reasons := map[string]*[]string{"system": &d.System, "held": &d.Held, "in use": &d.InUse}[kind]
			if reasons != nil {
				*reasons = append(*reasons, text)
				last = &(*reasons)[len(*reasons)-1]
			}
		}
	}
	return all
}

// images have all that Check has words for.
func images(d drives.Drive) []flash.ImageInfo {
	return []flash.ImageInfo{
		{Size: d.Size + 1_500_000, FileSize: d.Size, Boot: flash.BootNone, Disks: []string{d.Name}},
		{Size: -1, FileSize: 1_000_000, Compression: "xz", Boot: flash.BootDisc, Unplaced: "no mount has /images/a.iso"},
		{Size: 2_000_000, FileSize: 1_000_000, Compression: "zstd"},
	}
}

// TestErrorsAreGerman translates errors as they read when they reach the window:
// steps, chains, lists of reasons and places.
func TestErrorsAreGerman(t *testing.T) {
	w := inGerman(t)
	for _, sentence := range []string{
		"the stick cannot be read at 1.0 MiB (byte 1048576): EIO",
		"the stick does not hold what was written at 4.0 MiB (byte 4194304): 00 01 is there instead of ff ff",
		"root: the package foo failed to install",
		"look at this computer: there is no Nix on this computer (looked in /usr/bin, /nix/var)",
		"plan: packages that cannot be installed together: a conflicts with b; c needs d, which cannot be installed; e conflicts with f, which g provides",
		"/dev/sdb is in use: the program vlc (1234) has /media/x open",
		"https://example.org/y: cannot be reached",
		"The file flake.nix does not exist.",
		"Building hello failed with exit code 1.",
		`boot menu: entries[0].parameters[1] holds "a" in "b", which GRUB passes to the kernel with a backslash before it: remove it`,
		`GRUB would show its text menu instead of the theme: theme.txt:3: no font "X" is loaded: GRUB takes "Y"`,
		"KVM opens but does not work here: a trial guest was still in long mode after 5s",
	} {
		translates(t, w, sentence)
	}
}
