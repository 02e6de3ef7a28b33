# Variants of the system, each with an entry of its own in the boot menu.
{ ... }:
{
  specialisation.serial.configuration = {
    imports = [ ./specialisations/serial.nix ];
  };

  specialisation.lts.configuration = {
    imports = [ ./specialisations/lts.nix ];
  };
}
