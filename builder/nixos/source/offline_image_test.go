package source

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
)

// offlineDesign is an image of level B that installs itself.
const offlineDesign = `format = 1
distribution = "nixos"
release = "26.05"
base = "minimal"
name = "Offline test"
packages = ["htop"]

[system]
hostname = "box"

[[users]]
name = "alice"
password_hash = "$y$j9T$abcdefghijklmnopqrstu.$oT1TcMQ3kTZ6aO0bBWLSpKMbOcmd6yN3ZUn4SSVXzx1"

[nixos.offline]
level = "B"
layout = "btrfs"
unattended = true
disk = "/dev/isowright-test"
`

// loadDesign loads a design from text, in a folder with further files.
func loadDesign(t *testing.T, text string, files map[string]string) design.Design {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		full := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(full), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(full, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	name := filepath.Join(dir, "test.isowright")
	if err := os.WriteFile(name, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	d, err := design.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// standIn is the folder of the stand-in for nixpkgs.
func standIn(t *testing.T) string {
	t.Helper()
	need(t, "nix")
	out, err := exec.Command("../../../.ci/standin").Output()
	if err != nil {
		t.Fatalf(".ci/standin: %v", err)
	}
	return lastLine(string(out))
}

// TestOfflineImage builds an image of level B from a design, mounts it as a live
// system does, changes the configuration, and installs from it without a
// network.
func TestOfflineImage(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	s, err := Generate(loadDesign(t, offlineDesign, nil), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Write(filepath.Join(r.dir, "source")); err != nil {
		t.Fatal(err)
	}
	// The stand-in's builders use the host's programs, which a store on another disk only sees in its sandbox.
	r.write("conf/nix.conf", []byte(`experimental-features = nix-command flakes
build-users-group =
sandbox = false
sandbox-paths = /bin=/usr/bin /usr /lib=/usr/lib /lib64=/usr/lib64
warn-dirty = false
substituters =
`))
	r.env = append(r.env, "NIX_CONF_DIR="+r.dir+"/conf")
	flake := "path:" + r.dir + "/source"
	override := []string{"--override-input", "nixpkgs", "path:" + standIn(t), "--no-write-lock-file"}
	image := lastLine(r.must(append([]string{"nix", "build", "--no-link", "--print-out-paths", flake + "#image"}, override...)...))
	system := lastLine(r.must(append([]string{"nix", "build", "--no-link", "--print-out-paths", flake + "#nixosConfigurations.image.config.system.build.toplevel"}, override...)...))
	disk := r.disk(4 * gib)
	out, status := r.run("", "unshare", "--mount", "--net", "--propagation", "private", "bash", "-euc", `
mkdir -p /iso
mkdir medium
xorriso -osirrox on -indev "$1"/iso/*.iso -extract / medium 2>/dev/null # not every kernel has iso9660
mount --bind medium /iso
cp -r /iso/nix-cfg configuration
chmod -R u+w configuration
sed -i 's/"box"/"desk"/' configuration/system.nix
# The file of the image is found where the image's /etc would be.
export ISOWRIGHT_CONF=$2/etc/isowright/install.conf
exec "$3" /iso/nix-store.squashfs bash "$2/sw/bin/isowright-install" --unattended --firmware uefi \
  --configuration configuration --disk "$4" --root "$5"`, "-", image, system, absolute(t, "testdata/offline/medium"), disk, r.root)
	if status != 0 || !strings.Contains(out, "NixOS is installed.") {
		t.Fatalf("exit status %d\n%s", status, out)
	}
	if !regexp.MustCompile(`building '/nix/store/[a-z0-9]{32}-nixos-system-desk-`).MatchString(out) {
		t.Errorf("the changed system was not built:\n%s", out)
	}
	r.checkDisk(disk, []string{"TYPE=btrfs", "LABEL=nixos"})
	installed := r.look(disk+"p3", "-o subvol=root", `mount -o subvol=nix "$PARTITION" "$ROOT/nix"
nix-store --store "$ROOT" --verify --check-contents
readlink "$ROOT"/nix/var/nix/profiles/system-1-link
ls "$ROOT/etc/nixos"
cat "$ROOT/etc/nixos/flake.lock"`)
	for _, want := range []string{"-nixos-system-desk-", "configuration.nix", "flake.lock", "users.nix", `"narHash":"sha256-`} {
		if !strings.Contains(installed, want) {
			t.Errorf("the installed system lacks %q:\n%s", want, installed)
		}
	}
}

func absolute(t *testing.T, name string) string {
	t.Helper()
	full, err := filepath.Abs(name)
	if err != nil {
		t.Fatal(err)
	}
	return full
}
