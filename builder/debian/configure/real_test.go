package configure_test

import (
	"archive/tar"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/debian"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/builder/tree"
	"github.com/isowright/isowright/internal/sandbox"
)

func TestMain(m *testing.M) {
	sandbox.Child()
	os.Exit(m.Run())
}

// TestRealRoot realises a design and asks the programs in its root what they
// see of it. It takes a bootstrap of its own and is run by `make vm-full`.
func TestRealRoot(t *testing.T) {
	if os.Getenv("ISOWRIGHT_HEAVY") != "1" {
		t.Skip("ISOWRIGHT_HEAVY is not 1")
	}
	if os.Geteuid() != 0 {
		t.Fatal("the test of a real root needs root, for chroot")
	}
	dir := t.TempDir()
	product, p := realise(t, dir)
	defer product.Close()
	boot := product.Medium[len(product.Medium)-2:]
	if kernel, initrd := boot[0], boot[1]; kernel.Size < 5<<20 || initrd.Size < 5<<20 {
		t.Errorf("%s has %d bytes, %s %d bytes", kernel.Path, kernel.Size, initrd.Path, initrd.Size)
	}
	for e := range product.Root.Entries() {
		if e.ModTime > p.Date.Unix() {
			t.Errorf("%s is newer than the plan", e.Path)
		}
	}
	after := filepath.Join(dir, "after")
	unpack(t, product.Root, after)
	askPrograms(t, after)
	sweep(t, after)
}

// realise plans and bootstraps the test's design with the user's own cache.
func realise(t *testing.T, dir string) (*plan.Product, plan.Plan) {
	t.Helper()
	cache, err := os.UserCacheDir()
	if err != nil {
		t.Fatal(err)
	}
	sys := debian.New(debian.Config{CacheDir: filepath.Join(cache, "isowright"), Now: time.Now()})
	d := design.WithDefaults(realDesign(t, dir))
	p, err := sys.Plan(t.Context(), d, time.Unix(1_750_000_000, 0))
	if err != nil {
		t.Fatal(err)
	}
	product, err := sys.Realise(t.Context(), p, t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return product, p
}

// sweep looks for the names of this machine in the configuration.
func sweep(t *testing.T, dir string) {
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"etc/hostname", "etc/hosts", "etc/resolv.conf"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err == nil && len(host) > 3 && bytes.Contains(data, []byte(host)) {
			t.Errorf("%s names the build host", name)
		}
	}
	for _, pattern := range []string{
		"etc/ssh/ssh_host_*", "etc/apt/sources.list.d/0000*", "boot/vmlinuz*", "boot/initrd*", "vmlinuz*", "etc/*-",
		"var/log/*.log", "var/lib/dpkg/*-old", "etc/apt/apt.conf.d/99mmdebstrap",
	} {
		if left, _ := filepath.Glob(filepath.Join(dir, pattern)); len(left) > 0 {
			t.Errorf("left behind: %v", left)
		}
	}
}

func realDesign(t *testing.T, dir string) design.Design {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "note"), []byte("a file\n"), 0o664); err != nil {
		t.Fatal(err)
	}
	return design.Design{
		Dir: dir, Files: []design.File{{Source: "note", Target: "/home/live.one/notes/a", Owner: "live.one"}},
		Name: "real", Distribution: "debian", Release: "trixie", Base: "minimal",
		System: design.System{
			Hostname: "kiste", Locale: "de_DE.UTF-8", TimeZone: "Europe/Berlin",
			Keyboard: design.Keyboard{Layout: "de", Variant: "nodeadkeys"},
		},
		Users: []design.User{
			{
				Name: "live.one", FullName: `Zoë "$(id)" %n`, Sudo: "nopassword", Groups: []string{"kvm", "adm"},
				PasswordHash: "$6$abcdefgh$ZeVkDWRjJ.oSGsaKDjKAkL1Bqp1kzvDe2AtRbmtFw/H9Wlm0OsJ4ZSDuYgAHhJ1V5CaARMRW3K9Q1VJQ6FGGo.",
				SSHKeys:      []string{"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4Ux0rNq0u6bRZ3aVnWQ2yB8WvO3w1Jt8Zs0n5kq9fP live"},
			},
			{Name: "ops", Sudo: "password", Shell: "/bin/sh"},
		},
		Root:    design.Root{SSHKeys: []string{"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4Ux0rNq0u6bRZ3aVnWQ2yB8WvO3w1Jt8Zs0n5kq9fP root"}},
		SSH:     design.SSH{Enable: true, Port: 2222},
		Texts:   design.Texts{BeforeLogin: `box \n \l \\ %n`, OnSSH: `\n "stop" $(id)`, AfterLogin: "hello `id`"},
		Startup: design.Startup{Autologin: "live.one", Command: `echo "%n $HOME" '}'; top`},
		Network: design.Network{
			Mode: "static", Addresses: []string{"192.0.2.10/24"}, Gateways: []string{"192.0.2.1"},
			DNS: []string{"192.0.2.53"}, Search: []string{"example.org"},
			WiFi: []design.WiFi{{SSID: "Café", PSK: strings.Repeat("0f", 32)}},
		},
	}
}

// chroot runs a shell command in a root tree, in a mount namespace that ends
// with it.
func chroot(dir, line string) (string, error) {
	cmd := exec.Command("unshare", "--mount", "--pid", "--uts", "--fork", "sh", "-c",
		`hostname kiste && mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && mount -t tmpfs run "$1/run" && exec chroot "$1" /bin/sh -c "$2"`,
		"sh", dir, line)
	cmd.Env = []string{"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "TERM=linux"}
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// unpack writes a tree to disk through tar.
func unpack(t *testing.T, s tree.Tree, dir string) {
	command(t, "mkdir", dir)
	cmd := exec.Command("tar", "-C", dir, "--numeric-owner", "-xpf", "-")
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	cmd.Stderr = &out
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w := tar.NewWriter(in)
	var links []tree.Entry
	for e := range s.Entries() {
		if e.Type == tree.HardLink {
			links = append(links, e)
			continue
		}
		writeMember(t, w, e)
	}
	for _, e := range links {
		writeMember(t, w, e)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	in.Close()
	if err := cmd.Wait(); err != nil {
		t.Fatalf("unpack: %v\n%s", err, out.String())
	}
}

func writeMember(t *testing.T, w *tar.Writer, e tree.Entry) {
	flags := map[tree.Type]byte{
		tree.File: tar.TypeReg, tree.Dir: tar.TypeDir, tree.Symlink: tar.TypeSymlink, tree.HardLink: tar.TypeLink,
	}
	flag, ok := flags[e.Type]
	if !ok || e.Path == "" {
		return
	}
	h := &tar.Header{
		Name: e.Path, Typeflag: flag, Mode: int64(e.Mode), Uid: int(e.UID), Gid: int(e.GID),
		Linkname: e.Link, ModTime: time.Unix(e.ModTime, 0), Size: e.Size,
	}
	if e.Type != tree.File {
		h.Size = 0
	}
	if err := w.WriteHeader(h); err != nil {
		t.Fatal(err)
	}
	if e.Type == tree.File {
		if _, err := io.Copy(w, e.Open()); err != nil {
			t.Fatal(err)
		}
	}
}

func command(t *testing.T, name string, args ...string) {
	t.Helper()
	if out, err := exec.Command(name, args...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", name, err, out)
	}
}

// askPrograms runs the image's own programs on the configuration.
func askPrograms(t *testing.T, dir string) {
	for _, c := range []struct{ line, want string }{
		{"visudo -c", "parsed OK"},
		{"pwck -r -q && echo fine", "fine"},
		{"grpck -r && echo fine", "fine"},
		{"getent passwd live.one", `live.one:x:1000:1000:Zoë "$(id)" %n:/home/live.one:/bin/bash`},
		{"getent shadow root", "root:*:20254:"},
		{"id -nG live.one", "adm"},
		{"id -nG live.one", "sudo"},
		{"id -nG ops", "sudo"},
		{"su live.one -c 'cd && pwd && sudo -n id -u'", "/home/live.one\n0"},
		{"su live.one -c 'cat ~/notes/a && touch ~/notes/b'", "a file"},
		{"stat -c '%a %U %G' /home/live.one /home/live.one/.ssh/authorized_keys", "700 live.one live.one\n600 live.one live.one"},
		{"locale -a", "de_DE.utf8"},
		{"LC_ALL=de_DE.UTF-8 locale charmap", "UTF-8"},
		{"LC_ALL=de_DE.UTF-8 date -d @0 +%A", "Donnerstag"},
		{"date -d @0 +%Z", "CET"},
		{"[ /etc/console-setup/cached_setup_terminal.sh -nt /etc/default/keyboard ] && echo new", "new"},
		{"[ /etc/console-setup/cached_setup_terminal.sh -nt /etc/default/console-setup ] && echo new", "new"},
		{"zcat /etc/console-setup/cached_UTF-8_del.kmap.gz | grep -m1 'keycode  *21 '", "z"},
		{
			"mkdir -p /run/sshd && ssh-keygen -A >/dev/null && sshd -t && sshd -T | " +
				"grep -E '^(port|permitrootlogin|passwordauth|kbdinter|banner)'; rm /etc/ssh/ssh_host_*",
			"port 2222\npermitrootlogin without-password\npasswordauthentication no\nkbdinteractiveauthentication no\nbanner /etc/issue.net\n",
		},
		{"script -qec 'agetty --show-issue' /dev/null", `box \n \l \\ %n`},
		{"cat /etc/issue.net /etc/motd", "\\n \"stop\" $(id)\nhello `id`\n"},
		{"systemd-analyze verify --man=no isowright-command.service getty@tty1.service ssh.service systemd-networkd.service iwd.service && echo fine", "fine"},
		{"systemctl --root=/ is-enabled ssh.service systemd-networkd.service systemd-resolved.service iwd.service isowright-command.service",
			"enabled\nenabled\nenabled\nenabled\nenabled"},
		{"ls -A /etc/systemd/system/getty.target.wants | wc -l", "0"},
		{"cat /etc/systemd/network/80-isowright-wired.network", "Kind=!*"},
		{"stat -c %a '/var/lib/iwd/=436166c3a9.psk' /var/lib/iwd", "600\n700"},
		{"grep -c . /etc/packages", "1"},
		{"apt-get indextargets --format '$(SITE) $(CODENAME) $(COMPONENT)' --no-release-info | sort -u", "ftp.debian.org"},
		{"dpkg --audit && dpkg -V locales console-setup sudo; echo done", "done"},
	} {
		out, err := chroot(dir, c.line)
		if err != nil {
			t.Errorf("%s: %v\n%s", c.line, err, out)
		}
		if !strings.Contains(out, c.want) {
			t.Errorf("%s: got\n%s\nwant %q", c.line, out, c.want)
		}
	}
}
