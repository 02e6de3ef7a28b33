# What images are made of. The programs and their options are those of nixpkgs,
# so that the results have the same structure.
final: prev:
let
  inherit (final) lib build;
  compression = comp: if comp == null then "-noI -noD -noF -noX" else "-comp ${comp}";
in
{
  makeInitrd =
    { init, modules, kernel, label }:
    build {
      name = "initrd-linux-${kernel.version}";
      script = ''
        mkdir root; cd root
        mkdir -p bin dev proc sys sysroot lib/modules
        cp ${final.debianParts}/busybox bin/busybox
        for applet in $(bin/busybox --list); do [ $applet = busybox ] || ln -s busybox bin/$applet; done
        cp ${init} init; chmod 755 init
        printf %s ${lib.escapeShellArg label} >label
        cp -R ${kernel}/lib/modules/. lib/modules; chmod -R u+w lib
        printf '%s\n' ${lib.escapeShellArgs modules} >modules
        find . -exec touch -h -d @1 {} +
        mkdir $out
        find . -mindepth 1 -printf '%P\0' | sort -z | cpio --quiet -o -0 -H newc -R 0:0 --reproducible | gzip -1n >$out/initrd
      '';
    };

  squashfsStore =
    { storeContents, comp }:
    build {
      name = "squashfs.img";
      script = ''
        closure=${final.closureInfo { rootPaths = storeContents; }}
        cp $closure/registration nix-path-registration
        SOURCE_DATE_EPOCH=0 mksquashfs nix-path-registration $(cat $closure/store-paths) $out \
          -no-hardlinks -keep-as-directory -all-root -b 1048576 ${compression comp} \
          -processors 2 -root-mode 0755 -no-progress -quiet
      '';
    };

  efiDirectory =
    { grubCfg, loader }:
    build {
      name = "efi-directory";
      script = ''
        mkdir -p $out/EFI/BOOT
        touch $out/EFI/nixos-installer-image
        grub-mkimage --directory=${final.grub2_efi}/lib/grub/x86_64-efi -o $out/EFI/BOOT/${loader} -p /EFI/BOOT -O x86_64-efi \
          fat iso9660 part_gpt part_msdos normal boot linux configfile loopback chain halt efifwsetup efi_gop efi_uga \
          ls search search_label search_fs_uuid search_fs_file echo serial gfxmenu gfxterm gfxterm_background gfxterm_menu \
          test loadenv all_video videoinfo png
        cp ${grubCfg} $out/EFI/BOOT/grub.cfg
        cp ${final.grub2_efi}/share/grub/unicode.pf2 $out/EFI/BOOT
      '';
    };

  efiImage =
    { efiDir }:
    build {
      name = "efi-image_eltorito";
      script = ''
        mkdir -p contents/EFI/BOOT
        cp -r ${efiDir}/EFI/BOOT/{grub.cfg,*.EFI} contents/EFI/BOOT
        chmod -R u+w contents
        find contents -exec touch --date=2000-01-01 {} +
        size=$(( ( $(du -B 1048576 -s contents | cut -f 1) * 11 / 10 + 2 ) * 1048576 ))
        truncate --size=$size image
        mkfs.vfat --invariant -i 12345678 -n EFIBOOT image
        (cd contents && for d in $(find EFI -mindepth 0 -type d | sort); do faketime= mmd -i ../image "::/$d"; done
         for f in $(find EFI -type f | sort); do mcopy -pvm -i ../image "$f" "::/$f"; done)
        fsck.vfat -vn image
        cp image $out
      '';
    };

  isoImage =
    {
      isoName,
      volumeID,
      contents,
      squashfs,
      compressImage,
      bios,
      efi,
      usb,
    }:
    let
      listed = contents ++ [ { source = squashfs; target = "/nix-store.squashfs"; } ];
    in
    build {
      name = isoName;
      env.list = lib.concatMapStrings (e: "${lib.removePrefix "/" e.target}=${e.source}\n") listed;
      env.passAsFile = [ "list" ];
      script = ''
        mkdir -p $out/iso $out/nix-support
        xorriso="xorriso -boot_image any gpt_disk_guid=$(echo $out | sha256sum | sed 's/\(........\)\(....\)\(....\)\(....\)\(............\).*/\1-\2-\3-\4-\5/') \
          -volume_date all_file_dates =1 -as mkisofs -iso-level 3 -volid ${lib.escapeShellArg volumeID} -appid nixos -publisher nixos \
          -graft-points -full-iso9660-filenames -joliet"
        ${lib.optionalString bios ''
          xorriso="$xorriso -eltorito-boot isolinux/isolinux.bin -eltorito-catalog .boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table --sort-weight 1 /isolinux"
        ''}
        ${lib.optionalString (usb && bios) ''
          xorriso="$xorriso -isohybrid-mbr ${final.syslinux}/share/syslinux/isohdpfx.bin"
        ''}
        ${lib.optionalString efi ''
          xorriso="$xorriso ${lib.optionalString bios "-eltorito-alt-boot"} -e boot/efi.img -no-emul-boot -isohybrid-gpt-basdat"
        ''}
        $xorriso -r -o $out/iso/${isoName} -path-list "$listPath" --sort-weight 0 /
        ${lib.optionalString compressImage "zstd -q -T2 --rm $out/iso/${isoName}"}
        echo $system >$out/nix-support/system
        echo "file iso $out/iso/${isoName}${lib.optionalString compressImage ".zst"}" >$out/nix-support/hydra-build-products
      '';
      passthru = { inherit isoName; };
    };

  # netbootRamdisk appends the store to the initrd as a second archive.
  netbootRamdisk =
    { initrd, squashfs }:
    build {
      name = "initrd";
      script = ''
        mkdir -p $out root
        cp ${squashfs} root/nix-store.squashfs
        touch -d @1 root/nix-store.squashfs
        cat ${initrd} >$out/initrd
        # The kernel looks for the next archive at multiples of four bytes.
        truncate -s %4 $out/initrd
        (cd root && echo nix-store.squashfs | cpio --quiet -o -H newc -R 0:0 --reproducible) >>$out/initrd
      '';
    };
}
