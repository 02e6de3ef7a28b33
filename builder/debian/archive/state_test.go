package archive

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/isowright/isowright/internal/progress"
)

func TestFetch(t *testing.T) {
	a := newTestArchive(t)
	a.publishAll(stanza("alpha", "1.0", "a"))
	a.publish(testSuite{base: "/debian-security", name: "trixie-security", packages: stanza("alpha", "1.1", "b"), byHash: true})
	c := a.config()
	var mu sync.Mutex
	var last progress.Event
	s, err := Fetch(t.Context(), c, func(e progress.Event) {
		mu.Lock()
		defer mu.Unlock()
		last.Done, last.Total = max(last.Done, e.Done), e.Total
	})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(s.ID, "sha256:") || len(s.ID) != 71 || !s.Date.Equal(testTime.Add(-24*time.Hour)) {
		t.Errorf("state %s of %v", s.ID, s.Date)
	}
	if want := []string{"trixie main", "trixie-updates main", "trixie-security main"}; !slices.Equal(s.Sources, want) {
		t.Errorf("sources %v, want %v", s.Sources, want)
	}
	if last.Total == 0 || last.Done != last.Total {
		t.Errorf("last event %+v is not the end", last)
	}
	x, err := s.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if r := x.Find("alpha"); r == nil || r.Version != "1.1" || r.URL() != c.Security+"/pool/main/a/alpha/alpha_1.1_amd64.deb" || len(x.Versions("alpha")) != 2 {
		t.Errorf("alpha is %+v", r)
	}
	for _, path := range a.requests() {
		if strings.HasPrefix(path, "/debian-security/") && strings.HasSuffix(path, "Packages.xz") {
			t.Errorf("list fetched by name in spite of by-hash: %s", path)
		}
	}

	again, err := Fetch(t.Context(), c, nil)
	if err != nil || again.ID != s.ID {
		t.Fatalf("again: %v %v", again, err)
	}
	for _, path := range a.requests() {
		if !strings.HasSuffix(path, "InRelease") {
			t.Errorf("unchanged state fetched %s again", path)
		}
	}
}

// TestFetchFailures: each fault of mirror or network has its kind, names the
// address and says what to do.
func TestFetchFailures(t *testing.T) {
	const in, list = "/debian/dists/trixie/InRelease", "/debian/dists/trixie/main/binary-amd64/Packages.xz"
	cases := []struct {
		name  string
		spoil func(a *testArchive, c *Config)
		kind  error
		text  string
	}{
		{"no such release", func(a *testArchive, c *Config) { c.Release = "nosuch" }, ErrNotFound, "nosuch/InRelease"},
		{"no such architecture", func(a *testArchive, c *Config) { c.Arch = "vax" }, ErrNotFound, "it has amd64, arm64"},
		{"no such component", func(a *testArchive, c *Config) { c.Components = []string{"odd"} }, ErrNotFound, "no component odd"},
		{"refused", func(a *testArchive, c *Config) { c.Mirror = closedPort(a.t) }, ErrUnreachable, "refused"},
		{"no such host", func(a *testArchive, c *Config) { c.Mirror = "http://mirror.invalid/debian" }, ErrUnreachable, "mirror.invalid"},
		{"other key", func(a *testArchive, c *Config) { a.key = newKey(a.t); a.publishAll("") }, ErrSignature, "InRelease"},
		{"tampered release", func(a *testArchive, c *Config) {
			a.files[in] = bytes.Replace(a.files[in], []byte("Components: main"), []byte("Components: evil"), 1)
		}, ErrSignature, "InRelease"},
		{"login page", func(a *testArchive, c *Config) { a.files[in] = []byte("<html>Log in") }, ErrSignature, "no signed text"},
		{"cut release", func(a *testArchive, c *Config) { a.files[in] = a.files[in][:300] }, ErrSignature, "InRelease"},
		{"other suite", func(a *testArchive, c *Config) { a.files[in] = a.files["/debian/dists/trixie-updates/InRelease"] }, ErrSignature, "not for trixie"},
		{"expired", func(a *testArchive, c *Config) { c.Now = testTime.Add(48 * time.Hour) }, ErrExpired, "clock says 2026-09-22"},
		{"clock behind", func(a *testArchive, c *Config) { c.Now = testTime.Add(-48 * time.Hour) }, ErrExpired, ""},
		{"clock before the key", func(a *testArchive, c *Config) { c.Now = testTime.AddDate(-20, 0, 0) }, ErrExpired, ""},
		{"tampered list", func(a *testArchive, c *Config) {
			a.files[list] = bytes.Clone(a.files[list])
			a.files[list][len(a.files[list])/2] ^= 1
		}, ErrHash, "Packages.xz"},
		{"truncated list", func(a *testArchive, c *Config) { a.files[list] = a.files[list][:40] }, ErrCut, "Packages.xz"},
		{"longer list", func(a *testArchive, c *Config) { a.files[list] = append(bytes.Clone(a.files[list]), 0) }, ErrHash, "Packages.xz"},
		{"cut for ever", func(a *testArchive, c *Config) { a.cut[list] = 1000 }, ErrCut, "Packages.xz"},
		{"list missing", func(a *testArchive, c *Config) { delete(a.files, list) }, ErrNotFound, "Packages.xz"},
		{"busy for ever", func(a *testArchive, c *Config) { a.status[list] = []int{503, 502, 429} }, ErrServer, "429 Too Many Requests"},
		{"forbidden", func(a *testArchive, c *Config) { a.status[list] = []int{403} }, ErrServer, "403 Forbidden"},
		{"proxy", func(a *testArchive, c *Config) { a.status[in] = []int{407} }, ErrServer, "407 Proxy"},
		{"offline without state", func(a *testArchive, c *Config) { c.Offline = true }, ErrOffline, "trixie"},
		{"pin gone", func(a *testArchive, c *Config) { c.Want = "sha256:" + strings.Repeat("0", 64) }, ErrGone, "the mirror now has"},
		{"pin gone, offline", func(a *testArchive, c *Config) { c.Want, c.Offline = "sha256:"+strings.Repeat("0", 64), true }, ErrOffline, "sha256:000"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			a := newTestArchive(t)
			a.publishAll(strings.Repeat(stanza("alpha", "1.0", "a"), 50))
			c := a.config()
			tc.spoil(a, &c)
			_, err := Fetch(t.Context(), c, nil)
			var e *Error
			if !errors.As(err, &e) || !errors.Is(err, tc.kind) || !strings.Contains(err.Error(), tc.text) {
				t.Fatalf("error %v, want %q with %q", err, tc.kind, tc.text)
			}
			if e.Hint == "" {
				t.Error("no hint")
			}
			states, _ := filepath.Glob(filepath.Join(c.CacheDir, "states", "*", "state.json"))
			if len(states) > 0 {
				t.Errorf("a state was kept: %v", states)
			}
		})
	}
}

func closedPort(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return "http://" + l.Addr().String() + "/debian"
}

// TestResume: a list that is cut arrives by continuing it.
func TestResume(t *testing.T) {
	const list = "/debian/dists/trixie/main/binary-amd64/Packages.xz"
	a := newTestArchive(t)
	a.publishAll(stanza("alpha", "1.0", "a"))
	a.cut[list] = 1
	if _, err := Fetch(t.Context(), a.config(), nil); err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("%s bytes=%d-", list, len(a.files[list])/2)
	if log := a.requests(); !slices.Contains(log, want) {
		t.Errorf("requests %q lack %q", log, want)
	}
}

// TestBusy: a server that is busy for a moment is asked again.
func TestBusy(t *testing.T) {
	a := newTestArchive(t)
	a.publishAll(stanza("alpha", "1.0", "a"))
	a.status["/debian/dists/trixie/InRelease"] = []int{503, 500}
	a.status["/debian/dists/trixie/main/binary-amd64/Packages.xz"] = []int{429, 504}
	if _, err := Fetch(t.Context(), a.config(), nil); err != nil {
		t.Fatal(err)
	}
}

// TestSid: the release in the making has one suite only.
func TestSid(t *testing.T) {
	a := newTestArchive(t)
	a.publish(testSuite{base: "/debian", name: "sid", packages: stanza("alpha", "1.0", "a")})
	c := a.config()
	c.Release = "sid"
	s, err := Fetch(t.Context(), c, nil)
	if err != nil || !slices.Equal(s.Sources, []string{"sid main"}) {
		t.Fatalf("%+v: %v", s, err)
	}
	// A pin does not stand for another release.
	c.Release, c.Want = "trixie", s.ID
	a.publishAll("")
	if _, err := Fetch(t.Context(), c, nil); !errors.Is(err, ErrGone) {
		t.Errorf("sid pinned for trixie: %v", err)
	}
}

// TestFallback: a mirror without by-hash folders still serves by name.
func TestFallback(t *testing.T) {
	a := newTestArchive(t)
	a.publishAll("")
	a.publish(testSuite{base: "/debian", name: "trixie", packages: stanza("alpha", "1.0", "a"), byHash: true})
	for path := range a.files {
		if strings.Contains(path, "by-hash") {
			delete(a.files, path)
		}
	}
	if _, err := Fetch(t.Context(), a.config(), nil); err != nil {
		t.Fatal(err)
	}
}

func TestRollback(t *testing.T) {
	a := newTestArchive(t)
	a.publishAll(stanza("alpha", "1.0", "a"))
	old := a.files["/debian/dists/trixie/InRelease"]
	oldList := a.files["/debian/dists/trixie/main/binary-amd64/Packages.xz"]
	c := a.config()
	first, err := Fetch(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	a.publish(testSuite{base: "/debian", name: "trixie", packages: stanza("alpha", "2.0", "b"), date: testTime.Add(-time.Hour)})
	second, err := Fetch(t.Context(), c, nil)
	if err != nil || second.ID == first.ID {
		t.Fatalf("second state: %v %v", second, err)
	}
	a.files["/debian/dists/trixie/InRelease"] = old
	a.files["/debian/dists/trixie/main/binary-amd64/Packages.xz"] = oldList
	if _, err := Fetch(t.Context(), c, nil); !errors.Is(err, ErrRollback) {
		t.Errorf("replayed release: %v", err)
	}
	// Pinned by its ID the old one is wanted, and served from the cache, …
	c.Want = first.ID
	a.requests()
	if s, err := Fetch(t.Context(), c, nil); err != nil || s.ID != first.ID || len(a.requests()) > 0 {
		t.Errorf("pinned: %v %v", s, err)
	}
	// … or from the mirror, however old it is.
	c.CacheDir, c.Now = t.TempDir(), testTime.AddDate(0, 6, 0)
	if s, err := Fetch(t.Context(), c, nil); err != nil || s.ID != first.ID {
		t.Errorf("pinned, empty cache: %v %v", s, err)
	}
}

func TestOffline(t *testing.T) {
	a := newTestArchive(t)
	c := a.config()
	var ids []string
	for i := range 7 {
		a.publishAll(stanza("alpha", fmt.Sprint(i), "a"))
		a.publish(testSuite{base: "/debian", name: "trixie", packages: stanza("alpha", fmt.Sprint(i), "a"), date: testTime.Add(time.Duration(i-20) * time.Minute)})
		c.Now = testTime.Add(time.Duration(i) * time.Second)
		s, err := Fetch(t.Context(), c, nil)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, s.ID)
	}
	a.server.Close()
	c.Offline = true
	s, err := Fetch(t.Context(), c, nil)
	if err != nil || s.ID != ids[6] {
		t.Fatalf("offline: %v, want %s: %v", s, ids[6], err)
	}
	for i, id := range ids {
		c.Want = id
		s, err := Fetch(t.Context(), c, nil)
		if kept := i >= len(ids)-keepStates; kept != (err == nil) {
			t.Errorf("state %d: kept is %v: %v", i, err == nil, err)
		}
		if err == nil {
			if _, err := s.Load(t.Context()); err != nil {
				t.Errorf("state %d: %v", i, err)
			}
		}
	}
	lists, err := os.ReadDir(filepath.Join(c.CacheDir, "lists"))
	if err != nil || len(lists) != keepStates+1 { // one more: the empty list
		t.Errorf("%d lists are kept: %v", len(lists), err)
	}
}

// TestDamagedCache: a list that changed on disk is noticed and fetched anew.
func TestDamagedCache(t *testing.T) {
	a := newTestArchive(t)
	a.publishAll(stanza("alpha", "1.0", "a"))
	c := a.config()
	s, err := Fetch(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(c.CacheDir, "lists", s.lists[0].SHA256)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	data[10] ^= 1
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(t.Context()); !errors.Is(err, ErrHash) {
		t.Fatalf("damaged list: %v", err)
	}
	if s, err = Fetch(t.Context(), c, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Load(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestCancel: a transfer that hangs ends with its context.
func TestCancel(t *testing.T) {
	const list = "/debian/dists/trixie/main/binary-amd64/Packages.xz"
	a := newTestArchive(t)
	a.publishAll(stanza("alpha", "1.0", "a"))
	a.hang[list] = make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		_, err := Fetch(ctx, a.config(), nil)
		done <- err
	}()
	<-a.hang[list]
	start := time.Now()
	cancel()
	err := <-done
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	if d := time.Since(start); d > time.Second {
		t.Errorf("cancelling took %v", d)
	}
}

func TestBadConfig(t *testing.T) {
	for _, c := range []Config{{Release: "trixie"}, {CacheDir: "x"}, {CacheDir: "x", Release: "../x"}, {CacheDir: "x", Release: "trixie", Arch: "a/b"}} {
		if _, err := Fetch(t.Context(), c, nil); err == nil {
			t.Errorf("%+v was taken", c)
		}
	}
}

// TestDebianKeyring: the keys that travel with the program are Debian's.
func TestDebianKeyring(t *testing.T) {
	c, err := Config{CacheDir: "x", Release: "trixie"}.normal()
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(c.Keyring, []byte("(13/trixie)")) {
		t.Error("no key of trixie")
	}
}
