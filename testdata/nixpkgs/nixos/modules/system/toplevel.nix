# The system as one store path.
{ config, lib, pkgs, ... }:
let
  failed = map (a: a.message) (lib.filter (a: !a.assertion) config.assertions);
  checked =
    x:
    if failed != [ ] then
      throw "\nFailed assertions:\n${lib.concatMapStringsSep "\n" (m: "- ${m}") failed}"
    else
      lib.foldr lib.warn x config.warnings;
in
{
  system.build.toplevel = checked (
    pkgs.runCommand "nixos-system-${config.system.name}-${config.system.nixos.label}" { } (
      ''
        mkdir $out
        cp ${config.system.build.bootStage2} $out/init
        ln -s ${config.system.build.path} $out/sw
        ln -s ${config.system.build.etc} $out/etc
        ln -s ${config.boot.kernelPackages.kernel}/${config.system.boot.loader.kernelFile} $out/kernel
        ln -s ${config.system.build.initialRamdisk}/${config.system.boot.loader.initrdFile} $out/initrd
        ln -s ${config.boot.kernelPackages.kernel} $out/kernel-modules
        echo -n ${lib.escapeShellArg (toString config.boot.kernelParams)} >$out/kernel-params
        echo -n ${lib.escapeShellArg config.system.nixos.label} >$out/nixos-version
        echo -n ${pkgs.stdenv.hostPlatform.system} >$out/system
        mkdir $out/specialisation
      ''
      + lib.concatStrings (
        lib.mapAttrsToList (n: s: "ln -s ${s.configuration.system.build.toplevel} $out/specialisation/${n}\n") config.specialisation
      )
      + lib.concatMapStrings (p: "echo ${p} >>$out/extra-dependencies\n") config.system.extraDependencies
    )
  );
}
