# What happens without anybody typing.
{ lib, ... }:
{
  services.getty.autologinUser = lib.mkForce "anna";
  services.displayManager.autoLogin.enable = lib.mkForce true;
  services.displayManager.autoLogin.user = lib.mkForce "anna";
}
