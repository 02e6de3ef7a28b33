//go:build nixpkgs

package source_test

// nixos makes a scenario about a field of the section [nixos].
func nixos(fields, lines string, checks ...check) scenario {
	return field(fields, "[nixos]\n"+lines, checks...)
}

const revision = "0123456789abcdef0123456789abcdef01234567"

func nixSourceScenarios() []scenario {
	lock := `(builtins.fromJSON (builtins.readFile (f.outPath + "/flake.lock"))).nodes.nixpkgs.locked`
	url := `(import (f.outPath + "/flake.nix")).inputs.nixpkgs.url`
	return []scenario{
		nixos("nixos.channel", `channel = "nixos-26.11-small"`, has(url, "nixos-26.11-small")),
		nixos("nixos.revision", "revision = \""+revision+"\"", has(url, revision)),
		nixos("nixos.hash", "revision = \""+revision+"\"\nhash = \"sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\"",
			is(lock+".rev", revision), is(lock+".narHash", "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")),
		field("nixos.medium", "architecture = \"arm64\"\n[nixos]\nmedium = \"sd\"", is("c.system.build ? sdImage", true), is("c.image.baseName", "test-image")),
		nixos("nixos.assembler", `assembler = "isowright"`, is("lib.hasPrefix builtins.storeDir packages.manifest.drvPath", true)),
		field("nixos.installer", "base = \"graphical\"\ndesktop = \"gnome\"\n[nixos]\ninstaller = false",
			is("c.services.desktopManager.gnome.enable", true), lacks(installed, "calamares")),
		nixos("nixos.state_version", `state_version = "24.05"`, is("c.system.stateVersion", "24.05")),
		nixos("nixos.flake.url,nixos.flake.modules", "[nixos.flake]\nurl = \"./own\"\nmodules = [\"lab\", \"extra\"]",
			is("c.environment.etc.lab.text", "lab"), is("c.environment.etc.extra.text", "extra")).with(ownFlake),
		nixos("nixos.flake.host", "[nixos.flake]\nurl = \"./own\"\nhost = \"server\"",
			is("c.environment.etc.server.text", "server"), is("c.isoImage.volumeID", "TEST_IMAGE")).with(ownFlake),
		nixos("nixos.imports", `imports = ["own/desk.nix"]`, is("c.environment.etc.desk.text", "desk"), is("c.environment.etc.part.text", "part")).with(map[string]string{
			"own/desk.nix": "{ ... }: { imports = [ ./part.nix ]; environment.etc.desk.text = \"desk\"; }\n",
			"own/part.nix": "{ environment.etc.part.text = \"part\"; }\n",
		}),
		nixos("nixos.force", "imports = [\"host.nix\"]\nforce = [\"system.time_zone\", \"texts.after_login\"]\n[system]\ntime_zone = \"Europe/Paris\"\n[texts]\nafter_login = \"ours\"",
			is("c.time.timeZone", "Europe/Paris"), is("c.users.motd", "ours")).with(map[string]string{
			"host.nix": "{ time.timeZone = \"Asia/Tokyo\"; users.motd = \"theirs\"; }\n",
		}),
	}
}

// ownFlake is a person's flake with modules and a host that boots with GRUB from
// a disk.
var ownFlake = map[string]string{"own/flake.nix": `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.11";
  outputs = { nixpkgs, ... }: {
    nixosModules.lab = { environment.etc.lab.text = "lab"; };
    nixosModules.extra = ./extra.nix;
    nixosConfigurations.server = nixpkgs.lib.nixosSystem {
      modules = [
        {
          nixpkgs.hostPlatform = "x86_64-linux";
          environment.etc.server.text = "server";
          boot.loader.grub.device = "/dev/sda";
          fileSystems."/" = { device = "/dev/disk/by-label/nixos"; fsType = "ext4"; };
          networking.hostName = "server";
          system.stateVersion = "26.05";
        }
      ];
    };
  };
}
`, "own/extra.nix": "{ environment.etc.extra.text = \"extra\"; }\n"}

func nixKernelScenarios() []scenario {
	return []scenario{
		nixos("nixos.kernel", `kernel = "latest"`, is("c.boot.kernelPackages.kernel.version == pkgs.linuxPackages_latest.kernel.version", true),
			is("c.boot.supportedFilesystems.zfs or false", false)),
		nixos("nixos.kernel", `kernel = "linuxPackages_6_12"`, has("c.boot.kernelPackages.kernel.version", "6.12")).named("series"),
		nixos("nixos.kernel", `kernel = "linuxKernel.packages.linux_6_12"`, has("c.boot.kernelPackages.kernel.version", "6.12")).named("attribute"),
		nixos("nixos.zfs", "zfs = false", is("c.boot.supportedFilesystems.zfs or false", false), lacks("map lib.getName c.boot.extraModulePackages", "zfs-kernel")),
		nixos("nixos.kernel_modules", `kernel_modules = ["kvm-amd", "msr"]`, has("c.boot.kernelModules", "kvm-amd", "msr")),
		nixos("nixos.initrd_modules", `initrd_modules = ["r8152"]`, has("c.boot.initrd.kernelModules", "r8152")),
		nixos("nixos.blacklisted_modules", `blacklisted_modules = ["nouveau"]`, has("c.boot.blacklistedKernelModules", "nouveau")),
		nixos("nixos.module_packages", `module_packages = ["v4l2loopback", "hid-tmff2"]`, has("map lib.getName c.boot.extraModulePackages", "v4l2loopback", "hid-tmff2")),
		nixos("nixos.firmware", `firmware = "none"`, is("c.hardware.enableRedistributableFirmware", false)),
		nixos("nixos.firmware", `firmware = "all"`, is("c.hardware.enableAllFirmware", true)).named("all"),
		field("nixos.firmware", "base = \"netboot\"\n[nixos]\nfirmware = \"redistributable\"", is("c.hardware.enableRedistributableFirmware", true)).named("netboot"),
	}
}

func nixConsentScenarios() []scenario {
	return []scenario{
		field("nixos.unfree", "packages = [\"unrar\"]\n[nixos]\nunfree = [\"unrar\"]", has(installed, "unrar")),
		nixos("nixos.insecure", "module_packages = [\"broadcom_sta\"]\nunfree = [\"broadcom-sta\"]\ninsecure = [\"broadcom-sta\"]",
			has("map lib.getName c.boot.extraModulePackages", "broadcom-sta")),
		nixos("nixos.broken", "module_packages = [\"ax99100\"]\nbroken = [\"ax99100\"]", has("map lib.getName c.boot.extraModulePackages", "ax99100")),
	}
}

func nixTextScenarios() []scenario {
	return []scenario{
		nixos("nixos.help_line", "help_line = '''\nRun `acme` with \\n ${x} ''.\n'''", has(issue, "Run `acme` with \\\\n ${x} ''."), lacks(issue, "empty passwords")),
		nixos("nixos.package_list", "package_list = true", has("c.environment.etc.packages.text", "nix-", "bash-")),
		nixos("nixos.package_list", "package_list = false", is("c.environment.etc ? packages", false)).named("off"),
		nixos("nixos.manual", "manual = false", is("c.documentation.nixos.enable", false)),
		nixos("nixos.console_font", `console_font = "ter-v32n"`, is("c.console.font", "ter-v32n"), has("map lib.getName c.console.packages", "terminus-font")),
		nixos("nixos.early_console", "early_console = true", is("c.console.earlySetup", true)),
		nixos("nixos.scripted_stage1", "scripted_stage1 = true", is("c.boot.initrd.systemd.enable", false), is("lib.any (lib.hasPrefix \"root=LABEL\") c.boot.kernelParams", true)),
		nixos("nixos.post_boot", "post_boot = '''\necho \"$HOME ${x} ''\" > /root/note\n'''", has("c.boot.postBootCommands", `echo "$HOME ${x} ''" > /root/note`)),
		nixos("nixos.settings", "[nixos.settings]\nmax-jobs = 2\nexperimental-features = [\"nix-command\", \"flakes\"]\nwarn-dirty = false\nconnect-timeout = 1\nbash-prompt = '''[${x} \"it's\"]$ '''",
			is("c.nix.settings.max-jobs", 2), is("c.nix.settings.experimental-features", []string{"nix-command", "flakes"}),
			is("c.nix.settings.warn-dirty", false), is("c.nix.settings.bash-prompt", `[${x} "it's"]$ `)),
	}
}

func nixImageScenarios() []scenario {
	return []scenario{
		nixos("nixos.image_name", `image_name = "acme-1.2"`, is("c.image.baseName", "acme-1.2"), is("packages.image.name", "acme-1.2.iso")),
		nixos("nixos.edition", `edition = "rescue"`, is("c.isoImage.edition", "rescue")),
		nixos("nixos.squashfs_compression", `squashfs_compression = "lz4"`, is("c.isoImage.squashfsCompression", "lz4")),
		nixos("nixos.compress_image", "compress_image = true", is("c.isoImage.compressImage", true)),
		nixos("nixos.store_contents", `store_contents = ["hello", "python3Packages.requests"]`, has("map (p: lib.getName p) c.isoImage.storeContents", "hello", "requests")),
		field("nixos.store_contents", "base = \"netboot\"\n[nixos]\nstore_contents = [\"hello\"]", has("map lib.getName c.netboot.storeContents", "hello")).named("netboot"),
		nixos("nixos.build_dependencies", "build_dependencies = true", is("c.isoImage.includeSystemBuildDependencies", true)).written(),
		nixos("nixos.channel_on_medium", "channel_on_medium = false", is("c.system.installer.channel.enable", false)),
		nixos("nixos.clone_configuration", "clone_configuration = false", is("c.installer.cloneConfig", false)),
	}
}
