package cli_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"github.com/isowright/isowright/flash/drives"
	"github.com/isowright/isowright/internal/need"
	"github.com/isowright/isowright/ui/cli"
)

// loopDrive makes a drive of a file and gives its path and its sure name.
func loopDrive(t *testing.T, size int64) (path, id, file string) {
	t.Helper()
	need.Root(t)
	need.Tools(t, "losetup")
	file = filepath.Join(t.TempDir(), "stick")
	if err := os.WriteFile(file, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(file, size); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("losetup", "--find", "--show", "--partscan", file).CombinedOutput()
	if err != nil {
		t.Fatalf("losetup: %v: %s", err, out)
	}
	path = strings.TrimSpace(string(out))
	t.Cleanup(func() {
		if _, err := os.Stat(filepath.Join("/sys/block", filepath.Base(path), "loop")); err != nil {
			return // the test took it away
		}
		if out, err := exec.Command("losetup", "--detach", path).CombinedOutput(); err != nil {
			t.Errorf("losetup: %v: %s", err, out)
		}
	})
	sequence, err := os.ReadFile(filepath.Join("/sys/block", filepath.Base(path), "diskseq"))
	if err != nil {
		t.Fatal(err)
	}
	return path, "diskseq:" + strings.TrimSpace(string(sequence)), file
}

// bootImage is an image that looks as if it could start a computer.
func bootImage(t *testing.T, size int) (path string, data []byte) {
	t.Helper()
	data = make([]byte, size)
	r := rand.NewChaCha8([32]byte{1})
	r.Read(data)
	copy(data[0x1be:], make([]byte, 64))
	copy(data[510:], "\x55\xaa")
	path = filepath.Join(t.TempDir(), "test.iso")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	return path, data
}

// bench runs commands of one user.
type bench struct {
	t    *testing.T
	home string
}

func (b bench) run(want int, args ...string) (stdout, stderr string) {
	b.t.Helper()
	return b.runWith(want, strings.NewReader(""), args...)
}

func (b bench) runWith(want int, stdin *strings.Reader, args ...string) (string, string) {
	b.t.Helper()
	var out, errs bytes.Buffer
	code := cli.Run(b.t.Context(), cli.Env{Args: args, Stdin: stdin, Stdout: &out, Stderr: &errs, Now: time.Now(),
		Getenv: func(name string) string { return map[string]string{"HOME": b.home}[name] }})
	if code != want {
		b.t.Errorf("isowright %s: exit %d, want %d\n%s%s", strings.Join(args, " "), code, want, out.String(), errs.String())
	}
	return out.String(), errs.String()
}

func wantIn(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is not in:\n%s", part, text)
		}
	}
}

// TestFlashCommands flashes a real block device and looks at it afterwards.
func TestFlashCommands(t *testing.T) {
	path, id, stick := loopDrive(t, 64<<20)
	image, data := bootImage(t, 9<<20+512)
	b := bench{t, t.TempDir()}

	_, errs := b.run(4, "flash", image, path)
	wantIn(t, errs, "nobody is there to agree", "--yes", id)
	_, errs = b.run(4, "flash", image, path, "--yes")
	wantIn(t, errs, path+" is not enough", id)
	_, errs = b.run(4, "flash", image, id, "--yes")
	wantIn(t, errs, "not a removable drive", "--model stick")
	_, errs = b.run(4, "flash", image, id, "--yes", "--model", "other")
	wantIn(t, errs, "--model stick")
	if held, err := os.ReadFile(stick); err != nil || !bytes.Equal(held, make([]byte, 64<<20)) {
		t.Fatalf("something was written: %v", err)
	}

	agreed := []string{"--yes", "--model", "stick"}
	out, _ := b.run(0, append([]string{"flash", image, id}, agreed...)...)
	wantIn(t, out, "verified", "9.0 MiB written")
	held, err := os.ReadFile(stick)
	if err != nil || !bytes.Equal(held[:len(data)], data) {
		t.Errorf("the drive does not hold the image: %v", err)
	}
	out, _ = b.run(0, append([]string{"flash", image, id, "--json", "--quiet"}, agreed...)...)
	var told struct {
		Sticks []struct {
			Report struct {
				Written  int64
				Verified bool
			}
		}
	}
	if err := json.Unmarshal([]byte(out), &told); err != nil || len(told.Sticks) != 1 {
		t.Fatalf("%v: %s", err, out)
	}
	if r := told.Sticks[0].Report; r.Written != 0 || !r.Verified {
		t.Errorf("flashing what is there already wrote %d bytes, verified %v", r.Written, r.Verified)
	}
	out, _ = b.run(0, "verify", image, path)
	wantIn(t, out, "holds", "9.0 MiB compared")

	data[5<<20] ^= 1
	if err := os.WriteFile(image, data, 0o644); err != nil {
		t.Fatal(err)
	}
	_, errs = b.run(1, "verify", image, path)
	wantIn(t, errs, fmt.Sprint(5<<20))

	copied := filepath.Join(t.TempDir(), "copy.img")
	b.run(0, "save", path, copied)
	b.run(4, "save", path, copied)
	if saved, err := os.ReadFile(copied); err != nil || !bytes.Equal(saved, held) {
		t.Errorf("the copy is not the drive: %v", err)
	}
	out, _ = b.run(0, append([]string{"capacity", id}, agreed...)...)
	wantIn(t, out, path)
	after, err := os.ReadFile(stick)
	if err != nil || !bytes.Equal(after, held) {
		t.Errorf("the quick test did not put back what was there: %v", err)
	}
	b.run(0, append([]string{"restore", id, "--label", "KEYS"}, agreed...)...)
	if out, err := exec.Command("sh", "-c", "dd if="+stick+" bs=1M skip=1 of="+copied+" 2>/dev/null; fsck.fat -n "+copied).CombinedOutput(); err != nil {
		t.Errorf("fsck.fat: %v: %s", err, out)
	}
	out, _ = b.run(0, "flashes")
	for _, action := range []string{"restore", "capacity", "save", "verify", "flash"} {
		wantIn(t, out, action)
	}
}

// TestFlashRefusals are the ways in which nothing is written.
func TestFlashRefusals(t *testing.T) {
	_, id, stick := loopDrive(t, 8<<20)
	image, _ := bootImage(t, 9<<20)
	b := bench{t, t.TempDir()}
	agreed := []string{"--yes", "--model", "stick", "--unmount"}

	_, errs := b.run(4, append([]string{"flash", image, id}, agreed...)...)
	wantIn(t, errs, "What to do")
	b.run(1, "flash", filepath.Join(b.home, "none.iso"), id)
	_, errs = b.run(1, "flash", image, "/dev/none")
	wantIn(t, errs, "there is no drive")
	b.run(2, "flash", image)
	small, data := bootImage(t, 1<<20)
	b.run(2, append([]string{"flash", small, id, id}, agreed...)...)
	if err := os.WriteFile(small+".sha256", []byte(strings.Repeat("0", 64)+"  test.iso\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	out, errs := b.run(1, append([]string{"flash", small, id}, agreed...)...)
	wantIn(t, out, "does not boot")
	wantIn(t, errs, "checksum")
	held, err := os.ReadFile(stick)
	if err != nil || bytes.Contains(held, data[:512]) {
		t.Errorf("the first MiB of a wrong image was written: %v", err)
	}

	all, err := drives.List(t.Context(), drives.Live())
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range all {
		if len(d.System) == 0 {
			continue
		}
		for _, word := range append([]string{d.Path}, d.ByID...) {
			_, errs := b.run(4, "flash", small, word, "--yes", "--unmount", "--model", d.Model, "--full", "--no-verify")
			wantIn(t, errs, "the running system needs this disk")
			b.run(4, "restore", word, "--yes", "--unmount", "--model", d.Model)
			b.run(4, "capacity", word, "--yes", "--unmount", "--model", d.Model, "--full")
		}
	}
}

// terminal makes a terminal: what is written to the first is typed into the
// second (pty(7)).
func terminal(t *testing.T) (person, program *os.File) {
	t.Helper()
	person, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { person.Close() })
	if err := unix.IoctlSetPointerInt(int(person.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	n, err := unix.IoctlGetInt(int(person.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	program, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { program.Close() })
	return person, program
}

// TestFlashAsks answers as a person at a terminal does.
func TestFlashAsks(t *testing.T) {
	path, _, stick := loopDrive(t, 8<<20)
	image, data := bootImage(t, 1<<20)
	for _, c := range []struct {
		typed string
		code  int
	}{{"yes\n", 4}, {"\n", 4}, {"stick\n", 0}} {
		person, program := terminal(t)
		seen := make(chan string, 1)
		go func() {
			var all []byte
			buf := make([]byte, 4096)
			for {
				n, err := person.Read(buf)
				all = append(all, buf[:n]...)
				if err != nil {
					seen <- string(all)
					return
				}
			}
		}()
		if _, err := person.WriteString(c.typed); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		code := cli.Run(context.Background(), cli.Env{Args: []string{"flash", image, path}, Stdin: program, Stdout: &out,
			Stderr: program, Now: time.Now(), Getenv: func(name string) string { return map[string]string{"HOME": t.TempDir()}[name] }})
		program.Close()
		text := <-seen
		if code != c.code {
			t.Errorf("typed %q: exit %d, want %d\n%s", c.typed, code, c.code, text)
		}
		wantIn(t, text, "Erase stick (8.4 MB) and write test.iso?", "This cannot be undone")
	}
	if held, err := os.ReadFile(stick); err != nil || !bytes.Equal(held[:len(data)], data) {
		t.Errorf("after agreeing the drive does not hold the image: %v", err)
	}
}
