package builder_test

import (
	"cmp"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/isowright/isowright/builder"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/internal/sandbox"
	"github.com/isowright/isowright/internal/vm"
	"golang.org/x/crypto/ssh"
)

func TestMain(m *testing.M) {
	sandbox.Child()
	os.Exit(m.Run())
}

// options are those of a test build: the user's own cache, so that packages are
// fetched once.
func options(t *testing.T, out string) builder.Options {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	cache = filepath.Join(cache, "isowright")
	if err := os.MkdirAll(cache, 0o755); err != nil {
		t.Fatal(err)
	}
	step := ""
	return builder.Options{CacheDir: cache, Out: out, Now: time.Now(), Progress: func(e progress.Event) {
		if e.Step != step {
			step = e.Step
			t.Logf("%s: %s", e.Step, e.Text)
		}
	}}
}

// testImage is a built image with what is needed to look into it as a guest.
type testImage struct {
	builder.Image
	key ssh.Signer
}

// buildForTest builds a design with our key for root, a serial console and the
// unit that reports how the start went.
func buildForTest(t *testing.T, d design.Design) testImage {
	t.Helper()
	public, private, err := ed25519.GenerateKey(rand.Reader)
	check(t, err)
	key, err := ssh.NewSignerFromKey(private)
	check(t, err)
	sshKey, err := ssh.NewPublicKey(public)
	check(t, err)
	line := strings.TrimSpace(string(ssh.MarshalAuthorizedKey(sshKey)))
	d.Root.SSHKeys = append(d.Root.SSHKeys, line)
	d.Users = slices.Clone(d.Users)
	d.Users[0].SSHKeys = append(slices.Clone(d.Users[0].SSHKeys), line)
	d.SSH.Enable = true
	d.Compression.Level = 3
	d.Kernel.Parameters = append(slices.Clone(d.Kernel.Parameters), "no_timer_check")
	addReport(t, &d)
	return testImage{Image: build(t, d, false), key: key}
}

func build(t *testing.T, d design.Design, clean bool) builder.Image {
	t.Helper()
	o := options(t, filepath.Join(t.TempDir(), cmp.Or(d.Output, "test.iso")))
	o.Clean = clean
	p, err := builder.Plan(t.Context(), d, o)
	check(t, err)
	image, err := builder.Build(t.Context(), p, o)
	check(t, err)
	return image
}

// addReport adds the unit that tells on the serial line how the start went.
func addReport(t *testing.T, d *design.Design) {
	t.Helper()
	dir := t.TempDir()
	check(t, os.CopyFS(dir, os.DirFS(d.Dir)))
	d.Dir = dir
	for _, f := range vm.ReportUnit(reportID) {
		path := filepath.Join(dir, "report", f.Path)
		check(t, os.MkdirAll(filepath.Dir(path), 0o755))
		if f.Link != "" {
			check(t, os.Symlink(f.Link, path))
			continue
		}
		check(t, os.WriteFile(path, []byte(f.Content), os.FileMode(f.Mode)))
	}
	d.Files = append(slices.Clone(d.Files), design.File{Source: "report/etc", Target: "/etc"})
}

// reportID is what test images say on the serial line. The design's own ID
// cannot be in the design.
const reportID = "test-image"

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func load(t *testing.T, path string) design.Design {
	t.Helper()
	d, err := design.Load(path)
	check(t, err)
	return d
}

// way is one way to start an image.
type way struct {
	firmware vm.Firmware
	as       vm.Medium
	name     string
}

var ways = []way{
	{vm.BIOS, vm.USB, "BIOS USB"},
	{vm.UEFI, vm.CD, "UEFI CD"},
	{vm.BIOS, vm.CD, "BIOS CD"},
	{vm.UEFI, vm.USB, "UEFI USB"},
	{vm.UEFISecureBoot, vm.USB, "Secure Boot USB"},
	{vm.UEFISecureBoot, vm.CD, "Secure Boot CD"},
}

// full says whether every way is tried.
func full() bool { return os.Getenv("ISOWRIGHT_VM") == "full" }

// TestImageSameBytes builds one design twice from nothing, once as the current
// user and once, by the program, as an ordinary one.
func TestImageSameBytes(t *testing.T) {
	d := load(t, "../examples/rescue.isowright")
	d.Compression.Level = 3
	one := build(t, d, true)
	d.Archive.State = one.Plan.State.ID
	two := filepath.Join(buildAsUser(t, d), d.Output)
	if out, err := exec.Command("cmp", one.Path, two).CombinedOutput(); err != nil {
		t.Fatalf("two clean builds differ: %s", out)
	}
	d.Archive.State = ""
	cached := build(t, d, false)
	if cached.SHA256 != one.SHA256 {
		t.Error("a build from the cached root differs from a clean one")
	}
}

// TestImageRescue builds the example, has other people's programs look at the
// image, and boots it.
func TestImageRescue(t *testing.T) {
	d := load(t, "../examples/rescue.isowright")
	image := buildForTest(t, d)
	t.Run("foreign tools", func(t *testing.T) { foreignTools(t, image.Path, image.Plan) })
	t.Run("beside", func(t *testing.T) { beside(t, image.Image) })
	for _, w := range ways {
		if !full() && w != ways[0] {
			continue
		}
		t.Run(w.name, func(t *testing.T) {
			var b bench
			if w == ways[0] {
				b = newBench(t, image)
			}
			g := boot(t, image, w, b.attach)
			locked := strings.Contains(g.serial.String(), "Kernel is locked down from EFI Secure Boot")
			if locked != (w.firmware == vm.UEFISecureBoot) {
				t.Errorf("the kernel is locked down by Secure Boot: %v", locked)
			}
			g.common(d)
			g.rescue(d)
			g.passwordLogin("rescue", "admin", "rescue")
			if w == ways[0] {
				g.flashing(b)
			}
		})
	}
}

// buildAsUser builds a design with the program itself, as a user made for the
// purpose where the tests run as root, and gives the folder of the image.
func buildAsUser(t *testing.T, d design.Design) string {
	t.Helper()
	home := t.TempDir()
	check(t, exec.Command("cp", "-r", d.Dir, filepath.Join(home, "design")).Run())
	d.Dir = filepath.Join(home, "design")
	check(t, design.Save(filepath.Join(d.Dir, "same.isowright"), d))
	cache := options(t, "").CacheDir
	check(t, os.MkdirAll(filepath.Join(home, "cache"), 0o755))
	for _, part := range []string{"archive", "states", "lists"} {
		tool(t, "cp", "-r", filepath.Join(cache, part), filepath.Join(home, "cache", part))
	}
	program := filepath.Join(home, "isowright")
	tool(t, "go", "build", "-tags", "nogui", "-o", program, "..")
	args := []string{program, "build", "--clean", "--offline", "--cache", filepath.Join(home, "cache"),
		"-o", filepath.Join(home, d.Output), filepath.Join(d.Dir, "same.isowright")}
	if os.Geteuid() == 0 {
		const name = "isowright-build"
		tool(t, "useradd", "--no-create-home", "--home-dir", home, name)
		t.Cleanup(func() { tool(t, "userdel", name) })
		// The folders above belong to root and are closed to others.
		for dir := home; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
			check(t, os.Chmod(dir, 0o755))
		}
		tool(t, "chown", "-R", name+":", home)
		args = append([]string{"runuser", "-u", name, "--"}, args...)
	}
	t.Log(tool(t, args[0], args[1:]...))
	return home
}

// guest is a started image with a way in.
type guest struct {
	t      *testing.T
	image  testImage
	m      *vm.Machine
	ssh    *ssh.Client
	serial *serialLog
	banner string
}

// serialLog is what the guest said so far.
type serialLog struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *serialLog) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *serialLog) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// boot starts an image and waits until it reports that it came up. more change
// what the machine has.
func boot(t *testing.T, image testImage, w way, more ...func(*vm.Config)) *guest {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
	t.Cleanup(cancel)
	g := &guest{t: t, image: image, serial: &serialLog{}}
	start := time.Now()
	cfg := vm.Config{
		Image: image.Path, As: w.as, Firmware: w.firmware, ForwardSSH: true, Serial: g.serial,
		Accel: accel(t),
	}
	for _, change := range more {
		change(&cfg)
	}
	m, err := vm.Start(ctx, cfg)
	check(t, err)
	t.Cleanup(func() {
		m.Stop()
		if t.Failed() {
			t.Logf("serial line:\n%s", g.serial)
		}
	})
	g.m = m
	if err := m.ExpectReport(ctx, reportID); err != nil {
		t.Fatal(err)
	}
	t.Logf("%s with %s: up after %.0f s", w.name, m.Accel(), time.Since(start).Seconds())
	g.login(ctx)
	return g
}

// accel is chosen once a test.
func accel(t *testing.T) vm.Accel {
	t.Helper()
	tools, err := vm.Find(vm.BIOS)
	check(t, err)
	a, err := vm.ChooseAccel(t.Context(), tools)
	check(t, err)
	return a
}

// login opens a connection as root with the test's key and keeps the banner.
func (g *guest) login(ctx context.Context) {
	g.t.Helper()
	c := &ssh.ClientConfig{
		User: "root", Auth: []ssh.AuthMethod{ssh.PublicKeys(g.image.key)},
		HostKeyCallback: ssh.InsecureIgnoreHostKey(), Timeout: time.Minute,
		BannerCallback: func(text string) error { g.banner = text; return nil },
	}
	var err error
	g.ssh, err = ssh.Dial("tcp", g.m.SSHAddr(), c)
	if err != nil {
		g.t.Fatalf("log in as root by key: %v", err)
	}
	g.t.Cleanup(func() { g.ssh.Close() })
	c.User = g.image.Plan.Design.Users[0].Name
	user, err := ssh.Dial("tcp", g.m.SSHAddr(), c)
	if err != nil {
		g.t.Fatalf("log in as %s by key: %v", c.User, err)
	}
	user.Close()
	c.Auth = []ssh.AuthMethod{ssh.Password("rescue")}
	if user, err := ssh.Dial("tcp", g.m.SSHAddr(), c); err == nil {
		user.Close()
		g.t.Error("ssh takes passwords although the design does not allow it")
	}
}

// run gives a command's output in the guest.
func (g *guest) run(command string) string {
	g.t.Helper()
	s, err := g.ssh.NewSession()
	check(g.t, err)
	defer s.Close()
	out, err := s.CombinedOutput(command)
	if err != nil {
		g.t.Errorf("%s: %v: %s", command, err, out)
	}
	return string(out)
}

// want compares a command's output.
func (g *guest) want(command, want string) {
	g.t.Helper()
	if got := g.run(command); got != want {
		at := 0
		for at < min(len(got), len(want)) && got[at] == want[at] {
			at++
		}
		g.t.Errorf("%s, from byte %d\n got: %.200q\nwant: %.200q", command, at, got[at:], want[at:])
	}
}

// common is what holds of every image.
func (g *guest) common(d design.Design) {
	g.t.Helper()
	p := g.image.Plan
	g.want("systemctl --failed --plain --no-legend", "")
	g.want("ls /run/live/medium/live", p.LiveID+"\n")
	g.want("cat /run/live/medium"+p.LiveFolder()+"/filesystem.packages | cut -f 1,2 | tr '\\t' ' '", g.run("cat /etc/packages"))
	g.want("dpkg-query -W -f '${Package} ${Version}\\n' | LC_ALL=C sort", sortedPackages(p))
	g.want("cat /etc/hostname", d.System.Hostname+"\n")
	g.want("hostname", d.System.Hostname+"\n")
	g.want("readlink -f /etc/localtime", "/usr/share/zoneinfo/"+d.System.TimeZone+"\n")
	g.want(". /etc/default/keyboard; printf %s \"$XKBLAYOUT $XKBVARIANT\"", d.System.Keyboard.Layout+" "+d.System.Keyboard.Variant)
	g.want("cat /etc/motd", d.Texts.AfterLogin)
	if g.banner != d.Texts.OnSSH {
		g.t.Errorf("banner on ssh %q, want %q", g.banner, d.Texts.OnSSH)
	}
	g.want("sed -n 's/^XKBLAYOUT=//p' /etc/default/keyboard | wc -l", "1\n")
	for _, word := range d.Kernel.Parameters {
		if line := g.run("cat /proc/cmdline"); !strings.Contains(line, word) {
			g.t.Errorf("the kernel line %q lacks %q", line, word)
		}
	}
	for _, u := range d.Users {
		g.want("getent passwd "+u.Name+" | cut -d : -f 5", u.FullName+"\n")
		g.want("getent shadow "+u.Name+" | cut -d : -f 2", cmp.Or(u.PasswordHash, "*")+"\n")
		for _, group := range u.Groups {
			g.want("id -nG "+u.Name+" | tr ' ' '\\n' | grep -Fx "+group, group+"\n")
		}
	}
}

func sortedPackages(p plan.Plan) string {
	var lines []string
	for _, k := range p.Packages {
		lines = append(lines, k.Name+" "+k.Version+"\n")
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}

// rescue is what the example says beyond that.
func (g *guest) rescue(d design.Design) {
	g.t.Helper()
	g.want("cat /etc/locale.conf", "LANG="+d.System.Locale+"\n")
	g.want("locale -a | grep -Fx de_DE.utf8", "de_DE.utf8\n")
	g.want("LC_ALL=de_DE.UTF-8 date -d 2026-03-02 +%A", "Montag\n")
	g.want("systemctl is-active isowright-command.service", "active\n")
	g.want("ps -o user=,args= -t tty1 | grep -c 'admin .*htop'", "1\n")
	g.want("systemctl cat getty@tty1.service | grep -c -- '--autologin admin'", "1\n")
	g.run("pkill -x htop")
	g.want("for i in $(seq 60); do loginctl --no-legend list-sessions | grep -q 'admin.*tty1' && ps -t tty1 -o comm= | grep -qx bash && break; sleep 1; done; ps -t tty1 -o user=,comm= | grep bash | tr -s ' '", "admin bash\n")
	if !strings.Contains(g.serial.String(), `Rescue stick. The user is "admin".`) {
		g.t.Error("the text before login is not on the serial console")
	}
	g.want("sudo -l -U admin | grep -c ALL", "1\n")
}

// passwordLogin logs in on the serial console.
func (g *guest) passwordLogin(host, user, password string) {
	g.t.Helper()
	ctx, cancel := context.WithTimeout(g.t.Context(), 5*time.Minute)
	defer cancel()
	check(g.t, g.m.Send("\n"))
	for _, step := range [][2]string{{host + " login:", user}, {"Passw", password}, {"$ ", "id -un; tty"}, {user, "exit"}} {
		if err := g.m.Expect(ctx, step[0]); err != nil {
			g.t.Fatal(err)
		}
		check(g.t, g.m.Send(step[1]+"\n"))
	}
}

// beside holds what lies beside an image to the image.
func beside(t *testing.T, image builder.Image) {
	cmd := exec.Command("sha256sum", "--check", filepath.Base(image.Path)+".sha256")
	cmd.Dir = filepath.Dir(image.Path)
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("sha256sum: %v: %s", err, out)
	}
	packages, err := os.ReadFile(image.Path + ".packages")
	check(t, err)
	if n := strings.Count(string(packages), "\n"); n != len(image.Plan.Packages) {
		t.Errorf("%d packages beside the image, %d in the plan", n, len(image.Plan.Packages))
	}
	bom, err := os.ReadFile(image.Path + ".cdx.json")
	check(t, err)
	if !strings.Contains(string(bom), `"pkg:deb/debian/htop@`) {
		t.Error("the bill of materials lacks a ticked package")
	}
}

// foreignTools has the formats' own programs look at an image.
func foreignTools(t *testing.T, image string, p plan.Plan) {
	dir := t.TempDir()
	squashfs, esp := filepath.Join(dir, "fs"), filepath.Join(dir, "esp")
	tool(t, "xorriso", "-osirrox", "on", "-indev", image, "-extract", p.LiveFolder()+"/filesystem.squashfs", squashfs)
	report := tool(t, "xorriso", "-indev", image, "-report_el_torito", "plain", "-report_system_area", "plain")
	for _, want := range []string{"BIOS", "UEFI", "GPT"} {
		if !strings.Contains(report, want) {
			t.Errorf("xorriso sees no %s in:\n%s", want, report)
		}
	}
	if strings.Contains(report, "SORRY") || strings.Contains(report, "FAILURE") {
		t.Errorf("xorriso complains:\n%s", report)
	}
	if out := tool(t, "sgdisk", "-v", image); !strings.Contains(out, "No problems found") {
		t.Errorf("sgdisk: %s", out)
	}
	tool(t, "sgdisk", "-p", image)
	espOf(t, image, esp)
	tool(t, "fsck.fat", "-n", esp)
	out := tool(t, "unsquashfs", "-lls", squashfs)
	if !strings.Contains(out, "squashfs-root/etc/packages") {
		t.Errorf("unsquashfs lists no /etc/packages")
	}
}

// espOf copies partition 2 of an image, as sgdisk sees it.
func espOf(t *testing.T, image, to string) {
	t.Helper()
	var first, last int64
	for line := range strings.Lines(tool(t, "sgdisk", "-i", "2", image)) {
		fmt.Sscanf(line, "First sector: %d", &first)
		fmt.Sscanf(line, "Last sector: %d", &last)
	}
	tool(t, "dd", "if="+image, "of="+to, "bs=512", fmt.Sprint("skip=", first), fmt.Sprint("count=", last-first+1))
}

// tool runs a program that must succeed.
func tool(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.Command(name, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return string(out)
}
