# The outputs that must lie in the image's store so that the systems `changed` can be built there, where all that
# the systems `known` are built from is known. While Nix evaluates, the store derivations of both are compared.
{
  pkgs,
  known,
  changed,
}:
let
  derivations = map (system: builtins.unsafeDiscardOutputDependency system.drvPath);
  list = derivation {
    name = "build-inputs.json";
    system = pkgs.stdenv.buildPlatform.system;
    builder = pkgs.buildPackages.runtimeShell;
    args = [ ./build-inputs.sh ];
    known = derivations known;
    changed = derivations changed;
    preferLocalBuild = true;
  };
  # A store path that belongs to an output of a derivation.
  output =
    e:
    builtins.appendContext e.path {
      ${e.drv}.outputs = [ e.output ];
    };
in
map output (builtins.fromJSON (builtins.unsafeDiscardStringContext (builtins.readFile list)))
