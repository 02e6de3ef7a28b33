# The package set: builders in nixpkgs' names, a few real packages made from
# Debian's parts, and many names behind which there is only a script.
{
  system,
  config ? { },
  overlays ? [ ],
}:
let
  lib = import ../lib;
  layers = [
    (import ./builders.nix)
    (import ./debian.nix)
    (import ./image.nix)
    (import ./stubs.nix)
  ]
  ++ overlays;
  first = _: {
    inherit lib system config overlays;
    path = ../.;
  };
  pkgs = lib.fix (lib.foldl' (f: overlay: lib.extends overlay f) first layers);
in
pkgs
