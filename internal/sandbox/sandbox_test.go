package sandbox

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/internal/run"
)

func TestMain(m *testing.M) {
	Child()
	victim()
	os.Exit(m.Run())
}

// rootDir is a root with the host's programs in it.
func rootDir(t *testing.T) Spec {
	t.Helper()
	dir := t.TempDir()
	for _, d := range []string{"usr", "proc", "dev", "sys", "scratch", "out", "lib64", "bin"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for link, target := range map[string]string{"lib": "usr/lib"} {
		if err := os.Symlink(target, filepath.Join(dir, link)); err != nil {
			t.Fatal(err)
		}
	}
	out := t.TempDir()
	return Spec{
		Root: dir,
		Binds: []Bind{
			{Host: "/usr", Inside: "/usr"}, {Host: "/lib64", Inside: "/lib64"}, {Host: "/bin", Inside: "/bin"},
			{Host: out, Inside: "/out", Writable: true},
		},
		Tmpfs: map[string]int64{"/scratch": 1 << 20},
		Env:   []string{"PATH=/usr/bin:/usr/sbin"},
	}
}

func TestSandboxSeesOnlyWhatItIsGiven(t *testing.T) {
	s := rootDir(t)
	s.Dir = "/scratch"
	s.Args = []string{"/bin/sh", "-c", `
		echo "id $(id -u) pid $$ host $(cat /proc/sys/kernel/hostname) dir $(pwd)"
		echo "links $(ls /sys/class/net 2>/dev/null | wc -l) net $(grep -c : /proc/net/dev)"
		echo "nodes $(ls /dev | tr '\n' ' ')"
		echo x > /scratch/x && echo x > /out/x && echo wrote
		(echo x > /x) 2>/dev/null && echo "the root is writable"
		(echo x > /usr/x) 2>/dev/null && echo "/usr is writable"
		(head -c 2m /dev/zero > /scratch/big) 2>/dev/null && echo "the tmpfs has no limit"
		chown 1000:1000 /scratch/x && stat -c 'owner %u' /scratch/x; true`}
	var out bytes.Buffer
	if err := Run(t.Context(), s, Streams{Stdout: &out}); err != nil {
		t.Fatal(err)
	}
	want := "id 0 pid 1 host isowright dir /scratch\n" +
		"links 0 net 1\n" +
		"nodes fd full null ptmx pts random shm stderr stdin stdout tty urandom zero \n" +
		"wrote\nowner 1000\n"
	if out.String() != want {
		t.Errorf("inside:\n%s\nwant:\n%s", out.String(), want)
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil || strings.Contains(string(mounts), s.Root) {
		t.Errorf("a mount was left behind (%v)", err)
	}
}

func TestErrorCarriesTheTail(t *testing.T) {
	s := rootDir(t)
	s.Args = []string{"/bin/sh", "-c", "echo first >&2; echo last words >&2; exit 3"}
	var lines []string
	err := Run(t.Context(), s, Streams{Line: func(l string) { lines = append(lines, l) }})
	var failed *run.Error
	if !errors.As(err, &failed) || failed.Tail != "first\nlast words" || failed.Name != "/bin/sh" {
		t.Fatalf("error %#v", err)
	}
	if len(lines) != 2 {
		t.Fatalf("lines %q", lines)
	}
	s.Args = []string{"/nowhere"}
	if err := Run(t.Context(), s, Streams{}); !errors.As(err, &failed) || !strings.Contains(failed.Tail, "run /nowhere") {
		t.Fatalf("error %v", err)
	}
}

// TestCancelKillsEverything holds that the sandbox is gone within a second,
// with what it started and mounted.
func TestCancelKillsEverything(t *testing.T) {
	s := rootDir(t)
	marker := fmt.Sprintf("sleep-%d", os.Getpid())
	s.Args = []string{"/bin/sh", "-c", "trap '' TERM INT; (exec -a " + marker + " sleep 600) & echo up; exec sleep 601"}
	s.Args[0] = "/bin/bash"
	ctx, cancel := context.WithCancel(t.Context())
	up := make(chan struct{})
	done := make(chan error)
	go func() { done <- Run(ctx, s, Streams{Stdout: closer(up)}) }()
	<-up
	cancel()
	start := time.Now()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v", err)
	}
	if d := time.Since(start); d > time.Second {
		t.Fatalf("ended after %v", d)
	}
	// pgrep ends with 1 where no process matches.
	out, err := exec.Command("pgrep", "-f", "^"+marker).Output()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 1 {
		t.Fatalf("left behind: process %s (%v)", out, err)
	}
}

// TestRemoveAll removes what a sandbox made as another of its users.
func TestRemoveAll(t *testing.T) {
	s := rootDir(t)
	s.Args = []string{"/bin/sh", "-c", "mkdir -p /out/d/e && touch /out/d/e/f && chown -R 33:33 /out/d && chmod 0700 /out/d"}
	if err := Run(t.Context(), s, Streams{}); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(s.Binds[len(s.Binds)-1].Host, "d")
	if os.Geteuid() != 0 && os.RemoveAll(dir) == nil {
		t.Fatal("the folder could be removed without a sandbox")
	}
	if err := RemoveAll(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Lstat(dir); !os.IsNotExist(err) {
		t.Fatalf("still there: %v", err)
	}
}

// closer closes the channel at the first write.
func closer(c chan struct{}) *onceWriter { return &onceWriter{c: c} }

type onceWriter struct {
	c      chan struct{}
	closed bool
}

func (w *onceWriter) Write(p []byte) (int, error) {
	if !w.closed {
		close(w.c)
		w.closed = true
	}
	return len(p), nil
}

// TestOrdinaryUser runs the tests above as a user with subordinate ids, where
// this process can become one.
func TestOrdinaryUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("the other tests ran as an ordinary user already")
	}
	if _, err := lookTool("newuidmap"); err != nil {
		if os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	const name = "isowright-test"
	if out, err := exec.Command("useradd", "--create-home", name).CombinedOutput(); err != nil {
		t.Fatalf("useradd: %v: %s", err, out)
	}
	defer exec.Command("userdel", "--remove", name).Run()
	binary := filepath.Join("/home", name, "test")
	data, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(binary, data, 0o755); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("runuser", "-u", name, "--", binary, "-test.v",
		"-test.run", "TestSandboxSees|TestErrorCarries|TestCancel|TestAvailable|TestRemoveAll").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestSandboxSees") {
		t.Fatalf("as an ordinary user: %v\n%s", err, out)
	}
}

func TestAvailable(t *testing.T) {
	if err := Available(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func TestNamespaceHint(t *testing.T) {
	for _, c := range []struct {
		mode       Mode
		key, value string
		want       string
	}{
		{Root, "", "", "privileged"},
		{UserNamespace, "kernel/unprivileged_userns_clone", "0", "unprivileged_userns_clone=1"},
		{UserNamespace, "user/max_user_namespaces", "0", "max_user_namespaces=15000"},
		{UserNamespace, "kernel/apparmor_restrict_unprivileged_userns", "1", "apparmor"},
		{UserNamespace, "", "", "run as root"},
	} {
		hint := namespaceHint(c.mode, func(name string) string {
			if name == c.key {
				return c.value
			}
			return ""
		})
		if !strings.Contains(hint, c.want) {
			t.Errorf("hint %q, want %q in it", hint, c.want)
		}
	}
}

func TestFindRange(t *testing.T) {
	const file = "broken\nann:100000:1000\nann:x:65536\nbob:100000:65536\n1001:200000:65536\n"
	for _, c := range []struct {
		name string
		want int
	}{{"bob", 100000}, {"1001", 200000}, {"ann", 0}, {"eve", 0}} {
		r, ok := findRange(strings.NewReader(file), c.name)
		if ok != (c.want != 0) || r.start != c.want {
			t.Errorf("%s: %+v %v", c.name, r, ok)
		}
	}
}
