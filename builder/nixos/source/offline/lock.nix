# The flake.lock of Isowright's own target: it names the revision of nixpkgs that the image is made of, as a store
# path where nixpkgs did not come from a repository.
{
  config,
  lib,
  nixpkgs,
  pkgs,
  original,
}:
let
  path = {
    type = "path";
    path = "${nixpkgs.outPath or nixpkgs}";
    lastModified = nixpkgs.lastModified or 1;
  };
  github = {
    type = "github";
    inherit (original) owner repo;
    inherit (nixpkgs) lastModified narHash rev;
  };
  lock = locked: {
    version = 7;
    root = "root";
    nodes.root.inputs.nixpkgs = "nixpkgs";
    nodes.nixpkgs = {
      inherit locked original;
    };
  };
in
if nixpkgs ? rev then
  pkgs.writeText "flake.lock" (builtins.toJSON (lock github))
else if nixpkgs ? narHash then
  pkgs.writeText "flake.lock" (builtins.toJSON (lock (path // { inherit (nixpkgs) narHash; })))
else
  pkgs.runCommand "flake.lock"
    {
      lock = builtins.toJSON (lock (path // { narHash = "@narHash@"; }));
      passAsFile = [ "lock" ];
    }
    ''
      hash=$(${lib.getExe' config.nix.package "nix-hash"} --type sha256 --sri ${path.path})
      substitute "$lockPath" "$out" --replace-fail @narHash@ "$hash"
    ''
