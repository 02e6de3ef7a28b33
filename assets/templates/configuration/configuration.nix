# What is installed. Choose the same desktop and the same user in the installer.
{ pkgs, ... }:
{
  imports = [ ./hardware-configuration.nix ];

  networking.hostName = "desk";
  networking.networkmanager.enable = true;
  boot.loader.systemd-boot.enable = true;
  boot.loader.efi.canTouchEfiVariables = true;

  services.xserver.enable = true;
  services.displayManager.gdm.enable = true;
  services.desktopManager.gnome.enable = true;

  users.users.user = {
    isNormalUser = true;
    extraGroups = [
      "networkmanager"
      "wheel"
    ];
    # Nobody knows the password of this hash: put in your own (openssl passwd -6).
    hashedPassword = "$6$TlXhTl0IV2uvEqml$Kf/3qsevCkN8/r4LCxnQXY52If5jYNotfCIWVETfiX7CBjB9pmqFjUwAn2LUycO/CW.VwC.o03jK1FEffyGr01";
  };

  environment.systemPackages = [ pkgs.firefox ];
  system.stateVersion = "26.05";
}
