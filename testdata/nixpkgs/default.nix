# The package set, as `import <nixpkgs> { }` gives it.
{
  system ? builtins.currentSystem,
  localSystem ? system,
  crossSystem ? localSystem,
  config ? { },
  overlays ? [ ],
  ...
}:
import ./pkgs {
  system = if builtins.isAttrs crossSystem then crossSystem.system else crossSystem;
  inherit config overlays;
}
