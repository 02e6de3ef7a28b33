# The system: its parts need tools to be built, and a library to run.
{ config, pkgs, ... }:
let
  etc = pkgs.text "etc" (
    builtins.toJSON {
      host = config.networking.hostName;
      users = builtins.attrNames (config.users.users or { });
      fileSystems = builtins.mapAttrs (_: f: f.device) config.fileSystems;
    }
  );
  initrd = pkgs.build "initrd" {
    modules = config.boot.initrd.availableKernelModules or [ ];
    inherit (pkgs) library tool;
  } "read -r line < $library; read -r line < $tool; printf '%s\\n' \"$modules\" > $out";
  units = pkgs.text "units" "the same on every system";
in
{
  boot.loader = { };
  fileSystems = { };
  system.build.toplevel = pkgs.build "nixos-system-test" {
    inherit etc initrd units;
    inherit (pkgs) library;
  } "busybox=/bin/busybox; $busybox mkdir $out; $busybox ln -s $etc $out/etc; $busybox ln -s $initrd $units $library $out";
}
