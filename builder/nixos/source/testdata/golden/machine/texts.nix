# What people read before and after they log in.
{ lib, ... }:
{
  # The base tells of empty passwords, which this image has not.
  services.getty.helpLine = lib.mkForce "";
}
