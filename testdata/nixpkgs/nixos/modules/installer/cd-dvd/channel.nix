# The copy of nixpkgs that an installer carries.
{ config, lib, pkgs, ... }:
{
  nix.registry = lib.mkIf config.system.installer.channel.enable {
    nixpkgs = {
      from = { type = "indirect"; id = "nixpkgs"; };
      to = { type = "path"; path = toString ../../../..; };
    };
  };
}
