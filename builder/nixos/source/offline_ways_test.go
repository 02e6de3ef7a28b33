package source

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestInstallByBIOS lets GRUB be placed where the prepared system leaves that to
// the installer. GRUB itself knows no loop devices, so only how it is called is
// looked at.
func TestInstallByBIOS(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	conf := r.prepared()
	conf["own"], conf["system_bios"] = "1", conf["system_uefi"]
	conf["grub_install"] = r.write("grub-install", []byte("#!/bin/sh\nmountpoint -q "+r.root+" && echo \"$*\" >"+r.dir+"/grub-called\n"))
	r.conf(conf)
	disk := r.disk(2 * gib)
	out, status := r.install("--unattended", "--firmware", "bios", "--disk", disk)
	if status != 0 {
		t.Fatalf("exit status %d\n%s\n%s", status, out, r.read(r.log))
	}
	called := strings.TrimSpace(string(r.read(r.dir + "/grub-called")))
	if want := "--target=i386-pc --boot-directory=" + r.root + "/boot " + disk; called != want {
		t.Errorf("grub-install %s\nwant         %s", called, want)
	}
	boot := r.look(disk+"p3", "", `cat "$ROOT/etc/nixos/boot.nix"`)
	if !strings.Contains(boot, `boot.loader.grub.device = "`+disk+`"`) {
		t.Errorf("boot.nix does not name the disk:\n%s", boot)
	}
}

// TestInstallAttended answers the questions on a terminal.
func TestInstallAttended(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.conf(r.prepared())
	disk := r.disk(2 * gib)
	name := filepath.Base(disk)
	for _, test := range []struct {
		answers string
		status  int
		text    string
	}{
		{disk + "\nsda\n", 4, "nothing was changed: the name did not match"},
		{"/dev/isowright-none\n", 4, "there is no such disk"},
		{disk + "\n" + name + "\n", 0, "NixOS is installed."},
		// What was just installed is shown before it is lost.
		{disk + "\nno\n", 4, name + "p3"},
	} {
		out, status := r.terminal(test.answers, "--firmware", "uefi")
		if status != test.status || !strings.Contains(out, test.text) {
			t.Errorf("answers %q: exit status %d, want %d with %q\n%s", test.answers, status, test.status, test.text, out)
		}
	}
	r.checkDisk(disk, []string{"TYPE=ext4", "LABEL=nixos"})
}

// terminal runs the installer on a terminal of its own, where a person types.
func (r *room) terminal(answers string, args ...string) (string, int) {
	r.t.Helper()
	command := "unshare --mount --propagation private bash " + filepath.Join(r.dir, "isowright-install") + " --root " + r.root + " " + strings.Join(args, " ")
	return r.run(answers, "script", "--quiet", "--return", "--flush", "--command", command, "/dev/null")
}

// TestInstallInterrupted ends an installation in its longest step, as Ctrl-C does.
func TestInstallInterrupted(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	r.conf(r.prepared())
	// The signal goes to the whole group of processes, this program's too.
	r.write("stub/nixos-install", []byte("#!/bin/bash\nkill -INT 0\nexec sleep 60\n"))
	r.env = append(r.env, "PATH="+r.dir+"/stub:"+envPath(r.env))
	out, status := r.run("", "env", "ROOT="+r.root, "unshare", "--mount", "--propagation", "private", "bash", "-c",
		`setsid --wait bash "$@"; status=$?; findmnt "$ROOT" && exit 77; exit $status`, "-",
		filepath.Join(r.dir, "isowright-install"), "--root", r.root, "--unattended", "--firmware", "uefi", "--disk", r.disk(2*gib))
	if status != 130 || !strings.Contains(out, "[4/4]") || !strings.Contains(out, "Cancelled.") {
		t.Errorf("exit status %d\n%s", status, out)
	}
}

func envPath(env []string) string {
	for i := len(env) - 1; i >= 0; i-- {
		if p, ok := strings.CutPrefix(env[i], "PATH="); ok {
			return p
		}
	}
	return ""
}

// TestInstallManual installs on what is mounted already, and leaves it so.
func TestInstallManual(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	conf := r.prepared()
	conf["layout"] = "manual"
	r.conf(conf)
	disk := r.disk(gib)
	r.must("mkfs.ext4", "-q", disk)
	out, status := r.run("", "env", "ROOT="+r.root, "unshare", "--mount", "--propagation", "private", "bash", "-euc",
		`mount "$2" "$ROOT"; bash "$1" --root "$ROOT" --unattended --firmware uefi; mountpoint "$ROOT"; readlink "$ROOT/nix/var/nix/profiles/system-1-link"`, "-",
		filepath.Join(r.dir, "isowright-install"), disk)
	if status != 0 || !strings.Contains(out, "is a mountpoint\n"+conf["system_uefi"]) {
		t.Errorf("exit status %d\n%s", status, out)
	}
}

// TestInstallDisko lets a program of the flake's divide and mount, and refuses
// disks that are in use as everywhere.
func TestInstallDisko(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	conf := r.prepared()
	disk := r.disk(gib)
	conf["layout"], conf["disko_disks"] = "disko", disk
	conf["disko"] = r.write("disko", []byte("#!/bin/bash\nset -e\necho formatting\nmkfs.ext4 -q "+disk+"\nmount "+disk+" "+r.root+"\n"))
	r.conf(conf)
	out, status := r.install("--unattended", "--firmware", "uefi")
	if status != 0 || !strings.Contains(out, "formatting") || !strings.Contains(out, "NixOS is installed.") {
		t.Errorf("exit status %d\n%s", status, out)
	}
	out, status = r.run("", "unshare", "--mount", "--propagation", "private", "bash", "-c",
		`mount "$2" "$3"; bash "$1" --root "$4" --unattended --firmware uefi`, "-",
		filepath.Join(r.dir, "isowright-install"), disk, r.mkdir("busy"), r.root)
	if status != 4 || !strings.Contains(out, "is mounted on") {
		t.Errorf("a disk in use: exit status %d\n%s", status, out)
	}
}

// TestInstallFails shows what a person sees when a step fails, and that nothing
// stays mounted.
func TestInstallFails(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	conf := r.prepared()
	stub := func(text string) {
		r.write("stub/nixos-install", []byte("#!/bin/bash\n"+text+"\nexit 1\n"))
	}
	r.env = append(r.env, "PATH="+r.dir+"/stub:"+envPath(r.env))
	r.conf(conf)
	disk := r.disk(2 * gib)
	for said, advice := range map[string]string{
		"error: writing to file: No space left on device":                                                       "choose a larger one",
		"error: syntax error, unexpected '}'":                                                                   "isowright-install --configuration",
		"error: lock file contents would have been changed: requires lock file changes but they're not allowed": "the inputs of the flake were changed",
		"error: path '/nix/store/x' is required, but there is no substituter that can build it":                 "not on this medium",
	} {
		stub("echo \"" + strings.ReplaceAll(said, "'", "") + "\"")
		out, status := r.install("--unattended", "--firmware", "uefi", "--disk", disk)
		if status != 1 || !strings.Contains(out, advice) || !strings.Contains(out, "nixos-install failed: error:") {
			t.Errorf("%q: exit status %d, want 1 with %q\n%s", said, status, advice, out)
		}
	}
	if log := r.look(disk+"p3", "", `cat "$ROOT/var/log/isowright-install.log"`); !strings.Contains(log, "no substituter") && !strings.Contains(log, "error:") {
		t.Errorf("the log on the disk does not say why:\n%s", log)
	}
}

// TestInstallKeepsBuildInputs copies what later changes need, protected from the
// garbage collector.
func TestInstallKeepsBuildInputs(t *testing.T) {
	t.Parallel()
	r := newRoom(t)
	conf := r.prepared()
	tool := r.build(`derivation { name = "tool"; system = "x86_64-linux"; builder = "/bin/sh"; args = [ "-c" "echo tool > $out" ]; }`)
	conf["build_inputs"] = r.write("build-inputs", []byte(tool+"\n"))
	r.conf(conf)
	disk := r.disk(2 * gib)
	out, status := r.install("--unattended", "--firmware", "uefi", "--disk", disk, "--keep-build-inputs")
	if status != 0 {
		t.Fatalf("exit status %d\n%s", status, out)
	}
	kept := r.look(disk+"p3", "", `nix-store --store "$ROOT" --gc --print-dead; nix-store --store "$ROOT" --gc --print-live`)
	dead, live, _ := strings.Cut(kept, "finding garbage collector roots")
	if !strings.Contains(live, tool) || strings.Contains(dead, tool) {
		t.Errorf("the garbage collector would take %s:\n%s", tool, kept)
	}
}
