# All that people change when they install a system, and that this computer or its disks bring along, at once.
# It is evaluated to see which derivations depend on it, and never built.
fileSystems:
{ lib, pkgs, ... }:
{
  networking.hostName = lib.mkForce "isowright-probe";
  networking.firewall.allowedTCPPorts = [ 9 ];
  users.users.isowright-probe = {
    isNormalUser = true;
    extraGroups = [ "wheel" ];
    hashedPassword = "!";
    openssh.authorizedKeys.keys = [ "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExampleEx probe" ];
  };
  time.timeZone = lib.mkForce "Pacific/Chatham";
  console.keyMap = lib.mkForce "de-latin1";
  environment.etc.isowright-probe.text = "probe";
  environment.systemPackages = [ (pkgs.writeTextDir "share/isowright-probe" "probe") ];
  environment.sessionVariables.ISOWRIGHT_PROBE = "1";
  systemd.services.isowright-probe.script = "true";
  fileSystems = lib.mkForce (
    builtins.mapAttrs (_: f: {
      device = if f.fsType == "tmpfs" then "tmpfs" else "/dev/disk/by-uuid/00000000-0000-4000-8000-000000000000";
      inherit (f) fsType options neededForBoot;
    }) fileSystems
  );
  swapDevices = lib.mkForce [ { device = "/dev/disk/by-uuid/00000000-0000-4000-8000-000000000001"; } ];
  boot.initrd.availableKernelModules = [ "isowright_probe" ];
  boot.initrd.kernelModules = [ "isowright_probe" ];
  boot.kernelModules = [ "isowright_probe" ];
  boot.kernelParams = [ "isowright.probe" ];
}
