# The image without flakes: nix-build -A image
{
  nixpkgs ? <nixpkgs>,
}:
let
  built = import ./outputs.nix {
    nixosSystem =
      args: import (nixpkgs + "/nixos/lib/eval-config.nix") ({ system = null; } // args);
  };
in
{
  inherit (built)
    nixos
    image
    manifest
    plan
    ;
  inherit (built.nixos) config options pkgs;
}
