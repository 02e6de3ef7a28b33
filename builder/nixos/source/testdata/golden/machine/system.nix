# Of the system as a whole.
{ lib, ... }:
{
  networking.hostName = lib.mkOverride 900 "the-desk-s-own";

  # For the habits of which release the system keeps its state.
  system.stateVersion = lib.mkOverride 900 "25.05";
}
