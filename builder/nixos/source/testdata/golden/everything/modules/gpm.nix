{ lib, ... }: { services.gpm.enable = lib.mkDefault false; }
