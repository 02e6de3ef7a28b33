# Language, keyboard, time and console.
{ options, pkgs, ... }:
{
  i18n.defaultLocale = "de_DE.UTF-8";

  time.timeZone = "Europe/Berlin";

  services.xserver.xkb.layout = "de";
  services.xserver.xkb.variant = "nodeadkeys";
  services.xserver.xkb.options = "compose:ralt";

  # The console has the same keyboard.
  console.useXkbConfig = true;
  console.font = "ter-v32n";
  console.packages = [ pkgs.terminus_font ];
  console.earlySetup = true;
}
