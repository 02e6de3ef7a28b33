package cli_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/isowright/isowright/ui/cli"
)

// ending is a way in which people and systems end a program.
type ending struct {
	name   string
	signal syscall.Signal
	code   int // -1: killed
}

var endings = []ending{
	{"Ctrl-C", syscall.SIGINT, 130},
	{"terminated", syscall.SIGTERM, 130},
	{"terminal closed", syscall.SIGHUP, 130},
	{"killed", syscall.SIGKILL, -1},
}

// TestFlashEnded ends the program while it writes to a real block device: the
// stick does not look bootable, nothing is left, and going on works.
func TestFlashEnded(t *testing.T) {
	path, id, stick := loopDrive(t, 200<<20)
	image, data := bootImage(t, 192<<20)
	// What lay there before has to go: the first MiB is blank because it was
	// blanked.
	if err := os.WriteFile(stick, bytes.Repeat([]byte{0xe5}, 4<<20), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(stick, 200<<20); err != nil {
		t.Fatal(err)
	}
	agreed := []string{"flash", image, id, "--yes", "--model", "stick", "--json"}
	for _, e := range endings {
		t.Run(e.name, func(t *testing.T) {
			left := t.TempDir()
			c := exec.Command("isowright", append(agreed, "--full")...)
			c.Env = append(os.Environ(), "HOME="+t.TempDir(), "TMPDIR="+left)
			said, err := c.StderrPipe()
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Start(); err != nil {
				t.Fatal(err)
			}
			sent := false
			for lines := bufio.NewScanner(said); lines.Scan(); {
				var now struct {
					Step string
					Done int64
				}
				if json.Unmarshal(lines.Bytes(), &now) == nil && now.Step == "writing" && now.Done > 0 && !sent {
					sent = true
					if err := c.Process.Signal(e.signal); err != nil {
						t.Fatal(err)
					}
				}
			}
			c.Wait()
			if code := c.ProcessState.ExitCode(); !sent || code != e.code {
				t.Errorf("sent %v, exit %d, want %d", sent, code, e.code)
			}
			held, err := os.ReadFile(stick)
			if err != nil || !bytes.Equal(held[:1<<20], make([]byte, 1<<20)) {
				t.Errorf("the first MiB is not blank: %v", err)
			}
			if files, err := os.ReadDir(left); err != nil || len(files) > 0 {
				t.Errorf("left: %v %v", files, err)
			}
			drive, err := os.OpenFile(path, os.O_RDWR|os.O_EXCL, 0)
			if err != nil {
				t.Fatalf("somebody has the drive open: %v", err)
			}
			drive.Close()
		})
	}
	b := bench{t, t.TempDir()}
	out, _ := b.run(0, append(agreed, "--quiet")...)
	var told struct {
		Sticks []struct{ Report struct{ Kept int64 } }
	}
	if err := json.Unmarshal([]byte(out), &told); err != nil || len(told.Sticks) != 1 || told.Sticks[0].Report.Kept < 1<<20 {
		t.Errorf("it did not go on with what was there: %v %s", err, out)
	}
	if held, err := os.ReadFile(stick); err != nil || !bytes.Equal(held[:len(data)], data) {
		t.Errorf("the drive does not hold the image: %v", err)
	}
}

// TestFlashImageOnTarget: a drive is never written from itself, and stays
// mounted.
func TestFlashImageOnTarget(t *testing.T) {
	path, id, _ := loopDrive(t, 64<<20)
	point := t.TempDir()
	for _, args := range [][]string{{"mkfs.ext4", "-qF", path}, {"mount", path, point}} {
		if out, err := exec.Command(args[0], args[1:]...).CombinedOutput(); err != nil {
			t.Fatalf("%v: %v: %s", args, err, out)
		}
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", point).CombinedOutput(); err != nil {
			t.Errorf("umount: %v: %s", err, out)
		}
	})
	made, data := bootImage(t, 1<<20)
	image := filepath.Join(point, "test.iso")
	if err := os.WriteFile(image, data, 0o644); err != nil {
		t.Fatal(err)
	}
	b := bench{t, t.TempDir()}
	_, errs := b.run(4, "flash", image, id, "--yes", "--unmount", "--model", "stick", "--full")
	wantIn(t, errs, "image", "lies on")
	// By another way to the same file, too.
	link := filepath.Join(filepath.Dir(made), "link.iso")
	if err := os.Symlink(image, link); err != nil {
		t.Fatal(err)
	}
	b.run(4, "flash", link, id, "--yes", "--unmount", "--model", "stick")
	if held, err := os.ReadFile(image); err != nil || !bytes.Equal(held, data) {
		t.Errorf("the image on the drive: %v", err)
	}
}

// TestFlashPacked unpacks on the way. The content's length is no multiple of a
// sector.
func TestFlashPacked(t *testing.T) {
	_, id, stick := loopDrive(t, 16<<20)
	image, data := bootImage(t, 5<<20+123)
	if out, err := exec.Command("gzip", image).CombinedOutput(); err != nil {
		t.Fatalf("gzip: %v: %s", err, out)
	}
	b := bench{t, t.TempDir()}
	out, _ := b.run(0, "flash", image+".gz", id, "--yes", "--model", "stick")
	wantIn(t, out, ": verified.")
	held, err := os.ReadFile(stick)
	if err != nil || !bytes.Equal(held[:len(data)], data) || !bytes.Equal(held[len(data):][:389], make([]byte, 389)) {
		t.Errorf("the drive does not hold the image and zeros to the end of the sector: %v", err)
	}
}

// TestFlashRemovedWhileAsked takes the drive away while a person reads what
// will be lost.
func TestFlashRemovedWhileAsked(t *testing.T) {
	path, _, stick := loopDrive(t, 8<<20)
	image, data := bootImage(t, 1<<20)
	person, program := terminal(t)
	done := make(chan string, 1)
	code := 0
	go func() {
		code = cli.Run(context.Background(), cli.Env{Args: []string{"flash", image, path}, Stdin: program, Stdout: io.Discard,
			Stderr: program, Now: time.Now(), Getenv: func(name string) string { return map[string]string{"HOME": t.TempDir()}[name] }})
		program.Close()
	}()
	go func() {
		var all []byte
		asked := false
		buf := make([]byte, 4096)
		for {
			n, err := person.Read(buf)
			all = append(all, buf[:n]...)
			if !asked && strings.Contains(string(all), "to go on: ") {
				asked = true
				if out, err := exec.Command("losetup", "--detach", path).CombinedOutput(); err != nil {
					t.Errorf("losetup: %v: %s", err, out)
				}
				person.WriteString("stick\n")
			}
			if err != nil {
				done <- string(all)
				return
			}
		}
	}()
	text := <-done
	if code != 1 {
		t.Errorf("exit %d\n%s", code, text)
	}
	wantIn(t, text, path+" is gone", "Plug it in")
	if held, err := os.ReadFile(stick); err != nil || bytes.Contains(held, data[:512]) {
		t.Errorf("something was written: %v", err)
	}
}
