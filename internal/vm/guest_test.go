package vm

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	needs "github.com/isowright/isowright/internal/need"
)

// The tests in this file boot real guests, one at a time.

// grubImage makes a hybrid image for BIOS and UEFI that runs a grub.cfg on
// screen and serial line.
func grubImage(t *testing.T, script string) string {
	t.Helper()
	needs.Tools(t, "qemu-system-x86_64", "grub-mkrescue", "xorriso", "mformat")
	dir := t.TempDir()
	tree := filepath.Join(dir, "tree", "boot", "grub")
	if err := os.MkdirAll(tree, 0o755); err != nil {
		t.Fatal(err)
	}
	head := "serial --unit=0 --speed=115200\nterminal_input console serial\nterminal_output console serial\n"
	if err := os.WriteFile(filepath.Join(tree, "grub.cfg"), []byte(head+script), 0o644); err != nil {
		t.Fatal(err)
	}
	img := filepath.Join(dir, "a,b.iso") // QEMU's options are lists with commas
	out, err := exec.Command("grub-mkrescue", "-o", img, "--locales=", "--themes=", "--fonts=",
		"--install-modules=serial terminal echo read halt reboot test normal configfile all_video gfxterm",
		filepath.Join(dir, "tree")).CombinedOutput()
	if err != nil {
		t.Fatalf("grub-mkrescue: %v\n%s", err, out)
	}
	return img
}

// boot starts a machine under TCG, whose speed is the same everywhere; it is
// stopped with the test.
func boot(t *testing.T, cfg Config) *Machine {
	t.Helper()
	cfg.WorkDir = t.TempDir()
	cfg.MemoryMiB = 256
	cfg.Accel = Accel{Name: "tcg", Reason: "for the test"}
	m, err := Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := m.Stop(); err != nil {
			t.Error(err)
		}
		if left, _ := os.ReadDir(cfg.WorkDir); len(left) > 0 {
			t.Errorf("the machine left %v behind", left)
		}
	})
	return m
}

// within is a context for one step of a test.
func within(t *testing.T, d time.Duration) context.Context {
	ctx, cancel := context.WithTimeout(t.Context(), d)
	t.Cleanup(cancel)
	return ctx
}

func TestBIOSConversation(t *testing.T) {
	var log bytes.Buffer
	m := boot(t, Config{
		Image: grubImage(t, `echo "HELLO from $grub_platform"
			read one
			echo "ONE is <$one>"
			read two
			echo "TWO is <$two>"
			reboot`),
		Firmware: BIOS, As: CD, Serial: &log, ForwardSSH: true,
	})
	ctx := within(t, time.Minute)
	match, err := m.ExpectRegexp(ctx, regexp.MustCompile(`HELLO from (\w+)\n`))
	if err != nil {
		t.Fatal(err)
	}
	if match[1] != "pc" {
		t.Errorf("GRUB says its platform is %q, want pc", match[1])
	}
	if err := m.Send("by serial\r"); err != nil {
		t.Fatal(err)
	}
	if err := m.Expect(ctx, "ONE is <by serial>"); err != nil {
		t.Fatal(err)
	}
	checkScreen(t, m, 720, 400)
	conn, err := net.Dial("tcp", m.SSHAddr())
	if err != nil {
		t.Errorf("the forwarded port: %v", err)
	} else {
		conn.Close()
	}
	if !strings.HasPrefix(m.SSHAddr(), "127.0.0.1:") {
		t.Errorf("the port is forwarded from %s, want 127.0.0.1", m.SSHAddr())
	}
	if err := m.SendKeys(ctx, "b", "y", "spc", "shift-k", "ret"); err != nil {
		t.Fatal(err)
	}
	if err := m.Expect(ctx, "TWO is <by K>"); err != nil {
		t.Fatal(err)
	}
	if err := m.Wait(ctx); err != nil {
		t.Errorf("Wait after the guest's restart: %v", err)
	}
	if err := m.Expect(ctx, "more"); err == nil || !strings.Contains(err.Error(), "restarted itself") {
		t.Errorf("Expect after the guest's end: %v", err)
	}
	if !bytes.Contains(log.Bytes(), []byte("HELLO from pc")) || bytes.Count(log.Bytes(), []byte("\r")) == 0 {
		t.Errorf("the copy of the serial log is not the raw one:\n%q", log.Bytes())
	}
}

// checkScreen takes a screenshot and looks for light text on it.
func checkScreen(t *testing.T, m *Machine, width, height int) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "screen.png")
	if err := m.Screenshot(within(t, 10*time.Second), path); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	img, format, err := image.Decode(file)
	if err != nil || format != "png" {
		t.Fatalf("decode screenshot: %v, format %q", err, format)
	}
	if size := img.Bounds().Size(); size != image.Pt(width, height) {
		t.Errorf("the screenshot measures %v, want %d×%d", size, width, height)
	}
	light := 0
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if r, _, _, _ := img.At(x, y).RGBA(); r > 0x8000 {
				light++
			}
		}
	}
	if share := float64(light) / float64(width*height); share < 0.001 || share > 0.5 {
		t.Errorf("%.2f %% of the screen are light, want some text on black", 100*share)
	}
}

func TestBIOSUSB(t *testing.T) {
	m := boot(t, Config{Image: grubImage(t, `echo "HELLO from $grub_platform $root"`), Firmware: BIOS, As: USB})
	if err := m.Expect(within(t, time.Minute), "HELLO from pc hd0"); err != nil {
		t.Fatal(err)
	}
}

func TestUEFI(t *testing.T) {
	needFirmware(t, UEFI)
	m := boot(t, Config{Image: grubImage(t, `echo "HELLO from $grub_platform $root"
		read line
		halt`), Firmware: UEFI, As: USB})
	ctx := within(t, 2*time.Minute)
	if err := m.Expect(ctx, "HELLO from efi hd0"); err != nil {
		t.Fatal(err)
	}
	if err := m.Send("\r"); err != nil {
		t.Fatal(err)
	}
	if err := m.Wait(ctx); err != nil {
		t.Errorf("Wait after the guest switched off: %v", err)
	}
}

// A program that nobody has signed shows that Secure Boot is truly on.
func TestSecureBootRefuses(t *testing.T) {
	needFirmware(t, UEFISecureBoot)
	m := boot(t, Config{Image: grubImage(t, `echo "HELLO from $grub_platform"`), Firmware: UEFISecureBoot, As: CD})
	err := m.Expect(within(t, 2*time.Minute), "HELLO")
	var failed *BootError
	if !errors.As(err, &failed) {
		t.Fatalf("Expect = %v, want a *BootError", err)
	}
	if errors.Is(err, context.DeadlineExceeded) || !strings.Contains(strings.Join(failed.Hints, "\n"), "Access Denied") {
		t.Errorf("Expect = %v, want a prompt refusal with the firmware's reason", err)
	}
}

func needFirmware(t *testing.T, firmware Firmware) {
	t.Helper()
	_, err := Find(firmware)
	needs.NoError(t, err)
}

func TestExpectTellsWhyNot(t *testing.T) {
	t.Run("the time is up", func(t *testing.T) {
		m := boot(t, Config{Image: grubImage(t, "insmod nonsense\necho LAST WORDS\nread line"), Firmware: BIOS})
		if err := m.Expect(within(t, time.Minute), "LAST WORDS"); err != nil {
			t.Fatal(err)
		}
		err := m.Expect(within(t, 10*time.Millisecond), "never")
		for _, want := range []string{`"never"`, "LAST WORDS", "hint: error: ", context.DeadlineExceeded.Error()} {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("the error lacks %q: %v", want, err)
			}
		}
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%v is not the context's error", err)
		}
	})
	t.Run("nothing to boot", func(t *testing.T) {
		m := boot(t, Config{Image: blankImage(t), Firmware: BIOS, As: USB})
		err := m.Expect(within(t, time.Minute), "login:")
		if err == nil || !strings.Contains(err.Error(), "nothing to boot") {
			t.Errorf("Expect on a blank medium: %v", err)
		}
	})
	t.Run("QEMU dies", func(t *testing.T) {
		m := boot(t, Config{Image: blankImage(t), Firmware: BIOS, As: CD})
		m.process.kill()
		err := m.Expect(within(t, 10*time.Second), "login:")
		if err == nil || !strings.Contains(err.Error(), "killed from outside") {
			t.Errorf("Expect after QEMU's death: %v", err)
		}
		if err := m.Wait(t.Context()); err == nil {
			t.Error("Wait after QEMU's death gave no error")
		}
	})
}

func blankImage(t *testing.T) string {
	t.Helper()
	needs.Tools(t, "qemu-system-x86_64")
	path := filepath.Join(t.TempDir(), "blank.img")
	if err := os.WriteFile(path, make([]byte, 1<<20), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCancelKillsAtOnce(t *testing.T) {
	work := t.TempDir()
	ctx, cancel := context.WithCancel(t.Context())
	m, err := Start(ctx, Config{Image: blankImage(t), WorkDir: work, Accel: Accel{Name: "tcg"}})
	if err != nil {
		t.Fatal(err)
	}
	start := time.Now()
	cancel()
	<-m.Done()
	if took := time.Since(start); took > time.Second {
		t.Errorf("canceling took %v", took)
	}
	if left, _ := os.ReadDir(work); len(left) > 0 {
		t.Errorf("canceling left %v behind", left)
	}
	if err := m.Expect(t.Context(), "x"); !errors.Is(err, ErrStopped) {
		t.Errorf("Expect after canceling: %v", err)
	}
	if _, err := m.Screen(t.Context()); err == nil {
		t.Error("Screen after canceling gave no error")
	}
	if err := m.Stop(); err != nil {
		t.Error(err)
	}
}

func TestImageStaysAsItIs(t *testing.T) {
	img := blankImage(t)
	before, err := os.Stat(img)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(img, 0o444); err != nil {
		t.Fatal(err)
	}
	m := boot(t, Config{Image: img, As: USB})
	if err := m.Stop(); err != nil {
		t.Fatal(err)
	}
	after, err := os.Stat(img)
	if err != nil {
		t.Fatal(err)
	}
	if !before.ModTime().Equal(after.ModTime()) {
		t.Error("booting from it as a stick changed the image")
	}
}

func TestStartRefuses(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.iso")
	if err := os.WriteFile(empty, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		cfg  Config
		path string
		want string
	}{
		"no image":     {Config{Image: filepath.Join(dir, "none.iso")}, os.Getenv("PATH"), "none.iso: no such file"},
		"a folder":     {Config{Image: dir}, os.Getenv("PATH"), "is a folder"},
		"an empty one": {Config{Image: empty}, os.Getenv("PATH"), "is empty"},
		"no kernel":    {Config{Kernel: filepath.Join(dir, "none")}, os.Getenv("PATH"), "open kernel"},
		"empty initrd": {Config{Kernel: os.Args[0], Initrd: empty}, os.Getenv("PATH"), "open initrd"},
		"no QEMU":      {Config{Image: blankImage(t)}, dir, "qemu-system-x86_64) is not installed; install it with"},
		"bad disk": {Config{Image: blankImage(t), Accel: Accel{Name: "tcg"},
			ExtraDisks: []Disk{{Path: filepath.Join(dir, "none.qcow2"), Format: "qcow2"}}}, os.Getenv("PATH"), "Could not open"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("PATH", c.path)
			c.cfg.WorkDir = t.TempDir()
			_, err := Start(t.Context(), c.cfg)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Start = %v, want %q in it", err, c.want)
			}
			if left, _ := os.ReadDir(c.cfg.WorkDir); len(left) > 0 {
				t.Errorf("left %v behind", left)
			}
		})
	}
}

func TestTrialSector(t *testing.T) {
	needs.Tools(t, "qemu-system-x86_64")
	tools, err := Find(BIOS)
	if err != nil {
		t.Fatal(err)
	}
	got, err := runTrial(t.Context(), tools, "tcg")
	if err != nil {
		t.Fatal(err)
	}
	if !got.done || !strings.HasSuffix(got.stages, "rplk") {
		t.Errorf("the trial under TCG gave %+v, want all stages", got)
	}
}

// On any machine the choice is one that works, and says why.
func TestChooseAccel(t *testing.T) {
	img := blankImage(t)
	tools, err := Find(BIOS)
	if err != nil {
		t.Fatal(err)
	}
	accel, err := ChooseAccel(t.Context(), tools)
	if err != nil {
		t.Fatal(err)
	}
	t.Log(accel)
	if accel.Name != "kvm" && accel.Name != "tcg" || accel.Reason == "" {
		t.Fatalf("ChooseAccel = %+v", accel)
	}
	m, err := Start(t.Context(), Config{Image: img, Accel: accel, As: USB, WorkDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Stop()
	if m.Accel() != accel {
		t.Errorf("the machine runs with %v, want %v", m.Accel(), accel)
	}
	// That the firmware looks for a boot sector shows that code runs.
	if err := m.Expect(within(t, time.Minute), "x"); err == nil || !strings.Contains(err.Error(), "nothing to boot") {
		t.Errorf("a guest with %v: %v", accel, err)
	}
}

func TestTrialTrouble(t *testing.T) {
	for _, c := range []struct {
		trial trial
		want  string
	}{
		{trial{stages: "rp", stderr: "x\nKVM internal error. Suberror: 1\ny"}, "died in protected mode (KVM internal error. Suberror: 1)"},
		{trial{stages: "", timeout: true}, "was still in its firmware after 8s"},
		{trial{stages: "rpl", timeout: true}, "was still in long mode after 8s"},
		{trial{stages: "r", stderr: "failed to initialize kvm\nmore"}, "ended in real mode (failed to initialize kvm)"},
	} {
		if got := c.trial.trouble(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.trial, got, c.want)
		}
	}
}

func TestMain(m *testing.M) {
	if img := os.Getenv("VM_TEST_HOLD"); img != "" {
		holdMachine(img)
	}
	os.Exit(m.Run())
}

// holdMachine is the program that TestDiesWithUs kills: it starts a machine,
// prints QEMU's process ID and waits for its own end.
func holdMachine(img string) {
	m, err := Start(context.Background(), Config{Image: img, Accel: Accel{Name: "tcg"}, WorkDir: filepath.Dir(img)})
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println(m.process.cmd.Process.Pid)
	<-m.Done()
	os.Exit(1)
}
