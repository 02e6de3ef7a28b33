package configure_test

import (
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/debian/configure"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/tree"
)

func TestPackages(t *testing.T) {
	for name, c := range map[string]struct {
		d    design.Design
		want string
	}{
		"nothing":   {design.Design{Network: design.Network{Mode: "off"}}, ""},
		"network":   {design.Design{}, "systemd-resolved"},
		"Wi-Fi":     {design.Design{Network: design.Network{WiFi: []design.WiFi{{SSID: "a"}}}}, "iwd systemd-resolved wireless-regdb"},
		"Wi-Fi off": {design.Design{Network: design.Network{Mode: "off", WiFi: []design.WiFi{{SSID: "a"}}}}, ""},
		"C.UTF-8":   {design.Design{System: design.System{Locale: "C.UTF-8"}}, "systemd-resolved"},
		"people": {design.Design{
			Users: []design.User{{Sudo: "password", Shell: "/bin/zsh"}, {Sudo: "nopassword", Shell: "/bin/bash"}},
			SSH:   design.SSH{Enable: true}, Startup: design.Startup{Autologin: "a"},
		}, "libpam-systemd login openssh-server sudo systemd-resolved zsh"},
		"names": {design.Design{System: design.System{
			Locale: "de_DE.UTF-8", TimeZone: "Europe/Berlin", Keyboard: design.Keyboard{Layout: "de"},
		}}, "console-setup kbd locales systemd-resolved tzdata"},
	} {
		if got := strings.Join(configure.Packages(c.d), " "); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}

func TestInstalled(t *testing.T) {
	got, err := configure.Installed(fixture(t))
	must(t, err)
	want := []configure.InstalledPackage{
		{Name: "adduser", Version: "3.152", Architecture: "all", Size: 428 << 10},
		{Name: "zstd", Version: "1.5.7+dfsg-1", Architecture: "amd64", Size: 1000 << 10},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	s := fixture(t)
	must(t, s.WriteFile("var/lib/dpkg/status", []byte(statusText+"\nPackage: zstd\nStatus: install ok installed\nArchitecture: i386\nVersion: 2\n"), 0o644))
	must(t, configure.Apply(s, planOf(design.Design{})))
	if got := text(t, s, "etc/packages"); got != "adduser 3.152\nzstd:amd64 1.5.7+dfsg-1\nzstd:i386 2\n" {
		t.Errorf("etc/packages: %q", got)
	}
}

func FuzzInstalled(f *testing.F) {
	f.Add([]byte(statusText))
	f.Add([]byte("Package: a\nStatus: install ok installed\nVersion:\n"))
	f.Add([]byte("\n\nInstalled-Size: -1"))
	f.Fuzz(func(t *testing.T, data []byte) {
		s := tree.NewSet(0)
		must(t, s.WriteFile("var/lib/dpkg/status", data, 0o644))
		found, err := configure.Installed(s)
		for _, p := range found {
			if err != nil || p.Name == "" || p.Version == "" || p.Size < 0 || strings.ContainsAny(p.Name+p.Version, "\n") {
				t.Errorf("got %+v with error %v", p, err)
			}
		}
	})
}

func kernelRoot(t *testing.T, versions ...string) *tree.Set {
	s := tree.NewSet(0)
	for _, v := range versions {
		must(t, s.WriteFile("boot/vmlinuz-"+v, []byte("kernel "+v), 0o644))
		must(t, s.WriteFile("boot/initrd.img-"+v, []byte("initrd "+v), 0o644))
		must(t, s.WriteFile("boot/config-"+v, []byte("config"), 0o644))
		must(t, s.WriteFile("usr/lib/modules/"+v+"/modules.dep", nil, 0o644))
		must(t, s.Symlink("vmlinuz", "boot/vmlinuz-"+v))
		must(t, s.Symlink("initrd.img.old", "boot/initrd.img-"+v))
	}
	return s
}

func TestTakeKernel(t *testing.T) {
	s := kernelRoot(t, "6.12.9+deb13-amd64", "6.12.117+deb13-amd64", "6.12.12+deb13-amd64")
	kernel, initrd, version, err := configure.TakeKernel(s)
	must(t, err)
	if version != "6.12.117+deb13-amd64" || kernel.Path != "boot/vmlinuz-"+version || initrd.Path != "boot/initrd.img-"+version ||
		kernel.Size != int64(len("kernel "+version)) {
		t.Errorf("got %s, %s, %s", version, kernel.Path, initrd.Path)
	}
	for e := range s.Entries() {
		if strings.Contains(e.Path, "vmlinuz") || strings.Contains(e.Path, "initrd") {
			t.Errorf("%s is left", e.Path)
		}
	}
	if _, ok := s.Get("boot/config-" + version); !ok {
		t.Error("the configuration is gone")
	}
	for _, gone := range []string{"boot/vmlinuz-1", "boot/initrd.img-1", "usr/lib/modules/1"} {
		s := kernelRoot(t, "1")
		s.Remove(gone)
		if _, _, _, err := configure.TakeKernel(s); err == nil {
			t.Errorf("no error without %s", gone)
		}
	}
}

func TestChrootScript(t *testing.T) {
	if got := configure.ChrootScript(design.Design{}); got != "" {
		t.Errorf("got %q for nothing to do", got)
	}
	d := design.Design{System: design.System{Locale: `x'; touch pwned; '$(touch pwned)`, Keyboard: design.Keyboard{Layout: "de"}}}
	script := configure.ChrootScript(d)
	// What comes before awk reads the locale; run that much of it.
	head, _, ok := strings.Cut(script, "awk ")
	if !ok || !strings.Contains(script, "\nlocale-gen\n") || !strings.Contains(script, "\nsetupcon --force --save-only\n") {
		t.Fatalf("got %q", script)
	}
	cmd := exec.Command("sh", "-c", head+`printf %s "$WANT"`)
	cmd.Dir = t.TempDir()
	out, err := cmd.Output()
	must(t, err)
	left, err := os.ReadDir(cmd.Dir)
	must(t, err)
	if string(out) != d.System.Locale || len(left) > 0 {
		t.Errorf("got %q, files %v", out, left)
	}
	if out, err := exec.Command("sh", "-n", "-c", script).CombinedOutput(); err != nil {
		t.Errorf("sh does not take the script: %s", out)
	}
}
