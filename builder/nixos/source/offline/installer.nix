# The command isowright-install with its settings.
{
  lib,
  pkgs,
  nixpkgs,
  settings,
  targets,
  medium,
  volume,
  configuration,
  buildInputs,
}:
let
  target = targets.designed.config;
  toplevel = s: if s == null then "" else "${s.config.system.build.toplevel}";
  isDisko = settings.layout == "disko";

  # What the target mounts from disks, a line each.
  isOnDisk =
    f:
    lib.hasPrefix "/" (toString f.device)
    && !(lib.elem f.fsType [
      "nfs"
      "overlay"
      "tmpfs"
    ])
    && !(lib.any (o: lib.elem o f.options) [
      "bind"
      "noauto"
      "nofail"
    ]);
  onDisk = lib.sort (a: b: a.mountPoint < b.mountPoint) (
    lib.filter isOnDisk (lib.attrValues target.fileSystems)
  );
  mountLine =
    f:
    lib.concatStringsSep " " [
      f.mountPoint
      f.device
      f.fsType
      (lib.concatStringsSep "," (lib.remove "defaults" f.options))
    ];

  # Set by the configuration in a file that the installer leaves alone.
  isKept =
    file:
    lib.hasPrefix (toString ../target) (toString file)
    && !(lib.hasSuffix "/${settings.hardware}" (toString file));
  keepsFileSystems = lib.any isKept targets.designed.options.fileSystems.files;

  espMountPoint = target.boot.loader.efi.efiSysMountPoint or "/boot";
  closure = pkgs.closureInfo { rootPaths = map (s: s.config.system.build.toplevel) targets.all; };
  flag = b: if b then "1" else "";

  values = {
    inherit (settings)
      after
      disk
      hardware
      layout
      level
      ;
    inherit configuration medium volume;
    own = flag settings.own;
    ask_password = flag settings.askPassword;
    method =
      if settings.level == "A" then
        "system"
      else if settings.classic then
        "classic"
      else
        "flake";
    host = settings.host;
    main = settings.main;
    keep_filesystems = flag keepsFileSystems;
    system_uefi = toplevel targets.uefi;
    system_bios = toplevel targets.bios;
    mounts = lib.concatMapStringsSep "\n" mountLine onDisk;
    mounts_free = lib.optionalString (!settings.own && !keepsFileSystems) (
      lib.replaceStrings [ "/boot " ] [ "${espMountPoint} " ] settings.mounts
    );
    disko = lib.optionalString isDisko "${target.system.build.diskoScript}";
    disko_disks = lib.optionalString isDisko (
      lib.concatMapStringsSep " " (d: d.device) (lib.attrValues target.disko.devices.disk)
    );
    grub_devices = lib.concatStringsSep " " targets.grubDevices;
    grub_install = lib.optionalString (targets.bios != null) "${pkgs.grub2}/bin/grub-install";
    build_inputs = "${pkgs.writeText "build-inputs" (lib.concatMapStrings (p: "${p}\n") buildInputs)}";
    nixpkgs = lib.optionalString (settings.level != "A") "${nixpkgs.outPath or nixpkgs}";
  };

  tools = with pkgs; [
    btrfs-progs
    coreutils
    dosfstools
    e2fsprogs
    findutils
    gawk
    gnugrep
    gnused
    gptfdisk
    nixos-install-tools
    util-linux
    xfsprogs
  ];
in
{
  # File systems that a layout of the installer cannot make.
  unmet =
    let
      isNamed = f: lib.hasPrefix "/dev/disk/by-" f.device;
      root = target.fileSystems."/" or { device = null; };
      esp = lib.findFirst (f: f.fsType == "vfat") { mountPoint = null; } onDisk;
      isMade = f: isNamed f && (f.device == root.device || f.mountPoint == esp.mountPoint);
    in
    lib.filter (f: !isMade f) onDisk;

  inherit keepsFileSystems;

  conf = ''
    ${lib.concatStringsSep "\n" (lib.mapAttrsToList (n: v: "${n}=${lib.escapeShellArg v}") values)}
    need=$(($(<${closure}/total-nar-size) * 6 / 5 + 2147483648))
  '';

  package = pkgs.writeTextFile {
    name = "isowright-install";
    executable = true;
    destination = "/bin/isowright-install";
    text = ''
      #!${pkgs.runtimeShell}
      export PATH=${lib.makeBinPath tools}:/run/current-system/sw/bin''${PATH:+:$PATH}
    ''
    + builtins.readFile ./install-disk.sh
    + builtins.readFile ./install.sh;
  };
}
