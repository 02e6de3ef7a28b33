# Everything's on, ${here}: the whole image. One file a subject; base.nix holds what it starts from.
{ ... }:
{
  imports = [
    ./system.nix
    ./packages.nix
    ./drivers.nix
    ./kernel.nix
    ./users.nix
    ./ssh.nix
    ./texts.nix
    ./startup.nix
    ./locale.nix
    ./network.nix
    ./nix.nix
    ./medium.nix
    ./menu.nix
    ./files.nix
    ./specialisations.nix
    ./boot-menu.nix
    ./modules/gpm.nix
    ./manifest.nix
  ];
}
