package assemble_test

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/iso"
	"github.com/isowright/isowright/builder/nixos/assemble"
	"github.com/isowright/isowright/builder/nixos/nix"
	"github.com/isowright/isowright/builder/nixos/source"
	"github.com/isowright/isowright/builder/squash"
	"github.com/isowright/isowright/builder/tree"
)

// rescue is the design of the images here.
const rescue = `
format = 1
name = "Rescue stick"
volume_label = "RESCUE-26.05"
distribution = "nixos"
base = "minimal"
packages = ["hello", "git"]

[kernel]
parameters = ["console=tty0", "console=ttyS0,115200n8", "no_timer_check", "isowright.test=1"]

[system]
hostname = "rescue"

[[users]]
name = "alice"
full_name = "Alice A."
password_hash = "$6$abcdefgh$qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"

[texts]
after_login = """
The $motd of 'the' "rescue" stick
"""

[boot]
timeout = 3
serial = true
default = "Second"

[[boot.entries]]
title = "First"
parameters = ["first=1"]

[[boot.entries]]
title = "Second"
parameters = ["second=1"]

[[boot.entries]]
title = "More"
kind = "submenu"
[[boot.entries.entries]]
title = "In memory"
to_ram = true

[[boot.entries]]
title = "Restart"
kind = "reboot"

[compression]
level = 3

[nixos]
assembler = "isowright"

[[nixos.contents]]
target = "/docs/note.txt"
text = "on the medium\n"

[[nixos.specialisations]]
name = "other"
title = "(the other)"
parameters = ["other=1"]
config = "networking.hostName = lib.mkForce \"otherhost\";"
`

// built is a design built by a real Nix against the stand-in for nixpkgs.
type built struct {
	design design.Design
	nix    *nix.Nix
	// dir is the folder of the source.
	dir string
}

// needed skips a test without its tools, but not where all are required.
func needed(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// generate writes a design's source and finds Nix.
func generate(t *testing.T, text string) *built {
	t.Helper()
	folders := toolFolders(t)
	dir := t.TempDir()
	file := filepath.Join(dir, "test.isowright")
	check(t, os.WriteFile(file, []byte(text), 0o644))
	d, err := design.Load(file)
	check(t, err)
	src, err := source.Generate(d, source.Options{})
	check(t, err)
	b := &built{design: design.WithDefaults(d), dir: filepath.Join(dir, "source")}
	check(t, src.Write(b.dir))
	b.nix, err = nix.Find(t.Context(), nix.Search{Path: folders.nix, Settings: nix.Settings{Nixpkgs: "path:" + folders.nixpkgs}})
	check(t, err)
	return b
}

// folders are what the scripts in .ci bring.
type folders struct{ nix, nixpkgs string }

var toolFolders = func() func(*testing.T) folders {
	var once sync.Once
	var f folders
	var err error
	return func(t *testing.T) folders {
		t.Helper()
		for _, tool := range []string{"mmdebstrap", "xorriso", "mksquashfs", "mkfs.vfat", "mcopy", "grub-mkimage", "cpio"} {
			if _, err := exec.LookPath(tool); err != nil {
				needed(t, "%s is missing: .ci/setup all", tool)
			}
		}
		once.Do(func() {
			err = watched()
			script := func(name string) string {
				out, failed := exec.Command("../../../.ci/" + name).Output()
				err = errors.Join(err, failed)
				return strings.TrimSpace(string(out))
			}
			f = folders{nix: script("nix"), nixpkgs: script("standin")}
		})
		check(t, err)
		return f
	}
}()

// watched reads what the scripts read, so that `go test` knows when a cached
// result is none any more.
func watched() error {
	for _, name := range []string{"../../../.ci/nix", "../../../.ci/standin"} {
		if _, err := os.ReadFile(name); err != nil {
			return err
		}
	}
	return filepath.WalkDir("../../../testdata/nixpkgs", func(p string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			_, err = os.ReadFile(p)
		}
		return err
	})
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		var e *exec.ExitError
		if errors.As(err, &e) {
			t.Fatalf("%v: %s", err, e.Stderr)
		}
		t.Fatal(err)
	}
}

// build builds an output of the source.
func (b *built) build(t *testing.T, output string) string {
	t.Helper()
	start := time.Now()
	out, err := b.nix.Build(t.Context(), nix.Spec{
		Installable: nix.Flake(b.dir, "packages.x86_64-linux."+output),
		OutLink:     filepath.Join(t.TempDir(), output),
	})
	check(t, err)
	t.Logf("%s built in %.1f s", output, time.Since(start).Seconds())
	return out[0]
}

// assembled puts an image together and writes it.
func (b *built) assembled(t *testing.T) (*assemble.Image, string) {
	t.Helper()
	manifest := b.build(t, "manifest")
	start := time.Now()
	image, err := assemble.Assemble(t.Context(), assemble.Options{Design: b.design, Manifest: manifest, Verify: true})
	check(t, err)
	name := filepath.Join(t.TempDir(), "ours.iso")
	f, err := os.Create(name)
	check(t, err)
	defer f.Close()
	check(t, write(t.Context(), f, image))
	t.Logf("assembled in %.1f s", time.Since(start).Seconds())
	return image, name
}

// write writes an assembled image as the builder does.
func write(ctx context.Context, f *os.File, image *assemble.Image) error {
	o := iso.Options{VolumeID: image.VolumeID, Seed: []byte("test")}
	if len(image.ESP) > 0 {
		o.UEFI = &iso.UEFIBoot{}
		for _, file := range image.ESP {
			o.UEFI.Files = append(o.UEFI.Files, iso.ESPFile{Path: file.Path, Data: file.Data})
		}
	}
	if image.ElTorito != "" {
		o.BIOS = &iso.BIOSBoot{Loader: iso.Isolinux, MBRCode: image.MBRCode, ElTorito: image.ElTorito}
	}
	w, err := iso.NewWriter(f, o)
	if err != nil {
		return err
	}
	for _, e := range image.Medium {
		switch e.Type {
		case tree.Dir:
			err = w.AddDir(e.Path, e.Mode)
		case tree.Symlink:
			err = w.AddSymlink(e.Path, e.Link)
		default:
			_, err = w.AddFile(ctx, e.Path, e.Mode, e.Open())
		}
		if err != nil {
			return err
		}
	}
	at, err := w.Create(image.RootPath, 0o444)
	if err != nil {
		return err
	}
	packed, err := squash.Write(ctx, at, image.Root, squash.Options{Compression: squash.Zstd, Level: 3, BlockSize: 1 << 20})
	if err != nil {
		return err
	}
	if _, err := at.Finish(packed.Size); err != nil {
		return err
	}
	_, err = w.Close(ctx)
	return err
}

// opened is an image that was read.
type opened struct {
	*iso.Image
	files map[string]iso.Entry
	store map[string]tree.Entry
}

func open(t *testing.T, name string) *opened {
	t.Helper()
	f, err := os.Open(name)
	check(t, err)
	t.Cleanup(func() { f.Close() })
	info, err := f.Stat()
	check(t, err)
	im, err := iso.Open(f, info.Size())
	check(t, err)
	o := &opened{Image: im, files: map[string]iso.Entry{}, store: map[string]tree.Entry{}}
	check(t, im.Walk(func(e iso.Entry) error {
		o.files[e.Path] = e
		return nil
	}))
	packed, err := im.Open(o.files["nix-store.squashfs"])
	check(t, err)
	r, err := squash.Open(packed)
	check(t, err)
	for e := range r.Entries() {
		o.store[e.Path] = e
	}
	check(t, r.Err())
	return o
}

func content(t *testing.T, e tree.Entry) string {
	t.Helper()
	b, err := io.ReadAll(e.Open())
	check(t, err)
	return string(b)
}
