# What a system's own small derivations are usually built from, for an evaluation that cannot compare store
# derivations (see build-inputs.nix). Names that a release does not have are left out.
{ lib, pkgs }:
let
  names = [
    "stdenv"
    "stdenvNoCC"
    "bash"
    "brotli"
    "cpio"
    "curl"
    "desktop-file-utils"
    "jq"
    "kbd"
    "kbd.dev"
    "kmod.dev"
    "libarchive.dev"
    "libxml2.bin"
    "libxslt.bin"
    "lndir"
    "makeInitrdNGTool"
    "python3"
    "shared-mime-info"
    "shellcheck-minimal"
    "sudo"
    "texinfo"
    "zstd.bin"
  ];
  find =
    name:
    let
      package = lib.attrByPath (lib.splitString "." name) null pkgs;
      tried = builtins.tryEval (package ? outPath && builtins.isString package.outPath);
    in
    lib.optional (tried.success && tried.value) package;
in
lib.concatMap find names
++ [
  (pkgs.perl.withPackages (p: [
    p.ConfigIniFiles
    p.FileSlurp
  ]))
]
