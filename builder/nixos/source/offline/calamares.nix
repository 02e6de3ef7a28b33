# Calamares without a network: it does not ask for one, and installs from the medium alone. It still writes a new
# configuration, so it can only install what the image has the build inputs of.
{ lib, ... }:
{
  nixpkgs.overlays = [
    (final: prev: {
      calamares-nixos-extensions = prev.calamares-nixos-extensions.overrideAttrs (old: {
        postPatch = (old.postPatch or "") + ''
          sed -i '/^ *- *internet *$/d' config/modules/welcome.conf
          substituteInPlace modules/nixos/main.py \
            --replace-fail '"--no-root-passwd",' '"--no-root-passwd", "--no-channel-copy",'
        '';
      });
    })
  ];
  # In nix.conf: on the command line of nixos-install this would take away the medium's own store as well.
  nix.settings.substituters = lib.mkForce [ ];
}
