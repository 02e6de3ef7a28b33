# Stage 2: the root that the design asks for, and shells on the consoles.
{ config, lib, pkgs, ... }:
let
  bb = "${pkgs.busybox}/bin";
  sw = config.system.build.path;
  # Greetings hold getty's escapes; help lines come as they are.
  greeting = pkgs.writeText "issue" (config.services.getty.greetingLine + "\n" + config.services.getty.helpLine + "\n");
  login = user: pkgs.writeScript "console-${user}" ''
    #!${bb}/sh
    cat ${greeting}
    cat /etc/motd 2>/dev/null
    exec ${bb}/su -l ${user}
  '';
  user = if config.services.getty.autologinUser != null then config.services.getty.autologinUser else "root";
  stage2 = pkgs.writeScript "stage-2-init" ''
    #!${bb}/sh
    export PATH=${sw}/bin HOME=/root
    system=''${0%/init}
    mkdir -p /etc /run /tmp /root /home /var/log /var/tmp /bin /usr/bin /mnt
    chmod 1777 /tmp /var/tmp
    mount -t tmpfs -o mode=0755 tmpfs /run
    mkdir -p /dev/pts /dev/shm && mount -t devpts devpts /dev/pts
    ln -s $system /run/current-system
    ln -s $system /run/booted-system
    ln -s ${bb}/sh /bin/sh
    ln -s ${bb}/env /usr/bin/env
    cp -R ${config.system.build.etc}/. /etc
    for f in passwd shadow group; do cat ${config.system.build.accounts}/$f >/etc/$f; done
    chmod 600 /etc/shadow
    cut -d : -f 1,6 /etc/passwd | while IFS=: read -r name home; do mkdir -p "$home" && chown "$name" "$home"; done
    hostname ${lib.escapeShellArg config.networking.hostName}
    ip link set lo up
    # As register-nix-paths.service does.
    if [ -e /nix/store/nix-path-registration ]; then
      nix-store --load-db </nix/store/nix-path-registration && echo "stage 2: the store is registered"
    fi
    mkdir -p /nix/var/nix/profiles && ln -s $system /nix/var/nix/profiles/system
    touch /etc/NIXOS
    (
    ${config.boot.postBootCommands}
    )
    echo "stage 2: ${config.system.nixos.distroName} $system is up"
    while :; do
      setsid ${bb}/sh -c 'exec ${login user} <>/dev/tty1 >&0 2>&1'
      sleep 1
    done &
    if grep -q 'console=ttyS0' /proc/cmdline; then
      while :; do
        setsid cttyhack ${login "root"}
      done
    fi
    wait
  '';
in
{
  system.build.bootStage2 = stage2;
  system.build.path = pkgs.buildEnv {
    name = "system-path";
    paths = config.environment.systemPackages ++ config.environment.defaultPackages ++ [ pkgs.busybox ];
  };
}
