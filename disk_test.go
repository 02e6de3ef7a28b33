package main_test

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// onSmallDisk is a command that runs a program with a disk of that size at a
// folder, which keeps its content. Nobody else sees it and it goes with the
// program.
func onSmallDisk(size, folder string, program ...string) []string {
	const script = `cp -a "$1" "$1.kept" && mount -t tmpfs -o size="$0" tmpfs "$1" && cp -a "$1.kept/." "$1" &&
		rm -r "$1.kept" && exec "${@:2}"`
	return append([]string{"unshare", "--mount", "bash", "-c", script, size, folder}, program...)
}

// TestDiskFillsUp fills the image's disk while the image is written, after it
// was found large enough.
func TestDiskFillsUp(t *testing.T) {
	needRoot(t)
	r := newRig(t, phase{design: design{level: 9}}, nil)
	r.small = "600m"
	b := r.start()
	b.waitFor("squashfs", "")
	disk, err := os.Open(filepath.Join("/proc", strconv.Itoa(b.cmd.Process.Pid), "root", r.out))
	check(t, err)
	defer disk.Close()
	fill(t, disk)
	b.wait()
	var said struct {
		Error struct{ Step, Text, Hint string }
	}
	check(t, json.Unmarshal([]byte(b.stdout.String()), &said))
	if code := b.cmd.ProcessState.ExitCode(); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	e := said.Error
	if e.Step != "squashfs" || !strings.Contains(e.Text, r.out) || !strings.Contains(e.Text, "no space left on device") ||
		!strings.HasPrefix(e.Hint, "free some space: ") {
		t.Errorf("error %+v", e)
	}
	left, err := disk.Readdirnames(-1)
	check(t, err)
	if len(left) != 1 || left[0] != "balloon" {
		t.Errorf("on the full disk are %v", left)
	}
	r.noProcess()
	r.nothingLeft()
}

// fill takes all the space of a disk.
func fill(t *testing.T, disk *os.File) {
	t.Helper()
	fd, err := unix.Openat(int(disk.Fd()), "balloon", unix.O_CREAT|unix.O_WRONLY, 0o600)
	check(t, err)
	balloon := os.NewFile(uintptr(fd), "balloon")
	defer balloon.Close()
	if _, err := io.Copy(balloon, endless{}); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("fill the disk: %v", err)
	}
}

// endless is zeros without end.
type endless struct{}

func (endless) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestImageInUse holds that a build of an image that another one is writing
// gives up and leaves that one's file alone.
func TestImageInUse(t *testing.T) {
	r := newRig(t, phase{}, nil)
	part := filepath.Join(r.out, "x.iso.part")
	other, err := os.Create(part)
	check(t, err)
	defer other.Close()
	check(t, unix.Flock(int(other.Fd()), unix.LOCK_EX))
	b := r.start()
	b.wait()
	if code := b.cmd.ProcessState.ExitCode(); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	if out := b.stdout.String(); !strings.Contains(out, "in use by another run") || !strings.Contains(out, "wait until the other build") {
		t.Errorf("printed %s", out)
	}
	if left := list(t, r.out); len(left) != 1 || left[0] != "x.iso.part" {
		t.Errorf("in the output folder are %v", left)
	}
}
