# Packages, and consent to those that nixpkgs does not give out unasked.
{ config, lib, pkgs, ... }:
{
  # In the image's store, but not installed.
  isoImage.storeContents = [ pkgs.hello ];

  environment.systemPackages = [
    pkgs.git
    pkgs.jq
    pkgs.python3Packages.requests
  ];

  # What is installed, one package a line.
  environment.etc.packages.text = lib.concatLines (
    lib.naturalSort (lib.unique (map (p: p.name or (toString p)) config.environment.systemPackages))
  );

  # Unfree packages that the design agrees to, by their pname.
  nixpkgs.config.allowUnfreePredicate = package: builtins.elem (lib.getName package) [
    "broadcom-sta"
    "b43-firmware"
    "broadcom-bt-firmware"
    "facetimehd-calibration"
    "facetimehd-firmware"
    "xone-dongle-firmware"
    "xow_dongle-firmware"
  ];

  # Packages with known weaknesses that the design agrees to.
  nixpkgs.config.allowInsecurePredicate = package: builtins.elem (lib.getName package) [ "broadcom-sta" ];

  # Packages marked broken that are tried all the same.
  nixpkgs.config.problems.handlers.hello.broken = "warn";
}
