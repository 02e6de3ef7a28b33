# Builders. They run the host's shell and programs: Nix builds without a sandbox
# where these tests run.
final: prev:
let
  inherit (prev) lib;
  path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
  # build is a derivation whose builder is a bash script. Bash stays until the end: Nix kills a builder that
  # closes its output before it ends, and cp, which bash would otherwise turn into, does so.
  build =
    {
      name ? "${pname}-${version}",
      pname ? lib.getName name,
      version ? lib.getVersion name,
      script,
      env ? { },
      meta ? { },
      passthru ? { },
    }:
    let
      drv = derivation (
        {
          inherit name;
          inherit (final) system;
          builder = "/bin/bash";
          args = [ "-eo" "pipefail" "-c" "export PATH=$toolPath:${path} LC_ALL=C SOURCE_DATE_EPOCH=1 TZ=UTC\numask 022\n${script}\nexit 0" ];
          toolPath = "";
        }
        // env
      );
      allowed = final.checkMeta { inherit name pname meta; };
    in
    builtins.seq allowed (drv // { inherit pname version name; meta = { mainProgram = pname; } // meta; } // passthru // {
      # Keeps what the package is built from.
      inputDerivation = build { name = "${name}-inputs"; inherit env; script = "env >$out"; };
      overrideAttrs = f: build (let args = { inherit name pname version script env meta passthru; }; in args // (lib.optionalAttrs ((f args) ? pname) { inherit (f args) pname; }));
      override = _: build { inherit name pname version script env meta passthru; };
    });
  toolPath = inputs: lib.makeBinPath inputs;
in
{
  inherit build;
  callPackage = lib.callPackageWith final;
  newScope = extra: lib.callPackageWith (final // extra);
  extend = overlay: lib.fix (lib.extends overlay (_: final));
  appendOverlays = os: import ./. { inherit (prev) system config; overlays = prev.overlays ++ os; };
  buildPackages = final;
  pkgsBuildBuild = final;
  pkgsi686Linux = final;
  targetPackages = final;

  # checkMeta refuses packages as nixpkgs does, unless the configuration allows
  # them.
  checkMeta =
    { name, pname, meta }:
    let
      config = final.config;
      free = meta.license.free or true;
      p = { inherit name pname; };
      refuse =
        what: how:
        throw "Package ‘${name}’ in ${toString ../.} ${what}, refusing to evaluate.\n\n${how}";
    in
    if !free && !(config.allowUnfree or false) && !((config.allowUnfreePredicate or (_: false)) p) then
      refuse "has an unfree license (‘${meta.license.shortName}’)" "a) To temporarily allow unfree packages, you can use an environment variable\n   for a single invocation of the nix tools.\n\n     $ export NIXPKGS_ALLOW_UNFREE=1"
    else if meta ? knownVulnerabilities && !((config.allowInsecurePredicate or (x: lib.elem x.name (config.permittedInsecurePackages or [ ]))) p) then
      refuse "is marked as insecure" "Known issues:\n${lib.concatMapStrings (v: " - ${v}\n") meta.knownVulnerabilities}"
    else if meta.broken or false && !(config.allowBroken or false) && (config.problems.handlers.${pname}.broken or "error") == "error" then
      refuse "is marked as broken" "a) To temporarily allow broken packages, you can use an environment variable\n   for a single invocation of the nix tools.\n\n     $ export NIXPKGS_ALLOW_BROKEN=1"
    else
      null;

  stdenv = {
    inherit (final) system;
    hostPlatform = lib.systems.elaborate final.system;
    buildPlatform = lib.systems.elaborate final.system;
    targetPlatform = lib.systems.elaborate final.system;
    isLinux = true;
    name = "stdenv-linux";
    mkDerivation =
      attrs:
      let
        a = if lib.isFunction attrs then lib.fix attrs else attrs;
      in
      build {
        name = a.name or "${a.pname}-${a.version}";
        pname = a.pname or (lib.getName a.name);
        version = a.version or (lib.getVersion a.name);
        meta = a.meta or { };
        passthru = a.passthru or { };
        env =
          removeAttrs a [ "meta" "passthru" "pname" "version" "name" "nativeBuildInputs" "buildInputs" "env" ]
          // a.env or { }
          // {
            toolPath = toolPath (a.nativeBuildInputs or [ ] ++ a.buildInputs or [ ]);
          };
        script =
          a.buildCommand or ''
            if [ -n "''${src-}" ]; then cp -R "$src" source; chmod -R u+w source; [ ! -d source ] || cd source; fi
            ${a.patchPhase or ""}
            ${a.buildPhase or ""}
            ${a.installPhase or "mkdir -p $out"}
          '';
      };
  };
  stdenvNoCC = final.stdenv;
  runCommand =
    name: env: script:
    build {
      inherit name script;
      meta = env.meta or { };
      passthru = env.passthru or { };
      env = removeAttrs env [ "nativeBuildInputs" "buildInputs" "meta" "passthru" "preferLocalBuild" ] // {
        toolPath = toolPath (env.nativeBuildInputs or [ ] ++ env.buildInputs or [ ]);
      };
    };
  runCommandLocal = final.runCommand;
  runCommandCC = final.runCommand;

  writeTextFile =
    {
      name,
      text,
      executable ? false,
      destination ? "",
      checkPhase ? "",
      meta ? { },
      ...
    }:
    build {
      inherit name meta;
      env = {
        inherit text;
        passAsFile = [ "text" ];
      };
      script = ''
        target=$out${lib.escapeShellArg destination}
        mkdir -p "$(dirname "$target")"
        cp "$textPath" "$target"
        chmod ${if executable then "755" else "644"} "$target"
        ${checkPhase}
      '';
    };
  writeText = name: text: final.writeTextFile { inherit name text; };
  writeTextDir = path: text: final.writeTextFile { name = baseNameOf path; inherit text; destination = "/${path}"; };
  writeScript = name: text: final.writeTextFile { inherit name text; executable = true; };
  writeScriptBin = name: text: final.writeTextFile { inherit name text; executable = true; destination = "/bin/${name}"; };
  writeShellScript = name: text: final.writeScript name "#!${final.runtimeShell}\n${text}";
  writeShellScriptBin = name: text: final.writeScriptBin name "#!${final.runtimeShell}\n${text}\n";
  writeShellApplication =
    {
      name,
      text,
      runtimeInputs ? [ ],
      meta ? { },
      ...
    }:
    final.writeShellScriptBin name (
      "set -eu\n" + lib.optionalString (runtimeInputs != [ ]) "export PATH=\"${toolPath runtimeInputs}:$PATH\"\n" + text
    );
  # writeTree puts named texts into a folder.
  writeTree = name: files: build {
    inherit name;
    env = { data = builtins.toJSON files; passAsFile = lib.attrNames (lib.mapAttrs' (n: _: lib.nameValuePair "file_${n}" null) files); } // lib.mapAttrs' (n: v: lib.nameValuePair "file_${n}" v) files;
    script = "mkdir -p $out\n" + lib.concatMapStrings (n: "cp \"$file_${n}Path\" $out/${n}\n") (lib.attrNames files);
  };
  linkFarm =
    name: entries:
    let
      list = if lib.isList entries then entries else lib.mapAttrsToList (name: path: { inherit name path; }) entries;
    in
    build {
      inherit name;
      script = "mkdir -p $out; cd $out\n" + lib.concatMapStrings (e: ''
        mkdir -p "$(dirname ${lib.escapeShellArg e.name})"
        ln -s ${lib.escapeShellArg "${e.path}"} ${lib.escapeShellArg e.name}
      '') list;
    };
  linkFarmFromDrvs = name: drvs: final.linkFarm name (map (d: { inherit (d) name; path = d; }) drvs);
  # buildEnv joins folders; the first package that has a file wins.
  buildEnv =
    {
      name,
      paths,
      postBuild ? "",
      meta ? { },
      ...
    }:
    build {
      inherit name meta;
      script = ''
        mkdir -p $out
        for p in ${toString (lib.unique (map toString paths))}; do
          [ -d "$p" ] || continue
          (cd "$p" && find -L . -type f -o -type l) | while IFS= read -r f; do
            [ -e "$out/$f" ] || [ -L "$out/$f" ] || { mkdir -p "$out/$(dirname "$f")"; ln -s "$p/''${f#./}" "$out/$f"; }
          done
        done
        ${postBuild}
      '';
    };
  symlinkJoin = args: final.buildEnv ({ name = args.name or "${args.pname}-${args.version}"; } // args);

  # closureInfo lists a closure and what `nix-store --load-db` wants of it.
  closureInfo =
    { rootPaths }:
    derivation {
      name = "closure-info";
      inherit (final) system;
      builder = "/bin/bash";
      args = [ ./closure-info.sh ];
      __structuredAttrs = true;
      exportReferencesGraph.closure = rootPaths;
    };
}
