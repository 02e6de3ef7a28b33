{ lib, ... }:
{
  imports = [ ./installation-cd-base.nix ];
  isoImage.edition = lib.mkOverride 500 "minimal";
  documentation.man.enable = lib.mkOverride 500 true;
  documentation.doc.enable = lib.mkOverride 500 true;
}
