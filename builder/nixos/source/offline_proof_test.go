package source

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// medium is a live medium's store, packed, and the folder that lies beside it.
type medium struct {
	*room
	// folders of the fixture, pkgs stands for nixpkgs.
	pkgs, image, target string
}

// newMedium makes a target flake whose nixpkgs is locked to an address that
// nobody can reach: its source is in the store, as a build leaves it there.
func newMedium(t *testing.T) *medium {
	m := &medium{room: newRoom(t)}
	for _, name := range []string{"pkgs", "image", "target"} {
		if err := os.CopyFS(filepath.Join(m.dir, name), os.DirFS("testdata/offline/"+name)); err != nil {
			t.Fatal(err)
		}
	}
	m.pkgs, m.image, m.target = m.dir+"/pkgs", m.dir+"/image", m.dir+"/target"
	// As on a medium: the usual cache is configured, and flakes are on. A store on another disk needs a sandbox,
	// and that a shell.
	m.write("conf/nix.conf", []byte("experimental-features = nix-command flakes\nsubstituters = https://cache.nixos.org\nbuild-users-group =\nsandbox = false\nsandbox-paths = /bin/sh=/bin/busybox /bin/busybox\nwarn-dirty = false\n"))
	m.env = append(m.env, "NIX_CONF_DIR="+m.dir+"/conf")
	// What only a network can give, different in every run so that no earlier one helps.
	m.write("tool-1.0.tar", []byte("tool of "+m.dir+"\n"))
	m.must("nix-store", "--add-fixed", "sha256", m.dir+"/tool-1.0.tar")
	hash := strings.TrimSpace(m.must("nix", "hash", "file", "--type", "sha256", "--sri", m.dir+"/tool-1.0.tar"))
	packages := strings.Replace(string(m.read(m.pkgs+"/packages.nix")), "@hash@", hash, 1)
	m.write("pkgs/packages.nix", []byte(packages))
	m.must("nix", "store", "add-path", "--name", "source", m.pkgs)
	narHash := strings.TrimSpace(m.must("nix", "hash", "path", "--type", "sha256", "--sri", m.pkgs))
	lock := `{"version":7,"root":"root","nodes":{"root":{"inputs":{"nixpkgs":"nixpkgs"}},"nixpkgs":{
"locked":{"type":"github","owner":"isowright-test","repo":"pkgs","rev":"1111111111111111111111111111111111111111","narHash":"` + narHash + `","lastModified":1700000000},
"original":{"type":"github","owner":"isowright-test","repo":"pkgs"}}}}`
	m.write("target/flake.lock", []byte(lock))
	m.write("image/flake.lock", []byte(lock))
	for from, to := range map[string]string{"offline": "image/offline", "testdata/offline/target": "image/target"} {
		if err := os.CopyFS(filepath.Join(m.dir, to), os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

// pack makes a SquashFS of the closure of one of the image's lists, as images
// have it, without the paths that match leave.
func (m *medium) pack(list string, leave *regexp.Regexp) string {
	m.t.Helper()
	root := lastLine(m.must("nix", "build", "--no-link", "--print-out-paths", "path:"+m.image+"#"+list))
	var paths []string
	for p := range strings.FieldsSeq(m.must("nix-store", "--query", "--requisites", root)) {
		// The list itself only holds the others together.
		if p != root && (leave == nil || !leave.MatchString(p)) {
			paths = append(paths, p)
		}
	}
	registration := m.must(append([]string{"nix-store", "--dump-db"}, paths...)...)
	file := m.write("packed/nix-path-registration", []byte(registration))
	out := filepath.Join(m.dir, list+".squashfs")
	if err := os.RemoveAll(out); err != nil { // mksquashfs would add to it
		m.t.Fatal(err)
	}
	m.must(append(append([]string{"mksquashfs", file}, paths...), out, "-no-hardlinks", "-keep-as-directory", "-all-root", "-root-mode", "0755", "-no-progress", "-quiet")...)
	return out
}

// live runs the installer on the medium, without a network.
func (m *medium) live(squashfs string, args ...string) (string, int) {
	m.t.Helper()
	at, err := filepath.Abs("testdata/offline/medium")
	if err != nil {
		m.t.Fatal(err)
	}
	return m.run("", append([]string{"unshare", "--mount", "--net", "--propagation", "private", at, squashfs,
		"bash", filepath.Join(m.dir, "isowright-install"), "--root", m.root, "--unattended", "--firmware", "uefi"}, args...)...)
}

// change edits the target as a person does at the installation.
func (m *medium) change() {
	m.t.Helper()
	m.write("target/configuration.nix", []byte(`{
  imports = [ ./hardware-configuration.nix ];
  networking.hostName = "desk";
  users.users.alice = { };
  users.users.bob = { };
}
`))
}

func (m *medium) flakeConf() map[string]string {
	system := lastLine(m.must("nix", "build", "--no-link", "--print-out-paths", "path:"+m.image+"#toplevel"))
	return map[string]string{
		"level": "B", "method": "flake", "host": "box", "system_uefi": system, "layout": "ext4",
		"configuration": m.target, "mounts": mountLines("ext4"),
	}
}

// TestOfflineProof installs a changed flake on a machine without any network,
// from the store of a medium of level B, and shows that less than that is not
// enough.
func TestOfflineProof(t *testing.T) {
	t.Parallel()
	m := newMedium(t)
	m.conf(m.flakeConf())
	m.change()
	full := m.pack("levelB", nil)

	disk := m.disk(2 * gib)
	out, status := m.live(full, "--disk", disk)
	if status != 0 {
		t.Fatalf("exit status %d\n%s", status, out)
	}
	for _, built := range []string{"etc.drv", "initrd.drv", "nixos-system-test.drv"} {
		if !regexp.MustCompile(`building '/nix/store/[a-z0-9]{32}-` + regexp.QuoteMeta(built)).MatchString(out) {
			t.Errorf("%s was not built again:\n%s", built, out)
		}
	}
	uuid := strings.TrimSpace(m.must("blkid", "--probe", "--output", "value", "--match-tag", "UUID", disk+"p3"))
	m.checkChanged(disk, "/dev/disk/by-uuid/"+uuid)

	t.Run("without build inputs", func(t *testing.T) { m.fails(t, m.pack("sourcesOnly", nil), "--level A") })
	t.Run("without one build input", func(t *testing.T) {
		m.fails(t, m.pack("levelB", regexp.MustCompile(`-tool-dev$`)), "--level A")
	})
	t.Run("without sources", func(t *testing.T) { m.fails(t, m.pack("inputsOnly", nil), "--level A") })
	t.Run("as prepared", func(t *testing.T) {
		out, status := m.live(m.pack("levelA", nil), "--level", "A", "--disk", m.disk(2*gib))
		if status != 0 {
			t.Errorf("exit status %d\n%s", status, out)
		}
	})
}

// checkChanged looks whether the change has arrived on the disk, with root as the
// device of its root file system.
func (m *medium) checkChanged(disk, root string) {
	m.t.Helper()
	out := m.look(disk+"p3", "", `
nix-store --store "$ROOT" --verify --check-contents
system=$(readlink "$ROOT"/nix/var/nix/profiles/system-1-link)
cat "$ROOT$(readlink "$ROOT$system/etc")"
ls "$ROOT/etc/nixos"
nix path-info --store "$ROOT" --recursive "$system" | wc -l`)
	for _, want := range []string{`"host":"desk"`, `"bob"`, root, "flake.lock"} {
		if !strings.Contains(out, want) {
			m.t.Errorf("the installed system lacks %s:\n%s", want, out)
		}
	}
}

// fails expects that the installation fails, says why and what to do, and cleans
// up.
func (m *medium) fails(t *testing.T, squashfs, advice string) {
	t.Helper()
	out, status := m.live(squashfs, "--disk", m.disk(2*gib))
	if status != 1 || !strings.Contains(out, "nixos-install failed: error:") || !strings.Contains(out, advice) {
		t.Errorf("exit status %d\n%s", status, out)
	}
}
