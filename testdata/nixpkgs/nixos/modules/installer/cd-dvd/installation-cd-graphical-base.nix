{ lib, ... }:
{
  imports = [ ./installation-cd-base.nix ];
  services.xserver.enable = true;
  boot.plymouth.enable = lib.mkDefault true;
}
