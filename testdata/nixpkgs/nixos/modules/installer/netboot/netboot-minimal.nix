{ lib, ... }:
{
  imports = [ ./netboot-base.nix ];
  documentation.man.enable = lib.mkOverride 500 false;
  hardware.enableRedistributableFirmware = lib.mkOverride 70 false;
  networking.networkmanager.enable = lib.mkOverride 500 false;
}
