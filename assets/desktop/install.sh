#!/bin/sh
# Installs Isowright from this folder below PREFIX, or removes what was installed there.
# usage: [DESTDIR=/staging] [PREFIX=/usr/local] ./install.sh [--uninstall]
set -eu
cd "$(dirname "$0")"

prefix=${PREFIX:-/usr/local}
root=${DESTDIR:-}$prefix
# What was put there, one path a line below $root; folders that were made for it end with a slash.
manifest=share/isowright/manifest

uninstall() {
  [ -f "$root/$manifest" ] || return 0
  grep -v '/$' "$root/$manifest" | while read -r file; do rm -f "$root/$file"; done
  sort -r "$root/$manifest" | grep '/$' >"$list" || true
  rm -f "$root/$manifest"
  # A folder in which somebody else has put something stays.
  while read -r folder; do rmdir "$root/$folder" 2>/dev/null || true; done <"$list"
}

# make_folder makes a folder with those above it and prints the new ones.
make_folder() {
  [ ! -d "$root/$1" ] || return 0
  case $1 in */*) make_folder "${1%/*}" ;; esac
  mkdir -p "$root/$1"
  chmod 755 "$root/$1"
  echo "$1/"
}

copy() {
  for file in $(find bin share -type f | sort); do
    make_folder "${file%/*}"
    mode=644
    [ ! -x "$file" ] || mode=755
    # Aside and renamed, so that a running program is not written to.
    cp "$file" "$root/$file.new"
    chmod "$mode" "$root/$file.new"
    mv -f "$root/$file.new" "$root/$file"
    echo "$file"
  done
  make_folder "${manifest%/*}"
}

# update tells desktops; what a system does not have needs no telling.
update() {
  [ -z "${DESTDIR:-}" ] || return 0
  if [ -d "$root/share/mime/packages" ] && command -v update-mime-database >/dev/null; then
    update-mime-database "$root/share/mime"
  fi
  if [ -d "$root/share/applications" ] && command -v update-desktop-database >/dev/null; then
    update-desktop-database -q "$root/share/applications"
  fi
  if [ -f "$root/share/icons/hicolor/index.theme" ] && command -v gtk-update-icon-cache >/dev/null; then
    gtk-update-icon-cache -q -t -f "$root/share/icons/hicolor"
  fi
}

list=$(mktemp)
trap 'rm -f "$list"' EXIT
case "${1:-}" in
'')
  uninstall
  copy >"$list"
  cp "$list" "$root/$manifest"
  chmod 644 "$root/$manifest"
  update
  echo "Isowright is installed in $root."
  ;;
--uninstall)
  [ -f "$root/$manifest" ] || { echo "Isowright is not installed in $root." >&2; exit 1; }
  uninstall
  update 2>/dev/null
  echo "Isowright is removed from $root."
  ;;
*)
  echo "usage: [DESTDIR=/staging] [PREFIX=/usr/local] $0 [--uninstall]" >&2
  exit 2
  ;;
esac
