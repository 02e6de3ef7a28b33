# Packages that tests name but never need: each is a script that prints its name.
final: prev:
let
  inherit (prev) lib;
  stub =
    pname: version: meta:
    final.build {
      inherit pname version meta;
      script = ''
        mkdir -p $out/bin
        printf '#!%s\necho "%s"\n' ${final.runtimeShell} ${lib.escapeShellArg "${pname} ${version}"} >$out/bin/${pname}
        chmod 755 $out/bin/${pname}
      '';
    };
  # hostTool is a program that builders take from the host's PATH anyway.
  hostTool = pname: final.build {
    inherit pname;
    version = "0";
    script = "mkdir -p $out/bin";
  };
  named = lib.genAttrs [
    "alsa-utils" "bat" "btop" "btrfs-progs" "grub2" "xfsprogs" "calamares-nixos" "calamares-nixos-extensions" "chromium" "cryptsetup" "curl"
    "ddrescue" "disko" "dosfstools" "e2fsprogs" "emacs" "fd" "fastfetch" "firefox" "fzf" "gcc" "git" "gnumake" "gparted"
    "gptfdisk" "helix" "htop" "iw" "jq" "kbd" "kmod" "less" "lsof" "micro" "mtr" "nano" "neovim" "networkmanager" "nixos-install-tools"
    "nmap" "ntfs3g" "nvme-cli" "openssh" "parted" "pciutils" "python3" "ripgrep" "rsync" "screen" "shellcheck"
    "smartmontools" "sudo" "terminus_font" "testdisk" "tmux" "tree" "unzip" "usbutils" "vim" "w3m" "wget" "wpa_supplicant" "zip" "zsh"
    "nixos-rebuild-ng" "nixos-rebuild" "desktop-file-utils" "shared-mime-info" "texinfo" "libxslt" "brotli" "libxml2"
  ] (n: stub n "1.0" { });
in
named
// lib.genAttrs [ "coreutils" "findutils" "gnugrep" "gnused" "gawk" "gnutar" "gzip" "xz" "zstd" "mtools" "xorriso" "squashfsTools" "libarchive" "cpio" "util-linux" "file" "diffutils" "perl" "lndir" ] hostTool
// {
  hello = stub "hello" "2.12.2" { };
  # For the refusals of nixpkgs.
  hello-unfree = stub "hello-unfree" "1.0" { license = lib.licenses.unfree; };
  steam = stub "steam" "1.0" { license = lib.licenses.unfree; };
  hello-insecure = stub "hello-insecure" "1.0" { knownVulnerabilities = [ "it is old" ]; };
  hello-broken = stub "hello-broken" "1.0" { broken = true; };
  # A package that takes a while and talks, and one that fails.
  slow = final.runCommand "slow-1.0" { } "for i in $(seq 300); do echo step $i; sleep 0.1; done; touch $out";
  failing = final.runCommand "failing-1.0" { } "echo about to fail; echo the reason >&2; exit 3";
  nixos-grub2-theme = final.runCommand "nixos-grub2-theme" { } "mkdir $out; echo 'title-text: \"NixOS\"' >$out/theme.txt";
  linux-firmware = stub "linux-firmware" "1.0" { };
  formats = import ./formats.nix { pkgs = final; inherit lib; };
}
