# Everything that a program needs to put the ISO together itself: building this
# derivation builds all parts, its text says what goes where.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  cfg = config.isoImage;
  grubPkgs = if config.boot.loader.grub.forcei686 or false then pkgs.pkgsi686Linux else pkgs;

  entry =
    name: c:
    lib.optional (c.isoImage.showConfiguration or true) {
      inherit name;
      label =
        c.isoImage.prependToMenuLabel
        + c.system.nixos.distroName
        + " "
        + c.system.nixos.label
        + c.isoImage.appendToMenuLabel
        + lib.optionalString ((c.isoImage.configurationName or null) != null) (
          " " + c.isoImage.configurationName
        );
      params = [ "init=${c.system.build.toplevel}/init" ] ++ c.boot.kernelParams;
      kernel = "/boot/${c.boot.kernelPackages.kernel}/${c.system.boot.loader.kernelFile}";
      initrd = "/boot/${c.system.build.initialRamdisk}/${c.system.boot.loader.initrdFile}";
    };
in
{
  system.build.isoManifest = pkgs.writeText "iso-manifest.json" (
    builtins.toJSON {
      version = 1;
      inherit (cfg) volumeID compressImage;
      fileName = config.image.fileName or cfg.isoName;
      squashfs = {
        compression = cfg.squashfsCompression;
        target = "/nix-store.squashfs";
        roots = map (p: "${p}") cfg.storeContents;
        closureInfo = "${pkgs.closureInfo { rootPaths = cfg.storeContents; }}";
      };
      contents = map (e: {
        source = "${e.source}";
        inherit (e) target;
      }) cfg.contents;
      boot = {
        bios = lib.optionalAttrs cfg.makeBiosBootable {
          image = "/isolinux/isolinux.bin";
          catalog = "/.boot.cat";
          loadSize = 4;
          bootInfoTable = true;
        };
        efi = lib.optionalAttrs cfg.makeEfiBootable {
          image = "/boot/efi.img";
          # GRUB's modules, for menus that use more than nixpkgs's.
          grub = "${grubPkgs.grub2_efi}/lib/grub";
        };
        isohybridMbr =
          if cfg.makeUsbBootable && cfg.makeBiosBootable then
            "${pkgs.syslinux}/share/syslinux/isohdpfx.bin"
          else
            null;
        inherit (config.boot.loader) timeout;
        menu =
          entry "" config
          ++ lib.concatLists (lib.mapAttrsToList (n: s: entry n s.configuration) config.specialisation);
      };
      toplevel = "${config.system.build.toplevel}";
    }
  );
}
