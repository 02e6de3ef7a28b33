# The desk's own, a NixOS image.
#
#   nix build '.#image'       the image
#   nix eval --json '.#plan'  what it will be
{
  description = "The desk's own";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-25.05";
  inputs.configuration.url = "path:./configuration";
  inputs.configuration.inputs.nixpkgs.follows = "nixpkgs";

  outputs =
    { configuration, nixpkgs, ... }:
    let
      built = import ./outputs.nix {
        inherit configuration;
        inherit (nixpkgs.lib) nixosSystem;
      };
    in
    {
      nixosConfigurations.image = built.nixos;
      packages.x86_64-linux = rec {
        inherit (built) image manifest;
        default = image;
      };
      inherit (built) plan;
    };
}
