package nix

import (
	"bytes"
	"context"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/internal/progress"
)

// packages are two derivations of known size: low of a megabyte, and high
// that refers to it.
const packages = `
      low = drv "low" "head -c 1000000 /dev/zero >$out" { };
      high = drv "high" "head -c 2000000 /dev/zero >$out; echo ${self.low} >>$out" { };
      both = drv "both" "cat ${self.high} ${self.low} >$out" { };
`

// cache builds the attribute in the place, puts it signed into a binary cache
// and forgets the store. It returns the cache's URL and public key.
func (p *place) cache(t *testing.T, dir, attribute string) (url, key string) {
	t.Helper()
	var secret, public bytes.Buffer
	if err := p.call(t.Context(), &secret, "key", "generate-secret", "--key-name", "test-1"); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(p.dir, "secret")
	if err := os.WriteFile(file, secret.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(p.Path, "--extra-experimental-features", "nix-command", "key", "convert-secret-to-public")
	cmd.Env, cmd.Stdin, cmd.Stdout = p.env, &secret, &public
	if err := cmd.Run(); err != nil {
		t.Fatal(err)
	}
	paths, err := p.Build(t.Context(), Spec{Installable: Flake(dir, attribute)})
	if err != nil {
		t.Fatal(err)
	}
	url = "file://" + filepath.Join(p.dir, "cache")
	copyTo := url + "?compression=none&secret-key=" + file
	if err := p.call(t.Context(), nil, append([]string{"copy", "--to", copyTo}, paths...)...); err != nil {
		t.Fatal(err)
	}
	p.forget(t)
	return url, public.String()
}

// forget empties the store.
func (p *place) forget(t *testing.T) {
	t.Helper()
	for _, name := range []string{"store", "var", ".cache"} {
		dir := filepath.Join(p.dir, name)
		if out, err := exec.Command("chmod", "-R", "u+w", dir).CombinedOutput(); err != nil && name != ".cache" {
			t.Fatalf("chmod: %v %s", err, out)
		}
		if err := os.RemoveAll(dir); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDryRunAndFetch(t *testing.T) {
	p := newPlace(t)
	dir := p.flake(t, "f", packages)
	url, key := p.cache(t, dir, "high")
	n := p.WithSettings(Settings{Options: map[string]string{"substituters": url, "trusted-public-keys": key, "download-attempts": "1"}})

	plan, err := n.DryRun(t.Context(), Flake(dir, "both"))
	if err != nil {
		t.Fatal(err)
	}
	if names(plan.Build) != "both" || names(plan.Fetch) != "high low" || len(plan.Unknown) != 0 {
		t.Errorf("plan %+v", plan)
	}
	// Two files and their NAR headers; nix rounds to a hundredth of a MiB.
	if math.Abs(float64(plan.Unpacked)-3_000_400) > 6000 || plan.Unpacked != plan.Download {
		t.Errorf("%d bytes to download, %d unpacked", plan.Download, plan.Unpacked)
	}
	one, err := n.DryRun(t.Context(), Flake(dir, "low"))
	if err != nil {
		t.Fatal(err)
	}
	if names(one.Fetch) != "low" || one.Build != nil || math.Abs(float64(one.Unpacked)-1_000_120) > 6000 {
		t.Errorf("plan of one path %+v", one)
	}
	sizes(t, n, url, slices.Concat(plan.Fetch, plan.Build))

	var h heard
	if _, err := n.With(h.watch()).Build(t.Context(), Spec{Installable: Flake(dir, "both")}); err != nil {
		t.Fatal(err)
	}
	fetched := h.of(StepFetch)
	if len(fetched) < 10 {
		t.Fatalf("%d reports of fetching", len(fetched))
	}
	last := fetched[len(fetched)-1]
	if last.Done != last.Total || last.Unit != "" || last.Total < 3_000_000 || last.Total > 3_001_000 {
		t.Errorf("last report of fetching %+v", last)
	}
	if !slices.IsSortedFunc(fetched, func(a, b progress.Event) int { return int(a.Done - b.Done) }) {
		t.Error("what is fetched becomes less")
	}
	if len(h.warnings) != 0 {
		t.Errorf("warnings %v", h.warnings[0])
	}
	if again, err := n.DryRun(t.Context(), Flake(dir, "both")); err != nil || len(again.Build)+len(again.Fetch) != 0 {
		t.Errorf("plan of what is there: %+v, %v", again, err)
	}
}

// sizes asks a cache for closure sizes; both is not in it.
func sizes(t *testing.T, n *Nix, url string, paths []string) {
	t.Helper()
	infos, err := n.Sizes(t.Context(), url, paths...)
	if err != nil {
		t.Fatal(err)
	}
	if len(infos) != 2 {
		t.Fatalf("the cache knows %+v", infos)
	}
	for _, i := range infos {
		want := int64(1_000_112)
		if strings.HasSuffix(i.Path, "-high") {
			want = 3_000_300
		}
		if math.Abs(float64(i.ClosureSize-want)) > 200 || i.ClosureDownloadSize != i.ClosureSize || i.DownloadSize != i.NarSize {
			t.Errorf("%+v", i)
		}
	}
	if _, err := n.Sizes(t.Context(), "http://127.0.0.1:1", paths...); err == nil {
		t.Error("a cache that is away gives no error")
	}
	asked := *n
	asked.Substituters = []string{"http://127.0.0.1:1", url}
	anywhere, err := asked.SizesAnywhere(t.Context(), infos[0].Path, infos[1].Path, n.StoreDir+"/0pwy3bg9mz8x2kk5cbfvp7cvd3f8wq4l-nowhere")
	if err != nil || len(anywhere) != 2 || anywhere[0].ClosureDownloadSize == 0 {
		t.Errorf("sizes anywhere: %+v, %v", anywhere, err)
	}
}

// names are what paths are called, in order.
func names(paths []string) string {
	var all []string
	for _, p := range paths {
		all = append(all, storeName(p))
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

// A cache whose key is not trusted makes nix build silently: we tell.
func TestCacheKeyMissing(t *testing.T) {
	p := newPlace(t)
	dir := p.flake(t, "f", packages)
	url, _ := p.cache(t, dir, "low")
	n := p.WithSettings(Settings{Options: map[string]string{"substituters": url}})
	var h heard
	if _, err := n.With(h.watch()).Build(t.Context(), Spec{Installable: Flake(dir, "low")}); err != nil {
		t.Fatal(err)
	}
	if len(h.warnings) != 1 {
		t.Fatalf("warnings %v", h.warnings)
	}
	w := h.warnings[0]
	if w.Kind != KindCacheKey || w.Subject != url || !strings.Contains(w.Text, "low is built instead of fetched") || !strings.Contains(w.Hint, "trusted-public-keys") {
		t.Errorf("%+v", w)
	}
	p.forget(t)
	err := p.call(t.Context(), nil, "copy", "--from", url, "--all")
	known{kind: KindCacheKey, text: "Nix does not take low: it is not signed", hint: "trusted-public-keys"}.check(t, err)
}

// A cache that does not answer is told too, and its paths are built.
func TestCacheAway(t *testing.T) {
	p := newPlace(t)
	n := p.WithSettings(Settings{Options: map[string]string{
		"substituters": "http://127.0.0.1:1", "download-attempts": "1",
	}})
	var h heard
	if _, err := n.With(h.watch()).Build(t.Context(), Spec{Installable: Flake(p.flake(t, "f", packages), "low")}); err != nil {
		t.Fatal(err)
	}
	if len(h.warnings) == 0 || h.warnings[0].Kind != KindCacheDown || !strings.Contains(h.warnings[0].Subject, "127.0.0.1:1") {
		t.Errorf("warnings %+v", h.warnings)
	}
}

func TestPathInfo(t *testing.T) {
	p := newPlace(t)
	paths, err := p.Build(t.Context(), Spec{Installable: Flake(p.flake(t, "f", packages), "high")})
	if err != nil {
		t.Fatal(err)
	}
	infos, err := p.PathInfo(t.Context(), paths...)
	if err != nil {
		t.Fatal(err)
	}
	if len(infos) != 2 {
		t.Fatalf("closure %+v", infos)
	}
	for _, i := range infos {
		// Nix itself hashes the NAR anew.
		var out bytes.Buffer
		if err := p.call(t.Context(), &out, "hash", "path", i.Path); err != nil {
			t.Fatal(err)
		}
		if got := strings.TrimSpace(out.String()); got != i.NarHash {
			t.Errorf("hash of %s is %s, told %s", i.Path, got, i.NarHash)
		}
		if i.NarSize < 1_000_000 || !strings.HasSuffix(i.Deriver, ".drv") {
			t.Errorf("%+v", i)
		}
		if strings.HasSuffix(i.Path, "-high") && names(i.References) != "low" {
			t.Errorf("references %v", i.References)
		}
	}
	if none, err := p.PathInfo(t.Context()); none != nil || err != nil {
		t.Errorf("closure of nothing: %v %v", none, err)
	}
}

// A root keeps its path from the garbage collector until it is freed.
func TestRoots(t *testing.T) {
	p := newPlace(t)
	dir := p.flake(t, "f", packages)
	kept := filepath.Join(p.dir, "kept")
	if roots, err := p.Roots(t.Context(), kept); err != nil || len(roots) != 0 {
		t.Errorf("roots of no folder: %v %v", roots, err)
	}
	if err := os.Mkdir(kept, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"low", "high"} {
		if _, err := p.Build(t.Context(), Spec{Installable: Flake(dir, name), OutLink: filepath.Join(kept, name)}); err != nil {
			t.Fatal(err)
		}
	}
	// What is no root stays out of it.
	for _, other := range []string{"/etc/passwd", p.dir} {
		if err := os.Symlink(other, filepath.Join(kept, filepath.Base(other))); err != nil {
			t.Fatal(err)
		}
	}
	roots, err := p.Roots(t.Context(), kept)
	if err != nil {
		t.Fatal(err)
	}
	if len(roots) != 2 || filepath.Base(roots[0].Link) != "low" || roots[0].Gone || time.Since(roots[0].Made) > time.Hour {
		t.Fatalf("roots %+v", roots)
	}
	if roots[0].ClosureSize < 1_000_000 || roots[1].ClosureSize < 3_000_000 {
		t.Errorf("sizes %d, %d", roots[0].ClosureSize, roots[1].ClosureSize)
	}
	collect(t, p, roots[1])
	if err := p.Free(Root{Link: filepath.Join(kept, "passwd")}); err == nil {
		t.Error("a link to elsewhere can be freed")
	}
}

// collect frees a root between two collections.
func collect(t *testing.T, p *place, r Root) {
	t.Helper()
	if _, _, err := p.CollectGarbage(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(r.Path); err != nil {
		t.Fatalf("the garbage collector took a root: %v", err)
	}
	if err := p.Free(r); err != nil {
		t.Fatal(err)
	}
	paths, size, err := p.CollectGarbage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(r.Path); err == nil {
		t.Error("the path of a freed root stays")
	}
	if paths < 1 || math.Abs(float64(size)-2_000_000) > 100_000 {
		t.Errorf("%d paths, %d bytes freed", paths, size)
	}
	roots, err := p.Roots(context.Background(), filepath.Dir(r.Link))
	if err != nil || len(roots) != 1 {
		t.Errorf("roots after freeing one: %v %v", roots, err)
	}
}
