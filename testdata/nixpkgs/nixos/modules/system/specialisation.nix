# Variants of a system: each is the whole configuration with a module more.
{ lib, extendModules, ... }:
let
  configuration = lib.types.raw // {
    description = "module";
    check = x: lib.isAttrs x || lib.isFunction x || builtins.isPath x;
    merge =
      loc: defs:
      (extendModules {
        modules = [
          { specialisation = lib.mkOverride 0 { }; }
        ]
        ++ map (d: { _file = d.file; imports = [ d.value ]; }) defs;
      }).config;
  };
in
{
  options.specialisation = lib.mkOption {
    default = { };
    type = lib.types.attrsOf (
      lib.types.submodule {
        options.inheritParentConfig = lib.mkOption { type = lib.types.bool; default = true; };
        options.configuration = lib.mkOption { type = configuration; default = { }; };
      }
    );
  };
}
