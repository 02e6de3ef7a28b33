# The medium: its names, its packing and what lies on it beside the system.
{ lib, ... }:
{
  image.baseName = lib.mkForce "minimal";

  # The running system finds its medium by this label.
  isoImage.volumeID = "MINIMAL";
  isoImage.squashfsCompression = "zstd -Xcompression-level 15";
}
