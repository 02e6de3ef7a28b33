# A bootable ISO image with the structure of nixpkgs' own: the store as
# /nix-store.squashfs, isolinux for BIOS, GRUB in /boot/efi.img for UEFI, the
# kernel of every configuration below /boot.
{ config, lib, pkgs, options, ... }:
let
  inherit (lib) types mkOption optionals optionalString;
  cfg = config.isoImage;
  configurations =
    optionals cfg.showConfiguration [ config ]
    ++ lib.filter (c: c.isoImage.showConfiguration) (map (s: s.configuration) (lib.attrValues config.specialisation));
  kernelOf = c: "${c.boot.kernelPackages.kernel}/${c.system.boot.loader.kernelFile}";
  initrdOf = c: "${c.system.build.initialRamdisk}/${c.system.boot.loader.initrdFile}";
  paramsOf = c: extra: toString ([ "init=${c.system.build.toplevel}/init" ] ++ c.boot.kernelParams ++ extra);
  labelOf =
    c:
    c.isoImage.prependToMenuLabel
    + c.system.nixos.distroName
    + " "
    + c.system.nixos.label
    + c.isoImage.appendToMenuLabel
    + optionalString (c.isoImage.configurationName != null) (" " + c.isoImage.configurationName);
  variants = [
    { word = ""; title = ""; params = [ ]; }
  ];
  options' = [
    { word = "copytoram"; title = "(copy to RAM)"; params = [ "copytoram" ]; }
    { word = "nomodeset"; title = "(nomodeset)"; params = [ "nomodeset" ]; }
    { word = "serial"; title = "(serial console)"; params = [ "console=ttyS0,115200n8" ]; }
  ];
  grubEntry = o: c: ''
    menuentry '${labelOf c} ${o.title}' --class nixos {
      linux /boot/${kernelOf c} ${paramsOf c o.params}
      initrd /boot/${initrdOf c}
    }
  '';
  # Builders write this through a here-document of the shell, as nixpkgs does.
  grubCfg = pkgs.runCommand "grub.cfg" { nativeBuildInputs = [ ]; } ''
    cat <<EOF > $out
    search --set=root --file /EFI/nixos-installer-image
    set timeout=${toString (if config.boot.loader.timeout == null then -1 else config.boot.loader.timeout)}
    insmod all_video
    serial --unit=0 --speed=115200
    terminal_input console serial
    terminal_output console serial
    ${lib.concatMapStrings (c: lib.concatMapStrings (o: grubEntry o c) variants) configurations}
    submenu 'Options' --class submenu {
    ${lib.concatMapStrings (o: lib.concatMapStrings (grubEntry o) configurations) options'}
    }
    menuentry 'Firmware Setup' --class settings {
      fwsetup
    }
    menuentry 'Shutdown' --class shutdown {
      halt
    }
    EOF
    grub-script-check $out
  '';
  isolinuxEntry = o: n: c: ''
    LABEL boot${optionalString (o.word != "") "-${o.word}"}${optionalString (n != 0) "-${toString n}"}
    MENU LABEL ${labelOf c} ${o.title}
    LINUX /boot/${kernelOf c}
    APPEND ${paramsOf c o.params}
    INITRD /boot/${initrdOf c}
  '';
  isolinuxCfg = pkgs.writeText "isolinux.cfg" ''
    SERIAL 0 115200
    TIMEOUT ${toString (if config.boot.loader.timeout == null then 35996 else config.boot.loader.timeout * 10)}
    UI vesamenu.c32
    ${cfg.syslinuxTheme}
    DEFAULT boot

    ${lib.concatMapStrings (o: lib.concatStrings (lib.imap0 (isolinuxEntry o) configurations)) variants}
    MENU BEGIN Options
    ${lib.concatMapStrings (o: lib.concatStrings (lib.imap0 (isolinuxEntry o) configurations)) options'}
    MENU END
  '';
  loader = if pkgs.stdenv.hostPlatform.isAarch64 then "BOOTAA64.EFI" else "BOOTX64.EFI";
  efiDir = pkgs.efiDirectory { inherit grubCfg loader; };
  efiImg = pkgs.efiImage { inherit efiDir; };
  kernels = lib.concatMap (c: [
    { source = kernelOf c; target = "/boot/${kernelOf c}"; }
    { source = initrdOf c; target = "/boot/${initrdOf c}"; }
  ]) configurations;
in
{
  imports = [ ../../image/file-options.nix ];
  options.isoImage = {
    compressImage = mkOption { type = types.bool; default = false; };
    squashfsCompression = mkOption { type = types.nullOr types.str; default = "zstd -Xcompression-level 19"; };
    edition = mkOption { type = types.str; default = ""; };
    volumeID = mkOption {
      type = types.str;
      default = "nixos${optionalString (cfg.edition != "") "-${cfg.edition}"}-${config.system.nixos.release}-${pkgs.stdenv.hostPlatform.uname.processor}";
    };
    contents = mkOption { };
    storeContents = mkOption { };
    includeSystemBuildDependencies = mkOption { type = types.bool; default = false; };
    makeBiosBootable = mkOption { type = types.bool; default = pkgs.stdenv.hostPlatform.isx86; };
    makeEfiBootable = mkOption { type = types.bool; default = false; };
    makeUsbBootable = mkOption { type = types.bool; default = false; };
    efiSplashImage = mkOption { default = null; };
    splashImage = mkOption { default = null; };
    grubTheme = mkOption { type = types.nullOr (types.either types.path types.package); default = null; };
    syslinuxTheme = mkOption { type = types.str; default = "MENU TITLE NixOS"; };
    prependToMenuLabel = mkOption { type = types.str; default = ""; };
    appendToMenuLabel = mkOption { type = types.str; default = " Installer"; };
    configurationName = mkOption { type = types.nullOr types.str; default = null; };
    showConfiguration = mkOption { type = types.bool; default = true; };
    forceTextMode = mkOption { type = types.bool; default = false; };
  };
  config = {
    assertions = [
      {
        assertion = lib.stringLength cfg.volumeID <= 32;
        message = "isoImage.volumeID ${cfg.volumeID} is ${toString (lib.stringLength cfg.volumeID)} characters. That is longer than the limit of 32";
      }
    ];
    boot.loader.grub.enable = lib.mkImageMediaOverride false;
    boot.loader.timeout = 10;
    boot.kernelParams = [ "root=fstab" "loglevel=4" ];
    boot.initrd.availableKernelModules = [
      "squashfs" "isofs" "uas" "usb-storage" "sr_mod" "sd_mod" "ahci" "ata_piix" "xhci-pci" "ehci-pci" "uhci-hcd"
      "virtio_blk" "virtio_pci" "vfat" "nls_cp437" "nls_iso8859-1"
    ];
    fileSystems = lib.mkImageMediaOverride {
      "/" = { fsType = "tmpfs"; options = [ "mode=0755" ]; };
      "/iso" = { device = "/dev/disk/by-label/${cfg.volumeID}"; neededForBoot = true; noCheck = true; };
      "/nix/.ro-store" = { fsType = "squashfs"; device = "/sysroot/iso/nix-store.squashfs"; options = [ "loop" ]; neededForBoot = true; };
      "/nix/.rw-store" = { fsType = "tmpfs"; options = [ "mode=0755" ]; neededForBoot = true; };
      "/nix/store" = { fsType = "overlay"; neededForBoot = true; };
    };
    image.extension = if cfg.compressImage then "iso.zst" else "iso";
    image.filePath = "iso/${config.image.fileName}";
    image.baseName = "nixos${optionalString (cfg.edition != "") "-${cfg.edition}"}-${config.system.nixos.label}-${pkgs.stdenv.hostPlatform.system}";
    isoImage.storeContents =
      [ config.system.build.toplevel ]
      ++ lib.optional cfg.includeSystemBuildDependencies config.system.build.toplevel.drvPath;
    isoImage.contents = [
      { source = pkgs.writeText "version" config.system.nixos.label; target = "/version.txt"; }
    ]
    ++ lib.unique kernels
    ++ optionals cfg.makeBiosBootable [
      { source = isolinuxCfg; target = "/isolinux/isolinux.cfg"; }
      { source = "${pkgs.syslinux}/share/syslinux"; target = "/isolinux"; }
    ]
    ++ optionals cfg.makeEfiBootable [
      { source = efiImg; target = "/boot/efi.img"; }
      { source = "${efiDir}/EFI"; target = "/EFI"; }
    ];
    system.build.squashfsStore = pkgs.squashfsStore {
      storeContents = cfg.storeContents;
      comp = cfg.squashfsCompression;
    };
    system.build.isoImage = pkgs.isoImage {
      inherit (cfg) volumeID contents compressImage;
      isoName = "${config.image.baseName}.iso";
      squashfs = config.system.build.squashfsStore;
      bios = cfg.makeBiosBootable;
      efi = cfg.makeEfiBootable;
      usb = cfg.makeUsbBootable;
    };
    system.build.image = config.system.build.isoImage;
  };
}
