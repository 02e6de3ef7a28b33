# The functions of nixpkgs' lib that NixOS modules use most, written anew.
let
  inherit (builtins)
    attrNames
    attrValues
    concatLists
    concatMap
    elemAt
    filter
    foldl'
    functionArgs
    genList
    hasAttr
    head
    isAttrs
    isFunction
    isList
    isString
    length
    listToAttrs
    match
    replaceStrings
    split
    stringLength
    substring
    tail
    ;
  lists = rec {
    inherit (builtins)
      all
      any
      concatLists
      concatMap
      elem
      elemAt
      filter
      foldl'
      genList
      groupBy
      head
      isList
      length
      partition
      sort
      tail
      ;
    map = builtins.map;
    singleton = x: [ x ];
    toList = x: if isList x then x else [ x ];
    flatten = x: if isList x then concatMap flatten x else [ x ];
    optional = c: x: if c then [ x ] else [ ];
    optionals = c: x: if c then x else [ ];
    range = a: b: if a > b then [ ] else genList (n: a + n) (b - a + 1);
    take = n: l: genList (elemAt l) (if n < length l then n else length l);
    drop = n: l: genList (i: elemAt l (i + n)) (if n < length l then length l - n else 0);
    sublist = start: n: l: take n (drop start l);
    last = l: elemAt l (length l - 1);
    init = l: take (length l - 1) l;
    reverseList = l: genList (i: elemAt l (length l - i - 1)) (length l);
    remove = x: filter (y: y != x);
    subtractLists = a: filter (x: !(builtins.elem x a));
    intersectLists = a: filter (x: builtins.elem x a);
    unique = foldl' (acc: x: if builtins.elem x acc then acc else acc ++ [ x ]) [ ];
    foldr =
      f: nul: l:
      let
        go = i: if i == length l then nul else f (elemAt l i) (go (i + 1));
      in
      go 0;
    foldl = foldl';
    imap0 = f: l: genList (i: f i (elemAt l i)) (length l);
    imap1 = f: l: genList (i: f (i + 1) (elemAt l i)) (length l);
    findFirst =
      p: default: l:
      let
        found = filter p l;
      in
      if found == [ ] then default else head found;
    count = p: l: length (filter p l);
    zipListsWith = f: a: b: genList (i: f (elemAt a i) (elemAt b i)) (if length a < length b then length a else length b);
    sortOn = f: builtins.sort (a: b: f a < f b);
    compareLists =
      cmp: a: b:
      if a == [ ] then
        (if b == [ ] then 0 else -1)
      else if b == [ ] then
        1
      else if cmp (head a) (head b) == 0 then
        compareLists cmp (tail a) (tail b)
      else
        cmp (head a) (head b);
    # naturalSort puts "a10" behind "a9".
    naturalSort =
      l:
      let
        key = s: builtins.map (x: if isList x then { n = fromDigits (head x); } else { s = x; }) (split "([0-9]+)" s);
        fromDigits = d: builtins.fromJSON (head (match "0*([0-9]+)" d));
        cmp = a: b: if a ? n && b ? n then trivial.compare a.n b.n else trivial.compare (a.s or "") (b.s or "");
      in
      builtins.sort (a: b: compareLists cmp (key a) (key b) < 0) l;
  };
  trivial = rec {
    release = "26.05";
    version = "${release}.20260501.0000000";
    versionSuffix = ".20260501.0000000";
    codeName = "Standin";
    id = x: x;
    const = x: _: x;
    flip = f: a: b: f b a;
    pipe = foldl' (x: f: f x);
    compare = a: b: if a < b then -1 else if a > b then 1 else 0;
    min = a: b: if a < b then a else b;
    max = a: b: if a > b then a else b;
    warn = msg: builtins.warn or (m: builtins.trace "evaluation warning: ${m}") msg;
    warnIf = c: msg: if c then warn msg else id;
    throwIf = c: msg: if c then throw msg else id;
    throwIfNot = c: throwIf (!c);
    importJSON = p: builtins.fromJSON (builtins.readFile p);
    boolToString = b: if b then "true" else "false";
    isInOldestRelease = v: v <= 2411;
    oldestSupportedReleaseIsAtLeast = isInOldestRelease;
    setFunctionArgs = f: args: {
      __functor = _: f;
      __functionArgs = args;
    };
    functionArgs = f: f.__functionArgs or (builtins.functionArgs f);
    isFunction = f: builtins.isFunction f || (f ? __functor && isFunction (f.__functor f));
    toFunction = v: if isFunction v then v else _: v;
    inherit (builtins) seq deepSeq;
  };
  attrsets = rec {
    inherit (builtins)
      attrNames
      attrValues
      catAttrs
      getAttr
      hasAttr
      intersectAttrs
      isAttrs
      listToAttrs
      mapAttrs
      removeAttrs
      zipAttrsWith
      ;
    nameValuePair = name: value: { inherit name value; };
    mapAttrsToList = f: a: builtins.map (n: f n a.${n}) (attrNames a);
    attrsToList = mapAttrsToList nameValuePair;
    mapAttrs' = f: a: listToAttrs (mapAttrsToList f a);
    filterAttrs = p: a: removeAttrs a (filter (n: !(p n a.${n})) (attrNames a));
    concatMapAttrs = f: a: mergeAttrsList (attrValues (mapAttrs f a));
    mergeAttrsList = foldl' (a: b: a // b) { };
    genAttrs = names: f: listToAttrs (builtins.map (n: nameValuePair n (f n)) names);
    optionalAttrs = c: a: if c then a else { };
    attrByPath =
      path: default: a:
      if path == [ ] then
        a
      else if isAttrs a && hasAttr (head path) a then
        attrByPath (tail path) default a.${head path}
      else
        default;
    hasAttrByPath = path: a: path == [ ] || (isAttrs a && hasAttr (head path) a && hasAttrByPath (tail path) a.${head path});
    getAttrFromPath = path: attrByPath path (throw "cannot find attribute '${strings.concatStringsSep "." path}'");
    setAttrByPath = path: v: if path == [ ] then v else { ${head path} = setAttrByPath (tail path) v; };
    getAttrs = names: a: genAttrs names (n: a.${n});
    attrVals = names: a: builtins.map (n: a.${n}) names;
    recursiveUpdate =
      a: b:
      a
      // mapAttrs (
        n: v: if isAttrs v && isAttrs (a.${n} or null) && !(isDerivation v) then recursiveUpdate a.${n} v else v
      ) b;
    isDerivation = x: (x.type or null) == "derivation";
    toDerivation =
      path:
      let
        p = builtins.storePath path;
      in
      {
        type = "derivation";
        name = strings.sanitizeDerivationName (baseNameOf p);
        outPath = p;
        outputs = [ "out" ];
        outputName = "out";
      };
    collect =
      p: a:
      if p a then
        [ a ]
      else if isAttrs a then
        concatMap (collect p) (attrValues a)
      else
        [ ];
    foldlAttrs = f: init: a: foldl' (acc: n: f acc n a.${n}) init (attrNames a);
    getOutput = o: p: if p.outputSpecified or false then p else p.${o} or p.out or p;
    getBin = getOutput "bin";
    getDev = getOutput "dev";
    getLib = getOutput "lib";
  };
  strings = rec {
    inherit (builtins)
      concatStringsSep
      fromJSON
      isString
      match
      readFile
      replaceStrings
      split
      stringLength
      substring
      toJSON
      typeOf
      unsafeDiscardStringContext
      ;
    concatStrings = concatStringsSep "";
    concatMapStrings = f: l: concatStrings (builtins.map f l);
    concatMapStringsSep = sep: f: l: concatStringsSep sep (builtins.map f l);
    concatImapStringsSep = sep: f: l: concatStringsSep sep (lists.imap1 f l);
    concatLines = concatMapStrings (s: s + "\n");
    concatMapAttrsStringSep = sep: f: a: concatStringsSep sep (attrsets.mapAttrsToList f a);
    optionalString = c: s: if c then s else "";
    hasPrefix = p: s: substring 0 (stringLength p) s == p;
    hasSuffix = p: s: stringLength s >= stringLength p && substring (stringLength s - stringLength p) (-1) s == p;
    hasInfix = p: s: length (split (escapeRegex p) s) > 1;
    removePrefix = p: s: if hasPrefix p s then substring (stringLength p) (-1) s else s;
    removeSuffix = p: s: if hasSuffix p s then substring 0 (stringLength s - stringLength p) s else s;
    stringToCharacters = s: genList (i: substring i 1 s) (stringLength s);
    stringAsChars = f: s: concatMapStrings f (stringToCharacters s);
    splitString = sep: s: filter isString (split (escapeRegex sep) s);
    escape = chars: replaceStrings chars (builtins.map (c: "\\" + c) chars);
    escapeRegex = escape (stringToCharacters "\\[{()^$?*+|.");
    escapeShellArg =
      x:
      let
        s = toString x;
      in
      if match "[[:alnum:],._+:@%/-]+" s != null then s else "'" + replaceStrings [ "'" ] [ "'\\''" ] s + "'";
    escapeShellArgs = concatMapStringsSep " " escapeShellArg;
    escapeNixString = s: escape [ "$" ] (toJSON s);
    escapeXML = replaceStrings [ "\"" "'" "<" ">" "&" ] [ "&quot;" "&apos;" "&lt;" "&gt;" "&amp;" ];
    toLower = replaceStrings upperChars lowerChars;
    toUpper = replaceStrings lowerChars upperChars;
    lowerChars = stringToCharacters "abcdefghijklmnopqrstuvwxyz";
    upperChars = stringToCharacters "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    trim = s: head (match "[ \t\n\r]*(.*[^ \t\n\r]|)[ \t\n\r]*" s);
    fixedWidthString = w: f: s: if stringLength s >= w then s else fixedWidthString w f (f + s);
    fixedWidthNumber = w: n: fixedWidthString w "0" (toString n);
    versionOlder = a: b: builtins.compareVersions b a == 1;
    versionAtLeast = a: b: !(versionOlder a b);
    versions = {
      majorMinor = v: concatStringsSep "." (lists.take 2 (builtins.splitVersion v));
      major = v: head (builtins.splitVersion v);
    };
    getName = x: if isString x then (builtins.parseDrvName x).name else x.pname or (builtins.parseDrvName x.name).name;
    getVersion = x: if isString x then (builtins.parseDrvName x).version else x.version or (builtins.parseDrvName x.name).version;
    toInt = s: fromJSON (head (match "[ \t]*0*([0-9]+)[ \t]*" s));
    sanitizeDerivationName = s: concatMapStrings (x: if isList x then "-" else x) (split "[^[:alnum:]+._?=-]+" s);
    isStringLike = x: isString x || builtins.isPath x || x ? outPath || x ? __toString;
    isStorePath = x: isStringLike x && hasPrefix builtins.storeDir (toString x);
    makeBinPath = concatMapStringsSep ":" (p: "${attrsets.getBin p}/bin");
    makeSearchPath = sub: concatMapStringsSep ":" (p: "${p}/${sub}");
    toShellVar = n: v: "${n}=${escapeShellArg v}";
    toShellVars = a: concatStringsSep "\n" (attrsets.mapAttrsToList toShellVar a);
    nameFromURL = url: sep: head (splitString sep (lists.last (splitString "/" url)));
    charToInt = c: throw "charToInt is not in this stand-in";
  };
  meta = {
    getExe = p: "${attrsets.getBin p}/bin/${p.meta.mainProgram or (strings.getName p)}";
    getExe' = p: name: "${attrsets.getBin p}/bin/${name}";
    lowPrio = p: p;
    hiPrio = p: p;
    setPrio = _: p: p;
  };
  generators = rec {
    mkValueStringDefault =
      { }:
      v:
      if v == true then
        "true"
      else if v == false then
        "false"
      else if v == null then
        "null"
      else
        toString v;
    mkKeyValueDefault =
      {
        mkValueString ? mkValueStringDefault { },
      }:
      sep: k: v:
      "${strings.escape [ sep ] k}${sep}${mkValueString v}";
    toKeyValue =
      {
        mkKeyValue ? mkKeyValueDefault { } "=",
      }:
      a: strings.concatStrings (attrsets.mapAttrsToList (k: v: mkKeyValue k v + "\n") a);
    toINI =
      { ... }@args: a: strings.concatStringsSep "\n" (attrsets.mapAttrsToList (n: v: "[${n}]\n" + toKeyValue args v) a);
    toJSON = { }: builtins.toJSON;
    # toPretty is how values stand in error messages.
    toPretty =
      { ... }:
      v:
      if v == null then
        "null"
      else if builtins.isBool v then
        trivial.boolToString v
      else if isString v then
        strings.escapeNixString v
      else if isList v then
        "[ " + strings.concatMapStringsSep " " (toPretty { }) v + " ]"
      else if trivial.isFunction v then
        "<function>"
      else if attrsets.isDerivation v then
        "<derivation ${v.name or "???"}>"
      else if isAttrs v then
        "{ " + strings.concatStrings (attrsets.mapAttrsToList (n: x: "${n} = ${toPretty { } x}; ") v) + "}"
      else
        toString v;
  };
  customisation = rec {
    makeOverridable =
      f: args:
      let
        result = f args;
      in
      if isAttrs result then
        result // { override = new: makeOverridable f (args // (if isFunction new then new args else new)); }
      else
        result;
    callPackageWith = auto: f: args:
      let
        fn = if isFunction f then f else import f;
      in
      makeOverridable fn (builtins.intersectAttrs (functionArgs fn) auto // args);
    makeScope = newScope: f: let self = f self // { newScope = s: newScope (self // s); callPackage = self.newScope { }; }; in self;
  };
  fixed = rec {
    fix = f: let x = f x; in x;
    extends = overlay: f: final: let prev = f final; in prev // overlay final prev;
    composeExtensions = f: g: final: prev: let a = f final prev; in a // g final (prev // a);
    composeManyExtensions = lists.foldr composeExtensions (_: _: { });
  };
  filesystem = {
    pathIsDirectory = p: builtins.pathExists p && (builtins.readFileType p) == "directory";
    pathType = builtins.readFileType;
    listFilesRecursive =
      dir:
      lists.flatten (
        attrsets.mapAttrsToList (n: t: if t == "directory" then filesystem.listFilesRecursive (dir + "/${n}") else dir + "/${n}") (
          builtins.readDir dir
        )
      );
  };
  licenses = {
    gpl2Plus = { shortName = "gpl2Plus"; spdxId = "GPL-2.0-or-later"; free = true; };
    mit = { shortName = "mit"; spdxId = "MIT"; free = true; };
    unfree = { shortName = "unfree"; free = false; };
  };
  modules = import ./modules.nix { inherit lib; };
  types = import ./types.nix { inherit lib; };
  lib =
    builtins
    // lists
    // trivial
    // attrsets
    // strings
    // meta
    // customisation
    // fixed
    // filesystem
    // modules
    // {
      inherit
        lists
        trivial
        attrsets
        strings
        meta
        generators
        customisation
        fixedPoints
        filesystem
        licenses
        modules
        types
        ;
      options = modules;
      systems = {
        elaborate = s: import ./platform.nix (if isAttrs s then s.system else s);
        flakeExposed = [ "x86_64-linux" "aarch64-linux" ];
        examples = { };
      };
      sources = {
        cleanSource = x: x;
        sourceByRegex = x: _: x;
      };
      cleanSource = x: x;
      platforms = {
        linux = [ "x86_64-linux" "aarch64-linux" ];
        all = [ "x86_64-linux" "aarch64-linux" ];
      };
      maintainers = { };
      teams = { };
    };
  fixedPoints = fixed;
in
lib
