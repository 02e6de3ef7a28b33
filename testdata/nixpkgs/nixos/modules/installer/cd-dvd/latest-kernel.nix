{ lib, pkgs, ... }:
{
  boot.kernelPackages = lib.mkDefault pkgs.linuxPackages_latest;
  boot.supportedFilesystems.zfs = lib.mkForce false;
}
