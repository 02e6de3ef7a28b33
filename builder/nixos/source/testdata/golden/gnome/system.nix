# Of the system as a whole.
{ lib, ... }:
{
  system.stateVersion = lib.mkOverride 900 "26.11";

  networking.hostName = lib.mkOverride 900 "gnome";
}
