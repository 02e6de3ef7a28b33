# What the image starts from: nixpkgs's own image and the person's modules.
{ modulesPath, ... }:
{
  imports = [
    (modulesPath + "/installer/cd-dvd/installation-cd-graphical-calamares-gnome.nix")
  ];

  nixpkgs.hostPlatform = "x86_64-linux";
}
