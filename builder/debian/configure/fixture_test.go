package configure_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/isowright/isowright/builder/debian/configure"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/builder/tree"
)

// planDate is the date of every plan in these tests, 2025-06-15; bootDate that
// of the bootstrap, half a year later.
var (
	planDate = time.Unix(1_750_000_000, 0)
	bootDate = planDate.AddDate(0, 6, 0).Unix()
)

// fixtureFiles are the parts of a bootstrapped root that matter, as trixie has
// them.
var fixtureFiles = []struct {
	name, text string
	mode       uint32
}{
	{"etc/passwd", "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n" +
		"www-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\n", 0o644},
	{"etc/shadow", "root:*:20405:0:99999:7:::\ndaemon:*:20405:0:99999:7:::\nwww-data:*:20000:0:99999:7:::\n", 0o640},
	{"etc/group", "root:x:0:\nadm:x:4:\ncdrom:x:24:\nsudo:x:27:\naudio:x:29:\nwww-data:x:33:\nvideo:x:44:\nusers:x:100:\n", 0o644},
	{"etc/gshadow", "root:*::\nadm:*::\ncdrom:*::\nsudo:*::\naudio:*::\nwww-data:*::\nvideo:*::\nusers:*::\n", 0o640},
	{"etc/subuid", "", 0o644},
	{"etc/passwd-", "old", 0o644},
	{"etc/shadow-", "old", 0o640},
	{"etc/skel/.bashrc", "# bashrc\n", 0o644},
	{"etc/skel/.config/x", "x\n", 0o640},
	{"etc/sudoers.d/README", "readme\n", 0o440},
	{"etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\n", 0o644},
	{"etc/ssh/ssh_host_ed25519_key", "secret", 0o600},
	{"etc/hostname", "buildhost\n", 0o644},
	{"etc/issue", "Debian GNU/Linux 13 \\n \\l\n\n", 0o644},
	{"etc/motd", "The programs included with\n", 0o644},
	{"etc/update-motd.d/10-uname", "#!/bin/sh\nuname -snrvm\n", 0o755},
	{"etc/timezone", "Etc/UTC\n", 0o644},
	{"etc/machine-id", "0123456789abcdef0123456789abcdef\n", 0o444},
	{"etc/default/keyboard", "XKBLAYOUT=\"us\"\n", 0o644},
	{"etc/default/console-setup", "CHARMAP=\"UTF-8\"\n", 0o644},
	{"etc/console-setup/cached_setup_terminal.sh", "#!/bin/sh\n", 0o755},
	{"etc/console-setup/cached_UTF-8_del.kmap.gz", "map", 0o644},
	{"etc/apt/sources.list.d/0000trixie.list", "deb http://build.invalid/debian trixie main\n", 0o644},
	{"etc/apt/apt.conf.d/99mmdebstrap", "x", 0o644},
	{"etc/apt/apt.conf.d/70debconf", "x", 0o644},
	{"etc/apt/trusted.gpg.d/debian-archive-trixie-stable.asc", "key", 0o644},
	{"etc/apt/trusted.gpg.d/company.asc", "key", 0o644},
	{"etc/dpkg/dpkg.cfg.d/99mmdebstrap", "x", 0o644},
	{"usr/bin/bash", "ELF", 0o755},
	{"usr/bin/zsh-readme", "text", 0o644},
	{"usr/sbin/sshd", "ELF", 0o755},
	{"usr/share/keyrings/debian-archive-keyring.pgp", "keys", 0o644},
	{"usr/share/zoneinfo/Europe/Berlin", "TZif", 0o644},
	{"usr/share/zoneinfo/Etc/UTC", "TZif", 0o644},
	{"usr/lib/locale/locale-archive", "\x09\x01\x00de_DE.utf8\x00", 0o644},
	{"usr/lib/python3/dist-packages/__pycache__/a.pyc", "code", 0o644},
	{"usr/lib/python3/dist-packages/a.py", "code", 0o644},
	{"usr/lib/systemd/system/ssh.service", "[Unit]\n", 0o644},
	{"usr/lib/systemd/system/systemd-networkd.service", "[Unit]\n", 0o644},
	{"usr/lib/systemd/system/systemd-networkd.socket", "[Unit]\n", 0o644},
	{"usr/lib/systemd/system/systemd-resolved.service", "[Unit]\n", 0o644},
	{"usr/lib/systemd/system/iwd.service", "[Unit]\n", 0o644},
	{"usr/lib/systemd/system/getty@.service", "[Unit]\n", 0o644},
	{"var/lib/dpkg/info/debian-archive-keyring.list",
		"/.\n/etc/apt/trusted.gpg.d\n/etc/apt/trusted.gpg.d/debian-archive-trixie-stable.asc\n", 0o644},
	{"var/lib/dpkg/status", statusText, 0o644},
	{"var/lib/dpkg/status-old", statusText, 0o644},
	{"var/log/dpkg.log", "2025-12-01 install\n", 0o644},
	{"var/log/apt/history.log", "Start-Date\n", 0o644},
	{"var/log/wtmp", "login", 0o664},
	{"var/cache/apt/pkgcache.bin", "bin", 0o644},
	{"var/cache/debconf/config.dat", "x", 0o644},
	{"var/cache/debconf/config.dat-old", "x", 0o644},
	{"var/cache/ldconfig/aux-cache", "x", 0o600},
	{"var/lib/apt/lists/build.invalid_Packages", "x", 0o644},
	{"tmp/left/over", "x", 0o644},
	{"run/lock/left", "x", 0o644},
}

const statusText = `Package: zstd
Status: install ok installed
Installed-Size: 1000
Architecture: amd64
Version: 1.5.7+dfsg-1
Description: fast
 Version: not a field
 .

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1

Package: adduser
Status: install ok installed
Architecture: all
Version: 3.152
Installed-Size: 428
`

var fixtureLinks = map[string]string{
	"bin": "usr/bin", "sbin": "usr/sbin", "lib": "usr/lib", "usr/bin/sh": "bash",
	"etc/localtime": "/usr/share/zoneinfo/Etc/UTC",
	"etc/systemd/system/getty.target.wants/getty@tty1.service":       "/usr/lib/systemd/system/getty@.service",
	"etc/systemd/system/multi-user.target.wants/ssh.service":         "/usr/lib/systemd/system/ssh.service",
	"etc/systemd/system/sockets.target.wants/ssh.socket":             "/usr/lib/systemd/system/ssh.socket",
	"etc/systemd/system/sshd.service":                                "/usr/lib/systemd/system/ssh.service",
	"etc/systemd/system/timers.target.wants/apt-daily.timer":         "/lib/systemd/system/apt-daily.timer",
	"etc/systemd/system/timers.target.wants/logrotate.timer":         "/lib/systemd/system/logrotate.timer",
	"etc/systemd/system/sysinit.target.wants/systemd-pstore.service": "/usr/lib/systemd/system/systemd-pstore.service",
}

// fixture is a small bootstrapped root.
func fixture(t *testing.T) *tree.Set {
	t.Helper()
	s := tree.NewSet(bootDate)
	for _, f := range fixtureFiles {
		must(t, s.WriteFile(f.name, []byte(f.text), f.mode))
	}
	must(t, s.Chown("etc/shadow", 0, 42))
	must(t, s.Mkdir("root", 0o700))
	must(t, s.Mkdir("home", 0o755))
	for name, target := range fixtureLinks {
		must(t, s.Symlink(name, target))
	}
	return s
}

// without is the fixture without some paths.
func without(t *testing.T, names ...string) *tree.Set {
	s := fixture(t)
	for _, name := range names {
		s.Remove(name)
	}
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func planOf(d design.Design) plan.Plan {
	return plan.Plan{ID: "plan-id", DesignID: "design-id", Design: d, Date: planDate}
}

// applied is the fixture with a design.
func applied(t *testing.T, d design.Design) *tree.Set {
	t.Helper()
	s := fixture(t)
	must(t, configure.Apply(s, planOf(d)))
	return s
}

// text reads a file of the tree.
func text(t *testing.T, s *tree.Set, name string) string {
	t.Helper()
	data, err := s.ReadFile(name)
	must(t, err)
	return string(data)
}

// has wants each of the lines in a file.
func has(t *testing.T, s *tree.Set, name string, lines ...string) {
	t.Helper()
	got := strings.Split(text(t, s, name), "\n")
	for _, line := range lines {
		if !slices.Contains(got, line) {
			t.Errorf("%s has no line %q:\n%s", name, line, strings.Join(got, "\n"))
		}
	}
}

// absent wants paths not to be there.
func absent(t *testing.T, s *tree.Set, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, ok := s.Get(name); ok {
			t.Errorf("%s is there", name)
		}
	}
}

// link wants a symbolic link.
func link(t *testing.T, s *tree.Set, name, target string) {
	t.Helper()
	if e, ok := s.Get(name); !ok || e.Type != tree.Symlink || e.Link != target {
		t.Errorf("%s: got %s to %q, want a link to %q", name, e.Type, e.Link, target)
	}
}

// entry wants type, mode and owner.
func entry(t *testing.T, s *tree.Set, name string, typ tree.Type, mode, uid, gid uint32) {
	t.Helper()
	e, ok := s.Get(name)
	if !ok || e.Type != typ || e.Mode != mode || e.UID != uid || e.GID != gid {
		t.Errorf("%s: got %v %s %o %d:%d, want %s %o %d:%d", name, ok, e.Type, e.Mode, e.UID, e.GID, typ, mode, uid, gid)
	}
}

// refused wants a problem of each field and no other.
func refused(t *testing.T, err error, fields ...string) {
	t.Helper()
	var problems design.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("got %v, want problems of %v", err, fields)
	}
	var got []string
	for _, p := range problems {
		got = append(got, p.Field)
		if p.Text == "" || strings.ContainsAny(p.String(), "\n") {
			t.Errorf("the problem of %s is no line of text: %q", p.Field, p.String())
		}
	}
	if !slices.Equal(got, fields) {
		t.Errorf("got %v, want problems of %v", err, fields)
	}
}
