# How the image comes to its addresses.
{ lib, ... }:
{
  networking.networkmanager.enable = lib.mkForce true;

  networking.networkmanager.ensureProfiles.profiles.wired = {
    connection = {
      id = "wired";
      type = "ethernet";
      autoconnect-priority = 10;
    };
    ipv4 = {
      method = "manual";
      address1 = "192.0.2.3/24";
    };
    ipv6 = {
      method = "disabled";
    };
  };

  # No other wired connection is made by itself.
  networking.networkmanager.settings.main.no-auto-default = "*";
}
