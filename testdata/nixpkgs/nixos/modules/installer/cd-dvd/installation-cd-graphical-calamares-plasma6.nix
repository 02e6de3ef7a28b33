{ lib, ... }:
{
  imports = [ ./installation-cd-graphical-calamares.nix ];
  isoImage.edition = lib.mkDefault "plasma6";
  services.desktopManager.plasma6.enable = true;
  services.displayManager.autoLogin = {
    enable = true;
    user = "nixos";
  };
}
