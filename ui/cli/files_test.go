package cli_test

import (
	"bytes"
	"context"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/isowright/isowright/assets"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/inspect"
	"github.com/isowright/isowright/builder/iso"
	"github.com/isowright/isowright/builder/squash"
	"github.com/isowright/isowright/builder/tree"
)

// Examples and templates are canonical: sha256sum prints their ID.
func TestCanonical(t *testing.T) {
	files, err := filepath.Glob("../../examples/*.isowright")
	if err != nil || len(files) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	for _, tmpl := range assets.Templates() {
		files = append(files, filepath.Join("../../assets/templates", tmpl.Name+".isowright"))
	}
	for _, file := range files {
		d, err := design.Load(file)
		if err != nil {
			t.Errorf("%s: %v", file, err)
			continue
		}
		if problems := slices.Concat(design.Validate(d), design.CheckFiles(d)); len(problems) > 0 {
			t.Errorf("%s: %v", file, problems)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if want, err := design.Encode(d); err != nil || !bytes.Equal(text, want) {
			t.Errorf("%s is not canonical, %v; it should be\n%s", file, err, want)
		}
	}
}

// entries is a tree in memory.
type entries []tree.Entry

func (e entries) Len() int { return len(e) }

func (e entries) Entries() iter.Seq[tree.Entry] { return slices.Values(e) }

// ownimage writes an image with our own writers: ownimage FILE.
func ownimage(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: ownimage FILE")
	}
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	defer f.Close()
	w, err := iso.NewWriter(f, iso.Options{
		VolumeID: "OURS", ModTime: 1e9, Application: "ISOWRIGHT", Seed: []byte("x"),
		BIOS: &iso.BIOSBoot{MBRCode: bytes.Repeat([]byte{0x90}, 512), ElTorito: "boot/core.img"},
		UEFI: &iso.UEFIBoot{Files: []iso.ESPFile{{Path: "EFI/BOOT/BOOTX64.EFI", Data: []byte("loader")}}},
	})
	ts.Check(err)
	ctx := context.Background()
	_, err = w.AddFile(ctx, "boot/core.img", 0o644, bytes.NewReader(make([]byte, 8192)))
	ts.Check(err)
	_, err = w.AddFile(ctx, "boot/grub/grub.cfg", 0o644, strings.NewReader("menuentry 'Ours' {\n}\n"))
	ts.Check(err)
	root, err := w.Create("live/0123/filesystem.squashfs", 0o644)
	ts.Check(err)
	text := "from our own writers\n"
	packed, err := squash.Write(ctx, root, entries{
		{Type: tree.Dir, Mode: 0o755},
		{Path: "etc", Type: tree.Dir, Mode: 0o755},
		{Path: "etc/motd", Type: tree.File, Mode: 0o644, Size: int64(len(text)),
			Content: tree.Content{Source: strings.NewReader(text)},
			Xattrs:  map[string]string{"user.note": "x"}},
	}, squash.Options{})
	ts.Check(err)
	_, err = root.Finish(packed.Size)
	ts.Check(err)
	_, err = w.Close(ctx)
	ts.Check(err)
}

// Cancelling ends a long copy at once.
func TestCopyCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	e := tree.Entry{Type: tree.File, Size: 1, Content: tree.Content{Source: strings.NewReader("x")}}
	if err := inspect.Copy(ctx, &bytes.Buffer{}, e); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}
