# Fields of the design and the options in which they replace what base.nix sets.
[
  { field = "nixos.image_name"; option = [ "image" "baseName" ]; }
  { field = "boot.timeout"; option = [ "boot" "loader" "timeout" ]; }
]
