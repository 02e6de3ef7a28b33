package source

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// room is a place to install in: loop devices for disks, mounts of its own.
type room struct {
	t *testing.T
	// dir holds everything, root is where the new system is mounted.
	dir, root, log string
	env            []string
}

// newRoom needs root and the installer's tools. Where tests must not be skipped,
// missing ones fail.
func newRoom(t *testing.T) *room {
	t.Helper()
	missing := ""
	for _, tool := range []string{"losetup", "sgdisk", "partx", "wipefs", "mkfs.vfat", "mkfs.ext4", "mkfs.btrfs", "mkfs.xfs", "mksquashfs", "fsck.vfat", "unshare", "script", "nix", "nix-store"} {
		if _, err := exec.LookPath(tool); err != nil {
			missing += " " + tool
		}
	}
	if os.Geteuid() != 0 {
		missing += " (root)"
	}
	if missing != "" {
		if os.Getenv("ISOWRIGHT_REQUIRE_TOOLS") == "1" {
			t.Fatal("missing:", missing)
		}
		t.Skip("missing:", missing)
	}
	r := &room{t: t, dir: t.TempDir()}
	r.root, r.log = filepath.Join(r.dir, "mnt"), filepath.Join(r.dir, "log")
	stubs, err := filepath.Abs("testdata/offline/bin")
	if err != nil {
		t.Fatal(err)
	}
	mount, err := exec.LookPath("mount")
	if err != nil {
		t.Fatal(err)
	}
	r.env = append(os.Environ(), "PATH="+stubs+":"+os.Getenv("PATH"), "REAL_MOUNT="+mount, "HOME="+r.dir, "TERM=dumb",
		"ISOWRIGHT_LOG="+r.log, "ISOWRIGHT_CONF="+filepath.Join(r.dir, "install.conf"))
	r.mkdir("mnt")
	script := append(r.read("offline/install-disk.sh"), r.read("offline/install.sh")...)
	r.write("isowright-install", script)
	return r
}

func (r *room) read(name string) []byte {
	r.t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		r.t.Fatal(err)
	}
	return text
}

func (r *room) write(name string, text []byte) string {
	r.t.Helper()
	full := filepath.Join(r.dir, name)
	if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(full, text, 0o755); err != nil {
		r.t.Fatal(err)
	}
	return full
}

func (r *room) mkdir(name string) string {
	r.t.Helper()
	full := filepath.Join(r.dir, name)
	if err := os.MkdirAll(full, 0o755); err != nil {
		r.t.Fatal(err)
	}
	return full
}

// conf writes the installer's configuration.
func (r *room) conf(values map[string]string) {
	var b strings.Builder
	for name, v := range values {
		fmt.Fprintf(&b, "%s='%s'\n", name, v)
	}
	r.write("install.conf", []byte(b.String()))
}

// disk makes a disk of a size in bytes.
func (r *room) disk(size int64) string {
	r.t.Helper()
	f, err := os.CreateTemp(r.dir, "disk")
	if err != nil {
		r.t.Fatal(err)
	}
	if err := errors.Join(f.Truncate(size), f.Close()); err != nil {
		r.t.Fatal(err)
	}
	disk := strings.TrimSpace(r.must("losetup", "--find", "--show", f.Name()))
	r.must("blockdev", "--setrw", disk) // the kernel remembers what an earlier user set
	r.t.Cleanup(func() {
		_ = exec.Command("partx", "--delete", disk).Run() // it may have no partitions
		if out, err := exec.Command("losetup", "--detach", disk).CombinedOutput(); err != nil {
			r.t.Errorf("detach %s: %v\n%s", disk, err, out)
		}
	})
	return disk
}

// run runs a command in the room and returns its output and exit status.
func (r *room) run(stdin string, command ...string) (string, int) {
	r.t.Helper()
	c := exec.Command(command[0], command[1:]...)
	c.Env, c.Dir = r.env, r.dir
	c.Stdin = strings.NewReader(stdin)
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		r.t.Fatalf("%s: %v", command[0], err)
	}
	return out.String(), c.ProcessState.ExitCode()
}

// must runs a command that has to succeed.
func (r *room) must(command ...string) string {
	r.t.Helper()
	out, status := r.run("", command...)
	if status != 0 {
		r.t.Fatalf("%s: exit status %d\n%s", strings.Join(command, " "), status, out)
	}
	return out
}

// leftMounted is the exit status of a run that left something mounted.
const leftMounted = 77

// install runs the installer in mounts of its own.
func (r *room) install(args ...string) (string, int) {
	r.t.Helper()
	inside := `bash "$0" "$@"; status=$?; findmnt "$ROOT" && exit ` + fmt.Sprint(leftMounted) + `; exit $status`
	return r.run("", append([]string{"env", "ROOT=" + r.root, "unshare", "--mount", "--propagation", "private", "bash", "-c", inside,
		filepath.Join(r.dir, "isowright-install"), "--root", r.root}, args...)...)
}

// look runs a shell command with a partition mounted on $ROOT.
func (r *room) look(partition, options, command string) string {
	r.t.Helper()
	script := `set -e; mount $OPTIONS "$PARTITION" "$ROOT"; ` + command
	return r.must("env", "ROOT="+r.root, "PARTITION="+partition, "OPTIONS="+options, "unshare", "--mount", "--propagation", "private", "bash", "-c", script)
}

// build builds a Nix expression and returns its store path.
func (r *room) build(expression string) string {
	r.t.Helper()
	return strings.TrimSpace(lastLine(r.must("nix-build", "--no-out-link", "--expr", expression)))
}

func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndex(s, "\n")+1:]
}
