# shellcheck shell=bash
# isowright-install: installs the NixOS of this medium on a disk, without a network.
#
# It reads what it installs from /etc/isowright/install.conf, which the image carries. Exit status: 0 done,
# 1 failed, 2 wrong usage, 3 the system does not suit this machine or disk, 4 refused for safety, 130 cancelled.

usage() {
  cat <<'TEXT'
usage: isowright-install [options]
  --disk DEVICE        the disk to erase and install on
  --level A            install exactly the prepared system, also where the medium could change it
  --edit               open the configuration in an editor before it is built
  --firmware uefi|bios for a machine other than this one
  --configuration DIR  instead of the one on the medium
  --root DIRECTORY     where the new system is mounted (default /mnt)
  --unattended         ask nothing: erase the disk that the design names
  --after reboot|poweroff|stay
  --keep-build-inputs  copy what is needed to change the system again without a network
  --list               show the disks and what would be installed, and end
TEXT
}

# say prints a line for people and keeps it in the log.
say() { printf '%s\n' "$*" | tee -a "$log"; }

# step announces a part of the work; an error names the last one.
step() {
  number=$((number + 1)) doing=$1
  say "[$number/$steps] $1"
}

# quiet runs a command whose output only matters when it fails.
quiet() {
  local status=0
  printf '+ %s\n' "$*" >>"$log"
  "$@" >>"$log" 2>&1 </dev/null || status=$?
  [ "$status" = 0 ] || fail 1 "${1##*/} failed: $(last_words)"
}

# last_words prints what the last command of the log said.
last_words() { grep -v '^$\|dmesg(1)' "$log" | tail -n 1 | sed 's/^ *//'; }

# fail STATUS WHY [WHAT-TO-DO] ends the program.
fail() {
  trap - ERR
  say ""
  say "isowright-install: ${doing:+$doing: }$2"
  [ -z "${3:-}" ] || say "What to do: $3"
  exit "$1"
}

# advice prints what to do about an error of Nix in the log.
advice() {
  if grep -q 'No space left on device' "$log"; then
    echo "the disk is full: choose a larger one"
  elif grep -q 'requires lock file changes\|cannot write modified lock file' "$log"; then
    echo "the inputs of the flake were changed, and this medium has only those of flake.lock: undo that"
  elif grep -qE 'no substituter that can build it|unable to download|Could ?n.t resolve host|Could not resolve' "$log"; then
    echo "the changed configuration needs something that is not on this medium. Undo the change, or install the system as it was prepared: isowright-install --level A"
  elif grep -qE 'error: (syntax error|undefined variable|attribute|The option|A definition)|Failed assertions' "$log"; then
    echo "correct the configuration in $kept and run isowright-install --configuration $kept, or install the system as it was prepared: isowright-install --level A"
  else
    echo "read the log, $log"
  fi
}

# cleanup unmounts what this program mounted and says what became of it.
cleanup() {
  local status=$?
  trap - EXIT ERR INT TERM
  set +e
  if [ "$status" != 0 ] && [ -n "$attached" ] && [ -d "$root/etc/nixos" ]; then
    rm -rf "$kept" && cp -a "$root/etc/nixos" "$kept"
  fi
  if [ -n "$attached" ]; then
    save_log
    ! mountpoint -q "$root" || umount -R "$root" 2>>"$log" || say "Note: $root is still in use; unmount it with: umount -R $root"
  fi
  rm -rf "$work"
  [ "$status" = 0 ] || printf 'The log is in %s\n' "$log" >&2
  exit "$status"
}

save_log() { mkdir -p "$root/var/log" && install -m 0600 "$log" "$root/var/log/isowright-install.log"; }

# cancelled is what an interrupt does.
cancelled() {
  say "Cancelled."
  exit 130
}

# ask PROMPT prints an answer from the keyboard.
ask() {
  local answer
  read -r -p "$1" answer </dev/tty || cancelled
  printf '%s' "$answer"
}

parse() {
  while [ $# -gt 0 ]; do
    case $1 in
      --disk | --level | --firmware | --root | --after | --configuration)
        [ $# -gt 1 ] || { usage >&2 && exit 2; }
        printf -v "${1#--}" %s "$2"
        shift
        ;;
      --edit) edit=1 ;;
      --unattended) automatic=1 ;;
      --keep-build-inputs) keep=1 ;;
      --list) list=1 ;;
      --help | -h) usage && exit 0 ;;
      *) echo "isowright-install: unknown option $1" >&2 && usage >&2 && exit 2 ;;
    esac
    shift
  done
  case $level:$firmware:$after in
    [ABC]:uefi:reboot | [ABC]:uefi:poweroff | [ABC]:uefi:stay | [ABC]:uefi: | [ABC]:bios:reboot | [ABC]:bios:poweroff | [ABC]:bios:stay | [ABC]:bios:) ;;
    *) usage >&2 && exit 2 ;;
  esac
  [ "$level" != A ] || method=system
  [ "$method" = system ] || mounts=${mounts_free:-$mounts}
}

# choose_system takes the prepared system that starts with this machine's firmware.
choose_system() {
  system=$system_uefi
  [ "$firmware" = uefi ] || system=$system_bios
  [ -n "$system" ] && return
  local other=BIOS
  [ "$firmware" = uefi ] || other=UEFI
  [ "$firmware" = uefi ] && fail 3 "the system starts by $other only, and this machine was started by UEFI" \
    "switch the firmware to BIOS (legacy, CSM) start, or give the system a boot loader for UEFI in the design"
  fail 3 "the system starts by $other only, and this machine was started by BIOS" \
    "switch the firmware to UEFI start and boot this medium again"
}

# choose_disk asks for the disk, or takes the one of the design.
choose_disk() {
  local why answer
  if [ -z "$disk" ]; then
    [ -z "$automatic" ] || fail 3 "no disk is named" "set nixos.offline.disk in the design, or use --disk"
    say "Disks of this machine:"
    show_disks
    disk=$(ask "Which one shall be erased? (for example /dev/sda) ")
  fi
  disk=$(readlink -f "$disk" || true)
  why=$(refusal "$disk")
  if [ -n "$why" ]; then
    doing=
    fail 4 "$disk will not be touched: $why" "isowright-install --list shows the disks that can be used"
  fi
  check_boot_device
  if [ -n "$automatic" ]; then
    already_there
    return
  fi
  say "" && say "$(describe "$disk")" && say "All this will be lost:"
  show_loss "$disk"
  answer=$(ask "Type the name of the disk (${disk##*/}) to erase it: ")
  [ "$answer" = "${disk##*/}" ] || { doing= && fail 4 "nothing was changed: the name did not match"; }
}

# check_boot_device refuses a prepared system whose GRUB wants another disk.
check_boot_device() {
  local device
  [ "$method" = system ] && [ "$firmware" = bios ] || return 0
  for device in $grub_devices; do
    [ "$(readlink -f "$device")" = "$disk" ] || fail 3 "the system puts GRUB on $device, not on $disk" \
      "choose that disk, or set boot.loader.grub.device = \"nodev\" in its configuration; the installer then places GRUB itself"
  done
}

# mark prints the disk identifier that an installation of this medium leaves.
mark() {
  local sum
  sum=$(printf 'isowright %s%s' "$system_uefi" "$system_bios" | sha256sum)
  printf '%s-%s-4%s-8%s-%s\n' "${sum:0:8}" "${sum:8:4}" "${sum:12:3}" "${sum:15:3}" "${sum:18:12}"
}

# already_there ends an unattended run that would erase its own result, because the medium was not taken out.
already_there() {
  [ "$(blkid --probe --output value --match-tag PTUUID "$disk" 2>/dev/null || true)" = "$(mark)" ] || return 0
  say "$disk carries this installation already. Take out the medium and restart; to install again, run: isowright-install --disk $disk"
  exit 0
}

# prepare_disk makes $root the place of the new system.
prepare_disk() {
  case $layout in
    manual)
      mountpoint -q "$root" || fail 3 "nothing is mounted on $root" \
        "partition, format and mount the disk on $root, then run isowright-install again"
      ;;
    disko) run_disko ;;
    *)
      check_mounts
      choose_disk
      step "Dividing $disk"
      divide "$disk"
      step "Making file systems"
      format "$disk"
      attach "$disk"
      warn_twins "$disk"
      ;;
  esac
}

# run_disko lets the flake's own description of the disks do the work.
run_disko() {
  local each why
  for each in $disko_disks; do
    why=$(refusal "$(readlink -f "$each" || true)")
    [ -z "$why" ] || fail 4 "$each will not be touched: $why"
    [ -n "$automatic" ] || { say "" && describe "$each" && say "" && show_loss "$each"; }
  done
  if [ -z "$automatic" ]; then
    [ "$(ask "All this will be lost. Type yes to go on: ")" = yes ] || fail 4 "nothing was changed"
  fi
  step "Dividing the disks (disko)"
  attached=1
  stream "$disko" || fail 1 "disko failed: $(last_words)" "read the log, $log"
  mountpoint -q "$root" || fail 1 "disko did not mount anything on $root" "set disko.rootMountPoint = \"$root\""
}

# stream runs a command and shows what it prints, too.
stream() {
  printf '+ %s\n' "$*" >>"$log"
  "$@" 2>&1 </dev/null | tee -a "$log"
}

# place_configuration copies the configuration to the new system and describes this machine's hardware in it.
place_configuration() {
  local etc=$root/etc/nixos flags=()
  step "Copying the configuration"
  mkdir -p "$etc"
  if [ -d "$configuration" ]; then
    cp -rP "$configuration/." "$etc"
    chmod -R u+w "$etc"
  fi
  if [ "$layout" = disko ] || [ -n "$keep_filesystems" ]; then flags+=(--no-filesystems); fi
  mkdir -p "$(dirname "$etc/$hardware")"
  printf '+ nixos-generate-config %s\n' "${flags[*]}" >>"$log"
  nixos-generate-config --root "$root" --show-hardware-config "${flags[@]}" >"$work/hardware.nix" 2>>"$log" ||
    fail 1 "nixos-generate-config failed: $(last_words)"
  cp "$work/hardware.nix" "$etc/$hardware"
  [ -z "$own" ] || [ "$firmware" = uefi ] || bios_loader >"$etc/boot.nix"
  if [ -n "$edit" ]; then "${EDITOR:-nano}" "$etc/${main:-configuration.nix}" </dev/tty >/dev/tty; fi
}

# bios_loader prints the module that starts the new system by BIOS.
bios_loader() {
  local link device=${disk:-nodev}
  for link in /dev/disk/by-id/*; do
    [ "$(readlink -f "$link")" != "$device" ] || { device=$link && break; }
  done
  cat <<TEXT
# How this machine starts, written by the installer.
{
  boot.loader.grub.enable = true;
  boot.loader.grub.device = "$device";
}
TEXT
}

# Nix takes everything from the medium's own store, which nixos-install adds as a substituter. Neither may be said on
# its command line, where it would take that away; and without any network interface Nix would not substitute at
# all unless told to.
medium_only='substituters =
substitute = true'

# install_system fills $root. Everything is built into its store: the live one is memory.
install_system() {
  local common=(--root "$root" --no-channel-copy --no-root-passwd)
  cd /
  case $method in
    system)
      step "Installing the prepared system"
      NIX_CONFIG=$medium_only stream nixos-install "${common[@]}" --system "$system" --substituters "" || not_installed
      place_grub
      ;;
    flake)
      step "Building and installing $host"
      NIX_CONFIG=$medium_only stream nixos-install "${common[@]}" \
        --flake "$root/etc/nixos#$host" --no-update-lock-file || not_installed
      ;;
    classic)
      step "Building and installing the configuration"
      NIX_CONFIG=$medium_only NIXOS_CONFIG=$root/etc/nixos/configuration.nix stream nixos-install "${common[@]}" \
        -I "nixpkgs=$nixpkgs" || not_installed
      ;;
  esac
  [ -L "$root/nix/var/nix/profiles/system" ] || fail 1 "nixos-install left no system in $root" "read the log, $log"
}

not_installed() {
  fail 1 "nixos-install failed: $(grep -E 'error:' "$log" | tail -n 1 | sed 's/^ *//')" "$(advice)"
}

# place_grub writes GRUB's first stages for a prepared system that leaves them to the installer.
place_grub() {
  [ "$firmware" = bios ] && [ -z "$grub_devices" ] && [ -n "$disk" ] && [ -n "$grub_install" ] || return 0
  quiet "$grub_install" --target=i386-pc --boot-directory="$root/boot" "$disk"
}

# root_password asks for root's password where nobody could log in without.
root_password() {
  [ -n "$ask_password" ] && [ -z "$automatic" ] || return 0
  say "Choose the password of root on the new system:"
  until nixos-enter --root "$root" --command 'passwd root' </dev/tty >/dev/tty 2>&1; do say "Please try again."; done
}

# keep_inputs copies to the new system what its next change will need.
keep_inputs() {
  [ -n "$keep" ] && [ -n "$build_inputs" ] || return 0
  step "Copying what later changes need"
  local path roots=$root/nix/var/nix/gcroots/isowright
  mkdir -p "$roots"
  # shellcheck disable=SC2046 # one store path a line, without spaces
  quiet nix --extra-experimental-features nix-command copy --no-check-sigs --to "local?root=$root" $(cat "$build_inputs")
  while read -r path; do ln -sfn "$path" "$roots/${path##*/}"; done <"$build_inputs"
}

# finish marks the disk and tells what was done.
finish() {
  local used minutes=$(((SECONDS + 30) / 60))
  case $layout in
    disko | manual) ;;
    *) quiet sgdisk --disk-guid="$(mark)" "$disk" ;;
  esac
  used=$(df --output=used -B1 "$root" | tail -n 1)
  say "" && say "NixOS is installed."
  say "  system         $(readlink -f "$root/nix/var/nix/profiles/system-1-link" 2>/dev/null || readlink "$root/nix/var/nix/profiles/system")"
  say "  disk           ${disk:-$root}, $(bytes "$used") used"
  say "  configuration  /etc/nixos${host:+, host $host}"
  say "  log            /var/log/isowright-install.log"
  say "  time           $minutes min"
  [ "$after" = reboot ] || [ "$after" = poweroff ] || say "Take out the medium and restart."
}

leave() {
  save_log
  sync
  if [ "$layout" != manual ] && [ -n "$attached" ]; then quiet umount -R "$root"; fi
  attached=
  case $after in
    reboot | poweroff) systemctl "$after" ;;
  esac
}

main() {
  set -Eeuo pipefail
  # Not local: cleanup looks at them when main is over.
  attached='' automatic='' edit='' keep='' list='' doing='' number=0 steps=4 root=/mnt system=''
  firmware=bios kept=/run/isowright-configuration
  [ ! -d /sys/firmware/efi ] || firmware=uefi
  log=${ISOWRIGHT_LOG:-/run/isowright-install.log}
  # shellcheck source=/dev/null
  . "${ISOWRIGHT_CONF:-/etc/isowright/install.conf}"
  parse "$@"
  [ "$(id -u)" = 0 ] || { echo "isowright-install: only root can do this; use sudo isowright-install" >&2 && exit 4; }
  : >"$log"
  case $layout in
    manual) steps=2 ;;
    disko) steps=3 ;;
  esac
  [ -z "$keep" ] || steps=$((steps + 1))
  choose_system
  if [ -n "$list" ]; then
    say "Installs ${host:-NixOS} ($system), level $level." && show_disks
    exit 0
  fi
  work=$(mktemp -d)
  trap cleanup EXIT
  trap cancelled INT TERM
  trap '[ $? != 130 ] || exit 130; fail 1 "$BASH_COMMAND failed: $(last_words)" "read the log, $log"' ERR
  prepare_disk
  place_configuration
  install_system
  keep_inputs
  root_password
  finish
  leave
}

main "$@"
