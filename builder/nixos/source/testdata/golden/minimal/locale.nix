# Language, keyboard, time and console.
{ lib, ... }:
{
  i18n.defaultLocale = lib.mkOverride 900 "C.UTF-8";

  time.timeZone = lib.mkOverride 900 "Etc/UTC";

  services.xserver.xkb.layout = lib.mkOverride 900 "us";
}
