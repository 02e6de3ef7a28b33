{ pkgs, lib, ... }:
{
  imports = [ ./installation-cd-minimal.nix ];
  boot.kernelPackages = pkgs.linuxPackages_latest;
  boot.supportedFilesystems.zfs = lib.mkForce false;
}
