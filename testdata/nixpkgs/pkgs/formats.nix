# Writers of common formats, as pkgs.formats.
{ lib, pkgs }:
let
  format = text: args: {
    type = lib.types.anything;
    generate = name: value: pkgs.writeText name (text args value);
  };
in
{
  json = format (_: builtins.toJSON);
  ini = format (_: lib.generators.toINI { });
  keyValue = format (_: lib.generators.toKeyValue { });
}
