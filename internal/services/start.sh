#!/bin/sh
# Runs as the first process of namespaces of its own. $1 is the folder that
# services.go has filled, the others are the devices for udev.
set -e
dir=$1
shift
mount --make-rprivate /
mount -t proc proc /proc
for f in passwd group shadow sudoers; do
  [ ! -e /etc/$f ] || mount --bind "$dir/$f" /etc/$f
done
for f in sudo polkit-1; do
  [ ! -e /etc/pam.d/$f ] || mount --bind "$dir/pam" /etc/pam.d/$f
done
mount -t tmpfs -o mode=755 run /run
mkdir -p /run/dbus /run/udev /run/lock /run/sudo
if [ -z "$NO_BUS" ]; then
  mount --bind "$dir/rules" /etc/polkit-1/rules.d
  dbus-daemon --config-file="$dir/bus.conf" --nofork --nopidfile >&2 &
  while [ ! -S /run/dbus/system_bus_socket ]; do sleep 0.05; done
  /usr/lib/polkit-1/polkitd --no-debug >&2 &
  answers() {
    dbus-send --system --dest=org.freedesktop.DBus --print-reply /org/freedesktop/DBus \
      org.freedesktop.DBus.NameHasOwner string:"$1" 2>/dev/null | grep -q 'boolean true'
  }
  until answers org.freedesktop.PolicyKit1; do sleep 0.1; done
  if [ -z "$NO_UDISKS" ]; then
    mount --bind "$dir/udev" /lib/udev/rules.d
    [ ! -d /etc/udev/rules.d ] || mount --bind "$dir/udev" /etc/udev/rules.d
    [ ! -d /var/lib/udisks2 ] || mount -t tmpfs state /var/lib/udisks2
    for d in block char disk; do # the links that udev makes stay here
      mkdir -p /dev/$d
      mount -t tmpfs links /dev/$d
    done
    /lib/systemd/systemd-udevd >&2 &
    until udevadm control --ping >&2; do sleep 0.1; done
    for d in "$@"; do udevadm trigger "/sys/class/block/$d" >&2; done
    udevadm settle >&2
    /usr/libexec/udisks2/udisksd >&2 &
    until answers org.freedesktop.UDisks2; do sleep 0.1; done
  fi
fi
echo ready
exec sleep infinity
