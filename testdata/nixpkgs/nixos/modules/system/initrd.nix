# Stage 1: busybox, a few kernel modules and a script that mounts the medium by
# its label, the SquashFS and the overlay, and starts stage 2.
{ config, lib, pkgs, ... }:
let
  modules = lib.unique (config.boot.initrd.kernelModules ++ config.boot.initrd.availableKernelModules);
  fs = config.fileSystems;
  init = pkgs.writeText "stage-1-init" ''
    #!/bin/sh
    export PATH=/bin
    mount -t proc proc /proc
    mount -t sysfs sysfs /sys
    mount -t devtmpfs devtmpfs /dev
    fail() {
      echo "stage 1: $1"
      if grep -q boot.shell_on_fail /proc/cmdline; then exec setsid cttyhack sh; fi
      reboot -f
    }
    init=
    for word in $(cat /proc/cmdline); do
      case "$word" in
      init=*) init=''${word#init=} ;;
      copytoram) copytoram=1 ;;
      esac
    done
    for m in $(cat /modules); do modprobe -q "$m"; done
    mkdir -p /sysroot
    mount -t tmpfs -o mode=0755 tmpfs /sysroot
    mkdir -p /sysroot/iso /sysroot/nix/.ro-store /sysroot/nix/.rw-store /sysroot/nix/store
    if [ -e /nix-store.squashfs ]; then
      squashfs=/nix-store.squashfs
    else
      label=$(cat /label)
      for i in $(seq 120); do
        device=$(findfs "LABEL=$label" 2>/dev/null) && mount -t iso9660 -o ro "$device" /sysroot/iso && break
        device=
        sleep 0.5
      done
      [ -n "$device" ] || fail "no medium with the label $label"
      echo "stage 1: medium $label is $device"
      if [ -n "$copytoram" ]; then
        mkdir /sysroot/ram && mount -t tmpfs -o size=100% tmpfs /sysroot/ram && cp -a /sysroot/iso/. /sysroot/ram/ || fail "copying to memory failed"
        umount /sysroot/iso
        mount --move /sysroot/ram /sysroot/iso
        echo "stage 1: the medium is in memory"
      fi
      squashfs=/sysroot/iso/nix-store.squashfs
    fi
    mount -t squashfs -o loop,ro "$squashfs" /sysroot/nix/.ro-store || fail "no SquashFS"
    mount -t tmpfs -o mode=0755 tmpfs /sysroot/nix/.rw-store
    mkdir /sysroot/nix/.rw-store/store /sysroot/nix/.rw-store/work
    mount -t overlay -o lowerdir=/sysroot/nix/.ro-store,upperdir=/sysroot/nix/.rw-store/store,workdir=/sysroot/nix/.rw-store/work overlay /sysroot/nix/store || fail "no overlay"
    for d in proc sys dev; do mkdir -p "/sysroot/$d"; mount --move "/$d" "/sysroot/$d"; done
    exec switch_root /sysroot "$init"
  '';
in
{
  boot.kernelPackages = lib.mkDefault pkgs.linuxPackages;
  boot.initrd.kernelModules = [ "loop" "overlay" ];
  system.build.kernel = config.boot.kernelPackages.kernel;
  system.build.initialRamdisk = pkgs.makeInitrd {
    inherit init modules;
    kernel = config.boot.kernelPackages.kernel;
    label = if fs ? "/iso" then lib.removePrefix "/dev/disk/by-label/" fs."/iso".device else "";
  };
}
