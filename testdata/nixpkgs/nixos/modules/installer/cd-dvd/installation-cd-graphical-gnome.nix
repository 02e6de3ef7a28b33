{ lib, ... }:
{
  imports = [ ./installation-cd-graphical-base.nix ];
  isoImage.edition = lib.mkDefault "gnome";
  services.desktopManager.gnome.enable = true;
  services.displayManager.autoLogin = {
    enable = true;
    user = "nixos";
  };
}
