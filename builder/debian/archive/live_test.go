package archive

import (
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/catalog"
)

// TestLive goes through everything with the host's real mirror.
func TestLive(t *testing.T) {
	mirror, security := HostMirrors(os.DirFS("/"))
	c := Config{CacheDir: t.TempDir(), Mirror: mirror, Security: security, Release: "trixie", Now: time.Now()}
	ctx := t.Context()

	start := time.Now()
	state, err := Fetch(ctx, c, nil)
	if errors.Is(err, ErrUnreachable) && os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") != "1" {
		t.Skipf("no network: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("fetch %v: %s, %s, %v", time.Since(start), state.ID, state.Date, state.Sources)

	start = time.Now()
	again, err := Fetch(ctx, c, nil)
	if err != nil || again.ID != state.ID {
		t.Fatalf("second fetch: %v, ID %s", err, again.ID)
	}
	t.Logf("fetch unchanged %v", time.Since(start))

	start = time.Now()
	index, err := state.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("load %d packages %v", index.Len(), time.Since(start))
	if index.Len() < 60000 {
		t.Errorf("only %d packages", index.Len())
	}
	checkLiveNames(t, index)

	start = time.Now()
	closure, err := index.Closure(HelperPackages(), true)
	if err != nil {
		t.Fatal(err)
	}
	size, installed := int64(0), int64(0)
	for _, r := range closure {
		size, installed = size+r.Size, installed+r.Installed
	}
	t.Logf("closure of the helper: %d packages, %d bytes, %d installed, %v", len(closure), size, installed, time.Since(start))
	for _, name := range []string{"mawk", "libc6", "perl-base", "mmdebstrap", "base-files"} {
		if !slices.ContainsFunc(closure, func(r *Record) bool { return r.Name == name }) {
			t.Errorf("the helper lacks %s", name)
		}
	}
	t.Run("apt", func(t *testing.T) { checkLocalRepo(t, c, index) })
	t.Run("helper", func(t *testing.T) { checkHelper(t, c) })
}

func checkLiveNames(t *testing.T, index *Index) {
	for name, want := range map[string]string{
		"htpo": "htop", "firefox": "firefox-esr", "openssh-sever": "openssh-server", "regdb": "wireless-regdb",
		"linux-image": "linux-image-amd64", "cryptsteup": "cryptsetup", "openssh server": "openssh-server",
	} {
		start := time.Now()
		near := index.Near(name)
		if !slices.Contains(near, want) {
			t.Errorf("near %s: %v, want %s among them", name, near, want)
		}
		t.Logf("near %s: %v %v", name, near, time.Since(start))
	}
	if p := index.Providers("awk"); len(p) < 2 || p[0] != "mawk" {
		t.Errorf("providers of awk: %v", p)
	}
	_, err := index.Closure([]string{"htpo", "www-browser"}, false)
	var unknown *catalog.UnknownError
	if !errors.As(err, &unknown) || len(unknown.Unknown) != 2 || len(unknown.Unknown[1].Providers) < 2 {
		t.Errorf("closure of unknown names: %v", err)
	}
}

// checkLocalRepo lets the host's apt install from a repository of ours.
func checkLocalRepo(t *testing.T, c Config, index *Index) {
	if _, err := exec.LookPath("apt-get"); err != nil {
		if os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	records, err := index.Closure([]string{"tree", "hello", "wireless-regdb"}, false)
	if err != nil {
		t.Fatal(err)
	}
	var packages []catalog.Package
	for _, r := range records {
		packages = append(packages, r.Package("ticked"))
	}
	pool, root := PoolDir(c.CacheDir), t.TempDir()
	if err := Download(t.Context(), c, packages, pool, nil); err != nil {
		t.Fatal(err)
	}
	if err := WriteRepo(t.Context(), pool, "local", "amd64", c.Now, records); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"etc/apt/apt.conf.d", "etc/apt/preferences.d", "state/lists/partial", "cache/archives/partial"} {
		if err := os.MkdirAll(filepath.Join(root, dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range map[string]string{
		"status": "", "etc/apt/sources.list": "deb [trusted=yes] file://" + pool + " local main\n",
		"apt.conf": `Dir "` + root + `"; Dir::State "` + root + `/state"; Dir::State::status "` + root + `/status"; Dir::Cache "` + root + `/cache";
			Dir::Etc "` + root + `/etc/apt"; APT::Architecture "amd64"; APT::Architectures {"amd64";}; APT::Sandbox::User "";
			Acquire::Languages "none"; #clear DPkg::Post-Invoke; #clear APT::Update::Post-Invoke; #clear APT::Update::Post-Invoke-Success;`,
	} {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	apt := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), "apt-get", args...)
		cmd.Env = append(os.Environ(), "APT_CONFIG="+filepath.Join(root, "apt.conf"), "LC_ALL=C")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("apt-get %v: %v\n%s", args, err, out)
		}
		return string(out)
	}
	apt("update", "--error-on=any")
	out := apt("install", "-y", "--no-install-recommends", "--download-only", "tree", "hello", "wireless-regdb")
	if !strings.Contains(out, "tree") || strings.Contains(out, "WARNING") {
		t.Errorf("apt-get install: %s", out)
	}
	for _, p := range packages {
		info := apt("install", "--print-uris", "-y", p.Name)
		if !strings.Contains(info, "'file:"+pool+"/") || !strings.Contains(info, " "+path.Base(p.Filename)+" ") {
			t.Errorf("apt does not take %s from the repository: %s", p.Name, info)
		}
	}
}

// checkHelper makes a helper root and, where it may, runs programs in it.
func checkHelper(t *testing.T, c Config) {
	start := time.Now()
	h, err := Helper(t.Context(), c, HelperPackages(), nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("helper %v: %d bytes", time.Since(start), treeSize(t, h.Dir))
	h.Close()

	offline := c
	offline.Mirror, offline.Security, offline.Offline = "http://127.0.0.1:1", "http://127.0.0.1:1", true
	start = time.Now()
	if h, err = Helper(t.Context(), offline, HelperPackages(), nil); err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	t.Logf("helper again %v", time.Since(start))
	if os.Getuid() != 0 {
		return
	}
	for _, args := range [][]string{
		{"mmdebstrap", "--version"}, {"apt-get", "--version"}, {"awk", "BEGIN { print 1 }"}, {"perl", "-MPOSIX", "-e", "print getpwnam('root')"},
		{"dpkg", "--compare-versions", "1.0~rc1", "lt", "1.0"}, {"grub-mkimage", "--version"}, {"depmod", "--version"}, {"unshare", "--version"},
	} {
		cmd := exec.CommandContext(t.Context(), "/usr/bin/env", append([]string{"-i", "PATH=/usr/sbin:/usr/bin", "LC_ALL=C.UTF-8"}, args...)...)
		cmd.Dir, cmd.SysProcAttr = "/", &syscall.SysProcAttr{Chroot: h.Dir}
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%v in the helper: %v\n%s", args, err, out)
		} else {
			first, _, _ := strings.Cut(string(out), "\n")
			t.Logf("%v: %s", args, first)
		}
	}
}

func treeSize(t *testing.T, dir string) (total int64) {
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			info, ierr := d.Info()
			if ierr != nil {
				return ierr
			}
			total += info.Size()
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return total
}
