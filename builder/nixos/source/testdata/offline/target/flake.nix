{
  inputs.nixpkgs.url = "github:isowright-test/pkgs";
  outputs =
    { nixpkgs, ... }:
    {
      nixosConfigurations.box = nixpkgs.lib.nixosSystem { modules = [ ./configuration.nix ]; };
    };
}
