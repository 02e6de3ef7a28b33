{ pkgs, ... }:
{
  imports = [ ./installation-cd-graphical-base.nix ];
  environment.systemPackages = [ pkgs.calamares-nixos pkgs.calamares-nixos-extensions ];
  i18n.supportedLocales = [ "all" ];
}
