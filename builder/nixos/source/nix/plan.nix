# What the image will be, as plain data: nix eval --json .#plan
{
  nixos, # the image's configuration
  base, # the same without the design's own settings
  image,
  manifest,
  overrides,
}:
let
  inherit (nixos) config options;
  inherit (nixos.pkgs) lib;
  iso = config.isoImage or null;
  kernel = config.boot.kernelPackages.kernel;

  menuEntry =
    name: c:
    lib.optional (c.isoImage.showConfiguration or true) {
      inherit name;
      label =
        (c.isoImage.prependToMenuLabel or "")
        + (c.system.nixos.distroName or "NixOS")
        + " "
        + c.system.nixos.label
        + (c.isoImage.appendToMenuLabel or "")
        + lib.optionalString ((c.isoImage.configurationName or null) != null) (
          " " + c.isoImage.configurationName
        );
      params = [ "init=${c.system.build.toplevel}/init" ] ++ c.boot.kernelParams;
      kernel = "${c.boot.kernelPackages.kernel}/${c.system.boot.loader.kernelFile}";
      initrd = "${c.system.build.initialRamdisk}/${c.system.boot.loader.initrdFile}";
    };

  package = p: {
    name = if p ? name then lib.getName p else baseNameOf (toString p);
    version = if p ? name then lib.getVersion p else "";
  };

  # The base's value of an option, null where it sets none.
  before =
    path:
    let
      option = lib.attrByPath path null base.options;
      set = !(lib.isOption option) || option.highestPrio < (lib.mkOptionDefault null).priority;
      value = lib.attrByPath path null base.config;
      found = builtins.tryEval (if set then value else null);
    in
    if found.success then found.value else null;

  # A value on one line for people; deep enough for what designs replace.
  show =
    v:
    if builtins.isString v then
      v
    else if builtins.isBool v then
      lib.boolToString v
    else if builtins.isInt v then
      toString v
    else if builtins.isList v then
      lib.concatMapStringsSep " " show v
    else if lib.isDerivation v then
      v.name
    else if builtins.isAttrs v then
      lib.concatStringsSep " " (builtins.attrNames v)
    else if builtins.isPath v then
      toString v
    else
      "…";

  replaced = lib.concatMap (
    o:
    let
      old = before o.option;
      now = lib.attrByPath o.option null config;
      same = builtins.tryEval (old == now);
      text = builtins.tryEval (builtins.unsafeDiscardStringContext (show old));
    in
    lib.optional (old != null && !(same.success && same.value) && text.success) {
      inherit (o) field;
      text = "${lib.concatStringsSep "." o.option} = ${text.value}";
    }
  ) overrides;
in
{
  version = 1;
  inherit (config.system.nixos) release;
  inherit (nixos.pkgs.stdenv.hostPlatform) system;
  image = image.drvPath;
  imageName =
    if iso != null then
      config.image.fileName or config.isoImage.isoName
    else if config ? sdImage then
      config.image.fileName or config.sdImage.imageName
    else
      image.name;
  manifest = if manifest == null then null else manifest.drvPath;
  toplevel = {
    drv = config.system.build.toplevel.drvPath;
    out = config.system.build.toplevel.outPath;
  };
  volumeID = if iso == null then null else iso.volumeID;
  kernel = {
    name = kernel.pname or (lib.getName kernel);
    inherit (kernel) version;
  };
  inherit (config.boot) kernelParams;
  inherit (config.boot.loader) timeout;
  packages = map package config.environment.systemPackages;
  menu =
    menuEntry "" config
    ++ lib.concatLists (
      lib.mapAttrsToList (name: s: menuEntry name s.configuration) config.specialisation
    );
  replaced = lib.foldl' (
    all: r:
    all // { ${r.field} = (if all ? ${r.field} then all.${r.field} + "\n" else "") + r.text; }
  ) { } replaced;
  inherit (config) warnings;
}
