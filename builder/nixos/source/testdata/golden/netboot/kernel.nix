# Kernel, modules and firmware.
{ lib, ... }:
{
  boot.kernelParams = [ "console=ttyS0" ];

  hardware.enableRedistributableFirmware = lib.mkForce true;
}
