package nixpkgs

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/internal/safefile"
)

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fetched is the small channel's catalogue.
func fetched(t testing.TB) (*channelServer, Config, *Catalogue) {
	t.Helper()
	s := serve(t, pack(fewPackages), pack(fewOptions))
	c := s.config(t)
	cat, notes, err := Load(t.Context(), c, testChannel, Want{})
	check(t, err)
	if len(notes) > 0 {
		t.Errorf("notes: %q", notes)
	}
	t.Cleanup(func() { cat.Close() })
	return s, c, cat
}

func TestRefresh(t *testing.T) {
	s, c, cat := fetched(t)
	want := Info{
		Channel: testChannel, Revision: strings.Repeat("0123456789", 4), Release: "nixos-26.05.1234.0123456789ab",
		Fetched: c.Now, Checked: c.Now, Packages: 16, Options: 3,
	}
	got := cat.Info()
	got.Checked = got.Checked.UTC()
	if got != want {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	// Both lists come from the folder of one release.
	const release = "/releases/nixos-26.05.1234.0123456789ab/"
	if asked := s.took(); !slices.Equal(asked, []string{"/" + testChannel + "/git-revision", release + "git-revision",
		release + "packages.json.br", release + "options.json.br"}) {
		t.Errorf("asked for %q", asked)
	}

	c.Now = c.Now.Add(24 * time.Hour)
	info, changed, err := Refresh(t.Context(), c, testChannel)
	if err != nil || changed || !info.Checked.Equal(c.Now) || info.Fetched.Equal(c.Now) {
		t.Errorf("unchanged: %+v %v %v", info, changed, err)
	}
	if asked := s.took(); len(asked) != 2 {
		t.Errorf("for an unchanged channel it asked for %q", asked)
	}

	s.publish("nixos-26.05.1300.feed", strings.Repeat("f", 40), pack(strings.ReplaceAll(fewPackages, "152.0.4", "153.0")), pack(fewOptions))
	info, changed, err = Refresh(t.Context(), c, testChannel)
	if err != nil || !changed || info.Revision != strings.Repeat("f", 40) || info.Release != "nixos-26.05.1300.feed" {
		t.Errorf("changed: %+v %v %v", info, changed, err)
	}
	if p, _ := cat.Package("firefox"); p.Version != "152.0.4" {
		t.Errorf("the catalogue that is open changed: %+v", p)
	}
	next, err := Open(c.Dir, testChannel)
	check(t, err)
	defer next.Close()
	if p, _ := next.Package("firefox"); p.Version != "153.0" {
		t.Errorf("the new catalogue has %+v", p)
	}
	onlyCatalogue(t, c.Dir)
}

// onlyCatalogue holds that nothing else is left in the folder.
func onlyCatalogue(t testing.TB, dir string, more ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	check(t, err)
	for _, e := range entries {
		if e.Name() != testChannel+".db" && !slices.Contains(more, e.Name()) {
			t.Errorf("left behind: %s", e.Name())
		}
	}
}

// A server that does not tell the revision is asked by the list's own tag.
func TestRefreshWithoutRevision(t *testing.T) {
	s := serve(t, pack(fewPackages), pack(fewOptions))
	delete(s.files, "git-revision")
	c := s.config(t)
	info, changed, err := Refresh(t.Context(), c, testChannel)
	if err != nil || !changed || info.Revision != "" {
		t.Fatalf("%+v %v %v", info, changed, err)
	}
	s.took()
	_, changed, err = Refresh(t.Context(), c, testChannel)
	if err != nil || changed {
		t.Errorf("changed %v, %v", changed, err)
	}
	if asked := s.took(); slices.ContainsFunc(asked, func(p string) bool { return strings.Contains(p, "options") }) {
		t.Errorf("asked for %q", asked)
	}
	s.mu.Lock()
	s.files["packages.json.br"] = pack(strings.ReplaceAll(fewPackages, "152.0.4", "153.0"))
	s.mu.Unlock()
	if _, changed, err = Refresh(t.Context(), c, testChannel); err != nil || !changed {
		t.Errorf("a new list: changed %v, %v", changed, err)
	}
}

// Channels without NixOS have no options.
func TestRefreshWithoutOptions(t *testing.T) {
	s := serve(t, pack(fewPackages), nil)
	info, _, err := Refresh(t.Context(), s.config(t), testChannel)
	if err != nil || info.Packages != 16 || info.Options != 0 {
		t.Errorf("%+v, %v", info, err)
	}
}

func TestRefreshFails(t *testing.T) {
	status := func(path string, code int) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, path) {
				return false
			}
			w.WriteHeader(code)
			return true
		}
	}
	body := func(path, text string, promise int) func(http.ResponseWriter, *http.Request) bool {
		return func(w http.ResponseWriter, r *http.Request) bool {
			if !strings.HasSuffix(r.URL.Path, path) {
				return false
			}
			if promise > 0 {
				w.Header().Set("Content-Length", "100000")
			}
			w.Write([]byte(text))
			return true
		}
	}
	packed := string(pack(fewPackages))
	for _, tt := range []struct {
		name   string
		answer func(http.ResponseWriter, *http.Request) bool
		kind   error
		text   string
		tries  int
	}{
		{"no such channel", status("", 404), ErrNotFound, "HTTP status 404", 1},
		{"forbidden", status("", 403), ErrServer, "403", 1},
		{"server's fault", status("packages.json.br", 503), ErrServer, "503", 3},
		{"cut", body("packages.json.br", packed[:len(packed)/2], 1), ErrCut, "unexpected EOF", 3},
		{"cut without a sign", body("packages.json.br", packed[:len(packed)/2], 0), ErrFormat, "EOF", 1},
		{"not brotli", body("packages.json.br", "<html>Please log in</html>", 0), ErrFormat, "brotli", 1},
		{"not a list", body("packages.json.br", string(pack(`{"a":1}`)), 0), ErrFormat, "no packages", 1},
		{"a list cut inside", body("packages.json.br", string(pack(fewPackages[:900])), 0), ErrFormat, "EOF", 1},
		{"options are garbage", body("options.json.br", string(pack(`[1]`)), 0), ErrFormat, "object", 1},
		{"a page for the revision", body("git-revision", "<html>Please log in</html>", 0), ErrFormat, "is no revision", 1},
		{"a long page", body("git-revision", strings.Repeat("x", 10_000), 0), ErrFormat, "larger", 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s, c, _ := fetched(t)
			s.publish("nixos-26.05.1300.feed", strings.Repeat("f", 40), pack(fewPackages), pack(fewOptions))
			s.took()
			s.set(tt.answer)
			_, _, err := Refresh(t.Context(), c, testChannel)
			var e *Error
			if !errors.Is(err, tt.kind) || !errors.As(err, &e) || e.Hint == "" || !strings.Contains(err.Error(), tt.text) {
				t.Errorf("got %v", err)
			}
			asked := s.took()
			last := asked[len(asked)-1]
			tries := 0
			for _, a := range asked {
				if a == last {
					tries++
				}
			}
			if tries != tt.tries {
				t.Errorf("%d tries: %q", tries, asked)
			}
			// What was there stays.
			cat, err := Open(c.Dir, testChannel)
			check(t, err)
			defer cat.Close()
			onlyCatalogue(t, c.Dir)
		})
	}
}

func TestRefreshComesThroughAfterFaults(t *testing.T) {
	s := serve(t, pack(fewPackages), pack(fewOptions))
	faults := 2
	s.answer = func(w http.ResponseWriter, r *http.Request) bool {
		if faults == 0 || !strings.HasSuffix(r.URL.Path, "packages.json.br") {
			return false
		}
		faults--
		w.Header().Set("Content-Length", "5000")
		w.Write([]byte("half"))
		return true
	}
	if info, _, err := Refresh(t.Context(), s.config(t), testChannel); err != nil || info.Packages != 16 {
		t.Errorf("%+v, %v", info, err)
	}
}

func TestUnreachable(t *testing.T) {
	s := serve(t, nil, nil)
	c := s.config(t)
	s.Close()
	_, _, err := Refresh(t.Context(), c, testChannel)
	if !errors.Is(err, ErrUnreachable) {
		t.Errorf("got %v", err)
	}
	cat, notes, err := Load(t.Context(), c, testChannel, Want{})
	if err != nil || !cat.Info().BuiltIn || len(notes) != 1 || !strings.Contains(notes[0], "could not be fetched") {
		t.Errorf("%v %q", err, notes)
	}
	if _, _, err := Load(t.Context(), c, testChannel, Want{Newest: true}); !errors.Is(err, ErrUnreachable) {
		t.Errorf("the newest is wanted and cannot be had: %v", err)
	}
}

func TestOffline(t *testing.T) {
	s, c, _ := fetched(t)
	s.Close()
	cat, notes, err := Load(t.Context(), c, testChannel, Want{Offline: true, Newest: true})
	check(t, err)
	defer cat.Close()
	if cat.Info().BuiltIn || len(notes) > 0 || len(cat.Search("firefox", 5)) != 2 {
		t.Errorf("%+v %q", cat.Info(), notes)
	}
	cat, notes, err = Load(t.Context(), c, "nixos-unstable", Want{Offline: true})
	if err != nil || !cat.Info().BuiltIn || len(notes) != 1 {
		t.Errorf("%v %q", err, notes)
	}
}

func TestNotAChannel(t *testing.T) {
	c := Config{Dir: t.TempDir(), Base: "http://127.0.0.1:1"}
	for _, name := range []string{"", "../../etc/passwd", "nixos-26.05/..", "NixOS", "-x", "a b", "nixos-26.05.", "."} {
		if _, err := Open(c.Dir, name); !errors.Is(err, ErrChannel) {
			t.Errorf("open %q: %v", name, err)
		}
		if _, _, err := Refresh(t.Context(), c, name); !errors.Is(err, ErrChannel) {
			t.Errorf("refresh %q: %v", name, err)
		}
		if _, _, err := Load(t.Context(), c, name, Want{}); !errors.Is(err, ErrChannel) {
			t.Errorf("load %q: %v", name, err)
		}
	}
}

// A catalogue that was damaged in any place is noticed, set aside and fetched
// anew.
func TestDamaged(t *testing.T) {
	s, c, _ := fetched(t)
	path := Path(c.Dir, testChannel)
	whole, err := os.ReadFile(path)
	check(t, err)
	damage := map[string][]byte{
		"empty": {}, "cut": whole[:len(whole)/2], "cut at a page": whole[:8192], "longer": append(slices.Clone(whole), 0),
		"text": []byte(strings.Repeat("no catalogue ", 9000)),
	}
	for _, at := range []int{0, 100, 4096 + 17, len(whole) / 3, len(whole) / 2, len(whole) - 3, len(whole) - 33} {
		other := slices.Clone(whole)
		other[at] ^= 0x40
		damage["byte "+string(rune('A'+at%26))+" "+time.Duration(at).String()] = other
	}
	for name, data := range damage {
		check(t, os.WriteFile(path, data, 0o644))
		if _, err := Open(c.Dir, testChannel); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		cat, notes, err := Load(t.Context(), c, testChannel, Want{})
		if err != nil || cat.Info().Packages != 16 || len(notes) != 1 || !strings.Contains(notes[0], "set aside") {
			t.Errorf("%s: %v %q", name, err, notes)
			continue
		}
		check(t, cat.Close())
		aside, err := os.ReadFile(path + ".damaged")
		if err != nil || !slices.Equal(aside, data) {
			t.Errorf("%s: what was damaged is not aside: %v", name, err)
		}
	}
	onlyCatalogue(t, c.Dir, testChannel+".db.damaged")
	// Without a network the built-in list helps.
	s.Close()
	check(t, os.WriteFile(path, whole[:100], 0o644))
	cat, notes, err := Load(t.Context(), c, testChannel, Want{})
	if err != nil || !cat.Info().BuiltIn || len(notes) != 2 {
		t.Errorf("%v %q", err, notes)
	}
}

// A file of another version is replaced without a word.
func TestOtherVersion(t *testing.T) {
	_, c, _ := fetched(t)
	path := Path(c.Dir, testChannel)
	data, err := os.ReadFile(path)
	check(t, err)
	data[len(data)-16]++ // the version in the seal
	check(t, os.WriteFile(path, data, 0o644))
	if _, err := Open(c.Dir, testChannel); !errors.Is(err, ErrVersion) {
		t.Errorf("open: %v", err)
	}
	cat, notes, err := Load(t.Context(), c, testChannel, Want{})
	if err != nil || len(notes) > 0 || cat.Info().BuiltIn {
		t.Errorf("%v %q", err, notes)
	}
}

// Many at once: one fetches, all get it.
func TestManyAtOnce(t *testing.T) {
	s := serve(t, pack(fewPackages), pack(fewOptions))
	c := s.config(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			cat, _, err := Load(context.Background(), c, testChannel, Want{})
			if err != nil || len(cat.Search("firefox", 5)) != 2 {
				t.Errorf("%v", err)
				return
			}
			cat.Close()
		})
	}
	all.Wait()
	lists := 0
	for _, path := range s.took() {
		if strings.HasSuffix(path, ".br") {
			lists++
		}
	}
	if lists != 2 {
		t.Errorf("%d lists were fetched", lists)
	}
	onlyCatalogue(t, c.Dir)
}

// Who waits for another process can be cancelled.
func TestWaitingIsCancelled(t *testing.T) {
	s := serve(t, pack(fewPackages), pack(fewOptions))
	c := s.config(t)
	lock, err := safefile.Create(Path(c.Dir, testChannel), 0o644)
	check(t, err)
	defer lock.Abort()
	ctx, cancel := context.WithCancel(t.Context())
	c.Progress = func(e progress.Event) {
		if strings.HasPrefix(e.Text, "Waiting") {
			cancel()
		}
	}
	if _, _, err := Refresh(ctx, c, testChannel); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// Cancelled in any step, it leaves what was there and nothing else.
func TestCancelled(t *testing.T) {
	for _, step := range []string{"catalogue", "packages", "options", "index"} {
		s, c, _ := fetched(t)
		s.publish("nixos-26.05.1300.feed", strings.Repeat("f", 40), pack(fewPackages), pack(fewOptions))
		ctx, cancel := context.WithCancel(t.Context())
		seen := false
		c.Progress = func(e progress.Event) {
			if e.Step == step {
				seen = true
				cancel()
			}
		}
		_, changed, err := Refresh(ctx, c, testChannel)
		if !seen || changed || !errors.Is(err, context.Canceled) {
			t.Errorf("%s: seen %v, changed %v, %v", step, seen, changed, err)
		}
		onlyCatalogue(t, c.Dir)
		if cat, err := Open(c.Dir, testChannel); err != nil || cat.Info().Revision == strings.Repeat("f", 40) {
			t.Errorf("%s: %v", step, err)
		}
		cancel()
	}
}

// What a killed run left goes with the next one.
func TestLeftBehind(t *testing.T) {
	s := serve(t, pack(fewPackages), pack(fewOptions))
	c := s.config(t)
	check(t, os.Mkdir(filepath.Join(c.Dir, testChannel+".123.tmp"), 0o700))
	check(t, os.WriteFile(filepath.Join(c.Dir, testChannel+".123.tmp", "packages.json.br"), nil, 0o600))
	other := filepath.Join(c.Dir, testChannel+"-small.5.tmp")
	check(t, os.Mkdir(other, 0o700))
	_, _, err := Refresh(t.Context(), c, testChannel)
	check(t, err)
	onlyCatalogue(t, c.Dir, filepath.Base(other))
}

func TestNoDowngrade(t *testing.T) {
	via, err := http.NewRequest("GET", "https://a.example/", nil)
	check(t, err)
	next, err := http.NewRequest("GET", "http://a.example/", nil)
	check(t, err)
	if err := newClient().CheckRedirect(next, []*http.Request{via}); !errors.Is(err, errDowngrade) {
		t.Errorf("sent on from https to http: %v", err)
	}
}

func TestDiskFull(t *testing.T) {
	s, c, _ := fetched(t)
	s.publish("nixos-26.05.1300.feed", strings.Repeat("f", 40), pack(fewPackages), nil)
	check(t, os.RemoveAll(c.Dir))
	check(t, os.WriteFile(c.Dir, nil, 0o644)) // a file where the folder should be
	_, _, err := Refresh(t.Context(), c, testChannel)
	var e *Error
	if err == nil || errors.As(err, &e) {
		t.Errorf("a fault of this computer is told as %v", err)
	}
}
