# netboot: the whole image. One file a subject; base.nix holds what it starts from.
{ ... }:
{
  imports = [
    ./system.nix
    ./packages.nix
    ./kernel.nix
    ./ssh.nix
    ./locale.nix
    ./network.nix
    ./medium.nix
    ./netboot.nix
  ];
}
