# The variant lts.
{ lib, pkgs, ... }:
{
  isoImage.configurationName = lib.mkOverride 40 "LTS";

  # The main system may be hidden in the menu, its variants are not.
  isoImage.showConfiguration = lib.mkOverride 40 true;

  boot.kernelPackages = lib.mkOverride 40 pkgs.linuxPackages;

  environment.systemPackages = [ pkgs.hello ];

  imports = [ ./lts-own.nix ];
}
