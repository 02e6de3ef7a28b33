# The medium: its names, its packing and what lies on it beside the system.
{ ... }:
{
  netboot.squashfsCompression = "zstd -Xcompression-level 15";
}
