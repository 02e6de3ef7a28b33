# A small module system that behaves like nixpkgs' where a generated
# configuration can tell the difference. Options that nothing declares are
# taken as they come: lists and sets are joined, other values must agree.
{ lib }:
let
  inherit (builtins)
    all
    any
    attrNames
    concatLists
    concatMap
    concatStringsSep
    elem
    filter
    foldl'
    genericClosure
    head
    isAttrs
    isList
    isString
    length
    mapAttrs
    sort
    zipAttrsWith
    ;
  inherit (lib)
    functionArgs
    imap1
    isFunction
    optionals
    removeAttrs
    ;

  property = kind: v: isAttrs v && v._type or null == kind;
  showOption = loc: concatStringsSep "." (map (p: if builtins.match "[A-Za-z_*<][A-Za-z0-9_'>*-]*" p != null then p else "\"${p}\"") loc);
  showDefinitions =
    defs: lib.concatMapStrings (d: "\n- In `${d.file}': ${lib.generators.toPretty { } d.value}") defs;

  mkOverride = priority: content: {
    _type = "override";
    inherit priority content;
  };
  mkOrder = priority: content: {
    _type = "order";
    inherit priority content;
  };
  mkIf = condition: content: {
    _type = "if";
    inherit condition content;
  };
  mkMerge = contents: {
    _type = "merge";
    inherit contents;
  };

  # pushDown moves the properties of a set to its members, without looking at
  # their conditions.
  pushDown =
    v:
    if property "merge" v then
      concatMap pushDown v.contents
    else if property "if" v then
      map (mapAttrs (_: mkIf v.condition)) (pushDown v.content)
    else if property "override" v then
      map (mapAttrs (_: mkOverride v.priority)) (pushDown v.content)
    else if property "order" v then
      map (mapAttrs (_: mkOrder v.priority)) (pushDown v.content)
    else
      [ v ];

  # discharge gives the values that hold, with priority and order.
  discharge =
    d:
    let
      v = d.value;
    in
    if property "merge" v then
      concatMap (x: discharge (d // { value = x; })) v.contents
    else if property "if" v then
      (if v.condition then discharge (d // { value = v.content; }) else [ ])
    else if property "override" v then
      map (x: { prio = v.priority; } // x) (discharge (d // { value = v.content; }))
    else if property "order" v then
      map (x: { order = v.priority; } // x) (discharge (d // { value = v.content; }))
    else
      [ d ];

  # effective keeps the definitions of the strongest priority, in order.
  effective =
    defs:
    let
      held = concatMap discharge defs;
      prioOf = d: d.prio or 100;
      strongest = foldl' (p: d: lib.min p (prioOf d)) 9999 held;
      kept = filter (d: prioOf d == strongest) held;
      ordered = if any (d: d ? order) kept then sort (a: b: a.order or 1000 < b.order or 1000) kept else kept;
    in
    {
      prio = strongest;
      defs = map (d: { inherit (d) file value; }) ordered;
    };

  conflict =
    loc: defs:
    throw "The option `${showOption loc}' has conflicting definition values:${showDefinitions defs}\nUse `lib.mkForce value` or `lib.mkDefault value` to change the priority on any of these definitions.";

  mergeEqual = loc: defs: if all (d: d.value == (head defs).value) defs then (head defs).value else conflict loc defs;

  plainSet = v: isAttrs v && !(v ? _type) && !(lib.isDerivation v) && !(v ? outPath) && !(v ? __functor);

  # mergeFree is for options that nothing declares.
  mergeFree =
    loc: defs:
    let
      e = effective defs;
      values = map (d: d.value) e.defs;
    in
    if length values == 1 && !(plainSet (head values)) then
      head values
    else if all plainSet values then
      mergeNamed (n: ds: mergeFree (loc ++ [ n ]) ds) e.defs
    else if all isList values then
      concatLists values
    else if all isFunction values || any lib.isDerivation values then
      (if length values == 1 then head values else conflict loc e.defs)
    else
      mergeEqual loc e.defs;

  # membersOf gives the definitions of each member of a set.
  membersOf =
    defs:
    zipAttrsWith (_: ds: ds) (
        concatMap (d: map (mapAttrs (_: value: { inherit (d) file; inherit value; })) (pushDown d.value)) defs
      );

  # mergeNamed merges sets member by member; a member whose conditions are all
  # false is not there.
  mergeNamed =
    f: defs:
    let
      members = membersOf defs;
      present = lib.filterAttrs (_: ds: concatMap discharge ds != [ ]) members;
    in
    mapAttrs f present;

  # optionOf joins the declarations of one option and its definitions.
  optionOf =
    loc: decls: defs:
    let
      opts = map (d: d.options) decls;
      pick = name: default: (lib.findFirst (o: o ? ${name}) { ${name} = default; } opts).${name};
      type = pick "type" lib.types.unspecified;
      defaults = concatMap (o: optionals (o ? default) [ { file = "<default>"; value = mkOverride 1500 o.default; } ]) opts;
      e = effective (defaults ++ defs);
      own = effective defs;
      bad = filter (d: !(type.check d.value)) e.defs;
      merged =
        if e.defs == [ ] && type ? empty then
          type.empty
        else if e.defs == [ ] then
          throw "The option `${showOption loc}' was accessed but has no value defined. Try setting the option."
        else if bad != [ ] then
          throw "A definition for option `${showOption loc}' is not of type `${type.description}'. Definition values:${showDefinitions bad}"
        else
          type.merge loc e.defs;
    in
    {
      _type = "option";
      inherit loc type;
      inherit (e) prio;
      highestPrio = e.prio;
      value = foldl' (v: o: if o ? apply then o.apply v else v) merged opts;
      isDefined = e.defs != [ ] || type ? empty;
      definitions = map (d: d.value) own.defs;
      definitionsWithLocations = own.defs;
      files = map (d: d.file) own.defs;
      declarations = map (d: d.file) decls;
      description = pick "description" "";
      visible = pick "visible" true;
      internal = pick "internal" false;
      readOnly = pick "readOnly" false;
    }
    // lib.optionalAttrs (any (o: o ? default) opts) { default = pick "default" null; };

  # mergeTree gives for every name { value; option; }, where option is a tree of
  # options.
  mergeTree =
    spaces: loc: decls: defs:
    let
      declared = zipAttrsWith (_: ds: ds) (map (d: mapAttrs (_: options: { inherit (d) file; inherit options; }) d.options) decls);
      defined = zipAttrsWith (_: ds: ds) (
        concatMap (d: map (mapAttrs (_: value: { inherit (d) file; inherit value; })) (pushDown d.value)) defs
      );
      one =
        name:
        let
          here = loc ++ [ name ];
          ds = declared.${name} or [ ];
          vs = defined.${name} or [ ];
          option = optionOf here ds vs;
          below = mergeTree null here ds vs;
        in
        if ds == [ ] then
          (
            if spaces != null && !(elem name spaces) then
              throw "The option `${showOption here}' does not exist. Definition values:${showDefinitions (concatMap discharge vs)}"
            else
              { value = mergeFree here vs; option = null; hold = concatMap discharge vs != [ ]; }
          )
        else if any (d: property "option" d.options) ds then
          { value = option.value; inherit option; hold = true; }
        else
          { value = valuesOf below; option = optionsOf below; hold = true; };
    in
    mapAttrs (name: _: one name) (declared // defined);
  valuesOf = t: mapAttrs (_: x: x.value) t;
  optionsOf = t: mapAttrs (_: x: x.option) (lib.filterAttrs (_: x: x.option != null) t);

  # load makes { key, file, imports, options, config } of a module.
  load =
    args: key: file: m:
    if builtins.isPath m || (isString m && lib.hasPrefix "/" m) then
      load args (toString m) (toString m) (import m)
    else if isFunction m then
      load args key file (call args m)
    else if isAttrs m && property "if" m || property "merge" m then
      load args key file { config = m; }
    else if isAttrs m then
      let
        where = m._file or file;
        structured = m ? config || m ? options;
        plain = removeAttrs m [ "_file" "key" "imports" "disabledModules" "_class" "freeformType" ];
      in
      {
        key = m.key or key;
        file = where;
        imports = imap1 (i: x: { name = "${m.key or key}:anon-${toString i}"; file = where; module = x; }) (m.imports or [ ]);
        options = if structured then m.options or { } else { };
        config = if structured then m.config or { } else plain;
      }
    else
      throw "Expected a module, but found a value of type ${builtins.typeOf m}: ${lib.generators.toPretty { } m}, while trying to load a module into ${file}";

  # call gives a module function what it names, and looks at _module.args only
  # for that.
  call =
    args: f:
    f (args.base // mapAttrs (n: _: args.base.${n} or args.late.${n}) (functionArgs f));

  evalModules =
    {
      modules,
      specialArgs ? { },
      prefix ? [ ],
      # spaces are the names that may be used without being declared; null for all.
      spaces ? null,
      args ? { },
    }:
    let
      all' = modules ++ [
        {
          _file = "lib/modules.nix";
          options._module.args = lib.mkOption {
            type = lib.types.lazyAttrsOf lib.types.raw;
            default = { };
          };
          config._module.args = args;
        }
      ];
      callArgs = {
        base = {
          inherit lib config options extendModules;
        }
        // specialArgs;
        late = config._module.args;
      };
      start = imap1 (i: m: load callArgs ":anon-${toString i}" "<unknown-file>" m) all';
      loaded = genericClosure {
        startSet = start;
        operator = m: map (i: load callArgs i.name i.file i.module) m.imports;
      };
      # Imported modules come before what imports them, as in nixpkgs.
      tree = mergeTree spaces prefix (map (m: { inherit (m) file options; }) loaded) (
        map (m: { inherit (m) file; value = m.config; }) (ordered loaded)
      );
      config = builtins.seq known (valuesOf tree);
      options = optionsOf tree;
      extendModules = more: evalModules {
        modules = modules ++ more.modules or [ ];
        specialArgs = specialArgs // more.specialArgs or { };
        inherit prefix spaces args;
      };
      declared = lib.mergeAttrsList (map (m: m.options) loaded);
      stray = filter (n: !(declared ? ${n}) && !(elem n spaces)) (attrNames tree);
      # known fails where a name is used that nothing knows.
      known = if spaces == null then null else foldl' (_: n: tree.${n}.hold) null stray;
    in
    {
      inherit config options;
      _module = { inherit (config._module) args; };
      type = lib.types.submodule { imports = modules; };
      inherit extendModules;
    };
  ordered = lib.reverseList;
in
{
  inherit
    evalModules
    mkOverride
    mkOrder
    mkIf
    mkMerge
    showOption
    mergeFree
    membersOf
    mergeNamed
    mergeEqual
    effective
    ;
  mkForce = mkOverride 50;
  mkVMOverride = mkOverride 10;
  mkImageMediaOverride = mkOverride 60;
  mkDefault = mkOverride 1000;
  mkOptionDefault = mkOverride 1500;
  defaultOverridePriority = 100;
  defaultOrderPriority = 1000;
  mkBefore = mkOrder 500;
  mkAfter = mkOrder 1500;
  mkAssert = condition: msg: content: mkIf (if condition then true else throw "\nFailed assertion: ${msg}") content;
  mkOption = attrs: attrs // { _type = "option"; };
  mkEnableOption = name: {
    _type = "option";
    default = false;
    example = true;
    description = "Whether to enable ${name}.";
    type = lib.types.bool;
  };
  mkPackageOption = pkgs: name: args: {
    _type = "option";
    type = lib.types.package;
    default = lib.attrByPath (lib.toList (args.default or name)) (throw "no package ${toString name}") pkgs;
  };
  isOption = property "option";
  literalExpression = text: { _type = "literalExpression"; inherit text; };
  literalMD = text: { _type = "literalMD"; inherit text; };
  mdDoc = x: x;
  mkRemovedOptionModule = loc: hint: { };
  mkRenamedOptionModule =
    from: to:
    { config, options, ... }:
    {
      options = lib.setAttrByPath from (lib.modules.mkOption' { apply = _: lib.getAttrFromPath to config; });
      config = lib.setAttrByPath to (mkMerge [ ]);
    };
  mkOption' = attrs: attrs // { _type = "option"; };
  setDefaultModuleLocation = file: m: { _file = file; imports = [ m ]; };
  showFiles = files: lib.concatMapStringsSep " and " (f: "`${f}'") files;
}
