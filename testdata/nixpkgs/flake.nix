# A stand-in for nixpkgs: small enough to be evaluated and built in seconds,
# from Debian's parts, and close enough that a generated configuration makes a
# real, bootable image of it. See README.md.
{
  description = "A small stand-in for nixpkgs, for tests";
  outputs =
    { self }:
    let
      base = import ./lib;
      lib = base // {
        nixosSystem =
          args:
          import ./nixos/lib/eval-config.nix (
            {
              system = null;
              modules = args.modules ++ [
                {
                  _file = "flake.nix";
                  nixpkgs.flake.source = self.outPath;
                }
              ];
            }
            // builtins.removeAttrs args [ "modules" ]
          );
      };
    in
    {
      inherit lib;
      legacyPackages = base.genAttrs [ "x86_64-linux" "aarch64-linux" ] (system: import ./. { inherit system; });
      nixosModules = { };
    };
}
