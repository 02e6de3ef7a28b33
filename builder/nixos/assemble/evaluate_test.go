package assemble_test

import (
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/nixos/nix"
)

// everything is a design with most that there is; %BASE% takes the base's lines.
const everything = `
format = 1
name = "Everything"
distribution = "nixos"
%BASE%
packages = ["hello", "git", "htop"]

[kernel]
parameters = ["quiet"]
[system]
hostname = "all"
locale = "de_DE.UTF-8"
time_zone = "Europe/Berlin"
keyboard.layout = "de"
[[users]]
name = "alice"
groups = ["wheel"]
sudo = "nopassword"
ssh_keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN1UJt5LBqhL7AyIwZ3yZ3B5jODGEMSylkgww6xuCSRH a@b"]
[root]
ssh_keys = ["ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIN1UJt5LBqhL7AyIwZ3yZ3B5jODGEMSylkgww6xuCSRH a@b"]
[ssh]
enable = true
[texts]
before_login = "before\n"
on_ssh = "on ssh\n"
after_login = "after ''${x}\n"
[startup]
autologin = "alice"
[nixos]
kernel = "latest"
kernel_modules = ["kvm-intel"]
blacklisted_modules = ["pcspkr"]
module_packages = ["broadcom_sta"]
unfree = ["broadcom-sta"]
insecure = ["broadcom-sta"]
firmware = "redistributable"
help_line = "help\n"
store_contents = ["tree"]
post_boot = "echo $(date)\n"
[nixos.settings]
max-jobs = 2
[[nixos.modules]]
name = "own"
text = "{ pkgs, ... }: { environment.systemPackages = [ pkgs.jq ]; services.gpm.enable = true; }"
`

// TestDesignsEvaluate holds that designs of every base evaluate against the
// stand-in, so that tests can use it for whatever they are about.
func TestDesignsEvaluate(t *testing.T) {
	for name, base := range map[string]string{
		"minimal":  `base = "minimal"`,
		"GNOME":    "base = \"graphical\"\ndesktop = \"gnome\"",
		"Plasma":   "base = \"graphical\"\ndesktop = \"plasma\"",
		"Xfce":     "base = \"graphical\"\ndesktop = \"xfce\"",
		"combined": "base = \"graphical\"\ndesktop = \"combined\"",
		"netboot":  `base = "netboot"`,
		"arm64":    "base = \"minimal\"\narchitecture = \"arm64\"",
	} {
		t.Run(name, func(t *testing.T) {
			b := generate(t, strings.Replace(everything, "%BASE%", base, 1))
			var plan struct {
				Image        string
				KernelParams []string
				Packages     []struct{ Name string }
			}
			check(t, b.nix.Eval(t.Context(), nix.Flake(b.dir, "plan"), &plan))
			names := ""
			for _, p := range plan.Packages {
				names += p.Name + " "
			}
			if !strings.HasSuffix(plan.Image, ".drv") || !strings.Contains(names, "hello ") || !strings.Contains(names, "jq ") {
				t.Errorf("%+v", plan)
			}
		})
	}
}
