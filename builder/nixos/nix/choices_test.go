package nix

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

// filesOf are those of a computer with an os-release and other files that tell of it.
func filesOf(release string, files ...string) fstest.MapFS {
	all := fstest.MapFS{}
	if release != "" {
		all["etc/os-release"] = &fstest.MapFile{Data: []byte(release)}
	}
	for _, name := range files {
		all[name] = &fstest.MapFile{}
	}
	return all
}

// find is the choice whose title begins so.
func find(t *testing.T, all []Choice, title string) Choice {
	t.Helper()
	i := slices.IndexFunc(all, func(c Choice) bool { return strings.HasPrefix(c.Title, title) })
	if i < 0 {
		t.Fatalf("there is no choice %q in %+v", title, all)
	}
	return all[i]
}

func TestChoicesKnowTheSystem(t *testing.T) {
	none := []string{"PATH=" + t.TempDir()}
	const apt = "sudo apt install nix-setup-systemd"
	for _, c := range []struct {
		name, release string
		files         []string
		goos          string
		// nix is the first command of the distribution's package, official a
		// part of the official installer's, podman how it is installed.
		nix, official, podman string
		officialWorks         bool
	}{
		{"trixie", "ID=debian\nNAME=\"Debian GNU/Linux\"\nVERSION_ID=\"13\"\n", []string{"run/systemd/system"}, "linux", apt, "--daemon", "sudo apt install podman", true},
		{"bookworm", "ID=debian\nVERSION_ID=\"12\"\n", []string{"run/systemd/system"}, "linux", "", "--daemon", "sudo apt install podman", true},
		{"sid", "ID=debian\nNAME=Debian\n", nil, "linux", apt, "--no-daemon", "sudo apt install podman", true},
		{"noble", "ID=ubuntu\nID_LIKE=debian\nNAME=Ubuntu\nVERSION_ID='24.04'\n", []string{"run/systemd/system"}, "linux", apt, "--daemon", "sudo apt install podman", true},
		{"jammy", "ID=ubuntu\nID_LIKE=debian\nVERSION_ID=\"22.04\"\n", []string{"run/systemd/system"}, "linux", "", "--daemon", "sudo apt install podman", true},
		{"mint", "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\nVERSION_ID=\"22\"\n", []string{"run/systemd/system"}, "linux", "", "--daemon", "sudo apt install podman", true},
		{"fedora", "ID=fedora\nVERSION_ID=43\n", []string{"run/systemd/system", "sys/fs/selinux/enforce"}, "linux", "", "--daemon", "sudo dnf install podman", false},
		{"arch", "ID=arch\nNAME=\"Arch Linux\"\n", []string{"run/systemd/system"}, "linux", "sudo pacman -S nix", "--daemon", "sudo pacman -S podman", true},
		{"tumbleweed", "ID=\"opensuse-tumbleweed\"\nID_LIKE=\"opensuse suse\"\n", []string{"run/systemd/system"}, "linux", "", "--daemon", "sudo zypper install podman", true},
		{"macOS", "", nil, "darwin", "", "--daemon", "", true},
	} {
		all := choices(t.Context(), computer{files: filesOf(c.release, c.files...), goos: c.goos, env: none, design: "a.isowright"})
		official := find(t, all, "Install Nix with the official installer")
		if !strings.Contains(official.Commands[0], c.official) || official.Possible != c.officialWorks {
			t.Errorf("%s: %+v", c.name, official)
		}
		i := slices.IndexFunc(all, func(c Choice) bool { return strings.HasPrefix(c.Title, "Install Nix from") })
		if c.nix == "" && i >= 0 || c.nix != "" && (i < 0 || all[i].Commands[0] != c.nix) {
			t.Errorf("%s: Nix as a package: %d in %+v", c.name, i, all)
		}
		podman := find(t, all, "Build in a container of podman")
		if podman.Possible || c.podman != "" && podman.Commands[0] != c.podman || podman.Commands[len(podman.Commands)-1] != "isowright build a.isowright --container podman" {
			t.Errorf("%s: %+v", c.name, podman)
		}
		if remote := find(t, all, "Build on a remote store"); remote.Possible {
			t.Errorf("%s: %+v", c.name, remote)
		}
	}
	locked := filesOf("ID=ubuntu\n")
	locked["proc/sys/kernel/apparmor_restrict_unprivileged_userns"] = &fstest.MapFile{Data: []byte("1\n")}
	for _, c := range []struct {
		computer
		possible bool
	}{
		{computer{files: filesOf(""), brings: true}, true}, {computer{files: locked, brings: true}, false},
		{computer{files: locked, brings: true, root: true}, true},
	} {
		c.env, c.goos = none, "linux"
		all := choices(t.Context(), c.computer)
		if all[0].Title != "Build with a Nix that Isowright brings" || all[0].Possible != c.possible ||
			!c.possible && !strings.Contains(all[0].Why, "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0") {
			t.Errorf("%+v", all[0])
		}
	}
	nixos := choices(t.Context(), computer{files: filesOf("ID=nixos\n"), goos: "linux", env: none})
	if c := find(t, nixos, "Use the Nix of NixOS"); len(nixos) != 4 || c.Possible {
		t.Errorf("on NixOS: %+v", nixos)
	}
}

func TestChoicesLookForEngines(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, Podman), []byte("#!/bin/sh\necho 5.4.2\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	env := append(says(t, map[string]string{Docker: dockerDown}), "X=")
	env[0] = strings.Replace(env[0], ":/usr/bin:/bin", ":"+dir, 1)
	all := choices(t.Context(), computer{files: filesOf(""), goos: "linux", env: env})
	if c := find(t, all, "Build in a container of podman"); !c.Possible || all[0].Title != c.Title {
		t.Errorf("a podman that works: %+v", all)
	}
	if c := find(t, all, "Build in a container of docker"); c.Possible || !strings.Contains(c.Why, "its engine is not running. Start it with") {
		t.Errorf("a docker that does not work: %+v", c)
	}
}

// TestMissingTellsTheWays: a person without Nix gets commands to paste.
func TestMissingTellsTheWays(t *testing.T) {
	_, err := Find(t.Context(), Search{Path: filepath.Join(t.TempDir(), "nix"), Env: []string{"PATH="}, Design: "my stick.isowright"})
	var missing *MissingError
	if !errors.As(err, &missing) {
		t.Fatal(err)
	}
	for _, want := range []string{
		"- Build on another computer that has Nix.",
		"    isowright export 'my stick.isowright' -o my-stick-source\n",
		`    ssh HOST 'nix --extra-experimental-features "nix-command flakes" build "path:$HOME/my-stick-source#image" --out-link my-stick-result'`,
		"https://install.lix.systems/lix",
		"- Not as it is: Build on a remote store. The design is evaluated here",
	} {
		if !strings.Contains(missing.Hint(), want) {
			t.Errorf("no %q in\n%s", want, missing.Hint())
		}
	}
}

// TestElsewhereCommands runs what the export's choice says, with this computer
// as the other one.
func TestElsewhereCommands(t *testing.T) {
	p := newPlace(t)
	source := p.flake(t, "a-b-source", `      packages.`+p.System+`.image = drv "x" "echo y >$out" { };`+"\n      image = self.packages."+p.System+".image;")
	if err := os.Rename(source, filepath.Join(p.dir, "a-b-source")); err != nil {
		t.Fatal(err)
	}
	c := computer{design: "dir/a&b.isowright"}.elsewhere()
	remote, ok := strings.CutPrefix(c.Commands[2], "ssh HOST '")
	if !ok {
		t.Fatal(c.Commands[2])
	}
	cmd := exec.Command("sh", "-c", strings.TrimSuffix(remote, "'"))
	cmd.Env, cmd.Dir = p.env, p.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v %s", err, out)
	}
	if text, err := os.ReadFile(filepath.Join(p.dir, "a-b-result")); err != nil || string(text) != "y\n" {
		t.Errorf("%q, %v", text, err)
	}
}

func TestQuoteShell(t *testing.T) {
	for _, s := range []string{"a.isowright", "a b", "it's $(x) \"q\"`", "ü\\n", "-x", "x\ny"} {
		out, err := exec.Command("sh", "-c", "printf %s "+quoteShell(s)).Output()
		if got := strings.TrimPrefix(string(out), "./"); err != nil || got != s {
			t.Errorf("%q becomes %q, %v", s, got, err)
		}
	}
}

// FuzzParseRelease: whatever stands before it, a line is found.
func FuzzParseRelease(f *testing.F) {
	f.Add("ID=debian\nNAME=\"Debian \\\"x\\\"\"\n#a=b\n", "13")
	f.Add("'\n\"", "a'b")
	f.Fuzz(func(t *testing.T, before, value string) {
		if strings.ContainsAny(value, "\n\r") || strings.TrimSpace(value) != value || strings.HasPrefix(value, "\"") || strings.HasPrefix(value, "'") {
			t.Skip()
		}
		if got := parseRelease([]byte(before + "\nISOWRIGHT=" + value + "\nID=x\n")); got["ISOWRIGHT"] != value || got["ID"] != "x" {
			t.Fatalf("%q", got)
		}
	})
}
