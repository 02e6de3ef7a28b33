# What nixos-generate-config imports on computers with hardware that it knows nothing about.
{ lib, ... }:
{
  hardware.enableRedistributableFirmware = lib.mkDefault true;
}
