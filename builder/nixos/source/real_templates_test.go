//go:build nixpkgs

package source_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/isowright/isowright/assets"
)

// TestTemplates evaluates every template of NixOS and looks for what it
// promises.
func TestTemplates(t *testing.T) {
	promises := map[string][]check{
		"nixos-minimal": {has(installed, "git", "htop")},
		"nixos-macbook": {has("c.boot.initrd.kernelModules", "wl"), has("c.boot.kernelModules", "kvm-intel", "wl"),
			has("map lib.getName c.boot.extraModulePackages", "broadcom-sta"), is("c.services.desktopManager.gnome.enable", true)},
		"nixos-ssh": {is("c.services.openssh.enable", true), is("builtins.length c.users.users.root.openssh.authorizedKeys.keys", 1),
			is("lib.hasPrefix \"$6$\" c.users.users.admin.hashedPassword", true), is("c.users.users.root.hashedPassword", "!")},
		"nixos-installer": {has(issue, "Welcome to my NixOS installer", "type: my-installer"), is("c.services.getty.autologinUser", "nixos"),
			has(installed, "git", "jq", "my-installer"), has("c.environment.etc.packages.text", "git-", "jq-", "my-installer"),
			has("c.systemd.services.startup-command.wantedBy", "multi-user.target")},
		"nixos-netboot": {has(installed, "git", "htop", "iperf3"), is("c.system.build ? netbootRamdisk", true)},
		"nixos-offline": {has(offlineConf, "level=A", "method=system", "layout=ext4", "own=1"),
			is("lib.all (p: builtins.elem p (map toString c.isoImage.storeContents)) (map (s: toString s.config.system.build.toplevel) c.system.build.isowrightOffline.targets.all)", true),
			has(targets, "/nix-cfg"), has(installed, "isowright-install")},
		"nixos-offline-flake": {has(offlineConf, "level=B", "method=flake", "host=computer"), has(targets, "/nix-cfg"),
			is("c.system.build.isowrightOffline.targets.designed.config.networking.hostName", "computer"),
			is("c.nix.registry.nixpkgs.to.type", "path")},
		"nixos-offline-calamares": {has(offlineConf, "level=C", "method=classic"), has(targets, "/nix-cfg"), has(installed, "calamares"),
			is("c.nix.settings.substituters", []string{}),
			is("c.system.build.isowrightOffline.targets.designed.config.networking.hostName", "desk")},
	}
	var list []*prepared
	for _, tmpl := range assets.Templates() {
		if !strings.HasPrefix(tmpl.Name, "nixos") {
			continue
		}
		checks, ok := promises[tmpl.Name]
		if !ok {
			t.Errorf("nothing is known of the template %s", tmpl.Name)
		}
		s := scenario{name: tmpl.Name, checks: checks, write: strings.HasPrefix(tmpl.Name, "nixos-offline")}
		d := fromTemplate(t, tmpl, lockedHere(t, "flake"))
		if p := write(t, s, d, filepath.Join(t.TempDir(), "source")); p != nil {
			list = append(list, p)
		}
	}
	runPrepared(t, list)
}
