{
  imports = [
    ./netboot.nix
    ../../profiles/installation-device.nix
  ];
}
