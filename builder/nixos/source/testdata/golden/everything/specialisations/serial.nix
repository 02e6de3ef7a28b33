# The variant serial.
{ lib, ... }:
{
  isoImage.configurationName = lib.mkOverride 40 "(serial)";

  # The main system may be hidden in the menu, its variants are not.
  isoImage.showConfiguration = lib.mkOverride 40 true;

  boot.kernelParams = [ "console=ttyS0,115200n8" ];
}
