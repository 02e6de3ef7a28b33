# Evaluates a generated flake without the flake machinery: nothing is locked,
# fetched or copied to the store, so that many designs share one process.
# nixpkgs is the path of a tree, module a NixOS module that every system gets
# beside the generated ones (null: none).
{ nixpkgs, module }:
let
  source = {
    _type = "flake";
    outPath = nixpkgs;
    rev = "0000000000000000000000000000000000000000";
    shortRev = "0000000";
    lastModified = 1784000000;
    lastModifiedDate = "20260714033320";
    narHash = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    inputs = { };
  };
  tree = (import (nixpkgs + "/flake.nix")).outputs { self = tree // source; };
  lib = tree.lib.extend (
    _: prev: {
      nixosSystem =
        args: prev.nixosSystem (args // { modules = args.modules ++ (if module == null then [ ] else [ module ]); });
    }
  );
  nixpkgsInput = tree // source // { inherit lib; };

  # flake evaluates DIR/flake.nix; its inputs are nixpkgs and folders inside it.
  flake =
    dir:
    let
      file = import (dir + "/flake.nix");
      declared = file.inputs or { };
      names = builtins.filter (n: n != "self") (
        builtins.attrNames (declared // builtins.functionArgs file.outputs)
      );
      input =
        name:
        let
          url = declared.${name}.url or "";
          local = builtins.match "(path:)?\\./(.*)" url;
          folder = dir + "/${builtins.elemAt local 1}";
        in
        if builtins.match "nixpkgs.*" name != null then
          nixpkgsInput
        else if local == null then
          throw "the input ${name} (${url}) is not in the folder of the flake"
        else if declared.${name}.flake or true then
          flake folder
        else
          { outPath = folder; };
      inputs = builtins.listToAttrs (map (name: { inherit name; value = input name; }) names);
      outputs = file.outputs (inputs // { inherit self; });
      self = outputs // {
        _type = "flake";
        outPath = dir;
        inherit inputs outputs;
        lastModified = 1784000000;
        lastModifiedDate = "20260714033320";
        narHash = "sha256-BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=";
      };
    in
    self;

  # read gives what the suite compares: values is a function of the evaluated
  # system that returns a list.
  read =
    {
      dir,
      system,
      plan, # whether to evaluate the plan as well, which evaluates the base too
      values,
    }:
    let
      f = flake dir;
      n = f.nixosConfigurations.image;
      packages = f.packages.${system};
    in
    {
      image = packages.image.drvPath;
      manifest = packages.manifest.drvPath or null;
      plan = if plan then f.plan else null;
      failed = map (a: a.message) (builtins.filter (a: !a.assertion) n.config.assertions);
      warnings = n.config.warnings;
      values = values {
        c = n.config;
        o = n.options;
        inherit (n) pkgs;
        lib = n.pkgs.lib;
        inherit f packages;
      };
    };
in
{
  inherit flake read;
}
