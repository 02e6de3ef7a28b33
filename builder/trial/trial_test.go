package trial

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/isowright/isowright/internal/need"
)

// menuScript is GRUB on screen and serial line, with a menu of two entries.
const menuScript = `serial --unit=0 --speed=115200
terminal_input console serial
terminal_output console serial
set timeout=-1
menuentry ask {
	ls
	echo ASK
	read line
	echo "GOT <$line>"
	read line
	echo "GOT <$line>"
	read line
}
menuentry off { halt }
echo READY
`

// grubImage is a medium for BIOS with nothing but GRUB.
func grubImage(t *testing.T) string {
	t.Helper()
	need.Tools(t, "qemu-system-x86_64", "grub-mkrescue", "xorriso", "mformat")
	dir := t.TempDir()
	config := filepath.Join(dir, "tree", "boot", "grub", "grub.cfg")
	if err := os.MkdirAll(filepath.Dir(config), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(config, []byte(menuScript), 0o644); err != nil {
		t.Fatal(err)
	}
	img := filepath.Join(dir, "grub.iso")
	out, err := exec.Command("grub-mkrescue", "-o", img, "-d", "/usr/lib/grub/i386-pc", "--locales=", "--themes=", "--fonts=",
		"--install-modules=serial terminal echo read halt normal ls biosdisk", filepath.Join(dir, "tree")).CombinedOutput()
	if err != nil {
		t.Fatalf("grub-mkrescue: %v\n%s", err, out)
	}
	return img
}

// try starts a trial under TCG, which is as fast everywhere, and holds it to leave
// nothing behind.
func try(t *testing.T, ctx context.Context, img string) *Trial {
	t.Helper()
	work := t.TempDir()
	a, err := Start(ctx, Options{
		Image: img, Firmware: BIOS, As: CD, MemoryMiB: 128, CPUs: 1, DiskMiB: 64,
		Accel: Accel{Name: "tcg", Reason: "for the test"}, WorkDir: work,
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Stop(); err != nil {
			t.Error(err)
		}
		if left, _ := os.ReadDir(work); len(left) > 0 {
			t.Errorf("the trial left %v behind", left)
		}
		for range a.Frames() { // ends
		}
	})
	return a
}

// until takes frames until one is as it should be.
func until(t *testing.T, a *Trial, what string, good func(*image.RGBA) bool) {
	t.Helper()
	for deadline := time.After(time.Minute); ; {
		select {
		case frame, ok := <-a.Frames():
			if !ok {
				t.Fatalf("the frames ended before %s", what)
			}
			if good(frame.Picture) {
				return
			}
		case <-deadline:
			t.Fatalf("there was no frame with %s", what)
		}
	}
}

// chosen is the row of text, 16 pixels high, that is light: the chosen entry's; -1
// if there is none.
func chosen(img *image.RGBA) int {
	for row := range img.Rect.Dy() / 16 {
		light := 0
		for x := range img.Rect.Dx() {
			if img.RGBAAt(x, 16*row+1).G > 0x80 && img.RGBAAt(x, 16*row+14).G > 0x80 {
				light++
			}
		}
		if light > img.Rect.Dx()/2 {
			return row
		}
	}
	return -1
}

// said waits until the guest has said something.
func said(t *testing.T, a *Trial, want string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	if err := a.Expect(ctx, want); err != nil {
		t.Fatal(err)
	}
}

// press presses a key for as long as a finger would.
func press(t *testing.T, a *Trial, key string) {
	t.Helper()
	for _, down := range []bool{true, false} {
		if err := a.Key(key, down); err != nil {
			t.Fatal(err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func wantState(t *testing.T, a *Trial, want State) {
	t.Helper()
	if got, err := a.State(); got != want || (err != nil) != (want == Failed) {
		t.Errorf("state %d, %v, want %d", got, err, want)
	}
}

func TestTrial(t *testing.T) {
	img := grubImage(t)
	for name, test := range map[string]func(*testing.T, string){
		"conversation": conversation, "controls": controls, "two at once": twoAtOnce,
		"cancelled": cancelled, "killed": killed, "switched off": switchedOff,
	} {
		t.Run(name, func(t *testing.T) { test(t, img) })
	}
}

// conversation sees the guest and talks to it in all ways.
func conversation(t *testing.T, img string) {
	a := try(t, t.Context(), img)
	first := -1
	until(t, a, "a menu", func(img *image.RGBA) bool { first = chosen(img); return first > 0 })
	press(t, a, "Down")
	until(t, a, "the second entry chosen", func(img *image.RGBA) bool { return chosen(img) == first+1 })
	press(t, a, "Up")
	press(t, a, "Return")
	said(t, a, "(hd0)") // the empty disk
	said(t, a, "ASK\n")
	if err := a.Key("LeftShift", true); err != nil {
		t.Fatal(err)
	}
	if err := a.Type("aB!|/"); err != nil {
		t.Fatal(err)
	}
	if err := a.Key("1", true); err != nil { // with shift
		t.Fatal(err)
	}
	if err := a.ReleaseKeys(); err != nil {
		t.Fatal(err)
	}
	if err := a.Type("1\n"); err != nil {
		t.Fatal(err)
	}
	said(t, a, "GOT <aB!|/!1>")
	if err := a.Send("by serial\r"); err != nil {
		t.Fatal(err)
	}
	said(t, a, "GOT <by serial>")
	text, next, _ := a.Said(0)
	if !strings.Contains(text, "READY") || next < int64(len(text)) {
		t.Errorf("said %q, then %d", text, next)
	}
	if more, _, _ := a.Said(next); strings.Contains(more, "READY") {
		t.Errorf("behind all that was said: %q", more)
	}
	if err := a.Type("grün"); err == nil || !strings.Contains(err.Error(), `'ü'`) {
		t.Errorf("typing an umlaut: %v", err)
	}
	if err := a.Key("Sideways", true); err == nil || !strings.Contains(err.Error(), `"Sideways"`) {
		t.Errorf("an unknown key: %v", err)
	}
	if a.Trouble() != nil {
		t.Errorf("trouble: %v", a.Trouble())
	}
}

func controls(t *testing.T, img string) {
	a := try(t, t.Context(), img)
	said(t, a, "READY")
	wantState(t, a, Running)
	ctx := t.Context()
	if err := a.Pause(ctx); err != nil {
		t.Fatal(err)
	}
	wantState(t, a, Paused)
	path := filepath.Join(t.TempDir(), "screen.png")
	if err := a.Screenshot(ctx, path); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if size, err := png.DecodeConfig(file); err != nil || size.Width != 720 || size.Height != 400 {
		t.Errorf("the screenshot: %v, %v", size, err)
	}
	if err := a.Resume(ctx); err != nil {
		t.Fatal(err)
	}
	wantState(t, a, Running)
	if err := errors.Join(a.Point(0.5, 2), a.Button(Left, true), a.Button(Left, false)); err != nil {
		t.Error(err)
	}
	if err := a.Reset(ctx); err != nil {
		t.Fatal(err)
	}
	said(t, a, "READY")
	if accel := a.Accel(); accel.Name != "tcg" || accel.Reason != "for the test" {
		t.Errorf("accelerator %v", accel)
	}
	if err := a.Stop(); err != nil {
		t.Fatal(err)
	}
	wantState(t, a, Stopped)
	if err := a.Key("A", true); !errors.Is(err, errEnded) {
		t.Errorf("a key after the end: %v", err)
	}
	if err := a.Resume(ctx); err == nil {
		t.Error("resuming after the end gave no error")
	}
	wantState(t, a, Stopped)
}

func twoAtOnce(t *testing.T, img string) {
	a, b := try(t, t.Context(), img), try(t, t.Context(), img)
	said(t, a, "READY")
	said(t, b, "READY")
	menu := func(img *image.RGBA) bool { return chosen(img) > 0 }
	until(t, a, "a menu", menu)
	if err := a.Stop(); err != nil {
		t.Fatal(err)
	}
	until(t, b, "a menu", menu)
	press(t, b, "Return")
	said(t, b, "ASK")
	wantState(t, b, Running)
}

func cancelled(t *testing.T, img string) {
	ctx, cancel := context.WithCancel(t.Context())
	a := try(t, ctx, img)
	<-a.Frames()
	cancel()
	<-a.Done()
	wantState(t, a, Stopped)
}

func killed(t *testing.T, img string) {
	a := try(t, t.Context(), img)
	<-a.Frames()
	pid, err := childQEMU()
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	<-a.Done()
	wantState(t, a, Failed)
	if _, err := a.State(); err == nil || !strings.Contains(err.Error(), "QEMU was killed from outside") {
		t.Errorf("the reason: %v", err)
	}
}

// childQEMU is the process of our one QEMU.
func childQEMU() (int, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return 0, err
	}
	parent := fmt.Sprintf("PPid:\t%d\n", os.Getpid())
	for _, entry := range entries {
		status, err := os.ReadFile(filepath.Join("/proc", entry.Name(), "status"))
		if err == nil && strings.HasPrefix(string(status), "Name:\tqemu-system") && strings.Contains(string(status), parent) {
			return strconv.Atoi(entry.Name())
		}
	}
	return 0, errors.New("there is no QEMU of ours")
}

func switchedOff(t *testing.T, img string) {
	a := try(t, t.Context(), img)
	said(t, a, "READY")
	press(t, a, "Down")
	press(t, a, "Return")
	<-a.Done()
	wantState(t, a, Off)
}
