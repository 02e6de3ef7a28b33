# Packages made from Debian's parts. debian.json, written by .ci/standin, tells
# where these lie in the store and what their hash is.
final: prev:
let
  inherit (prev) lib;
  place = builtins.fromJSON (builtins.readFile ../debian.json);
  # A source that is known by its hash, like all of nixpkgs'; .ci/standin has put it into the store.
  parts = derivation {
    name = "debian-parts";
    inherit (final) system;
    builder = "/bin/sh";
    args = [ "-c" "echo run .ci/standin first >&2; exit 1" ];
    outputHashMode = "recursive";
    outputHash = place.narHash;
  };
  kernel = name: version: final.build {
    pname = name;
    inherit version;
    script = ''
      mkdir -p $out/lib
      cp ${parts}/vmlinuz $out/${if final.stdenv.hostPlatform.isAarch64 then "Image" else "bzImage"}
      cp -R ${parts}/modules $out/lib/modules
    '';
  };
  kernelSet =
    name: version:
    let
      k = kernel name version;
      module =
        pname: modVersion: meta:
        final.build {
          name = "${pname}-${modVersion}-${version}";
          inherit pname;
          version = "${modVersion}-${version}";
          script = "mkdir -p $out/lib/modules";
          inherit meta;
        };
    in
    {
      kernel = k;
      broadcom_sta = module "broadcom-sta" "6.30.223.271-59" {
        license = lib.licenses.unfree;
        knownVulnerabilities = [ "CVE-2019-9501" "CVE-2019-9502" ];
      };
      zfs = module "zfs-kernel" "2.4.3" { };
      v4l2loopback = module "v4l2loopback" "0.15.1" { };
      rtl8821ce = module "rtl8821ce" "1.0" { broken = name == "linux-latest"; };
    };
in
{
  debianParts = parts;
  busybox = final.build {
    name = "busybox-1.35.0";
    script = ''
      mkdir -p $out/bin
      cp ${parts}/busybox $out/bin/busybox
      for applet in $($out/bin/busybox --list); do
        [ $applet = busybox ] || ln -s busybox $out/bin/$applet
      done
    '';
  };
  bash = final.busybox // { pname = "bash"; };
  bashInteractive = final.bash;
  runtimeShell = "${final.busybox}/bin/sh";
  nix = final.build {
    pname = "nix";
    version = place.nix;
    script = ''
      mkdir -p $out/bin
      cp -R ${parts}/nix/lib $out/lib
      cp -R ${parts}/nix/libexec $out/libexec
      for name in nix nix-build nix-channel nix-collect-garbage nix-copy-closure nix-daemon nix-env nix-hash nix-instantiate nix-store; do
        cat >$out/bin/$name <<END
      #!${final.runtimeShell}
      export NIX_BIN_DIR=$out/bin
      exec $out/lib/ld-linux-x86-64.so.2 --argv0 $name --library-path $out/lib $out/libexec/nix "\$@"
      END
        chmod 755 $out/bin/$name
      done
    '';
  };
  linuxPackages = kernelSet "linux" place.kernel;
  linuxPackages_latest = kernelSet "linux-latest" place.kernel;
  linuxPackages_6_12 = kernelSet "linux-6.12" place.kernel;
  linuxKernel.packages.linux_6_12 = final.linuxPackages_6_12;
  linux = final.linuxPackages.kernel;
  linuxPackagesFor = k: final.linuxPackages // { kernel = k; };

  syslinux = final.build {
    name = "syslinux-6.04-pre1";
    script = ''
      mkdir -p $out/share/syslinux
      cp /usr/lib/syslinux/modules/bios/{ldlinux,libcom32,libutil,libmenu,libgpl,menu,vesamenu,chain,reboot,poweroff,hdt,mboot}.c32 $out/share/syslinux
      cp /usr/lib/ISOLINUX/isolinux.bin /usr/lib/ISOLINUX/isohdpfx.bin $out/share/syslinux
    '';
  };
  grub2_efi = final.build {
    name = "grub-2.06";
    script = ''
      mkdir -p $out/lib/grub $out/share/grub
      cp -R /usr/lib/grub/x86_64-efi $out/lib/grub
      rm -rf $out/lib/grub/x86_64-efi/monolithic
      cp /usr/share/grub/unicode.pf2 $out/share/grub
    '';
  };
  grub2 = final.grub2_efi;
}
