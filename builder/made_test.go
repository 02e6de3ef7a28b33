package builder

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/isowright/isowright/builder/plan"
)

// madeBundle is a bundle as a store has it: links to files elsewhere.
func madeBundle(t *testing.T, kernel string) string {
	t.Helper()
	store, dir := t.TempDir(), t.TempDir()
	must(t, os.WriteFile(filepath.Join(store, "bzImage"), []byte(kernel), 0o444))
	must(t, os.Mkdir(filepath.Join(store, "scripts"), 0o755))
	must(t, os.WriteFile(filepath.Join(store, "scripts", "boot"), []byte("boot"), 0o555))
	must(t, os.Symlink(filepath.Join(store, "bzImage"), filepath.Join(dir, "bzImage")))
	must(t, os.Symlink(filepath.Join(store, "scripts"), filepath.Join(dir, "scripts")))
	link := filepath.Join(t.TempDir(), "result")
	must(t, os.Symlink(dir, link))
	return link
}

// bundling is a run whose bundle is made and has to be copied to out.
func bundling(t *testing.T, out, kernel string) (*builds, *plan.Product) {
	t.Helper()
	b, _ := packing(t, out)
	b.Log = slog.New(slog.DiscardHandler)
	b.plan.Design.Base = "netboot"
	return b, &plan.Product{Made: madeBundle(t, kernel)}
}

// TestWriteBundle puts a bundle in its place, twice, and holds that its
// checksums are those of its files.
func TestWriteBundle(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "lab-netboot")
	for _, kernel := range []string{"one", "another"} {
		b, product := bundling(t, out, kernel)
		must(t, b.checkPlace())
		image, err := b.write(t.Context(), product)
		must(t, err)
		if image.Size != int64(len(kernel)+len("boot")) || len(image.SHA256) != 64 {
			t.Errorf("%+v", image)
		}
		want := []string{"lab-netboot", "lab-netboot.cdx.json", "lab-netboot.log", "lab-netboot.packages", "lab-netboot.sha256"}
		if got := inFolder(t, dir); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		if got := inFolder(t, out); !slices.Equal(got, []string{"SHA256SUMS", "bzImage", "scripts"}) {
			t.Errorf("%q", got)
		}
		if data, err := os.ReadFile(filepath.Join(out, "bzImage")); err != nil || string(data) != kernel {
			t.Errorf("%q: %v", data, err)
		}
		for list, where := range map[string]string{sumsName: out, "lab-netboot.sha256": dir} {
			cmd := exec.CommandContext(t.Context(), "sha256sum", "--check", "--strict", list)
			cmd.Dir = where
			if text, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, text)
			}
		}
	}
}

// TestWriteBundleFails holds that a bundle that came to nothing leaves nothing,
// and an earlier one as it was.
func TestWriteBundleFails(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "lab-netboot")
	must(t, os.Mkdir(out, 0o755))
	must(t, os.WriteFile(filepath.Join(out, sumsName), nil, 0o644))
	b, product := bundling(t, out, "kernel")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.write(ctx, product); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	must(t, clear(t.Context(), b.work.dir, func(context.Context, string) error { return nil }))
	if got := inFolder(t, dir); !slices.Equal(got, []string{"lab-netboot"}) {
		t.Errorf("left %q", got)
	}
	if got := inFolder(t, out); !slices.Equal(got, []string{sumsName}) {
		t.Errorf("the earlier bundle has become %q", got)
	}
}

// TestBundlePlace holds that a bundle takes the place of nothing but a bundle.
func TestBundlePlace(t *testing.T) {
	dir := t.TempDir()
	file, empty, other := filepath.Join(dir, "file"), filepath.Join(dir, "empty"), filepath.Join(dir, "other")
	must(t, os.WriteFile(file, nil, 0o644))
	must(t, os.Mkdir(empty, 0o755))
	must(t, os.Mkdir(other, 0o755))
	must(t, os.WriteFile(filepath.Join(other, "thesis.txt"), nil, 0o644))
	for name, good := range map[string]bool{file: false, empty: true, other: false, filepath.Join(dir, "free"): true} {
		var place *placeError
		if err := checkBundlePlace(name); good != (err == nil) || !good && !errors.As(err, &place) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestTakeFile copies an image that was made already.
func TestTakeFile(t *testing.T) {
	dir := t.TempDir()
	made := filepath.Join(dir, "made.iso")
	must(t, os.WriteFile(made, []byte("an image"), 0o444))
	b, _ := packing(t, filepath.Join(dir, "x.iso"))
	b.Log = slog.New(slog.DiscardHandler)
	image, err := b.write(t.Context(), &plan.Product{Made: made})
	must(t, err)
	data, err := os.ReadFile(image.Path)
	if err != nil || string(data) != "an image" || image.SHA256 != hexSum(data) {
		t.Errorf("%q, %s: %v", data, image.SHA256, err)
	}
}
