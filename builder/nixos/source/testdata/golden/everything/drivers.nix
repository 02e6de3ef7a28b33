# Drivers that the base does not bring.
{ ... }:
{
  # Xbox controllers by Bluetooth
  hardware.xpadneo.enable = true;
}
