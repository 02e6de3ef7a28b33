# Fields of the design and the options in which they replace what base.nix sets.
[
  { field = "root"; option = [ "users" "users" "root" "initialHashedPassword" ]; }
  { field = "users"; option = [ "users" "users" "nixos" "initialHashedPassword" ]; }
  { field = "users"; option = [ "users" "users" "nixos" "extraGroups" ]; }
  { field = "users"; option = [ "users" "users" "nixos" "shell" ]; }
  { field = "users"; option = [ "security" "sudo" "wheelNeedsPassword" ]; }
  { field = "users"; option = [ "services" "getty" "helpLine" ]; }
  { field = "startup.autologin"; option = [ "services" "getty" "autologinUser" ]; }
  { field = "startup.autologin"; option = [ "services" "displayManager" "autoLogin" "enable" ]; }
  { field = "startup.autologin"; option = [ "services" "displayManager" "autoLogin" "user" ]; }
  { field = "nixos.image_name"; option = [ "image" "baseName" ]; }
  { field = "boot.timeout"; option = [ "boot" "loader" "timeout" ]; }
]
