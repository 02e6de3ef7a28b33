package main_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestMain builds the program that all tests run and puts it on the PATH.
func TestMain(m *testing.M) {
	code, err := withProgram(m.Run)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(code)
}

func withProgram(f func() int) (int, error) {
	// What a killed program leaves behind becomes a child of ours.
	if err := unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); err != nil {
		return 0, err
	}
	dir, err := os.MkdirTemp("", "isowright-program-")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	// Other users run it too.
	if err := os.Chmod(dir, 0o755); err != nil {
		return 0, err
	}
	out, err := exec.Command("go", "build", "-o", filepath.Join(dir, "isowright"), ".").CombinedOutput()
	if err != nil {
		return 0, fmt.Errorf("build the program: %w: %s", err, out)
	}
	// What the tests build is no part of anybody's history.
	err = errors.Join(os.Setenv("PATH", dir+":"+os.Getenv("PATH")), os.Setenv("XDG_DATA_HOME", filepath.Join(dir, "data")))
	if err != nil {
		return 0, err
	}
	return f(), nil
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// program is the path of the program under test.
func program(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("isowright")
	check(t, err)
	return path
}

// tool runs a foreign program that must succeed.
func tool(t testing.TB, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v: %s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}

// needRoot is for tests that mount or become another user.
func needRoot(t testing.TB) {
	t.Helper()
	if os.Geteuid() == 0 {
		return
	}
	if os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" && os.Getenv("CI") != "" {
		t.Fatal("this test needs root, to mount and to become another user")
	}
	t.Skip("this test needs root, to mount and to become another user")
}

// openDir is a new folder that other users may enter, removed after the test.
func openDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "isowright-test-")
	check(t, err)
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	check(t, os.Chmod(dir, 0o755))
	return dir
}

// sharedParts are the parts of a cache that runs can share.
var sharedParts = []string{"archive", "states", "lists", "apt", "helper", "roots"}

// warm is the user's own cache, with everything in it that the example needs,
// so that the tests fetch and unpack things once.
func warm(t testing.TB) string {
	t.Helper()
	dir, err := os.UserCacheDir()
	check(t, err)
	dir = filepath.Join(dir, "isowright")
	// One test fills the cache and says so; the others wait for it.
	f, err := os.OpenFile(filepath.Join(filepath.Dir(program(t)), "warm"), os.O_CREATE|os.O_RDWR, 0o644)
	check(t, err)
	defer f.Close()
	check(t, unix.Flock(int(f.Fd()), unix.LOCK_EX))
	if info, err := f.Stat(); err == nil && info.Size() > 0 {
		return dir
	}
	work := openDir(t)
	out, err := exec.Command(program(t), "build", "-q", writeDesign(t, work, design{level: 1}),
		"-o", filepath.Join(work, "warm.iso")).CombinedOutput()
	if err != nil {
		t.Fatalf("fill the cache: %v: %s", err, out)
	}
	_, err = f.WriteString("filled\n")
	check(t, err)
	return dir
}

// ownCache is a cache with a work folder of its own. Its parts are the warm
// cache's, except those left out, which the program has to make.
func ownCache(t testing.TB, without ...string) string {
	t.Helper()
	dir := filepath.Join(openDir(t), "cache")
	check(t, os.Mkdir(dir, 0o755))
	from := warm(t)
	for _, part := range sharedParts {
		if !slices.Contains(without, part) {
			check(t, os.Symlink(filepath.Join(from, part), filepath.Join(dir, part)))
		}
	}
	return dir
}

// copyPart replaces a shared part of a cache by a copy that may be changed.
func copyPart(t testing.TB, cache, part string) {
	t.Helper()
	path := filepath.Join(cache, part)
	from, err := os.Readlink(path)
	check(t, err)
	check(t, os.Remove(path))
	tool(t, "cp", "-a", "--reflink=auto", from, path)
}

// dropPackage takes the file of one package out of a cache's pool.
func dropPackage(t testing.TB, cache, name string) {
	t.Helper()
	copyPart(t, cache, "archive")
	pattern := filepath.Join(cache, "archive", "pool", "*", "*", "*", name+"_*.deb")
	found, err := filepath.Glob(pattern)
	check(t, err)
	if len(found) == 0 {
		t.Fatalf("no file %s", pattern)
	}
	for _, path := range found {
		check(t, os.Remove(path))
	}
}

// design is what tests vary of the example.
type design struct {
	// level of zstd; bytes of a large file on the medium.
	level int
	bytes int64
}

// writeDesign writes a variant of the example into dir.
func writeDesign(t testing.TB, dir string, d design) string {
	t.Helper()
	dir = filepath.Join(dir, fmt.Sprintf("level-%d-%d", d.level, d.bytes))
	check(t, os.MkdirAll(dir, 0o755))
	example, err := os.ReadFile("examples/rescue.isowright")
	check(t, err)
	if err := os.CopyFS(filepath.Join(dir, "rescue"), os.DirFS("examples/rescue")); !errors.Is(err, fs.ErrExist) {
		check(t, err)
	}
	text := strings.Replace(string(example), "method = \"zstd\"", fmt.Sprintf("method = \"zstd\"\nlevel = %d", d.level), 1)
	if d.bytes > 0 {
		text += "\n[[files]]\nsource = \"large\"\ntarget = \"/large\"\non = \"medium\"\n"
		check(t, os.WriteFile(filepath.Join(dir, "large"), nil, 0o644))
		check(t, os.Truncate(filepath.Join(dir, "large"), d.bytes))
	}
	path := filepath.Join(dir, "test.isowright")
	check(t, os.WriteFile(path, []byte(text), 0o644))
	return path
}
