# What flake.nix and default.nix offer alike.
{ nixosSystem }:
let
  evaluate = modules: nixosSystem { inherit modules; };
  nixos = evaluate [
    ./base.nix
    ./image.nix
  ];
  # What the design's fields replace is looked up here.
  base = evaluate [ ./base.nix ];
  image = nixos.config.system.build.isoImage;
  manifest = nixos.config.system.build.isoManifest;
in
{
  inherit nixos image manifest;
  plan = import ./plan.nix {
    inherit
      nixos
      base
      image
      manifest
      ;
    overrides = import ./overrides.nix;
  };
}
