# Adds the entries in menu/ to the two boot menus that nixpkgs makes. It has no
# option for that. A second declaration of isoImage.contents with nothing but
# `apply` joins nixpkgs's own, so the finished files can be changed on their way.
{ lib, pkgs, ... }:
let
  # UEFI: "look" goes to the end of each menu's settings, the entries stand before
  # the firmware's. What comes out must still be GRUB's language.
  patchGrub = pkgs.writeText "patch-grub.awk" ''
    function insert(file, line) {
      while ((getline line < file) > 0) print line
      close(file)
    }
    /^[[:space:]]*hiddenentry .Text mode/ { insert(look) }
    /^[[:space:]]*menuentry .Firmware Setup/ && !done { insert(entries); done = 1 }
    { print }
    END { if (!done) insert(entries) }
  '';
  grub = from: to: ''
    sed -f ${./menu/edits.sed} ${from} |
      awk -v look=${./menu/look.grub} -v entries=${./menu/entries.grub} -f ${patchGrub} > ${to}
    grub-script-check ${to}
  '';
  tools = with pkgs.buildPackages; [
    grub2_efi
    mtools
  ];

  patch =
    { source, target }@entry:
    if target == "/EFI" then
      {
        inherit target;
        source = pkgs.runCommand "efi-directory" { nativeBuildInputs = tools; } ''
          cp -r ${source} $out
          chmod -R u+w $out
          ${grub "${source}/BOOT/grub.cfg" "grub.cfg"}
          mv grub.cfg $out/BOOT/grub.cfg
        '';
      }
    else if target == "/boot/efi.img" then
      {
        inherit target;
        source = pkgs.runCommand "efi-image" { nativeBuildInputs = tools; } ''
          cp ${source} $out
          chmod u+w $out
          mcopy -i $out ::/EFI/BOOT/grub.cfg old.cfg
          ${grub "old.cfg" "grub.cfg"}
          touch --date=2000-01-01 grub.cfg
          mdel -i $out ::/EFI/BOOT/grub.cfg
          mcopy -m -i $out grub.cfg ::/EFI/BOOT/grub.cfg
        '';
      }
    else if target == "/isolinux/isolinux.cfg" then
      {
        inherit target;
        source = pkgs.runCommand "isolinux.cfg" { } ''
          { sed -f ${./menu/edits.sed} ${source}; echo; cat ${./menu/entries.isolinux}; } > $out
        '';
      }
    else
      entry;
in
{
  options.isoImage.contents = lib.mkOption { apply = map patch; };
}
