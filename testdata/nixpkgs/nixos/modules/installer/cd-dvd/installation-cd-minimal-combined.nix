{ lib, ... }:
{
  imports = [ ./installation-cd-minimal.nix ];
  specialisation.latest_kernel.configuration =
    { config, pkgs, ... }:
    {
      imports = [ ./latest-kernel.nix ];
      isoImage.configurationName = lib.mkDefault "(Linux ${config.boot.kernelPackages.kernel.version})";
    };
}
