# What every installer has.
{ config, lib, pkgs, ... }:
{
  system.nixos.variant_id = lib.mkDefault "installer";
  services.getty.helpLine = ''
    The "nixos" and "root" accounts have empty passwords.
  '';
  services.getty.autologinUser = "nixos";
  users.users.root.initialHashedPassword = "";
  users.users.nixos = {
    isNormalUser = true;
    extraGroups = [ "wheel" "networkmanager" "video" ];
    initialHashedPassword = "";
  };
  security.sudo.wheelNeedsPassword = lib.mkImageMediaOverride false;
  services.openssh.enable = lib.mkDefault true;
  services.openssh.settings.PermitRootLogin = lib.mkDefault "yes";
  networking.networkmanager.enable = true;
  networking.wireless.enable = true;
  hardware.enableAllHardware = true;
  hardware.enableRedistributableFirmware = true;
  swapDevices = lib.mkImageMediaOverride [ ];
  documentation.enable = lib.mkImageMediaOverride true;
  documentation.nixos.enable = lib.mkImageMediaOverride true;
  boot.postBootCommands = "mkdir -p /mnt";
}
