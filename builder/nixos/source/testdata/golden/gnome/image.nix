# gnome: the whole image. One file a subject; base.nix holds what it starts from.
{ ... }:
{
  imports = [
    ./system.nix
    ./packages.nix
    ./ssh.nix
    ./locale.nix
    ./medium.nix
    ./menu.nix
    ./manifest.nix
  ];
}
