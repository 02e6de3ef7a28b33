# The name of an image's file.
{ config, lib, ... }:
let
  inherit (lib) types mkOption;
in
{
  options.image = {
    baseName = mkOption {
      type = types.str;
      default = "nixos-image-${config.system.nixos.label}-${config.nixpkgs.hostPlatform.system}";
    };
    extension = mkOption { type = types.str; };
    fileName = mkOption { type = types.str; default = "${config.image.baseName}.${config.image.extension}"; };
    filePath = mkOption { type = types.str; default = config.image.fileName; };
  };
}
