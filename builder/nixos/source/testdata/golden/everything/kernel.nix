# Kernel, modules and firmware.
{ config, lib, pkgs, ... }:
{
  boot.kernelPackages = pkgs.linuxPackages_latest;

  # ZFS is behind new kernels: without a module for this one there is no ZFS.
  boot.supportedFilesystems.zfs = lib.mkIf (
    config.boot.kernelPackages.${config.boot.zfs.package.kernelModuleAttribute}.meta.broken or true
  ) (lib.mkForce false);

  boot.kernelParams = [
    "console=tty0"
    "foo=\"a b\""
    "\"x;y\""
  ];

  boot.kernelModules = lib.mkForce [
    "kvm-intel"
    "wl"
  ];

  boot.initrd.kernelModules = [
    "nvme"
    "wl"
  ];

  boot.blacklistedKernelModules = [
    "pcspkr"
    "b43"
    "b43legacy"
    "bcma"
    "ssb"
    "brcmsmac"
    "brcmfmac"
  ];

  boot.extraModulePackages = [
    config.boot.kernelPackages.v4l2loopback
    config.boot.kernelPackages.broadcom_sta
  ];

  hardware.enableRedistributableFirmware = lib.mkForce true;
  hardware.enableAllFirmware = lib.mkForce true;
}
