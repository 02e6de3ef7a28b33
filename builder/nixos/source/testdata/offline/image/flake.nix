# What an image of level B has in its store, made by the modules that real images have. offline/ and target/ are
# put beside this file.
{
  inputs.nixpkgs.url = "github:isowright-test/pkgs";
  outputs =
    { self, nixpkgs }:
    let
      target = import ./offline/targets.nix {
        inherit (nixpkgs) lib;
        inherit nixpkgs;
        system = "x86_64-linux";
        settings = {
          host = "box";
          own = false;
          locked = false;
        };
      };
      inherit (target.designed) pkgs;
      toplevel = s: s.config.system.build.toplevel;
      roots =
        name: paths:
        pkgs.build name {
          inherit paths;
        } "for p in $paths; do echo $p; done > $out";
      buildInputs = import ./offline/build-inputs.nix {
        inherit pkgs;
        known = [
          (toplevel target.designed)
          (toplevel (target.withHardware target.designed))
        ];
        changed = [ (toplevel (target.probed target.designed)) ];
      };
    in
    {
      inherit buildInputs;
      toplevel = toplevel target.designed;
      levelA = roots "level-a" [ (toplevel target.designed) ];
      sourcesOnly = roots "sources-only" ([ (toplevel target.designed) ] ++ target.sources);
      inputsOnly = roots "inputs-only" ([ (toplevel target.designed) ] ++ buildInputs);
      levelB = roots "level-b" ([ (toplevel target.designed) ] ++ target.sources ++ buildInputs);
    };
}
