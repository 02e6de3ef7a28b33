package builder

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/grub"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/builder/tree"
	"golang.org/x/sys/unix"
)

// packing is a run whose product is there and has to be packed.
func packing(t *testing.T, out string) (*builds, *plan.Product) {
	t.Helper()
	root := tree.NewSet(1_000_000_000)
	must(t, root.WriteFile("etc/hostname", []byte("x\n"), 0o644))
	w, err := newWork(t.Context(), t.TempDir(), removeAll)
	must(t, err)
	t.Cleanup(func() { must(t, w.close(removeAll)) })
	p := plan.Plan{
		ID: "id", LiveID: "0123", VolumeID: "X", Date: time.Unix(1_000_000_000, 0),
		Design: design.WithDefaults(design.Design{Name: "X", Distribution: "debian", Release: "trixie"}),
	}
	product := &plan.Product{Root: root, RootPath: "/live/0123/filesystem.squashfs", Medium: []tree.Entry{
		tree.Bytes("live/0123/vmlinuz", 0o444, []byte("kernel")), tree.Bytes("live/0123/initrd.img", 0o444, []byte("initrd")),
	}, Boot: plan.Boot{
		ESP: []grub.MediumFile{{Path: "EFI/BOOT/BOOTX64.EFI", Data: []byte("efi")}},
	}}
	return &builds{Options: Options{CacheDir: t.TempDir(), Out: out, Workers: 1}, plan: p, work: w, log: newBuildLog(nil, p)}, product
}

func inFolder(t *testing.T, dir string) (names []string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// TestWrite holds that an image and what lies beside it appear together, and
// nothing else.
func TestWrite(t *testing.T) {
	dir := t.TempDir()
	b, product := packing(t, filepath.Join(dir, "x.iso"))
	b.Log = slog.New(slog.DiscardHandler)
	image, err := b.write(t.Context(), product)
	must(t, err)
	want := []string{"x.iso", "x.iso.cdx.json", "x.iso.log", "x.iso.packages", "x.iso.sha256"}
	if got := inFolder(t, dir); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	data, err := os.ReadFile(image.Path)
	if err != nil || int64(len(data)) != image.Size || hexSum(data) != image.SHA256 {
		t.Errorf("%d bytes, %s: %v", image.Size, image.SHA256, err)
	}
	if len(b.phases) == 0 || len(image.Beside) != 4 {
		t.Errorf("%+v", image)
	}
}

// TestWriteFails holds that nothing stays of an image that came to nothing.
func TestWriteFails(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "x.iso")
	must(t, os.MkdirAll(filepath.Join(out, "in the way"), 0o755))
	b, product := packing(t, out)
	b.Log = slog.New(slog.DiscardHandler)
	_, err := b.write(t.Context(), product)
	var step *StepError
	if !errors.As(err, &step) || step.Step != "finish" {
		t.Errorf("a folder has the image's name: %v", err)
	}
	// What lay beside it goes with the run's folder.
	must(t, clear(t.Context(), b.work.dir, func(context.Context, string) error { return nil }))
	if got := inFolder(t, dir); !slices.Equal(got, []string{"x.iso"}) {
		t.Errorf("left %q", got)
	}

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	dir = t.TempDir()
	b, product = packing(t, filepath.Join(dir, "x.iso"))
	b.Log = slog.New(slog.DiscardHandler)
	if _, err := b.write(ctx, product); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	if got := inFolder(t, dir); len(got) > 0 {
		t.Errorf("a cancelled run left %q", got)
	}
}

// TestWriteInUse holds that a run leaves the unfinished image of another alone.
func TestWriteInUse(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "x.iso")
	other, err := lockFile(out+".part", unix.LOCK_EX|unix.LOCK_NB)
	must(t, err)
	defer other.Close()
	b, product := packing(t, out)
	b.Log = slog.New(slog.DiscardHandler)
	_, err = b.write(t.Context(), product)
	var step *StepError
	if !errors.Is(err, errInUse) || !errors.As(err, &step) || !strings.Contains(step.Hint, "other build") {
		t.Errorf("%v", err)
	}
	must(t, clear(t.Context(), b.work.dir, func(context.Context, string) error { return nil }))
	if got := inFolder(t, dir); !slices.Equal(got, []string{"x.iso.part"}) {
		t.Errorf("the other's image is gone: %q", got)
	}
}

// TestExportOverSomething holds that an export overwrites nothing.
func TestExportOverSomething(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "mine"), nil, 0o644))
	d := design.Design{Format: 1, Name: "X", Distribution: "debian", Base: "minimal"}
	err := Export(t.Context(), d, dir, Options{CacheDir: t.TempDir()})
	var step *StepError
	if !errors.As(err, &step) || !strings.Contains(err.Error(), "not empty") {
		t.Errorf("%v", err)
	}
	if got := inFolder(t, dir); !slices.Equal(got, []string{"mine"}) {
		t.Errorf("left %q", got)
	}
}

// TestUnknownDistribution holds that all doors refuse what cannot be built.
func TestUnknownDistribution(t *testing.T) {
	p := plan.Plan{Design: design.Design{Distribution: "x"}}
	o := Options{CacheDir: t.TempDir()}
	_, planned := Plan(t.Context(), design.Design{Distribution: "x"}, o)
	_, built := Build(t.Context(), p, o)
	for name, err := range map[string]error{"plan": planned, "build": built, "export": Export(t.Context(), p.Design, t.TempDir(), o)} {
		var problems design.Problems
		if !errors.As(err, &problems) || !slices.ContainsFunc(problems, func(p design.Problem) bool { return p.Field == "distribution" }) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
