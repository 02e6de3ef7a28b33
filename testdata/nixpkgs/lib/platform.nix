# What is known of a platform: "x86_64-linux" or "aarch64-linux".
system:
let
  cpu = builtins.head (builtins.match "([^-]*)-.*" system);
in
{
  inherit system;
  config = "${cpu}-unknown-linux-gnu";
  parsed.cpu = {
    name = cpu;
    bits = 64;
  };
  uname.processor = cpu;
  linuxArch = if cpu == "aarch64" then "arm64" else cpu;
  efiArch = if cpu == "aarch64" then "aa64" else "x64";
  isx86 = cpu == "x86_64";
  isx86_64 = cpu == "x86_64";
  isx86_32 = false;
  isAarch64 = cpu == "aarch64";
  isAarch = cpu == "aarch64";
  is32bit = false;
  is64bit = true;
  isLinux = true;
  isDarwin = false;
  isEfi = true;
  __toString = self: self.system;
}
