# Of the system as a whole.
{ lib, ... }:
{
  system.stateVersion = lib.mkOverride 900 "26.05";

  networking.hostName = lib.mkOverride 900 "minimal";
}
