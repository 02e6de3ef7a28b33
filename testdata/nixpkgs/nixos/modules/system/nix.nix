# Nix in the running system.
{ config, lib, pkgs, ... }:
let
  show =
    v:
    if lib.isBool v then
      lib.boolToString v
    else if lib.isList v then
      lib.concatMapStringsSep " " toString v
    else
      toString v;
in
{
  nix.package = lib.mkDefault pkgs.nix;
  nix.settings = {
    build-users-group = lib.mkDefault "";
    sandbox = lib.mkDefault false;
    substituters = lib.mkDefault [ ];
  };
  environment.systemPackages = lib.mkIf config.nix.enable [ config.nix.package ];
  environment.etc."nix/nix.conf".text =
    lib.concatStrings (lib.mapAttrsToList (n: v: "${n} = ${show v}\n") config.nix.settings) + config.nix.extraOptions;
}
