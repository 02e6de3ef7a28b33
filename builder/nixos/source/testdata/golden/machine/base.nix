# What the image starts from: nixpkgs's own image and the person's modules.
{ lib, modulesPath, ... }:
{
  imports = [
    (modulesPath + "/installer/cd-dvd/installation-cd-graphical-calamares.nix")
  ];

  # The image starts by itself; what a machine has for that stays out of it.
  boot.loader.systemd-boot.enable = lib.mkImageMediaOverride false;

  nixpkgs.hostPlatform = "x86_64-linux";
}
