{ lib, ... }:
{
  imports = [ ./installation-cd-graphical-calamares.nix ];
  isoImage.edition = "graphical";
  isoImage.showConfiguration = lib.mkDefault false;
  specialisation.gnome.configuration = {
    isoImage.showConfiguration = true;
    isoImage.configurationName = "GNOME";
    services.desktopManager.gnome.enable = true;
  };
  specialisation.plasma.configuration = {
    isoImage.showConfiguration = true;
    isoImage.configurationName = "Plasma";
    services.desktopManager.plasma6.enable = true;
  };
}
