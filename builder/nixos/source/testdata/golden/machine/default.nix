# The image without flakes: nix-build -A image
{
  nixpkgs ? fetchTarball {
    url = "https://github.com/NixOS/nixpkgs/archive/0123456789abcdef0123456789abcdef01234567.tar.gz";
    sha256 = "sha256-u9Z6i3Pl+DkuZ4b5BO+prVcaUjEd9W/uBF4YBQz614Q=";
  },
  configuration ? builtins.getFlake (toString ./configuration),
}:
let
  built = import ./outputs.nix {
    inherit configuration;
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
