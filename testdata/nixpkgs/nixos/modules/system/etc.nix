# /etc of the running system, as links into the store.
{ config, lib, pkgs, ... }:
let
  inherit (lib) types mkOption;
  entry =
    { name, config, ... }:
    {
      options = {
        enable = mkOption { type = types.bool; default = true; };
        target = mkOption { type = types.str; default = name; };
        text = mkOption { type = types.nullOr types.lines; default = null; };
        source = mkOption { type = types.either types.path types.package; };
        mode = mkOption { type = types.str; default = "symlink"; };
        user = mkOption { type = types.str; default = "root"; };
        group = mkOption { type = types.str; default = "root"; };
        uid = mkOption { type = types.int; default = 0; };
        gid = mkOption { type = types.int; default = 0; };
      };
      config.source = lib.mkIf (config.text != null) (lib.mkDefault (pkgs.writeText "etc-${baseNameOf name}" config.text));
    };
  entries = lib.filter (e: e.enable) (lib.attrValues config.environment.etc);
in
{
  options.environment.etc = mkOption {
    type = types.attrsOf (types.submodule entry);
    default = { };
  };
  config = {
    environment.etc = {
      hostname.text = config.networking.hostName + "\n";
      "os-release".text = ''
        NAME="${config.system.nixos.distroName}"
        ID=${config.system.nixos.distroId}
        VERSION_ID="${config.system.nixos.release}"
      '';
      motd = lib.mkIf (config.users.motd != "") { text = config.users.motd; };
      "locale.conf".text = "LANG=${config.i18n.defaultLocale}\n";
      "vconsole.conf".text = "KEYMAP=${config.console.keyMap}\n";
      profile.text = ''
        export PATH=/run/current-system/sw/bin HOME=''${HOME:-/root} LANG=${config.i18n.defaultLocale}
        ${config.environment.loginShellInit}
        ${config.programs.bash.loginShellInit}
      '';
    };
    system.build.etc = pkgs.runCommand "etc" { } (
      "mkdir -p $out\n"
      + lib.concatMapStrings (e: ''
        mkdir -p "$out/$(dirname ${lib.escapeShellArg e.target})"
        ln -sfn ${e.source} $out/${lib.escapeShellArg e.target}
      '') entries
    );
  };
}
