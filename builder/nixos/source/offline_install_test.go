package source

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// testSystem is a system with one dependency.
const testSystem = `
let
  build = name: env: script: derivation ({ inherit name; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-euc" script ]; } // env);
  library = build "library" { } "echo library > $out";
in
build "nixos-system-test" { inherit library; path = "/usr/bin:/bin"; } "PATH=$path; mkdir $out; ln -s $library $out/library"`

const gib = 1 << 30

// prepared is the configuration of an installation of a finished system.
func (r *room) prepared() map[string]string {
	r.write("configuration/configuration.nix", []byte("{ }\n"))
	r.write("configuration/hosts/run.sh", []byte("#!/bin/sh\n"))
	if err := os.Symlink("run.sh", filepath.Join(r.dir, "configuration/hosts/link")); err != nil {
		r.t.Fatal(err)
	}
	system := r.build(testSystem)
	return map[string]string{
		"level": "A", "method": "system", "host": "box", "system_uefi": system, "layout": "ext4",
		"configuration": filepath.Join(r.dir, "configuration"), "mounts": mountLines("ext4"),
	}
}

func TestInstallPrepared(t *testing.T) {
	t.Parallel()
	const uuid, serial = "0f3c2a4e-5b1d-4c8e-9f7a-1234567890ab", "ABCD-1234"
	tests := map[string]struct {
		mounts  string
		options string // of the look afterwards
		tags    []string
	}{
		"ext4":  {mountLines("ext4"), "", []string{"TYPE=ext4", "LABEL=nixos"}},
		"xfs":   {mountLines("xfs"), "", []string{"TYPE=xfs", "LABEL=nixos"}},
		"btrfs": {mountLines("btrfs"), "-o subvol=root", []string{"TYPE=btrfs", "LABEL=nixos"}},
		"uuid": {"/ /dev/disk/by-uuid/" + uuid + " ext4 x-initrd.mount\n/boot/efi /dev/disk/by-uuid/" + serial + " vfat umask=0077", "",
			[]string{"TYPE=ext4", "UUID=" + uuid}},
		"partition": {"/ /dev/disk/by-partlabel/system ext4\n/boot /dev/disk/by-partuuid/" + uuid + " vfat", "",
			[]string{"PART_ENTRY_NAME=system"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRoom(t)
			conf := r.prepared()
			conf["mounts"] = test.mounts
			r.conf(conf)
			disk := r.disk(2 * gib)
			out, status := r.install("--unattended", "--firmware", "uefi", "--disk", disk)
			if status != 0 || !strings.Contains(out, "NixOS is installed.") {
				t.Fatalf("exit status %d\n%s", status, out)
			}
			r.checkDisk(disk, test.tags)
			r.checkSystem(disk, test.options, conf["system_uefi"])
			again, status := r.install("--unattended", "--firmware", "uefi", "--disk", disk)
			if status != 0 || !strings.Contains(again, "carries this installation already") {
				t.Errorf("the same medium, started again: exit status %d\n%s", status, again)
			}
			if name == "uuid" {
				if tags := r.must("blkid", "--probe", "--output", "export", disk+"p2"); !strings.Contains(tags, "UUID="+serial) {
					t.Errorf("the ESP has another serial number:\n%s", tags)
				}
			}
		})
	}
}

// checkDisk looks at the partition table and what is in the partitions.
func (r *room) checkDisk(disk string, tags []string) {
	r.t.Helper()
	if out := r.must("sgdisk", "--verify", disk); !strings.Contains(out, "No problems found") {
		r.t.Error(out)
	}
	table := r.must("sgdisk", "--print", disk)
	for _, code := range []string{"EF02", "EF00", "8300"} {
		if !strings.Contains(table, code) {
			r.t.Errorf("no partition of type %s:\n%s", code, table)
		}
	}
	found := r.must("blkid", "--probe", "--output", "export", disk+"p3")
	for _, tag := range tags {
		if !strings.Contains(found, tag+"\n") {
			r.t.Errorf("the root file system lacks %s:\n%s", tag, found)
		}
	}
	r.must("fsck.vfat", "-n", disk+"p2")
}

// checkSystem looks into the new system.
func (r *room) checkSystem(disk, options, system string) {
	r.t.Helper()
	// On btrfs, /nix is a volume of its own.
	nix := ""
	if strings.Contains(options, "subvol") {
		nix = `mount -o subvol=nix "$PARTITION" "$ROOT/nix"; `
	}
	out := r.look(disk+"p3", options, nix+`
nix-store --store "$ROOT" --verify --check-contents
echo "profile $(readlink "$ROOT"/nix/var/nix/profiles/"$(readlink "$ROOT/nix/var/nix/profiles/system")")"
for p in $(nix-store --query --requisites `+system+`); do echo "$p $(test -e "$ROOT$p" && echo there)"; done
echo "registered $(nix --extra-experimental-features nix-command path-info --store "$ROOT" --recursive `+system+` | wc -l)"
ls -l "$ROOT/etc/nixos/hosts"
cat "$ROOT/etc/nixos/hardware-configuration.nix" "$ROOT/etc/nixos/configuration.nix"
grep NixOS "$ROOT/var/log/isowright-install.log"`)
	for _, want := range []string{
		"profile " + system, system + " there", "-library there", "run.sh", "link -> run.sh", "made by nixos-generate-config",
		`fileSystems."/" = { device = "/dev/disk/by-uuid/`, "{ }", "NixOS is installed.",
		"registered 2",
	} {
		if !strings.Contains(out, want) {
			r.t.Errorf("the installed system lacks %q:\n%s", want, out)
		}
	}
	if strings.Contains(out, "rw-r--r-- 1 root root 10") {
		r.t.Error("a script of the configuration cannot be executed any more")
	}
}

func TestInstallRefuses(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	base := r.prepared()
	disk := r.disk(gib)
	r.must("sgdisk", "--new=1:0:+100MiB", disk)
	r.must("partx", "--update", disk)
	r.must("mkfs.ext4", "-q", disk+"p1")
	before := r.must("sha256sum", disk)
	tests := map[string]struct {
		change map[string]string
		args   []string
		status int
		text   string
	}{
		"no disk":       {nil, []string{"--unattended"}, 3, "no disk is named"},
		"not there":     {nil, []string{"--unattended", "--disk", "/dev/isowright-none"}, 4, "there is no such disk"},
		"partition":     {nil, []string{"--unattended", "--disk", disk + "p1"}, 4, "not a whole disk"},
		"too small":     {map[string]string{"need": "99999999999"}, []string{"--unattended", "--disk", disk}, 4, "the system needs 93.2GiB"},
		"firmware":      {map[string]string{"system_uefi": ""}, []string{"--unattended", "--disk", disk}, 3, "starts by BIOS only"},
		"other grub":    {map[string]string{"system_bios": base["system_uefi"], "grub_devices": "/dev/isowright-none"}, []string{"--unattended", "--firmware", "bios", "--disk", disk}, 3, "puts GRUB on"},
		"mounts":        {map[string]string{"mounts": mountLines("ext4") + "\n/home /dev/disk/by-label/home ext4"}, []string{"--unattended", "--disk", disk}, 3, "wants /dev/disk/by-label/home (ext4) on /home"},
		"device":        {map[string]string{"mounts": "/ /dev/sda2 ext4"}, []string{"--unattended", "--disk", disk}, 3, "looks for / on /dev/sda2"},
		"manual":        {map[string]string{"layout": "manual"}, []string{"--unattended"}, 3, "nothing is mounted on"},
		"option":        {nil, []string{"--erase-everything"}, 2, "unknown option"},
		"level":         {nil, []string{"--level", "D"}, 2, "usage:"},
		"own medium":    {map[string]string{"volume": "MEDIUM"}, []string{"--unattended", "--disk", r.labelled("MEDIUM")}, 4, "carries this installer"},
		"wrote-protect": {nil, []string{"--unattended", "--disk", r.readOnly()}, 4, "write-protected"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			conf := map[string]string{}
			for _, m := range []map[string]string{base, test.change} {
				for k, v := range m {
					conf[k] = v
				}
			}
			r.conf(conf)
			out, status := r.install(append([]string{"--firmware", "uefi"}, test.args...)...)
			if status != test.status || !strings.Contains(out, test.text) {
				t.Errorf("exit status %d, want %d with %q:\n%s", status, test.status, test.text, out)
			}
		})
	}
	t.Run("mounted", func(t *testing.T) { r.refusesMounted(base, disk) })
	if after := r.must("sha256sum", disk); after != before {
		t.Error("a refused installation changed the disk")
	}
}

// labelled is a disk with a file system straight on it.
func (r *room) labelled(label string) string {
	disk := r.disk(64 << 20)
	r.must("mkfs.ext4", "-q", "-L", label, disk)
	return disk
}

func (r *room) readOnly() string {
	disk := r.disk(64 << 20)
	r.must("blockdev", "--setro", disk)
	return disk
}

func (r *room) refusesMounted(conf map[string]string, disk string) {
	r.t.Helper()
	r.conf(conf)
	busy := r.mkdir("busy")
	out, status := r.run("", "unshare", "--mount", "--propagation", "private", "bash", "-c",
		`mount -o ro "$1" "$2" && bash "$3" --root "$4" --unattended --firmware uefi --disk "$5"`, "-",
		disk+"p1", busy, filepath.Join(r.dir, "isowright-install"), r.root, disk)
	if status != 4 || !strings.Contains(out, disk+"p1 is mounted on "+busy) {
		r.t.Errorf("exit status %d:\n%s", status, out)
	}
}
