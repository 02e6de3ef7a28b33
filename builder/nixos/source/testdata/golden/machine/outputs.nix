# What flake.nix and default.nix offer alike.
{ configuration, nixosSystem }:
let
  # Modules of the person's flake.
  own = [
    configuration.nixosModules.extra
  ];
  # The machine's own modules with those of the image over them.
  machine = configuration.nixosConfigurations.desk;
  evaluate = modules: machine.extendModules { modules = own ++ modules; };
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
