# How the image comes to its addresses.
{ ... }:
{
  networking.networkmanager.ensureProfiles.profiles.wired = {
    match = {
      interface-name = "en*";
    };
    connection = {
      id = "wired";
      type = "ethernet";
      autoconnect-priority = 10;
    };
    ipv4 = {
      method = "manual";
      address1 = "192.0.2.10/24";
      route1 = "0.0.0.0/0,192.0.2.1";
    };
    ipv6 = {
      method = "manual";
      address1 = "2001:db8::2/64";
      route1 = "::/0,fe80::1";
    };
  };

  # No other wired connection is made by itself.
  networking.networkmanager.settings.main.no-auto-default = "*";
  networking.nameservers = [ "192.0.2.53" ];
  networking.search = [ "example.org" ];

  # Wi-Fi Büro ; $X
  networking.networkmanager.ensureProfiles.profiles.wifi-1 = {
    connection = {
      id = "wifi-1";
      type = "wifi";
    };
    wifi = {
      mode = "infrastructure";
      ssid = "66;195;188;114;111;32;59;32;36;88;";
      hidden = true;
    };
    wifi-security = {
      key-mgmt = "wpa-psk";
      psk = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    };
    ipv4 = {
      method = "auto";
    };
    ipv6 = {
      method = "auto";
    };
  };
}
