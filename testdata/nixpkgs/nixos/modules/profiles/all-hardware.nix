# Drivers for most computers.
{
  hardware.enableAllHardware = true;
}
