# What is handed out over the network, in one folder.
{ config, pkgs, ... }:
let
  inherit (config.system) build;
  kernelFile = config.system.boot.loader.kernelFile;
in
{
  system.build.netbootBundle = pkgs.linkFarm "netboot" [
    {
      name = kernelFile;
      path = "${build.kernel}/${kernelFile}";
    }
    {
      name = "initrd";
      path = "${build.netbootRamdisk}/initrd";
    }
    {
      name = "netboot.ipxe";
      path = "${build.netbootIpxeScript}/netboot.ipxe";
    }
    {
      # Starts the image from a running Linux, without a boot menu.
      name = "kexec-boot";
      path = pkgs.writeScript "kexec-boot" ''
        #!/bin/sh
        if ! command -v kexec >/dev/null; then
          echo "kexec is missing: install kexec-tools" >&2
          exit 1
        fi
        here=$(cd "$(dirname "$0")" && pwd) || exit 1
        kexec --load "$here/${kernelFile}" --initrd="$here/initrd" \
          --command-line ${
            pkgs.lib.escapeShellArg "init=${build.toplevel}/init ${toString config.boot.kernelParams}"
          } &&
          kexec -e
      '';
    }
  ];
}
