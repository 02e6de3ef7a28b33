# Of the system as a whole.
{ lib, ... }:
{
  system.stateVersion = lib.mkOverride 900 "25.05";

  networking.hostName = lib.mkOverride 900 "the-desk-s-own";
}
