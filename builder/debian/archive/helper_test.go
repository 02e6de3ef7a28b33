package archive

import (
	"archive/tar"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/isowright/isowright/internal/progress"
)

// publishHelper offers packages of which a helper root can be made.
func (a *testArchive) publishHelper(tool string) {
	var list strings.Builder
	for name, deb := range map[string][]byte{
		"base-files": makeDeb(a.t, ".xz", dirEntry("./usr/"), dirEntry("./usr/bin/"), link(tar.TypeSymlink, "./bin", "usr/bin"), dirEntry("./tmp/")),
		"mawk":       makeDeb(a.t, ".zst", file("./usr/bin/mawk", "mawk")),
		"base-passwd": makeDeb(a.t, ".xz", file("./usr/share/base-passwd/passwd.master", "root:*:0:0:root:/root:/bin/bash\n"),
			file("./usr/share/base-passwd/group.master", "root:*:0:\n")),
		"tool": makeDeb(a.t, ".zst", dirEntry("./bin/"), file("./bin/tool", tool)),
	} {
		more := []string{"Essential: yes"}
		if name == "tool" {
			more = []string{"Depends: mawk | gone, base-files"}
		}
		text := stanza(name, "1", string(deb), more...)
		list.WriteString(text)
		records, err := parsePackages(text)
		if err != nil {
			a.t.Fatal(err)
		}
		a.mu.Lock()
		a.files["/debian/"+records[0].Filename] = deb
		a.mu.Unlock()
	}
	a.publishAll(list.String())
}

func TestHelper(t *testing.T) {
	a := newTestArchive(t)
	a.publishHelper("one")
	c := a.config()
	h, err := Helper(t.Context(), c, []string{"tool"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	got := snapshot(t, h.Dir)
	for name, want := range map[string]string{
		"bin": "-> usr/bin", "usr/bin/tool": "-rw-r--r-- one", "usr/bin/awk": "-> mawk", "tmp": "dtrwxrwxrwx", "work": "drwxr-xr-x", "archive": "drwxr-xr-x",
		"out": "drwxr-xr-x", "cache": "drwxr-xr-x", "proc": "drwxr-xr-x", "etc/passwd": "-rw-r--r-- root:*:0:0:root:/root:/bin/bash\n", "etc/group": "-rw-r--r-- root:*:0:\n",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	h.Close()

	// It serves on whatever the archive has now, and without it.
	a.publishHelper("two")
	checkTool(t, c, "one")
	c.Now = testTime.Add(helperAge - time.Hour)
	c.Offline = true
	checkTool(t, c, "one")
	// Too old, but there is no other.
	c.Now = testTime.Add(helperAge + time.Hour)
	checkTool(t, c, "one")

	// Too old, and there is one: not while it is in use.
	c.Offline, c.Now = false, testTime.Add(helperAge+time.Hour)
	a.publish(testSuite{base: "/debian-security", name: "trixie-security", packages: "", validUntil: c.Now.Add(time.Hour)})
	user, err := Helper(t.Context(), Config{CacheDir: c.CacheDir, Release: "trixie", Now: testTime}, []string{"tool"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	checkTool(t, c, "one")
	user.Close()
	checkTool(t, c, "two")
}

func checkTool(t *testing.T, c Config, want string) {
	t.Helper()
	h, err := Helper(t.Context(), c, []string{"tool", "tool"}, func(e progress.Event) {
		if e.Step == "helper" {
			t.Log(e.Text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if data, err := os.ReadFile(filepath.Join(h.Dir, "usr/bin/tool")); err != nil || string(data) != want {
		t.Errorf("tool is %q, want %q: %v", data, want, err)
	}
}

// TestHelperTogether: several at once make one root and all get it.
func TestHelperTogether(t *testing.T) {
	a := newTestArchive(t)
	a.publishHelper("one")
	c := a.config()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() { checkTool(t, c, "one") })
	}
	all.Wait()
	downloads := 0
	for _, path := range a.requests() {
		if strings.HasSuffix(path, ".deb") {
			downloads++
		}
	}
	if downloads != 4 {
		t.Errorf("%d downloads of 4 packages", downloads)
	}
}

// TestHelperHalf: what a killed run left is cleared away, and a failure leaves
// nothing.
func TestHelperHalf(t *testing.T) {
	a := newTestArchive(t)
	a.publishHelper("one")
	c := a.config()
	b := newHelperBuild(c, []string{"tool"})
	b.c.Release, b.c.Arch = c.Release, "amd64"
	b = newHelperBuild(b.c, []string{"tool"})
	other := filepath.Join(filepath.Dir(b.dir), "0123456789abcdef")
	for _, path := range []string{b.part + "/usr/bin", other + ".part/usr", other + "/usr"} {
		if err := os.MkdirAll(path, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	long := testTime.Add(-2 * helperAge)
	if err := errors.Join(os.WriteFile(b.part+"/usr/bin/half", nil, 0o644), os.WriteFile(other+".lock", nil, 0o644), os.Chtimes(other+".lock", long, long)); err != nil {
		t.Fatal(err)
	}
	bad := c
	bad.Mirror = closedPort(t)
	if _, err := Helper(t.Context(), bad, []string{"tool"}, nil); !errors.Is(err, ErrUnreachable) {
		t.Errorf("without an archive: %v", err)
	}
	checkTool(t, c, "one")
	if _, err := os.Stat(filepath.Join(b.dir, "usr/bin/half")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("half-made root was used: %v", err)
	}
	entries, err := os.ReadDir(filepath.Dir(b.dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() && e.Name() != filepath.Base(b.dir) {
			t.Errorf("%s is still there", e.Name())
		}
	}
	if _, err := Helper(t.Context(), c, []string{"tol"}, nil); err == nil || !strings.Contains(fmt.Sprint(err), "unknown package: tol") {
		t.Errorf("unknown name: %v", err)
	}
}
