# What happens without anybody typing.
{ lib, pkgs, ... }:
let
  command = pkgs.writeScript "startup-command" ''
    #!/bin/sh -l
    echo "hello $USER 100%"; exec bash
  '';
in
{
  services.getty.autologinUser = lib.mkForce "bob";

  # Takes the first console after start.
  systemd.services.startup-command = {
    description = "Command on the first console";
    wantedBy = [ "multi-user.target" ];
    after = [
      "systemd-user-sessions.service"
      "plymouth-quit-wait.service"
      "getty-pre.target"
      "network.target"
    ];
    before = [
      "getty.target"
      "rescue.service"
    ];
    conflicts = [
      "getty@tty1.service"
      "rescue.service"
    ];
    unitConfig.ConditionPathExists = "/dev/tty0";
    onSuccess = [ "getty@tty1.service" ];
    onFailure = [ "getty@tty1.service" ];
    restartIfChanged = false;
    serviceConfig = {
      Type = "idle";
      ExecStart = "-${command}";
      User = "bob";
      WorkingDirectory = "~";
      PAMName = "login";
      UtmpIdentifier = "tty1";
      UtmpMode = "user";
      StandardInput = "tty";
      StandardOutput = "tty";
      StandardError = "tty";
      TTYPath = "/dev/tty1";
      TTYReset = true;
      TTYVHangup = true;
      TTYVTDisallocate = true;
      IgnoreSIGPIPE = false;
      SendSIGHUP = true;
    };
  };

  # A login prompt there, which switching to the console starts, would stop it.
  systemd.services."autovt@tty1".enable = false;

  # Late in stage 2, as root.
  boot.postBootCommands = "echo \${x} > /run/started\n";
}
