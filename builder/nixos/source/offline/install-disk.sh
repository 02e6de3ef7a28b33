# shellcheck shell=bash
# The half of isowright-install that knows disks: which may be erased, how they are divided, formatted, mounted.
# It is put before install.sh, which has the functions say, fail, quiet.

# What is installed, as /etc/isowright/install.conf says; these are its defaults.
level=A                 # A, B or C, as in the design
method=system           # system: a prepared one; flake or classic: built from the configuration
host=                   # the name in the flake's nixosConfigurations
system_uefi=            # store paths of the prepared system, for each firmware that can start it
system_bios=
own=                    # 1: the configuration is Isowright's, with a boot.nix
ask_password=           # 1: nobody could log in to the installed system otherwise
configuration=          # folder on the medium that becomes /etc/nixos
main=configuration.nix  # the file in it that people edit
hardware="hardware-configuration.nix"
keep_filesystems=       # 1: the configuration names its file systems outside of $hardware
layout=ext4             # ext4, btrfs, xfs, disko or manual
mounts=                 # lines of: folder, device, type, options
mounts_free=            # the same where the configuration takes what the installer makes
disk=
disko=                  # program that divides, formats and mounts
disko_disks=
grub_devices=           # disks on which the prepared system puts GRUB
grub_install=
build_inputs=           # file with the store paths that changes need
nixpkgs=
need=0                  # bytes that a disk must have
medium=/iso
volume=                 # label of the medium
after=                  # reboot, poweroff or nothing

# partition DISK NUMBER prints the device of a partition.
partition() {
  case $1 in
    *[0-9]) echo "$1p$2" ;;
    *) echo "$1$2" ;;
  esac
}

# bytes N prints a size for people.
bytes() { numfmt --to=iec-i --suffix=B --format=%.1f "$1"; }

# disks prints every disk of this machine, one a line.
disks() {
  lsblk --nodeps --noheadings --raw --paths --bytes --output NAME,TYPE,SIZE |
    awk '$2 == "disk" && $3 > 0 && $1 !~ /zram/ { print $1 }'
}

# disk_is DISK COLUMN prints what lsblk knows of a disk: its SIZE in bytes, TYPE, RO (1: write-protected).
disk_is() { lsblk --nodeps --noheadings --raw --bytes --output "$2" "$1"; }

# in_use DISK says what this system does with a disk; nothing if it does nothing.
in_use() {
  lsblk --noheadings --pairs --paths --output NAME,TYPE,MOUNTPOINTS "$1" | while read -r line; do
    local name type mounts
    name=${line#NAME=\"} name=${name%%\"*}
    type=${line#*TYPE=\"} type=${type%%\"*}
    mounts=${line#*MOUNTPOINTS=\"} mounts=${mounts%\"*} mounts=${mounts%%\\x0a*}
    case $mounts in
      "") ;;
      "$medium" | /nix/.ro-store) echo "it is the medium that this system started from" && break ;;
      "[SWAP]") echo "$name is used as swap (swapoff $name)" && break ;;
      *) echo "$name is mounted on $mounts (umount $mounts)" && break ;;
    esac
    case $type in
      crypt | lvm | raid* | mpath) echo "$name is open on it ($type); close it first" && break ;;
    esac
  done
}

# refusal DISK says why a disk must not be erased; nothing if it may be.
refusal() {
  local disk=$1 why size
  [ -b "$disk" ] || { echo "there is no such disk" && return; }
  case $(disk_is "$disk" TYPE) in
    disk | loop) ;;
    *) echo "it is not a whole disk" && return ;;
  esac
  why=$(in_use "$disk")
  [ -z "$why" ] || { echo "$why" && return; }
  if [ -n "$volume" ] && [ "$(blkid --probe --output value --match-tag LABEL "$disk" 2>/dev/null)" = "$volume" ]; then
    echo "it carries this installer ($volume)" && return
  fi
  [ "$(disk_is "$disk" RO)" = 0 ] || { echo "it is write-protected" && return; }
  size=$(disk_is "$disk" SIZE)
  [ "$size" -ge "$need" ] || echo "it has $(bytes "$size"), the system needs $(bytes "$need")"
}

# describe DISK prints a line about a disk.
describe() {
  local model
  model=$(lsblk --nodeps --noheadings --output MODEL,SERIAL,TRAN "$1" | xargs)
  printf '%s  %s  %s' "$1" "$(bytes "$(disk_is "$1" SIZE)")" "${model:-unknown model}"
}

# show_disks prints all disks, and for those that cannot be taken why.
show_disks() {
  local disk why
  for disk in $(disks); do
    why=$(refusal "$disk")
    if [ -n "$why" ]; then
      printf '    -  %s\n       cannot be used: %s\n' "$(describe "$disk")" "$why"
    else
      printf '    *  %s\n' "$(describe "$disk")"
    fi
  done
}

# show_loss DISK prints what lies on a disk.
show_loss() { lsblk --noheadings --paths --output NAME,SIZE,FSTYPE,LABEL,PARTLABEL "$1" | sed 's/^/    /'; }

# wanted DEVICE KIND prints what a device name of the configuration asks of the partition, like
# "label" of /dev/disk/by-label/nixos.
wanted() {
  case $1 in
    "/dev/disk/by-$2/"*) printf '%s' "${1##*/}" ;;
  esac
}

# mounted_at DIRECTORY prints the line of the configuration's mounts for a directory.
mounted_at() { awk -v at="$1" '$1 == at' <<<"$mounts"; }

# esp_line prints the mounts' line of the EFI system partition.
esp_line() { awk '$3 == "vfat"' <<<"$mounts" | head -n 1; }

# check_mounts refuses a configuration whose file systems this layout cannot make.
check_mounts() {
  local at device type root esp
  read -r _ root _ <<<"$(mounted_at /)"
  read -r esp _ <<<"$(esp_line)"
  [ -n "$root" ] || fail 3 "the system to install has no file system for /" \
    "set fileSystems.\"/\" in its configuration, or choose the layout disko or manual"
  while read -r at device type _; do
    [ "$device" = "$root" ] || [ "$at" = "$esp" ] || fail 3 \
      "the system wants $device ($type) on $at, which the layout $layout does not make" \
      "choose the layout disko or manual in the design"
    case $device in
      /dev/disk/by-label/* | /dev/disk/by-uuid/* | /dev/disk/by-partlabel/* | /dev/disk/by-partuuid/*) ;;
      *) fail 3 "the system looks for $at on $device, which another machine may call otherwise" \
        "write fileSystems.\"$at\".device as /dev/disk/by-label/… in its configuration" ;;
    esac
  done <<<"$mounts"
}

# divide DISK writes a partition table for BIOS and UEFI: a BIOS boot partition, an ESP, and the root.
divide() {
  local disk=$1 esp=1GiB rootline espline root espdevice name args=()
  [ "$(disk_is "$disk" SIZE)" -ge 8589934592 ] || esp=128MiB
  rootline=$(mounted_at /) espline=$(esp_line)
  read -r _ root _ <<<"$rootline"
  read -r _ espdevice _ <<<"$espline"
  name=$(wanted "$root" partlabel)
  args+=(--new="1:0:+1MiB" --typecode=1:EF02 --change-name=1:BIOS)
  args+=(--new="2:0:+$esp" --typecode=2:EF00 --new=3:0:0 --typecode=3:8300 --change-name="3:${name:-nixos}")
  name=$(wanted "$espdevice" partlabel)
  args+=(--change-name="2:${name:-ESP}")
  name=$(wanted "$root" partuuid)
  [ -z "$name" ] || args+=(--partition-guid="3:$name")
  name=$(wanted "$espdevice" partuuid)
  [ -z "$name" ] || args+=(--partition-guid="2:$name")
  quiet wipefs --all --force "$disk"
  quiet sgdisk --zap-all "$disk"
  quiet sgdisk "${args[@]}" "$disk"
  appear "$disk"
}

# appear DISK waits until the kernel and udev know the new partitions.
appear() {
  local disk=$1 number tries
  quiet partx --update "$disk"
  if command -v udevadm >/dev/null; then udevadm settle --timeout=20 || true; fi
  for number in 1 2 3; do
    for tries in $(seq 50); do
      [ ! -b "$(partition "$disk" $number)" ] || continue 2
      sleep 0.2
    done
    fail 1 "the kernel did not take up the new partition $(partition "$disk" $number) ($tries tries)" \
      "unplug the disk and plug it in again, or restart, and run isowright-install again"
  done
}

# format DISK makes the file systems, with the labels and UUIDs that the configuration looks for.
format() {
  local disk=$1 root esp device type label uuid
  root=$(partition "$disk" 3) esp=$(partition "$disk" 2)
  read -r _ device _ <<<"$(esp_line)"
  label=$(wanted "$device" label) uuid=$(wanted "$device" uuid)
  quiet wipefs --all "$esp"
  quiet mkfs.vfat -F 32 -n "${label:-ESP}" ${uuid:+-i "${uuid//-/}"} "$esp"
  read -r _ device type _ <<<"$(mounted_at /)"
  label=$(wanted "$device" label) uuid=$(wanted "$device" uuid)
  quiet wipefs --all "$root"
  case $type in
    ext4) quiet mkfs.ext4 -q -F -L "${label:-nixos}" ${uuid:+-U "$uuid"} "$root" ;;
    xfs) quiet mkfs.xfs -q -f -L "${label:-nixos}" ${uuid:+-m uuid="$uuid"} "$root" ;;
    btrfs) quiet mkfs.btrfs -q -f -L "${label:-nixos}" ${uuid:+-U "$uuid"} "$root" ;;
    *) fail 3 "the system wants $type on /, which this installer cannot make" \
      "choose the layout disko or manual in the design" ;;
  esac
  quiet partx --update "$disk"
  if command -v udevadm >/dev/null; then udevadm settle --timeout=20 || true; fi
}

# subvolumes PARTITION makes the btrfs subvolumes that the mounts name.
subvolumes() {
  local top=$work/top at device type options name
  mkdir -p "$top"
  quiet mount -t btrfs "$1" "$top"
  while read -r at device type options; do
    case ,$options, in
      *,subvol=*)
        name=${options#*subvol=} name=${name%%,*} name=${name#/}
        mkdir -p "$(dirname "$top/$name")"
        [ -d "$top/$name" ] || quiet btrfs subvolume create "$top/$name"
        ;;
    esac
  done <<<"$mounts"
  quiet umount "$top"
}

# attach DISK mounts the file systems below the root folder of the new system.
attach() {
  local disk=$1 at device type options part rootdevice
  read -r _ rootdevice _ <<<"$(mounted_at /)"
  if grep -q 'subvol=' <<<"$mounts"; then subvolumes "$(partition "$disk" 3)"; fi
  while read -r at device type options; do
    part=$(partition "$disk" 2)
    [ "$device" != "$rootdevice" ] || part=$(partition "$disk" 3)
    mkdir -p "$root$at"
    quiet mount ${options:+-o "$options"} "$part" "$root$at"
    attached=1
  done <<<"$mounts"
}

# warn_twins names other file systems with the label that the system starts from.
warn_twins() {
  local device label twin
  read -r _ device _ <<<"$(mounted_at /)"
  label=$(wanted "$device" label)
  [ -n "$label" ] || return 0
  for twin in $(blkid --match-token "LABEL=$label" --output device 2>/dev/null || true); do
    case $twin in
      "$1"*) ;;
      *) say "Note: $twin is called \"$label\" too. Rename it or unplug its disk, or the wrong system may start." ;;
    esac
  done
}
