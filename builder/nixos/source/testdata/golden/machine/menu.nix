# The boot menu.
{ lib, ... }:
{
  boot.loader.timeout = lib.mkForce 5;

  isoImage.efiSplashImage = ./assets/pic.png;
  isoImage.grubTheme = null;
}
