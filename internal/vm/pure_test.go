package vm

import (
	"bytes"
	"errors"
	"fmt"
	"image/color"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestStrip(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plain\r\ntext\ttab", "plain\ntext\ttab"},
		{"\x1b[0;1;31mFAILED\x1b[0m x", "FAILED x"},
		{"\x1b[?25l\x1b[2J\x1b[01;01Hmenu", "menu"},
		{"\x1b(B\x1b7a\x1b8b\x1b=c\x1b#8d", "abcd"},
		{"\x1b]0;title\ax\x1b]8;;http://a\x1b\\y", "xy"},
		{"\x1bP1$r\x1b\\z", "z"},
		{"a\x00b\ac\bd\x7f", "abcd"},
		{"\x1b\x1b[1mtwice", "twice"},
		{"naïve ☃", "naïve ☃"},
		{"\x1b]never ended\nnext", "next"},
	} {
		var s ansiStripper
		if got := string(s.strip(nil, []byte(c.in))); got != c.want {
			t.Errorf("%q became %q, want %q", c.in, got, c.want)
		}
	}
}

// However the stream is cut, the text is the same and holds nothing that
// steers a terminal.
func FuzzStrip(f *testing.F) {
	f.Add([]byte("a\x1b[31mb\x1b]0;t\x1b\\c\r\n"), 4)
	f.Add([]byte("\x1b(B\x1bPq\ax"), 2)
	f.Fuzz(func(t *testing.T, in []byte, cut int) {
		cut = max(0, min(cut, len(in)))
		var whole, parts ansiStripper
		want := whole.strip(nil, in)
		got := parts.strip(parts.strip(nil, in[:cut]), in[cut:])
		if !bytes.Equal(got, want) {
			t.Errorf("cut at %d: %q, whole: %q", cut, got, want)
		}
		if i := bytes.IndexFunc(want, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' }); i >= 0 {
			t.Errorf("%q is left in the text", want[i])
		}
	})
}

// listen is a machine of which only the serial line is there.
func listen(said ...string) *Machine {
	m := &Machine{serial: newConsole(nil, nil)}
	for _, s := range said {
		m.serial.feed([]byte(s))
	}
	return m
}

func TestExpectGoesOnBehindTheMatch(t *testing.T) {
	m := listen("one two o", "ne three\x1b[1", "mfour\r\n")
	for _, want := range []string{"one", "one", "threefour\n"} {
		if err := m.Expect(t.Context(), want); err != nil {
			t.Fatal(err)
		}
	}
	m.serial.fail(io.EOF)
	if err := m.Expect(t.Context(), "one"); !errors.Is(err, io.EOF) {
		t.Errorf("a third one: %v, want %v", err, io.EOF)
	}
}

func TestExpectGroups(t *testing.T) {
	m := listen("port 22\n")
	got, err := m.ExpectRegexp(t.Context(), regexp.MustCompile(`(ssh )?port (\d+)\n`))
	if want := []string{"port 22\n", "", "22"}; err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q, %v, want %q", got, err, want)
	}
}

func TestExpectFaults(t *testing.T) {
	const panicked = "boot\nKernel panic - not syncing: VFS: Unable to mount root fs\n"
	err := listen(panicked).Expect(t.Context(), "login:")
	if err == nil || !strings.Contains(err.Error(), `the kernel panicked ("Kernel panic - not syncing: VFS`) {
		t.Errorf("a panic: %v", err)
	}
	if err := listen(panicked).Expect(t.Context(), "Kernel panic"); err != nil {
		t.Errorf("a panic that was waited for: %v", err)
	}
	if err := listen("login: "+panicked).Expect(t.Context(), "login:"); err != nil {
		t.Errorf("a panic behind the match: %v", err)
	}
	err = listen("Unable to find a medium containing a live file system\nKernel panic - not syncing: x").Expect(t.Context(), "x y")
	if err == nil || !strings.Contains(err.Error(), "no medium with the image's live") {
		t.Errorf("of two faults the first is the reason: %v", err)
	}
	m := listen()
	m.serial.fail(io.EOF)
	if err := m.Expect(t.Context(), "x"); err == nil || !strings.Contains(err.Error(), "console=ttyS0") {
		t.Errorf("a silent guest: %v", err)
	}
}

func TestHints(t *testing.T) {
	text := "fine\nerror: no such device: X.\n[FAILED] Failed to start ssh.\n  error: b\nan error: within\n" +
		"BdsDxe: failed to load Boot0001: Access Denied\nerror: c\nerror: d\n"
	want := []string{"[FAILED] Failed to start ssh.", "error: b", "BdsDxe: failed to load Boot0001: Access Denied", "error: c", "error: d"}
	if got := findHints([]byte(text)); !slices.Equal(got, want) {
		t.Errorf("hints %q, want %q", got, want)
	}
}

func TestHistoryIsBounded(t *testing.T) {
	m := listen()
	block := bytes.Repeat([]byte("x"), historyLimit/4)
	for range 9 {
		m.serial.feed(block)
	}
	m.serial.feed([]byte("the end"))
	if n := len(m.serial.text); n > historyLimit {
		t.Errorf("%d bytes are kept, want at most %d", n, historyLimit)
	}
	if err := m.Expect(t.Context(), "xthe end"); err != nil {
		t.Error(err)
	}
}

type badWriter struct{}

func (badWriter) Write([]byte) (int, error) { return 0, io.ErrShortWrite }

func TestSerialCopyFails(t *testing.T) {
	c := newConsole(nil, badWriter{})
	c.feed([]byte("text"))
	if !errors.Is(c.copyErr, io.ErrShortWrite) || string(c.text) != "text" {
		t.Errorf("text %q, error %v", c.text, c.copyErr)
	}
}

func TestWatchStderr(t *testing.T) {
	m := listen()
	m.watchStderr([]byte("qemu: warning\nKVM internal error. Suberror: 1\nextra data"))
	err := m.Expect(t.Context(), "login:")
	if !errors.Is(err, ErrKVM) || !strings.Contains(err.Error(), "KVM internal error. Suberror: 1\n") {
		t.Errorf("got %v, want ErrKVM with its line", err)
	}
}

func TestDecodePPM(t *testing.T) {
	img, err := decodePPM(strings.NewReader("P6\n2 1\n255\n\x01\x02\x03\xff\x00\x80"))
	if err != nil {
		t.Fatal(err)
	}
	if got, want := img.At(1, 0), (color.RGBA{0xff, 0, 0x80, 0xff}); got != want || img.Bounds().Dx() != 2 || img.Bounds().Dy() != 1 {
		t.Errorf("pixel %v of %v, want %v", got, img.Bounds(), want)
	}
	for _, bad := range []string{"", "P5\n2 1\n255\nxx", "P6\n2 1\n65535\nxxxxxx", "P6\n0 1\n255\n",
		"P6\n99999 1\n255\n", "P6\n2 1\n255\nxxxxx", "P6\n2 1\n255"} {
		if _, err := decodePPM(strings.NewReader(bad)); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}

func FuzzDecodePPM(f *testing.F) {
	f.Add([]byte("P6\n2 1\n255\n\x01\x02\x03\xff\x00\x80"))
	f.Add([]byte("P6\n16384 16384\n255\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		img, err := decodePPM(bytes.NewReader(in))
		if err != nil {
			return
		}
		b := img.Bounds()
		if len(img.Pix) != 4*b.Dx()*b.Dy() || 3*b.Dx()*b.Dy() > len(in) {
			t.Errorf("%v from %d bytes with %d bytes of pixels", b, len(in), len(img.Pix))
		}
	})
}

func TestArguments(t *testing.T) {
	base := Config{Image: "/i.iso", MemoryMiB: 512, CPUs: 3, Accel: Accel{Name: "tcg"}, Tools: Tools{Code: "/c.fd", Vars: "/v.qcow2"}}
	for name, c := range map[string]struct {
		change func(*Config)
		has    []string
		hasNot []string
	}{
		"BIOS CD": {func(c *Config) {},
			[]string{"-m 512", "-smp 3", "-accel tcg,thread=multi", "-nic none", "ide-cd,bus=ide.0,drive=medium,bootindex=0",
				"media=cdrom,readonly=on,format=raw,file=/i.iso"},
			[]string{"pflash", "netdev", "usb-tablet"}},
		"USB with a comma": {func(c *Config) { c.As, c.Image = USB, "/a,b.iso" },
			[]string{"snapshot=on,format=raw,file=/a,,b.iso", "usb-storage,bus=usb.0,drive=medium,removable=on,bootindex=0"},
			[]string{"ide-cd"}},
		"Secure Boot": {func(c *Config) { c.Firmware = UEFISecureBoot },
			[]string{"q35,smm=on", "driver=cfi.pflash01,property=secure,value=on",
				"if=pflash,unit=0,readonly=on,format=raw,file=/c.fd", "if=pflash,unit=1,format=qcow2,file=/d/vars.fd"},
			[]string{"isa-debugcon"}},
		"UEFI": {func(c *Config) { c.Firmware = UEFI }, []string{"X-Cpuhp-Bugcheck-Override"}, []string{"smm=on", "property=secure"}},
		"ssh without a network": {func(c *Config) { c.ForwardSSH = true },
			[]string{"user,id=net,restrict=on,hostfwd=tcp:127.0.0.1:0-:22", "romfile="}, nil},
		"network": {func(c *Config) { c.Network = true }, []string{"-netdev user,id=net -device"}, []string{"restrict", "hostfwd"}},
		"window and KVM": {func(c *Config) { c.Display, c.Accel.Name = Window, "kvm" },
			[]string{"usb-tablet", "-accel kvm"}, []string{"tcg"}},
		"disks": {func(c *Config) { c.ExtraDisks = []Disk{{Path: "/a"}, {Path: "/b", Format: "qcow2", ReadOnly: true}} },
			[]string{"id=disk0,format=raw,file=/a", "id=disk1,readonly=on,format=qcow2,file=/b", "virtio-blk-pci,drive=disk1"}, nil},
		"sticks": {func(c *Config) {
			c.Sticks = []Stick{{Path: "/s,1", Serial: "A1"}, {Path: "/s2", SectorSize: 4096, BytesPerSecond: 1000}}
		},
			[]string{`"filename":"/s,1"`, `"node-name":"stick0-node"`, `"serial":"A1"`, `"logical_block_size":4096`,
				"throttle-group,id=stick1-rate,x-bps-total=1000", `"throttle-group":"stick1-rate"`, `"serial":"stick1"`},
			[]string{"stick0-rate"}},
		"a kernel alone": {func(c *Config) { c.Image, c.Kernel, c.Initrd, c.Parameters = "", "/k", "/i", "quiet init=/x" },
			[]string{"-kernel /k -append quiet init=/x -initrd /i"}, []string{"drive=medium", "id=medium"}},
		"a kernel with an image": {func(c *Config) { c.Kernel = "/k" },
			[]string{"-kernel /k -append", "drive=medium"}, []string{"-initrd"}},
	} {
		cfg := base
		c.change(&cfg)
		line := strings.Join(arguments(cfg, "/d", "none"), " ")
		for _, want := range c.has {
			if !strings.Contains(line, want) {
				t.Errorf("%s: %q is not in: %s", name, want, line)
			}
		}
		for _, not := range c.hasNot {
			if strings.Contains(line, not) {
				t.Errorf("%s: %q is in: %s", name, not, line)
			}
		}
	}
}

func TestFindFirmware(t *testing.T) {
	for name, c := range map[string]struct {
		firmware Firmware
		files    []string
		want     string
	}{
		"Debian":               {UEFI, []string{"/usr/share/OVMF/OVMF_CODE_4M.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"}, "/usr/share/OVMF/OVMF_CODE_4M.fd"},
		"code without vars":    {UEFI, []string{"/usr/share/OVMF/OVMF_CODE_4M.fd"}, ""},
		"no keys, no Secure":   {UEFISecureBoot, []string{"/usr/share/OVMF/OVMF_CODE_4M.secboot.fd", "/usr/share/OVMF/OVMF_VARS_4M.fd"}, ""},
		"Debian, Secure Boot":  {UEFISecureBoot, []string{"/usr/share/OVMF/OVMF_CODE_4M.secboot.fd", "/usr/share/OVMF/OVMF_VARS_4M.ms.fd"}, "/usr/share/OVMF/OVMF_CODE_4M.secboot.fd"},
		"in QEMU's own folder": {UEFI, []string{"/nix/q/share/qemu/edk2-x86_64-code.fd", "/nix/q/share/qemu/edk2-i386-vars.fd"}, "/nix/q/share/qemu/edk2-x86_64-code.fd"},
	} {
		code, _ := findFirmware(c.firmware, "/nix/q/share/qemu", func(p string) bool { return slices.Contains(c.files, p) })
		if code != c.want {
			t.Errorf("%s: %q, want %q", name, code, c.want)
		}
	}
}

func TestInstallCommand(t *testing.T) {
	for release, want := range map[string]string{
		"ID=debian\n": "sudo apt-get install ovmf",
		"ID=linuxmint\nID_LIKE=\"ubuntu debian\"":    "sudo apt-get install ovmf",
		"ID=\"opensuse-leap\"\nID_LIKE=\"suse o\"\n": "sudo zypper install qemu-ovmf-x86_64",
		"ID=fedora":            "sudo dnf install edk2-ovmf",
		"ID=arch\nNAME=Arch\n": "sudo pacman -S edk2-ovmf",
		"ID=nixos":             "nix-shell -p qemu",
		"ID=other":             "",
		"":                     "",
	} {
		if got := installCommand(release, needOVMF); got != want {
			t.Errorf("%q: %q, want %q", release, got, want)
		}
	}
	got := (&MissingError{What: "OVMF", elsewhere: elsewhere(needOVMF)}).Error()
	const want = "OVMF is not installed; install it with your system's package manager (Debian and Ubuntu: sudo apt-get install ovmf; " +
		"Fedora: sudo dnf install edk2-ovmf; Arch: sudo pacman -S edk2-ovmf; NixOS: nix-shell -p qemu)"
	if got != want {
		t.Errorf("on an unknown distribution:\n%s, want\n%s", got, want)
	}
}

func TestGuestExit(t *testing.T) {
	for reason, want := range map[string]string{
		"guest-shutdown": "switched itself off", "guest-reset": "restarted itself", "host-ui": "window was closed", "": "QEMU ended", "odd": "odd"} {
		if got := (&guestExit{reason}).Error(); !strings.Contains(got, want) {
			t.Errorf("%q: %s", reason, got)
		}
	}
}

func TestWindowNeedsADisplay(t *testing.T) {
	qemu := filepath.Join(t.TempDir(), "qemu")
	for said, want := range map[string]string{"none\nsdl\ngtk": "gtk", "none sdl": "sdl", "none\negl-headless": ""} {
		if err := os.WriteFile(qemu, fmt.Appendf(nil, "#!/bin/sh\necho '%s'\n", said), 0o755); err != nil {
			t.Fatal(err)
		}
		got, err := displayBackend(t.Context(), Config{Display: Window, Tools: Tools{QEMU: qemu}})
		var lacking *MissingError
		if got != want || (want == "") != errors.As(err, &lacking) {
			t.Errorf("%q: %q, %v, want %q", said, got, err, want)
		}
	}
}

func TestReportUnit(t *testing.T) {
	const id = `it's $(odd) \"id`
	files := ReportUnit(id)
	if len(files) != 3 || files[2].Link != "../isowright-report.service" || path(files[2]) != "etc/systemd/system/isowright-report.service" {
		t.Errorf("the link does not lead to the unit: %+v", files)
	}
	script := filepath.Join(t.TempDir(), "report.sh")
	if err := os.WriteFile(script, []byte(files[0].Content), 0o644); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("sh", "-n", script).CombinedOutput(); err != nil {
		t.Errorf("sh finds fault with the script: %v\n%s", err, out)
	}
	line := regexp.MustCompile(`(?m)^id=.*$`).FindString(files[0].Content)
	if out, err := exec.Command("sh", "-c", line+`; printf %s "$id"`).Output(); err != nil || string(out) != id {
		t.Errorf("sh reads the ID as %q, %v", out, err)
	}
}

// path is where a link in the tree leads.
func path(f GuestFile) string { return filepath.Join(filepath.Dir(f.Path), f.Link) }

func TestExpectReport(t *testing.T) {
	for name, c := range map[string]struct{ said, want string }{
		"ready":             {"x\nISOWRIGHT-READY abc\nISOWRIGHT-END abc\n", ""},
		"failed":            {"ISOWRIGHT-FAILED abc\nfailed: ssh.service\n    no keys\nISOWRIGHT-END abc\n", "failed: ssh.service\n    no keys"},
		"first copy cut":    {"\nISOWRIGHT-RE\nISOWRIGHT-READY abc\nISOWRIGHT-END abc\n", ""},
		"another design":    {"ISOWRIGHT-READY abcd\n", io.EOF.Error()},
		"failed, cut short": {"ISOWRIGHT-FAILED abc\nfailed: x", io.EOF.Error()},
	} {
		m := listen(c.said)
		m.serial.fail(io.EOF)
		err := m.ExpectReport(t.Context(), "abc")
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
