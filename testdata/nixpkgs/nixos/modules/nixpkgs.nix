# The package set that the modules see.
{ lib, config, options, ... }:
let
  cfg = config.nixpkgs;
  inherit (lib) types mkOption;
in
{
  options.nixpkgs = {
    hostPlatform = mkOption {
      type = types.either types.str types.attrs;
      apply = lib.systems.elaborate;
    };
    buildPlatform = mkOption {
      type = types.either types.str types.attrs;
      default = cfg.hostPlatform;
      apply = lib.systems.elaborate;
    };
    system = mkOption { type = types.str; };
    config = mkOption {
      default = { };
      type = types.attrsOf types.anything;
    };
    overlays = mkOption {
      type = types.listOf types.raw;
      default = [ ];
    };
    flake.source = mkOption {
      type = types.nullOr types.path;
      default = null;
    };
    flake.setNixPath = mkOption { type = types.bool; default = cfg.flake.source != null; };
    flake.setFlakeRegistry = mkOption { type = types.bool; default = cfg.flake.source != null; };
  };
  config._module.args.pkgs = import ../.. {
    system =
      if options.nixpkgs.hostPlatform.isDefined then
        cfg.hostPlatform.system
      else if options.nixpkgs.system.isDefined then
        cfg.system
      else
        throw "Neither nixpkgs.hostPlatform nor the legacy option nixpkgs.system has been set.";
    inherit (cfg) config overlays;
  };
}
