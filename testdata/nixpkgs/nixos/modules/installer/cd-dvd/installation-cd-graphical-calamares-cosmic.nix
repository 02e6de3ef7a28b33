{ lib, ... }:
{
  imports = [ ./installation-cd-graphical-calamares.nix ];
  isoImage.edition = lib.mkDefault "cosmic";
  services.desktopManager.cosmic.enable = true;
  services.displayManager.autoLogin = {
    enable = true;
    user = "nixos";
  };
}
