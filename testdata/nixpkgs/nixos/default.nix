# The classic entry: `import <nixpkgs/nixos> { configuration = …; }`.
{
  configuration ? { },
  system ? null,
}:
let
  eval = import ./lib/eval-config.nix {
    inherit system;
    modules = [ configuration ];
  };
in
{
  inherit (eval) pkgs config options;
  system = eval.config.system.build.toplevel;
}
