# Fields of the design and the options in which they replace what base.nix sets.
[
  { field = "nixos.kernel_modules"; option = [ "boot" "kernelModules" ]; }
  { field = "nixos.firmware"; option = [ "hardware" "enableRedistributableFirmware" ]; }
  { field = "nixos.firmware"; option = [ "hardware" "enableAllFirmware" ]; }
  { field = "root"; option = [ "users" "users" "root" "initialHashedPassword" ]; }
  { field = "users"; option = [ "users" "users" "nixos" "initialHashedPassword" ]; }
  { field = "users"; option = [ "users" "users" "nixos" "extraGroups" ]; }
  { field = "users"; option = [ "users" "users" "nixos" "shell" ]; }
  { field = "users"; option = [ "security" "sudo" "wheelNeedsPassword" ]; }
  { field = "nixos.help_line"; option = [ "services" "getty" "helpLine" ]; }
  { field = "texts.after_login"; option = [ "users" "motd" ]; }
  { field = "startup.autologin"; option = [ "services" "getty" "autologinUser" ]; }
  { field = "nixos.manual"; option = [ "documentation" "nixos" "enable" ]; }
  { field = "nixos.image_name"; option = [ "image" "baseName" ]; }
  { field = "nixos.edition"; option = [ "isoImage" "edition" ]; }
  { field = "boot.timeout"; option = [ "boot" "loader" "timeout" ]; }
  { field = "nixos.menu.configuration"; option = [ "isoImage" "configurationName" ]; }
  { field = "nixos.menu.memtest"; option = [ "boot" "loader" "grub" "memtest86" "enable" ]; }
]
