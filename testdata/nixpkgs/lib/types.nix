# The types of options that occur in configurations.
{ lib }:
let
  inherit (builtins)
    all
    concatLists
    elem
    isAttrs
    isBool
    isInt
    isList
    isString
    mapAttrs
    ;
  inherit (lib) mergeEqual mergeFree mergeNamed membersOf effective;
  scalar = description: check: {
    _type = "option-type";
    name = description;
    inherit description check;
    merge = mergeEqual;
  };
  one =
    loc: defs:
    if builtins.length defs == 1 then
      (builtins.head defs).value
    else
      mergeEqual loc defs;
  # mergeAs merges definitions with their properties by a type.
  mergeAs =
    type: loc: defs:
    let
      e = effective defs;
      bad = builtins.filter (d: !(type.check d.value)) e.defs;
    in
    if bad == [ ] then
      type.merge loc e.defs
    else
      throw "A definition for option `${lib.showOption loc}' is not of type `${type.description}'. Definition values:${
        lib.concatMapStrings (d: "\n- In `${d.file}': ${lib.generators.toPretty { } d.value}") bad
      }";
in
rec {
  unspecified = scalar "unspecified value" (_: true) // {
    merge = loc: defs: mergeFree loc defs;
  };
  anything = unspecified // { description = "anything"; };
  raw = scalar "raw value" (_: true) // { merge = one; };
  bool = scalar "boolean" isBool;
  int = scalar "signed integer" isInt;
  str = scalar "string" isString;
  singleLineStr = scalar "(optionally newline-terminated) single-line string" (s: isString s && builtins.match "[^\n\r]*\n?" s != null);
  nonEmptyStr = scalar "non-empty string" (s: isString s && s != "");
  port = ints.u16;
  float = scalar "floating point number" builtins.isFloat;
  number = either int float;
  path = scalar "absolute path" (x: lib.isStringLike x && builtins.substring 0 1 (toString x) == "/");
  package = scalar "package" (x: lib.isDerivation x || lib.isStorePath x) // { merge = one; };
  shellPackage = package;
  pkgs = raw;
  attrs = scalar "attribute set" isAttrs // {
    merge = loc: defs: builtins.foldl' (a: d: a // d.value) { } defs;
    empty = { };
  };
  ints = {
    between = a: b: scalar "integer between ${toString a} and ${toString b} (both inclusive)" (x: isInt x && x >= a && x <= b);
    unsigned = scalar "unsigned integer, meaning >=0" (x: isInt x && x >= 0);
    positive = scalar "positive integer, meaning >0" (x: isInt x && x > 0);
    u8 = ints.between 0 255;
    u16 = scalar "16 bit unsigned integer; between 0 and 65535 (both inclusive)" (x: isInt x && x >= 0 && x <= 65535);
    u32 = ints.between 0 4294967295;
  };
  strMatching = pattern: scalar "string matching the pattern ${pattern}" (x: isString x && builtins.match pattern x != null);
  enum = values: scalar "one of ${lib.concatMapStringsSep ", " (lib.generators.toPretty { }) values}" (x: elem x values);
  separatedString = sep: scalar "strings concatenated with ${builtins.toJSON sep}" isString // {
    merge = _: defs: lib.concatMapStringsSep sep (d: d.value) defs;
  };
  lines = separatedString "\n";
  commas = separatedString ",";
  envVar = separatedString ":";
  listOf = elem: {
    _type = "option-type";
    name = "listOf";
    description = "list of ${elem.description}";
    check = isList;
    empty = [ ];
    merge =
      loc: defs:
      concatLists (
        map (
          d:
          concatLists (
            lib.imap1 (
              i: value:
              let
                held = effective [ { inherit (d) file; inherit value; } ];
              in
              if held.defs == [ ] then [ ] else [ (mergeAs elem (loc ++ [ "[definition 1-entry ${toString i}]" ]) held.defs) ]
            ) d.value
          )
        ) defs
      );
  };
  nonEmptyListOf = listOf;
  attrsOf = elem: {
    _type = "option-type";
    name = "attrsOf";
    description = "attribute set of ${elem.description}";
    check = isAttrs;
    empty = { };
    merge = loc: defs: mergeNamed (n: ds: mergeAs elem (loc ++ [ n ]) ds) defs;
  };
  # Unlike attrsOf it keeps members whose conditions are false, and so does not
  # look at them.
  lazyAttrsOf = elem: attrsOf elem // {
    merge = loc: defs: mapAttrs (n: ds: mergeAs elem (loc ++ [ n ]) ds) (membersOf defs);
  };
  nullOr = elem: elem // {
    description = "null or ${elem.description}";
    check = x: x == null || elem.check x;
    merge = loc: defs: if all (d: d.value == null) defs then null else if lib.any (d: d.value == null) defs then mergeEqual loc defs else elem.merge loc defs;
  };
  either = a: b: {
    _type = "option-type";
    name = "either";
    description = "${a.description} or ${b.description}";
    check = x: a.check x || b.check x;
    merge = loc: defs: if all (d: a.check d.value) defs then a.merge loc defs else if all (d: b.check d.value) defs then b.merge loc defs else mergeEqual loc defs;
  };
  oneOf = types: builtins.foldl' either (builtins.head types) (builtins.tail types);
  coercedTo = from: f: to: to // {
    description = "${to.description} or ${from.description} convertible to it";
    check = x: to.check x || from.check x;
    merge = loc: defs: to.merge loc (map (d: d // { value = if from.check d.value then f d.value else d.value; }) defs);
  };
  functionTo = elem: raw // { description = "function that evaluates to a(n) ${elem.description}"; };
  uniq = t: t;
  unique = _: t: t;
  addCheck = t: c: t // { check = x: t.check x && c x; };
  submoduleWith =
    { modules, specialArgs ? { }, shorthandOnlyDefinesConfig ? false, ... }:
    {
      _type = "option-type";
      name = "submodule";
      description = "submodule";
      check = x: isAttrs x || lib.isFunction x || builtins.isPath x;
      empty = (lib.evalModules { inherit modules specialArgs; args.name = ""; }).config;
      merge =
        loc: defs:
        removeAttrs
          (lib.evalModules {
            modules = modules ++ map (d: { _file = d.file; imports = [ (if shorthandOnlyDefinesConfig && isAttrs d.value then { config = d.value; } else d.value) ]; }) defs;
            inherit specialArgs;
            prefix = loc;
            args.name = lib.last loc;
          }).config
          [ "_module" ];
    };
  submodule = m: submoduleWith { modules = lib.toList m; shorthandOnlyDefinesConfig = true; };
  deferredModule = raw // {
    merge = _: defs: { imports = map (d: { _file = d.file; imports = [ d.value ]; }) defs; };
  };
  optionType = raw;
}
