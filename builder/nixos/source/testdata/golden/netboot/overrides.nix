# Fields of the design and the options in which they replace what base.nix sets.
[
  { field = "nixos.firmware"; option = [ "hardware" "enableRedistributableFirmware" ]; }
  { field = "network"; option = [ "networking" "networkmanager" "enable" ]; }
]
