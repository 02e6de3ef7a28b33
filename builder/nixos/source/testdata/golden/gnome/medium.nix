# The medium: its names, its packing and what lies on it beside the system.
{ lib, ... }:
{
  image.baseName = lib.mkForce "gnome";

  # The running system finds its medium by this label.
  isoImage.volumeID = "GNOME";
  isoImage.squashfsCompression = "zstd -Xcompression-level 15";
}
