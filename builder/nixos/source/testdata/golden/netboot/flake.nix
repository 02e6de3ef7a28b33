# netboot, a NixOS image.
#
#   nix build '.#image'       the image
#   nix eval --json '.#plan'  what it will be
{
  description = "netboot";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.11";

  outputs =
    { nixpkgs, ... }:
    let
      built = import ./outputs.nix {
        inherit (nixpkgs.lib) nixosSystem;
      };
    in
    {
      nixosConfigurations.image = built.nixos;
      packages.x86_64-linux = rec {
        inherit (built) image;
        default = image;
      };
      inherit (built) plan;
    };
}
