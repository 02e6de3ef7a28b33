# The medium: its names, its packing and what lies on it beside the system.
{ lib, ... }:
{
  image.baseName = lib.mkForce "the-desk-s-own";

  # The running system finds its medium by this label.
  isoImage.volumeID = "THE_DESK_S_OWN";
  isoImage.squashfsCompression = "zstd -Xcompression-level 15";
}
