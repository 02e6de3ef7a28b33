# Evaluates a NixOS configuration.
{
  system ? builtins.currentSystem,
  modules,
  specialArgs ? { },
  lib ? import ../../lib,
  baseModules ? import ../modules/module-list.nix,
  prefix ? [ ],
  ...
}:
let
  eval = lib.evalModules {
    modules = baseModules ++ lib.optional (system != null) { nixpkgs.system = lib.mkDefault system; } ++ modules;
    specialArgs = {
      modulesPath = toString ../modules;
    }
    // specialArgs;
    inherit prefix;
    spaces = import ../modules/spaces.nix;
    args = { };
  };
in
eval
// {
  pkgs = eval.config._module.args.pkgs;
  inherit lib;
}
