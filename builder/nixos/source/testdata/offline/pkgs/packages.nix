# Derivations that are built by a shell alone. All but the source need what they are built from.
let
  build =
    name: env: script:
    derivation (
      {
        inherit name;
        system = "x86_64-linux";
        builder = "/bin/sh";
        args = [ "-euc" script ];
      }
      // env
    );
in
rec {
  inherit build;
  stdenv.buildPlatform.system = "x86_64-linux";
  stdenv.hostPlatform.isx86 = true;
  runtimeShell = "/bin/sh";
  buildPackages = { inherit runtimeShell; };

  # Nobody can make this without a network.
  source = derivation {
    name = "tool-1.0.tar";
    system = "builtin";
    builder = "builtin:fetchurl";
    url = "https://isowright.invalid/tool-1.0.tar";
    outputHashMode = "flat";
    outputHash = "@hash@";
    preferLocalBuild = true;
  };
  tool = build "tool" {
    outputs = [
      "out"
      "dev"
    ];
    inherit source;
  } "read -r line < $source; echo \"$line\" > $out; echo \"dev $line\" > $dev";
  library = build "library" { inherit source; } "read -r line < $source; echo \"library $line\" > $out";

  text =
    name: content:
    build name {
      inherit content;
      dev = tool.dev;
    } "read -r line < $dev; printf '%s\\n' \"$content\" > $out";
  writeTextDir = path: text (baseNameOf path);
}
