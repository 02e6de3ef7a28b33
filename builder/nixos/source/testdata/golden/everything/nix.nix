# Nix on the image, and what of NixOS itself lies on it.
{ lib, ... }:
{
  nix.settings.connect-timeout = 1;

  nix.settings.experimental-features = [
    "nix-command"
    "flakes"
  ];
  nix.settings.flake-registry = "";
  nix.settings.max-jobs = 2;
  nix.settings.sandbox = true;

  system.installer.channel.enable = false;

  installer.cloneConfig = false;

  documentation.nixos.enable = lib.mkForce false;

  boot.initrd.systemd.enable = false;
}
