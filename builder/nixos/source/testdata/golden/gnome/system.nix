# Of the system as a whole.
{ lib, ... }:
{
  networking.hostName = lib.mkOverride 900 "gnome";

  # For the habits of which release the system keeps its state.
  system.stateVersion = lib.mkOverride 900 "26.11";
}
