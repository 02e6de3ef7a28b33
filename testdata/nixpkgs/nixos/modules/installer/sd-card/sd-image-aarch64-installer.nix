# A card image; only its evaluation is of use here, there is no Debian for aarch64.
{ config, lib, pkgs, ... }:
{
  imports = [
    ../../profiles/installation-device.nix
    ../../image/file-options.nix
  ];
  image.extension = "img.zst";
  image.filePath = "sd-image/${config.image.fileName}";
  image.baseName = "nixos-image-sd-card-${config.system.nixos.label}-${pkgs.stdenv.hostPlatform.system}";
  system.build.sdImage = pkgs.linkFarm config.image.fileName [
    { name = config.image.filePath; path = config.system.build.toplevel; }
  ];
  system.build.image = config.system.build.sdImage;
}
