{ ... }: { imports = [ ./more.nix ]; }
