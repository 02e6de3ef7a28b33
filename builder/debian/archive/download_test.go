package archive

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/internal/progress"
)

// offer puts packages with these contents on the mirror.
func (a *testArchive) offer(contents map[string]string) []catalog.Package {
	var list strings.Builder
	for name, data := range contents {
		list.WriteString(stanza(name, "1", data))
	}
	records, err := parsePackages(list.String())
	if err != nil {
		a.t.Fatal(err)
	}
	var out []catalog.Package
	for i := range records {
		records[i].base = a.server.URL + "/debian"
		a.files["/debian/"+records[i].Filename] = []byte(contents[records[i].Name])
		out = append(out, records[i].Package("ticked"))
	}
	slices.SortFunc(out, func(a, b catalog.Package) int { return strings.Compare(a.Name, b.Name) })
	return out
}

func TestDownload(t *testing.T) {
	a := newTestArchive(t)
	contents := map[string]string{}
	total := int64(0)
	for i := range 20 {
		contents[fmt.Sprintf("p%02d", i)] = strings.Repeat(fmt.Sprint(i), 200_000)
		total += int64(len(contents[fmt.Sprintf("p%02d", i)]))
	}
	packages, c, pool := a.offer(contents), a.config(), t.TempDir()
	var mu sync.Mutex
	var last progress.Event
	sink := func(e progress.Event) {
		mu.Lock()
		defer mu.Unlock()
		last.Done, last.Total = max(last.Done, e.Done), e.Total
	}
	// One file is whole already, one is wrong, one was left half.
	path := func(i int) string { return filepath.Join(pool, packages[i].Filename) }
	for i, data := range []string{contents["p00"], strings.Repeat("x", 200_000), contents["p02"][:1000]} {
		name := path(i)
		if i == 2 {
			name += ".part"
		}
		if err := errors.Join(os.MkdirAll(filepath.Dir(name), 0o755), os.WriteFile(name, []byte(data), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	a.cut["/debian/"+packages[5].Filename] = 2
	if err := Download(t.Context(), c, slices.Concat(packages, packages), pool, sink); err != nil {
		t.Fatal(err)
	}
	for i, p := range packages {
		if data, err := os.ReadFile(path(i)); err != nil || string(data) != contents[p.Name] {
			t.Errorf("%s: %d bytes, %v", p.Name, len(data), err)
		}
	}
	if want := total - 200_000; last.Done != want || last.Total != want {
		t.Errorf("progress ended at %d of %d, want %d", last.Done, last.Total, want)
	}
	log := a.requests()
	if slices.Contains(log, "/debian/"+packages[0].Filename) || !slices.Contains(log, "/debian/"+packages[2].Filename+" bytes=1000-") {
		t.Errorf("requests %q", log)
	}
	a.server.Close()
	c.Offline = true
	if err := Download(t.Context(), c, packages, pool, nil); err != nil {
		t.Errorf("all is there, yet: %v", err)
	}
}

func TestDownloadFailures(t *testing.T) {
	cases := []struct {
		name  string
		spoil func(a *testArchive, c *Config, p *catalog.Package)
		kind  error
	}{
		{"gone", func(a *testArchive, c *Config, p *catalog.Package) { delete(a.files, "/debian/"+p.Filename) }, ErrNotFound},
		{"tampered", func(a *testArchive, c *Config, p *catalog.Package) { a.files["/debian/"+p.Filename] = []byte("dota") }, ErrHash},
		{"shorter", func(a *testArchive, c *Config, p *catalog.Package) { a.files["/debian/"+p.Filename] = []byte("dat") }, ErrCut},
		{"longer", func(a *testArchive, c *Config, p *catalog.Package) {
			a.files["/debian/"+p.Filename] = []byte("data and more")
		}, ErrHash},
		{"cut", func(a *testArchive, c *Config, p *catalog.Package) { a.cut["/debian/"+p.Filename] = 1000 }, ErrCut},
		{"refused", func(a *testArchive, c *Config, p *catalog.Package) { p.URL = closedPort(a.t) + "/" + p.Filename }, ErrUnreachable},
		{"offline", func(a *testArchive, c *Config, p *catalog.Package) { c.Offline = true }, ErrOffline},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			a := newTestArchive(t)
			packages, c, pool := a.offer(map[string]string{"one": "data"}), a.config(), t.TempDir()
			tc.spoil(a, &c, &packages[0])
			err := Download(t.Context(), c, packages, pool, nil)
			var e *Error
			if !errors.As(err, &e) || !errors.Is(err, tc.kind) || e.URL != packages[0].URL || e.Hint == "" {
				t.Errorf("error %v (%+v), want %q", err, e, tc.kind)
			}
			if _, err := os.Stat(filepath.Join(pool, packages[0].Filename)); err == nil {
				t.Error("a file has the final name")
			}
		})
	}
	err := Download(t.Context(), Config{}, []catalog.Package{{Name: "x", Filename: "pool/../../x"}}, t.TempDir(), nil)
	if err == nil || !strings.Contains(err.Error(), "not in the pool") {
		t.Errorf("name outside the pool: %v", err)
	}
}

// TestResumeSpoiled: remains that are not the file's beginning are dropped.
func TestResumeSpoiled(t *testing.T) {
	a := newTestArchive(t)
	packages, pool := a.offer(map[string]string{"one": strings.Repeat("data", 1000)}), t.TempDir()
	for _, rest := range []string{"other bytes", strings.Repeat("data", 2000), strings.Repeat("tada", 1000)} {
		part := filepath.Join(pool, packages[0].Filename+".part")
		if err := errors.Join(os.MkdirAll(filepath.Dir(part), 0o755), os.WriteFile(part, []byte(rest), 0o644)); err != nil {
			t.Fatal(err)
		}
		if err := Download(t.Context(), a.config(), packages, pool, nil); err != nil {
			t.Errorf("%.10s…: %v", rest, err)
		}
		if err := os.Remove(filepath.Join(pool, packages[0].Filename)); err != nil {
			t.Error(err)
		}
	}
}

func TestDownloadCancel(t *testing.T) {
	a := newTestArchive(t)
	packages := a.offer(map[string]string{"one": "data"})
	hang := make(chan struct{})
	a.hang["/debian/"+packages[0].Filename] = hang
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	pool := t.TempDir()
	go func() { done <- Download(ctx, a.config(), packages, pool, nil) }()
	<-hang
	start := time.Now()
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if d := time.Since(start); d > time.Second {
		t.Errorf("cancelling took %v", d)
	}
	// The lock is free again.
	if err := Prune(t.Context(), pool, nil, 0); err != nil {
		t.Error(err)
	}
}

func TestPrune(t *testing.T) {
	pool := t.TempDir()
	for i, name := range []string{"pool/a", "pool/x/b", "pool/c", "pool/d", "pool/e.part"} {
		path := filepath.Join(pool, name)
		when := testTime.Add(time.Duration(i) * time.Hour)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, make([]byte, 100), 0o644), os.Chtimes(path, when, when)); err != nil {
			t.Fatal(err)
		}
	}
	if err := Prune(t.Context(), pool, []string{"pool/a"}, 250); err != nil {
		t.Fatal(err)
	}
	var left []string
	for _, name := range []string{"pool/a", "pool/x/b", "pool/c", "pool/d", "pool/e.part"} {
		if _, err := os.Stat(filepath.Join(pool, name)); err == nil {
			left = append(left, name)
		}
	}
	if want := []string{"pool/a", "pool/d"}; !slices.Equal(left, want) {
		t.Errorf("left %v, want %v", left, want)
	}
	if err := Prune(t.Context(), t.TempDir(), nil, 0); err != nil {
		t.Errorf("empty pool: %v", err)
	}
}

// TestLockWaits: a second user of a lock waits until the first is done, shared
// ones do not wait for each other, and waiting ends with the context.
func TestLockWaits(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	one, err := waitLock(t.Context(), path, true)
	if err != nil {
		t.Fatal(err)
	}
	two, err := waitLock(t.Context(), path, true)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, err := lockFile(ctx, path); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("exclusive beside shared: %v", err)
	}
	one()
	two()
	three, err := lockFile(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := takeLock(path, true); !errors.Is(err, errLocked) {
		t.Errorf("shared beside exclusive: %v", err)
	}
	three()
}
