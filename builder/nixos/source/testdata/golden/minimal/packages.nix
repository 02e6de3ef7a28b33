# Packages, and consent to those that nixpkgs does not give out unasked.
{ config, lib, ... }:
{
  # What is installed, one package a line.
  environment.etc.packages.text = lib.concatLines (
    lib.naturalSort (lib.unique (map (p: p.name or (toString p)) config.environment.systemPackages))
  );
}
