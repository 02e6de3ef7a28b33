# The medium: its names, its packing and what lies on it beside the system.
{ lib, pkgs, ... }:
{
  image.baseName = lib.mkForce "everything-s-on-here";

  # The running system finds its medium by this label.
  isoImage.volumeID = "EVERYTHING";
  isoImage.edition = lib.mkForce "rescue";
  isoImage.squashfsCompression = "zstd -Xcompression-level 3";

  isoImage.contents = [
    {
      source = ./assets/tool.sh;
      target = "/README.TXT";
    }
    {
      source = pkgs.writeText "note.txt" "note \${x}\n";
      target = "/docs/note.txt";
    }
    {
      source = "${pkgs.hello}" + "/share/doc";
      target = "/docs/hello";
    }
  ];
}
