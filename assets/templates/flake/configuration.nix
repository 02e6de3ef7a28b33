{ pkgs, ... }:
{
  networking.hostName = "computer";
  boot.loader.systemd-boot.enable = true;
  boot.loader.efi.canTouchEfiVariables = true;

  users.users.admin = {
    isNormalUser = true;
    extraGroups = [ "wheel" ];
    # Nobody knows the password of this hash: put in your own (openssl passwd -6).
    hashedPassword = "$6$TlXhTl0IV2uvEqml$Kf/3qsevCkN8/r4LCxnQXY52If5jYNotfCIWVETfiX7CBjB9pmqFjUwAn2LUycO/CW.VwC.o03jK1FEffyGr01";
  };

  environment.systemPackages = [ pkgs.git ];
  system.stateVersion = "25.11";
}
