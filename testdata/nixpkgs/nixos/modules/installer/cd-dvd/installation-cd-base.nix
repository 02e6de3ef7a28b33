{ lib, ... }:
{
  imports = [
    ./channel.nix
    ./iso-image.nix
    ../../profiles/installation-device.nix
  ];
  isoImage.makeEfiBootable = true;
  isoImage.makeUsbBootable = true;
  boot.loader.grub.memtest86.enable = true;
}
