# The ssh server.
{ lib, ... }:
{
  services.openssh.enable = lib.mkOverride 900 false;
}
