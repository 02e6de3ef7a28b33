package configure_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/debian/configure"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/builder/tree"
)

const hash = "$6$abcdefgh$ZeVkDWRjJ.oSGsaKDjKAkL1Bqp1kzvDe2AtRbmtFw"

func TestUsers(t *testing.T) {
	s := applied(t, design.Design{
		Users: []design.User{
			{
				Name: "anna", FullName: "Anna A", PasswordHash: hash, Groups: []string{"adm", "bob"}, Sudo: "nopassword",
				SSHKeys: []string{"ssh-ed25519 AAAA one", " ssh-ed25519 BBBB two\n"},
			},
			{Name: "bob", Sudo: "password", Shell: "/bin/sh"},
		},
		Root: design.Root{PasswordHash: hash, SSHKeys: []string{"ssh-ed25519 CCCC"}},
	})
	has(t, s, "etc/passwd", "anna:x:1000:1000:Anna A:/home/anna:/bin/bash", "bob:x:1001:1001::/home/bob:/bin/sh")
	has(t, s, "etc/shadow", "anna:"+hash+":20254:0:99999:7:::", "bob:*:20254:0:99999:7:::",
		"root:"+hash+":20254:0:99999:7:::", "daemon:*:20254:0:99999:7:::", "www-data:*:20000:0:99999:7:::")
	has(t, s, "etc/group", "anna:x:1000:", "bob:x:1001:anna", "adm:x:4:anna", "sudo:x:27:anna,bob", "audio:x:29:anna,bob", "root:x:0:")
	has(t, s, "etc/gshadow", "anna:!::", "bob:!::anna", "sudo:*::anna,bob")
	has(t, s, "etc/subuid", "anna:100000:65536", "bob:165536:65536")
	has(t, s, "etc/subgid", "anna:100000:65536", "bob:165536:65536")
	if got := text(t, s, "etc/sudoers.d/50-isowright"); got != "anna ALL=(ALL:ALL) NOPASSWD: ALL\n" {
		t.Errorf("sudoers: %q", got)
	}
	entry(t, s, "etc/sudoers.d/50-isowright", tree.File, 0o440, 0, 0)
	entry(t, s, "etc/shadow", tree.File, 0o640, 0, 42)
	entry(t, s, "home/anna", tree.Dir, 0o700, 1000, 1000)
	entry(t, s, "home/bob/.config", tree.Dir, 0o755, 1001, 1001)
	entry(t, s, "home/bob/.config/x", tree.File, 0o640, 1001, 1001)
	entry(t, s, "home/anna/.ssh", tree.Dir, 0o700, 1000, 1000)
	entry(t, s, "home/anna/.ssh/authorized_keys", tree.File, 0o600, 1000, 1000)
	entry(t, s, "root/.ssh/authorized_keys", tree.File, 0o600, 0, 0)
	if got := text(t, s, "home/anna/.ssh/authorized_keys"); got != "ssh-ed25519 AAAA one\nssh-ed25519 BBBB two\n" {
		t.Errorf("authorized_keys: %q", got)
	}
	absent(t, s, "home/bob/.ssh")
}

func TestRootIsLockedByDefault(t *testing.T) {
	s := applied(t, design.Design{})
	has(t, s, "etc/shadow", "root:*:20254:0:99999:7:::")
	absent(t, s, "root/.ssh", "etc/sudoers.d/50-isowright")
}

func TestRefusedTogether(t *testing.T) {
	d := design.Design{
		Users:  []design.User{{Name: "a", Groups: []string{"x"}}, {Name: "b", Shell: "/no"}},
		System: design.System{TimeZone: "No/Where"},
	}
	refused(t, configure.Apply(fixture(t), planOf(d)), "users[1].shell", "users[0].groups[0]", "system.time_zone")
}

func TestMissingServer(t *testing.T) {
	s := without(t, "usr/sbin/sshd")
	refused(t, configure.Apply(s, planOf(design.Design{SSH: design.SSH{Enable: true}})), "ssh.enable")
}

func TestUnknownGroupNamesThoseThere(t *testing.T) {
	err := configure.Apply(fixture(t), planOf(design.Design{Users: []design.User{{Name: "a", Groups: []string{"wheel"}}}}))
	if err == nil || !strings.Contains(err.Error(), `"wheel"`) || !strings.Contains(err.Error(), "adm audio cdrom root sudo users video") {
		t.Errorf("got %v", err)
	}
}

func TestBrokenRoot(t *testing.T) {
	for _, name := range []string{
		"etc/passwd", "etc/shadow", "etc/group", "var/lib/dpkg/status",
		"usr/lib/systemd/system/systemd-networkd.service", "usr/lib/systemd/system/systemd-resolved.service",
	} {
		if err := configure.Apply(without(t, name), planOf(design.Design{})); err == nil ||
			!strings.Contains(err.Error(), name[strings.LastIndex(name, "/")+1:]) {
			t.Errorf("without %s: got %v", name, err)
		}
	}
	if err := configure.Apply(fixture(t), plan.Plan{}); err == nil {
		t.Error("a plan without date was taken")
	}
}

// hostile is text that means something to a shell, systemd, agetty, sed, awk,
// TOML or printf.
const hostile = `"'$(id)` + "`id`" + ` %n %% \n \\ \l ${HOME} }; ; && | > # é`

// TestHostileText wants text in fields that hold any to arrive as it is.
func TestHostileText(t *testing.T) {
	two := hostile + "\nsecond [Service]\nExecStart=/bin/false"
	s := applied(t, design.Design{
		Name:    hostile + "\nPlan: forged",
		Users:   []design.User{{Name: "anna", FullName: hostile, SSHKeys: []string{"ssh-ed25519 A " + hostile}}},
		Texts:   design.Texts{BeforeLogin: two, OnSSH: two, AfterLogin: two},
		Startup: design.Startup{Command: two},
		Network: design.Network{WiFi: []design.WiFi{{SSID: "a/../$(id)\n%n"}}},
	})
	has(t, s, "etc/passwd", "anna:x:1000:1000:"+hostile+":/home/anna:/bin/bash")
	for name, want := range map[string]string{
		"home/anna/.ssh/authorized_keys":  "ssh-ed25519 A " + hostile + "\n",
		"etc/issue":                       strings.ReplaceAll(two, `\`, `\\`) + "\n",
		"etc/issue.net":                   two + "\n",
		"etc/motd":                        two + "\n",
		"usr/local/lib/isowright/command": "#!/bin/sh\n" + two + "\n",
		"var/lib/iwd/=612f2e2e2f24286964290a256e.open":   "[Settings]\nAutoConnect=true\n",
		"usr/lib/isowright/design":                       "Name: " + hostile + " Plan: forged\nPlan: plan-id\n",
		"etc/systemd/network/81-isowright-wlan.network":  "[Match]\nType=wlan\n\n[Link]\nRequiredForOnline=no\n\n[Network]\nDHCP=yes\nIgnoreCarrierLoss=3s\n",
		"etc/systemd/network/80-isowright-wired.network": "[Match]\nType=ether\nKind=!*\n\n[Link]\nRequiredForOnline=no\n\n[Network]\nDHCP=yes\n",
	} {
		if got := text(t, s, name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	if unit := text(t, s, "etc/systemd/system/isowright-command.service"); strings.Contains(unit, "id") && strings.Contains(unit, "$(") {
		t.Errorf("the command got into the unit:\n%s", unit)
	}
}

// TestCommandRuns runs the script as the unit would.
func TestCommandRuns(t *testing.T) {
	s := applied(t, design.Design{Startup: design.Startup{Command: `printf '%s|' "a b" '$(id)' "%n"; [ "$0" ] && printf ok`}})
	script := t.TempDir() + "/command"
	must(t, os.WriteFile(script, []byte(text(t, s, "usr/local/lib/isowright/command")), 0o700))
	out, err := exec.Command(script).Output()
	must(t, err)
	if string(out) != "a b|$(id)|%n|ok" {
		t.Errorf("got %q", out)
	}
}

func TestSSH(t *testing.T) {
	s := applied(t, design.Design{})
	link(t, s, "etc/systemd/system/ssh.service", "/dev/null")
	link(t, s, "etc/systemd/system/ssh.socket", "/dev/null")
	link(t, s, "etc/systemd/system-generators/systemd-ssh-generator", "/dev/null")
	absent(t, s, "etc/systemd/system/sshd.service", "etc/systemd/system/sockets.target.wants/ssh.socket",
		"etc/systemd/system/multi-user.target.wants/ssh.service")

	s = without(t, "usr/sbin/sshd")
	must(t, configure.Apply(s, planOf(design.Design{})))
	absent(t, s, "etc/systemd/system/ssh.service")

	for _, c := range []struct {
		d    design.Design
		want string
	}{
		{design.Design{SSH: design.SSH{Enable: true}},
			"Port 22\nPermitRootLogin no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"},
		{design.Design{
			SSH: design.SSH{Enable: true, PasswordLogin: true, Port: 2222}, Root: design.Root{SSHKeys: []string{"k"}},
			Texts: design.Texts{OnSSH: "x"},
		}, "Port 2222\nPermitRootLogin prohibit-password\nPasswordAuthentication yes\nKbdInteractiveAuthentication no\nBanner /etc/issue.net\n"},
	} {
		s := applied(t, c.d)
		if got := text(t, s, "etc/ssh/sshd_config.d/50-isowright.conf"); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
		link(t, s, "etc/systemd/system/multi-user.target.wants/ssh.service", "/usr/lib/systemd/system/ssh.service")
		has(t, s, "etc/systemd/system/ssh.service.d/hostkeys.conf", "ExecStartPre=", "ExecStartPre=/usr/bin/ssh-keygen -A")
		absent(t, s, "etc/ssh/ssh_host_ed25519_key", "etc/systemd/system/sockets.target.wants/ssh.socket",
			"etc/systemd/system-generators/systemd-ssh-generator")
	}
}

func TestNames(t *testing.T) {
	d := design.Design{System: design.System{
		Hostname: "box.example.org", Locale: "de_DE.UTF-8", TimeZone: "Europe/Berlin",
		Keyboard: design.Keyboard{Layout: "de,us", Variant: "nodeadkeys,", Options: "grp:alt_shift_toggle"},
	}}
	s := fixture(t)
	for name, content := range configure.ChrootFiles(d) {
		must(t, s.WriteFile(name, []byte(content), 0o644))
	}
	must(t, configure.Apply(s, planOf(d)))
	has(t, s, "etc/hostname", "box.example.org")
	has(t, s, "etc/hosts", "127.0.1.1\tbox.example.org box", "127.0.0.1\tlocalhost")
	has(t, s, "etc/locale.conf", "LANG=de_DE.UTF-8")
	link(t, s, "etc/default/locale", "../locale.conf")
	link(t, s, "etc/localtime", "/usr/share/zoneinfo/Europe/Berlin")
	has(t, s, "etc/default/keyboard", `XKBMODEL="pc105"`, `XKBLAYOUT="de,us"`, `XKBVARIANT="nodeadkeys,"`, `XKBOPTIONS="grp:alt_shift_toggle"`)
	absent(t, s, "etc/timezone")
	if e, _ := s.Get("etc/machine-id"); e.Size != 0 || e.Type != tree.File {
		t.Error("the machine ID is not empty")
	}
	keymap, _ := s.Get("etc/console-setup/cached_setup_terminal.sh")
	keyboard, _ := s.Get("etc/default/keyboard")
	console, _ := s.Get("etc/default/console-setup")
	if keymap.ModTime <= keyboard.ModTime || keymap.ModTime <= console.ModTime || keymap.ModTime > planDate.Unix() {
		t.Errorf("keymap %d, keyboard %d, console %d", keymap.ModTime, keyboard.ModTime, console.ModTime)
	}
}

// TestStaleKeymap wants no keymap of another layout to stay.
func TestStaleKeymap(t *testing.T) {
	s := applied(t, design.Design{System: design.System{Keyboard: design.Keyboard{Layout: "de"}}})
	absent(t, s, "etc/console-setup/cached_UTF-8_del.kmap.gz", "etc/console-setup/cached_setup_terminal.sh")
}

func TestTextsNotGiven(t *testing.T) {
	s := applied(t, design.Design{})
	has(t, s, "etc/issue", `Debian GNU/Linux 13 \n \l`)
	has(t, s, "etc/motd", "The programs included with")
	if _, ok := s.Get("etc/update-motd.d/10-uname"); !ok {
		t.Error("the uname line is gone without a text")
	}
	s = applied(t, design.Design{Texts: design.Texts{AfterLogin: "hi"}})
	absent(t, s, "etc/update-motd.d/10-uname")
}

func TestStartup(t *testing.T) {
	const unit, getty = "etc/systemd/system/isowright-command.service", "etc/systemd/system/getty.target.wants/getty@tty1.service"
	const wants, auto = "etc/systemd/system/multi-user.target.wants/isowright-command.service", "etc/systemd/system/getty@tty1.service.d/50-isowright.conf"
	user := []design.User{{Name: "anna"}}

	s := applied(t, design.Design{})
	absent(t, s, unit, wants, auto)

	s = applied(t, design.Design{Users: user, Startup: design.Startup{Autologin: "anna"}})
	has(t, s, auto, "ExecStart=", "ExecStart=-/sbin/agetty --autologin anna --noreset --noclear - ${TERM}")
	absent(t, s, unit)
	link(t, s, getty, "/usr/lib/systemd/system/getty@.service")

	s = applied(t, design.Design{Users: user, Startup: design.Startup{Autologin: "anna", Command: "top"}})
	has(t, s, unit, "User=anna", "OnSuccess=getty@tty1.service", "OnFailure=getty@tty1.service", "TTYPath=/dev/tty1")
	if strings.Contains(text(t, s, unit), "Restart=") {
		t.Error("the command is started again although a login follows it")
	}
	absent(t, s, getty, "etc/systemd/system/getty@tty1.service")
	link(t, s, wants, "../isowright-command.service")
	entry(t, s, "usr/local/lib/isowright/command", tree.File, 0o755, 0, 0)

	s = applied(t, design.Design{Users: user, Startup: design.Startup{Command: "top"}})
	link(t, s, "etc/systemd/system/getty@tty1.service", "/dev/null")
	has(t, s, unit, "User=root", "Restart=always", "RestartSec=1", "StartLimitIntervalSec=0", "ExecStart=-/usr/local/lib/isowright/command")
	s = applied(t, design.Design{Users: user, Startup: design.Startup{Autologin: "root", Command: "top", CommandUser: "anna"}})
	has(t, s, unit, "User=anna")
}

func TestNetwork(t *testing.T) {
	const wired = "etc/systemd/network/80-isowright-wired.network"
	s := applied(t, design.Design{Network: design.Network{
		Mode: "static", Interface: "en*", Addresses: []string{"192.0.2.10/24", "2001:db8::2/64"}, Gateways: []string{"192.0.2.1"},
		DNS: []string{"192.0.2.53", "2001:db8::53"}, Search: []string{"example.org", "~."},
	}})
	want := "[Match]\nName=en*\n\n[Link]\nRequiredForOnline=no\n\n[Network]\nDHCP=no\nAddress=192.0.2.10/24\nAddress=2001:db8::2/64\n" +
		"Gateway=192.0.2.1\nDNS=192.0.2.53\nDNS=2001:db8::53\nDomains=example.org\nDomains=~.\n"
	if got := text(t, s, wired); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	link(t, s, "etc/resolv.conf", "../run/systemd/resolve/stub-resolv.conf")
	link(t, s, "etc/systemd/system/multi-user.target.wants/systemd-networkd.service", "/usr/lib/systemd/system/systemd-networkd.service")
	link(t, s, "etc/systemd/system/sockets.target.wants/systemd-networkd.socket", "/usr/lib/systemd/system/systemd-networkd.socket")
	absent(t, s, "var/lib/iwd", "etc/systemd/system/multi-user.target.wants/iwd.service")

	s = applied(t, design.Design{Network: design.Network{Mode: "off", WiFi: []design.WiFi{{SSID: "a"}}}})
	link(t, s, "etc/systemd/system/systemd-networkd.service", "/dev/null")
	link(t, s, "etc/systemd/system/iwd.service", "/dev/null")
	absent(t, s, wired, "var/lib/iwd")
}

func TestWiFi(t *testing.T) {
	psk := strings.Repeat("aB", 32)
	s := applied(t, design.Design{Network: design.Network{WiFi: []design.WiFi{
		{SSID: "Home net_1-2", PSK: psk, Hidden: true}, {SSID: "café"}, {SSID: "..", PSK: psk},
	}}})
	if got := text(t, s, "var/lib/iwd/Home net_1-2.psk"); got !=
		"[Security]\nPreSharedKey="+strings.ToLower(psk)+"\n\n[Settings]\nAutoConnect=true\nHidden=true\n" {
		t.Errorf("got %q", got)
	}
	entry(t, s, "var/lib/iwd", tree.Dir, 0o700, 0, 0)
	entry(t, s, "var/lib/iwd/=636166c3a9.open", tree.File, 0o600, 0, 0)
	entry(t, s, "var/lib/iwd/=2e2e.psk", tree.File, 0o600, 0, 0)
	link(t, s, "etc/systemd/system/multi-user.target.wants/iwd.service", "/usr/lib/systemd/system/iwd.service")
}

func TestSources(t *testing.T) {
	const file, by = "etc/apt/sources.list.d/debian.sources", "Signed-By: /usr/share/keyrings/debian-archive-keyring.pgp\n"
	for _, c := range []struct {
		d    design.Design
		want string
	}{
		{design.Design{}, "Types: deb\nURIs: http://ftp.debian.org/debian\nSuites: trixie trixie-updates\nComponents: main\n" + by +
			"\nTypes: deb\nURIs: http://ftp.debian.org/debian-security\nSuites: trixie-security\nComponents: main\n" + by},
		{design.Design{Release: "trixie", Archive: design.Archive{
			Mirror: "https://mirror.example/debian/", Components: []string{"main", "contrib", "non-free-firmware"},
		}}, "Types: deb\nURIs: https://mirror.example/debian/\nSuites: trixie trixie-updates\nComponents: main contrib non-free-firmware\n" + by +
			"\nTypes: deb\nURIs: https://mirror.example/debian-security\nSuites: trixie-security\nComponents: main contrib non-free-firmware\n" + by},
		{design.Design{Release: "sid"}, "Types: deb\nURIs: http://ftp.debian.org/debian\nSuites: sid\nComponents: main\n" + by},
	} {
		if got := text(t, applied(t, c.d), file); got != c.want {
			t.Errorf("got:\n%s\nwant:\n%s", got, c.want)
		}
	}
}

func TestTraces(t *testing.T) {
	s := applied(t, design.Design{})
	absent(t, s, "etc/apt/sources.list.d/0000trixie.list", "etc/apt/apt.conf.d/99mmdebstrap", "etc/dpkg/dpkg.cfg.d/99mmdebstrap",
		"etc/apt/trusted.gpg.d/company.asc", "etc/ssh/ssh_host_ed25519_key", "etc/passwd-", "etc/shadow-", "var/log/dpkg.log",
		"var/log/apt/history.log", "var/cache/apt/pkgcache.bin", "var/cache/debconf/config.dat-old", "var/cache/ldconfig/aux-cache",
		"var/lib/apt/lists/build.invalid_Packages", "var/lib/dpkg/status-old", "tmp/left", "run/lock/left",
		"usr/lib/python3/dist-packages/__pycache__", "etc/systemd/system/timers.target.wants/apt-daily.timer")
	for _, name := range []string{
		"etc/apt/trusted.gpg.d/debian-archive-trixie-stable.asc", "etc/apt/apt.conf.d/70debconf", "var/lib/apt/lists", "var/log/apt", "tmp",
		"run/lock", "var/cache/debconf/config.dat", "usr/lib/python3/dist-packages/a.py", "var/lib/dpkg/status",
		"etc/systemd/system/timers.target.wants/logrotate.timer", "etc/ssh/sshd_config",
	} {
		if _, ok := s.Get(name); !ok {
			t.Errorf("%s is gone", name)
		}
	}
	if e, _ := s.Get("var/log/wtmp"); e.Size != 0 || e.Mode != 0o664 {
		t.Errorf("wtmp: %d bytes, mode %o", e.Size, e.Mode)
	}
	for e := range s.Entries() {
		if e.Type != tree.File || e.Size > 1<<16 {
			continue
		}
		if got := text(t, s, e.Path); strings.Contains(got, "buildhost") || strings.Contains(got, "build.invalid") {
			t.Errorf("%s names the build", e.Path)
		}
	}
}
