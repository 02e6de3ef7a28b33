# The boot menu.
{ lib, ... }:
{
  boot.loader.timeout = lib.mkForce 0;

  system.nixos.distroName = "ACME";

  isoImage.prependToMenuLabel = "Start ";
  isoImage.appendToMenuLabel = " Rescue";
  isoImage.configurationName = lib.mkForce "(main)";

  boot.loader.grub.memtest86.enable = lib.mkForce false;

  isoImage.forceTextMode = true;
  isoImage.splashImage = ./assets/pic.png;
  isoImage.efiSplashImage = ./assets/pic.png;

  # A theme would hide the picture.
  isoImage.grubTheme = null;

  isoImage.syslinuxTheme = ''
    MENU TITLE x
    MENU RESOLUTION 800 600
  '';
}
