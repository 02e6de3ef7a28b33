# Kernel and initrd for a start over the network; the store is in the initrd.
{ config, lib, pkgs, ... }:
let
  inherit (lib) types mkOption;
  kernelFile = config.system.boot.loader.kernelFile;
  params = toString ([ "init=${config.system.build.toplevel}/init" "initrd=initrd" ] ++ config.boot.kernelParams);
in
{
  imports = [ ../../image/file-options.nix ];
  options.netboot = {
    squashfsCompression = mkOption { type = types.nullOr types.str; default = "zstd -Xcompression-level 19"; };
    storeContents = mkOption { default = [ ]; type = types.listOf types.package; };
  };
  config = {
    boot.loader.grub.enable = lib.mkImageMediaOverride false;
    boot.initrd.availableKernelModules = [ "squashfs" "loop" "overlay" ];
    fileSystems = lib.mkImageMediaOverride {
      "/" = { fsType = "tmpfs"; };
      "/nix/.ro-store" = { fsType = "squashfs"; device = "../nix-store.squashfs"; };
    };
    netboot.storeContents = [ config.system.build.toplevel ];
    image.extension = "tar.xz";
    image.filePath = "tarball/${config.image.fileName}";
    image.baseName = "nixos-image-kexec-${config.system.nixos.label}-${pkgs.stdenv.hostPlatform.system}";
    system.build.squashfsStore = pkgs.squashfsStore {
      inherit (config.netboot) storeContents;
      comp = config.netboot.squashfsCompression;
    };
    system.build.netbootRamdisk = pkgs.netbootRamdisk {
      initrd = "${config.system.build.initialRamdisk}/${config.system.boot.loader.initrdFile}";
      squashfs = config.system.build.squashfsStore;
    };
    system.build.netbootIpxeScript = pkgs.writeTextDir "netboot.ipxe" ''
      #!ipxe
      kernel ${kernelFile} ${params} ''${cmdline}
      initrd initrd
      boot
    '';
    system.build.kexecScript = pkgs.writeScript "kexec-boot" ''
      #!/usr/bin/env bash
      SCRIPT_DIR=$( cd -- "$( dirname -- "''${BASH_SOURCE[0]}" )" &> /dev/null && pwd )
      kexec --load ''${SCRIPT_DIR}/${kernelFile} --initrd=''${SCRIPT_DIR}/initrd --command-line ${lib.escapeShellArg params}
      kexec -e
    '';
    system.build.kexecTree = pkgs.linkFarm "kexec-tree" [
      { name = "initrd"; path = "${config.system.build.netbootRamdisk}/initrd"; }
      { name = kernelFile; path = "${config.system.build.kernel}/${kernelFile}"; }
      { name = "kexec-boot"; path = config.system.build.kexecScript; }
    ];
    system.build.image = config.system.build.kexecTree;
  };
}
