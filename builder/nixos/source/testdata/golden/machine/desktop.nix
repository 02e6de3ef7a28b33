# The desktop, which nixpkgs has no image of.
{ lib, options, ... }:
{
  services.desktopManager = lib.optionalAttrs (options.services.desktopManager ? budgie) { budgie.enable = true; };
  services.xserver.desktopManager = lib.optionalAttrs (!(options.services.desktopManager ? budgie)) { budgie.enable = true; };

  isoImage.edition = lib.mkDefault "budgie";

  # As on nixpkgs's own graphical images.
  services.displayManager.autoLogin.enable = lib.mkOverride 900 true;
  services.displayManager.autoLogin.user = lib.mkOverride 900 "nixos";
}
