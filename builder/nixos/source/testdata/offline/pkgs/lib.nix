rec {
  mkForce = value: { _force = value; };
  optional = c: x: if c then [ x ] else [ ];
  inherit (builtins) filter;
  hasPrefix = p: s: builtins.substring 0 (builtins.stringLength p) s == p;

  # join merges the definitions of one option.
  join =
    values:
    let
      forced = filter (v: v ? _force) values;
      last = builtins.elemAt values (builtins.length values - 1);
    in
    if forced != [ ] then
      (builtins.head forced)._force
    else if builtins.isAttrs last && !(last ? type) then
      builtins.zipAttrsWith (_: join) values
    else if builtins.isList last then
      builtins.concatLists values
    else
      builtins.head values;

  evaluate =
    modules:
    let
      pkgs = import ./packages.nix;
      call =
        m:
        let
          f = if builtins.isPath m || builtins.isString m then import m else m;
        in
        if builtins.isFunction f then
          f {
            inherit config pkgs;
            lib = import ./lib.nix;
            modulesPath = toString ./modules;
          }
        else
          f;
      collect =
        m:
        let
          c = call m;
        in
        [ (removeAttrs c [ "imports" ]) ] ++ builtins.concatMap collect (c.imports or [ ]);
      config = join (builtins.concatMap collect modules);
    in
    {
      inherit config pkgs;
      extendModules = more: evaluate (more.modules ++ modules);
    };
}
