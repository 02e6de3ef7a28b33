package builder

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/iso"
	"github.com/isowright/isowright/builder/look"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/internal/progress"
)

func hexSum(data []byte) string {
	hash := sha256.Sum256(data)
	return hex.EncodeToString(hash[:])
}

func TestSum(t *testing.T) {
	data := bytes.Repeat([]byte("isowright"), 400_000)
	f, err := os.Create(filepath.Join(t.TempDir(), "x"))
	must(t, err)
	defer f.Close()
	_, err = f.Write(data)
	must(t, err)
	last := progress.Event{}
	size, hash, err := sum(t.Context(), f, func(e progress.Event) {
		if e.Done < last.Done || e.Total != int64(len(data)) {
			t.Errorf("%+v after %+v", e, last)
		}
		last = e
	})
	if err != nil || size != int64(len(data)) || hash != hexSum(data) || last.Done != size {
		t.Errorf("%d bytes, %s, last event %+v: %v", size, hash, last, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, _, err = sum(ctx, f, func(e progress.Event) {
		if e.Done > 0 {
			cancel()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Errorf("went on after the end of the context: %v", err)
	}
}

// newISO is an image to add files to.
func newISO(t *testing.T) (*iso.Writer, *os.File) {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "x.iso"))
	must(t, err)
	t.Cleanup(func() { f.Close() })
	w, err := iso.NewWriter(f, iso.Options{VolumeID: "X", ModTime: 1_000_000_000})
	must(t, err)
	return w, f
}

// TestAddPersonal puts the person's files on a medium and reads them back, and
// refuses those that are not the planned ones any more.
func TestAddPersonal(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "notes")
	must(t, os.WriteFile(file, []byte("text"), 0o600))
	w, f := newISO(t)
	count := progress.NewCounter(nil, progress.Event{})
	for _, one := range []plan.File{
		{Dir: true, Target: "/docs"},
		{Source: file, Target: "/docs/notes", Size: 4, SHA256: hexSum([]byte("text")), Mode: 0o700},
		{Link: "notes", Target: "/docs/link"},
	} {
		must(t, (&builds{}).addPersonal(t.Context(), w, one, count))
	}
	done, err := w.Close(t.Context())
	must(t, err)
	image, err := iso.Open(f, done.Size)
	must(t, err)
	entry, err := image.Lookup("docs/notes")
	must(t, err)
	r, err := image.Open(entry)
	must(t, err)
	data, err := io.ReadAll(r)
	if err != nil || string(data) != "text" || entry.Mode&0o777 != 0o544 {
		t.Errorf("%q, mode %o: %v", data, entry.Mode, err)
	}
	if link, err := image.Lookup("docs/link"); err != nil || link.Link != "notes" {
		t.Errorf("link to %q: %v", link.Link, err)
	}

	for _, target := range []string{"/notes", plan.Background} {
		w, _ := newISO(t)
		changed := plan.File{Source: file, Target: target, Size: 4, SHA256: hexSum([]byte("other"))}
		if err := (&builds{}).addPersonal(t.Context(), w, changed, count); err == nil || !strings.Contains(err.Error(), file+" was changed") {
			t.Errorf("%s: %v", target, err)
		}
	}
	gone := plan.File{Source: filepath.Join(dir, "gone"), Target: "/gone"}
	w, _ = newISO(t)
	if err := (&builds{}).addPersonal(t.Context(), w, gone, count); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

// TestAddTheme writes the theme that the plan has, and refuses another one.
func TestAddTheme(t *testing.T) {
	d := design.WithDefaults(design.Design{Name: "X", Distribution: "debian", Boot: design.Boot{Theme: "isowright:line-dark"}})
	theme, err := look.Of(d)
	must(t, err)
	var files []plan.File
	for _, name := range theme.Names() {
		data := theme.Files[name]
		files = append(files, plan.File{Theme: true, OnMedium: true, Target: look.Folder + "/" + name, Mode: 0o444, Size: int64(len(data)), SHA256: hexSum(data)})
	}
	b := &builds{plan: plan.Plan{Design: d, Files: files}}
	w, f := newISO(t)
	must(t, b.addFiles(t.Context(), w, &plan.Product{}))
	done, err := w.Close(t.Context())
	must(t, err)
	image, err := iso.Open(f, done.Size)
	must(t, err)
	for _, name := range theme.Names() {
		entry, err := image.Lookup(strings.TrimPrefix(look.Folder, "/") + "/" + name)
		must(t, err)
		r, err := image.Open(entry)
		must(t, err)
		if data, err := io.ReadAll(r); err != nil || !bytes.Equal(data, theme.Files[name]) {
			t.Errorf("%s: %d bytes on the medium, made were %d: %v", name, len(data), len(theme.Files[name]), err)
		}
	}
	b.plan.Design.Boot.Title = "another"
	w, _ = newISO(t)
	if err := b.addFiles(t.Context(), w, &plan.Product{}); err == nil || !strings.Contains(err.Error(), "was changed") {
		t.Errorf("another theme than the planned one: %v", err)
	}
}

func TestISOOptions(t *testing.T) {
	p := plan.Plan{ID: "the-id", VolumeID: "RESCUE", Date: time.Unix(1_700_000_000, 0)}
	product := &plan.Product{Boot: plan.Boot{
		ESP: []grub.MediumFile{{Path: "EFI/BOOT/BOOTX64.EFI", Data: []byte("efi")}},
	}}
	o := isoOptions(p, product)
	if o.VolumeID != "RESCUE" || o.ModTime != 1_700_000_000 || string(o.Seed) != "the-id" {
		t.Errorf("%+v", o)
	}
	if o.BIOS != nil || len(o.UEFI.Files) != 1 || o.UEFI.Files[0].Path != "EFI/BOOT/BOOTX64.EFI" || string(o.UEFI.Files[0].Data) != "efi" {
		t.Errorf("boot: %+v, %+v", o.BIOS, o.UEFI)
	}
	product.Boot.ElTorito, product.Boot.MBRCode = "boot/eltorito.img", make([]byte, 512)
	if o = isoOptions(p, product); o.BIOS == nil || o.BIOS.ElTorito != "boot/eltorito.img" || len(o.BIOS.MBRCode) != 512 {
		t.Errorf("BIOS: %+v", o.BIOS)
	}
}
