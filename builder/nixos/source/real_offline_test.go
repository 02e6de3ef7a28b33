//go:build nixpkgs

package source_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// offlineConf is the text of the installer's settings.
const offlineConf = "c.system.build.isowrightOffline.conf"

// lockedHere locks a folder's flake to the tree of nixpkgs, by a folder inside
// it that stands for the tree: nothing is fetched.
func lockedHere(t *testing.T, folder string) map[string]string {
	t.Helper()
	text := strings.NewReplacer("TREE", nixpkgs(t), "MODULE", extraModule()).Replace(`{
  outputs = { self }: let
    tree = (import TREE/flake.nix).outputs { self = tree // { outPath = "TREE"; lastModified = 1784000000; lastModifiedDate = "20260714033320"; narHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="; }; };
    module = MODULE;
  in {
    lib = tree.lib.extend (_: prev: {
      nixosSystem = args: prev.nixosSystem (args // { modules = args.modules ++ (if module == null then [ ] else [ module ]); });
    });
  };
}
`)
	return map[string]string{
		folder + "/nixpkgs/flake.nix": text,
		folder + "/flake.lock": `{
  "nodes": {
    "nixpkgs": { "locked": { "path": "./nixpkgs", "type": "path" }, "original": { "path": "./nixpkgs", "type": "path" }, "parent": [] },
    "root": { "inputs": { "nixpkgs": "nixpkgs" } }
  },
  "root": "root",
  "version": 7
}
`,
	}
}

// withoutBuilding keeps level B from building while it is evaluated: a tree
// without a binary cache has nothing to build with. The list of build inputs
// that is used instead is evaluated.
func withoutBuilding(t *testing.T, dir string) {
	t.Helper()
	name := filepath.Join(dir, "offline", "settings.nix")
	text, err := os.ReadFile(name)
	if os.IsNotExist(err) {
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.Replace(string(text), "compare = true;", "compare = false;", 1)
	if changed == string(text) {
		t.Fatalf("no compare in %s", text)
	}
	if err := os.WriteFile(name, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
}

// computer is a flake with a host to install.
var computer = map[string]string{"own/flake.nix": `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.11";
  outputs = { nixpkgs, ... }: {
    nixosConfigurations.computer = nixpkgs.lib.nixosSystem { modules = [ ./configuration.nix ./hardware-configuration.nix ]; };
  };
}
`, "own/configuration.nix": `{
  networking.hostName = "computer";
  boot.loader.systemd-boot.enable = true;
  system.stateVersion = "26.05";
}
`, "own/hardware-configuration.nix": `{
  nixpkgs.hostPlatform = "x86_64-linux";
  fileSystems."/" = { device = "/dev/disk/by-label/nixos"; fsType = "ext4"; };
  fileSystems."/boot" = { device = "/dev/disk/by-label/ESP"; fsType = "vfat"; };
}
`}

// offline makes a scenario about a field of [nixos.offline].
func offline(fields, lines string, checks ...check) scenario {
	const someone = "\n[root]\npassword_hash = '" + sha512 + "'\n"
	return field(fields, "[nixos.offline]\n"+lines+someone, append(checks, has(targets, "/nix-cfg"))...).written()
}

func nixOfflineScenarios() []scenario {
	const designed = "c.system.build.isowrightOffline.targets.designed.config."
	stored := is("lib.all (p: builtins.elem p (map toString c.isoImage.storeContents)) (map (s: toString s.config.system.build.toplevel) c.system.build.isowrightOffline.targets.all)", true)
	return []scenario{
		offline("nixos.offline.level", `level = "A"`, has(offlineConf, "level=A", "method=system", "own=1"), stored,
			is(designed+"fileSystems.\"/\".fsType", "ext4"), is(designed+"users.users.root.hashedPassword", sha512)),
		offline("nixos.offline.level", `level = "B"`, has(offlineConf, "level=B", "method=flake"), stored,
			is("builtins.length c.system.build.isowrightOffline.buildInputs > 5", true), is("c.nix.registry.nixpkgs.to.type", "path")).named("B"),
		offline("nixos.offline.flake,nixos.offline.host", "level = \"A\"\nflake = \"own\"\nhost = \"computer\"",
			has(offlineConf, "host=computer", "method=system"), is(designed+"networking.hostName", "computer"), stored).locked("own", computer),
		offline("nixos.offline.configuration", "level = \"A\"\nconfiguration = \"own\"", is(designed+"environment.etc.desk.text", "desk"), stored).with(map[string]string{
			"own/configuration.nix": "{ imports = [ ./hardware-configuration.nix ]; environment.etc.desk.text = \"desk\"; boot.loader.systemd-boot.enable = true; system.stateVersion = \"26.05\"; nixpkgs.hostPlatform = \"x86_64-linux\"; }\n",
		}),
		offline("nixos.offline.build_inputs", "level = \"B\"\nbuild_inputs = [\"hello\"]",
			is("builtins.any (p: lib.hasInfix \"hello\" (p.name or (toString p))) c.system.build.isowrightOffline.buildInputs", true)),
		offline("nixos.offline.layout", "level = \"A\"\nlayout = \"btrfs\"", has(offlineConf, "layout=btrfs"), is(designed+"fileSystems.\"/\".fsType", "btrfs")),
		offline("nixos.offline.disk", "level = \"A\"\ndisk = \"/dev/vda\"", has(offlineConf, "disk=/dev/vda")),
		offline("nixos.offline.unattended", "level = \"A\"\ndisk = \"/dev/vda\"\nunattended = true", has("c.systemd.services.isowright-install.wantedBy", "multi-user.target")),
		offline("nixos.offline.after", "level = \"A\"\nafter = \"poweroff\"", has(offlineConf, "after=poweroff")),
	}
}
