# What is installed: the system of the folder ../target, evaluated here with the same inputs as on the computer
# that it is installed on.
{
  lib,
  nixpkgs,
  system,
  settings,
}:
let
  callFlake = import ./flake.nix;

  # nixpkgs as a flake, also where it came as a path.
  nixpkgsFlake =
    if nixpkgs ? lib then
      nixpkgs
    else
      callFlake {
        src = nixpkgs;
      };

  # Under the name that the folder gets where it is evaluated again, so that nothing differs there.
  source = builtins.path {
    path = ../target;
    name = "source";
  };

  flake = callFlake {
    src = ../target;
    outPath = source;
    inputs = if settings.locked then { } else { nixpkgs = nixpkgsFlake; };
  };

  designed = flake.nixosConfigurations.${settings.host};
  loader = designed.config.boot.loader;
  isBoth = settings.own && lib.hasPrefix "x86_64" system;

  # Isowright's own system starts by UEFI with systemd-boot; this makes it one that starts by BIOS.
  bios = designed.extendModules {
    modules = [
      {
        boot.loader.systemd-boot.enable = lib.mkForce false;
        boot.loader.efi.canTouchEfiVariables = lib.mkForce false;
        boot.loader.grub.enable = lib.mkForce true;
        # The installer writes GRUB's first stages, because only it knows the disk.
        boot.loader.grub.device = lib.mkForce "nodev";
      }
    ];
  };

  grubDevices = lib.filter (d: d != "nodev") (loader.grub.devices or [ ]);
  grubStartsByBios = loader.grub.enable or false && !(loader.grub.efiSupport or false && grubDevices == [ ]);
  startsByBios = isBoth || grubStartsByBios;
  startsByUefi = isBoth || !(loader.grub.enable or false) || loader.grub.efiSupport or false;
in
{
  inherit flake designed source;
  inherit (flake) sources;

  # The systems for each firmware, null where there is none.
  uefi = if startsByUefi then designed else null;
  bios = if !startsByBios then null else if isBoth then bios else designed;
  grubDevices = if isBoth then [ ] else grubDevices;

  # Every different system once.
  all = [ designed ] ++ lib.optional isBoth bios;

  # A system with hardware of every kind, so that what a generated hardware-configuration.nix brings in is known.
  withHardware = s: if settings.own then s else s.extendModules { modules = [ ./hardware.nix ]; };

  # The same, changed in all that a person or a computer changes.
  probed =
    s:
    s.extendModules {
      modules = lib.optional (!settings.own) ./hardware.nix ++ [ (import ./probe.nix s.config.fileSystems) ];
    };
}
