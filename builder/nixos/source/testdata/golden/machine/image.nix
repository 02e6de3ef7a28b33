# The desk's own: the whole image. One file a subject; base.nix holds what it starts from.
{ ... }:
{
  imports = [
    ./desktop.nix
    ./system.nix
    ./packages.nix
    ./users.nix
    ./ssh.nix
    ./texts.nix
    ./startup.nix
    ./locale.nix
    ./medium.nix
    ./menu.nix
    ./manifest.nix
  ];
}
