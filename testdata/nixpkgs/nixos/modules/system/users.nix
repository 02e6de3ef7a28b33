# Accounts, as the files of /etc that hold them.
{ config, lib, pkgs, ... }:
let
  inherit (lib) types mkOption;
  str = types.nullOr types.str;
  user =
    { name, config, ... }:
    {
      options = {
        name = mkOption { type = types.str; default = name; };
        description = mkOption { type = types.str; default = ""; };
        uid = mkOption { type = types.nullOr types.int; default = null; };
        group = mkOption { type = types.str; default = ""; };
        extraGroups = mkOption { type = types.listOf types.str; default = [ ]; };
        home = mkOption { type = types.path; default = if name == "root" then "/root" else "/home/${name}"; };
        shell = mkOption { type = types.nullOr (types.either types.path types.package); default = null; };
        isNormalUser = mkOption { type = types.bool; default = false; };
        isSystemUser = mkOption { type = types.bool; default = false; };
        createHome = mkOption { type = types.bool; default = false; };
        hashedPassword = mkOption { type = str; default = null; };
        initialHashedPassword = mkOption { type = str; default = null; };
        password = mkOption { type = str; default = null; };
        initialPassword = mkOption { type = str; default = null; };
        hashedPasswordFile = mkOption { type = str; default = null; };
        packages = mkOption { type = types.listOf types.package; default = [ ]; };
        openssh.authorizedKeys.keys = mkOption { type = types.listOf types.singleLineStr; default = [ ]; };
        openssh.authorizedKeys.keyFiles = mkOption { type = types.listOf types.path; default = [ ]; };
      };
    };
  users = lib.attrValues config.users.users;
  uids = lib.listToAttrs (lib.imap0 (i: u: lib.nameValuePair u.name (1000 + i)) (lib.filter (u: u.isNormalUser) users));
  uidOf = u: toString (if u.uid != null then u.uid else uids.${u.name} or 999);
  hash = u: lib.findFirst (h: h != null) "!" [ u.hashedPassword u.initialHashedPassword ];
  each = f: lib.concatMapStrings (u: f u + "\n") users;
  groups = lib.unique (lib.concatMap (u: u.extraGroups) users);
in
{
  options.users.users = mkOption {
    type = types.attrsOf (types.submodule user);
    default = { };
  };
  options.users.groups = mkOption {
    type = types.attrsOf types.anything;
    default = { };
  };
  config = {
    users.users.root.uid = 0;
    system.build.accounts = pkgs.writeTree "accounts" {
      passwd = each (u: "${u.name}:x:${uidOf u}:${if u.name == "root" then "0" else "100"}:${u.description}:${u.home}:/bin/sh");
      shadow = each (u: "${u.name}:${hash u}:1::::::");
      group =
        "root:x:0:\nusers:x:100:\n"
        + lib.concatStrings (
          lib.imap0 (i: g: "${g}:x:${toString (200 + i)}:${lib.concatMapStringsSep "," (u: u.name) (lib.filter (u: lib.elem g u.extraGroups) users)}\n") groups
        );
    };
    environment.etc = lib.listToAttrs (
      lib.concatMap (
        u:
        lib.optional (u.openssh.authorizedKeys.keys != [ ]) (
          lib.nameValuePair "ssh/authorized_keys.d/${u.name}" {
            text = lib.concatLines u.openssh.authorizedKeys.keys;
          }
        )
      ) users
    );
  };
}
