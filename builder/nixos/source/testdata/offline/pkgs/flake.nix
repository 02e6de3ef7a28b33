# What a target's nixpkgs is to its flake, as little as the test of an installation without a network needs: a
# module system that joins sets and lists, and a system made of derivations that are built from each other.
{
  outputs =
    { self }:
    let
      lib = import ./lib.nix;
    in
    {
      lib = lib // {
        nixosSystem = { modules }: lib.evaluate (modules ++ [ ./system.nix ]);
      };
    };
}
