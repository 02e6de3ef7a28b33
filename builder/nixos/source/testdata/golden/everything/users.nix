# Who gets in. Everyone who holds the image can read this, so there are only hashes
# and public keys in it.
{ lib, options, pkgs, ... }:
{
  # The base gives root an empty password.
  users.users.root.initialHashedPassword = lib.mkForce null;
  users.users.root.hashedPassword = "!";

  users.users.root.openssh.authorizedKeys.keys = [
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHRkkxBIL8/yRfdc6uuhtyqbTsaXqTEn1rubI5s2QRzM anna@example"
  ];

  # The base's own user gets in no longer and may do nothing.
  users.users.nixos.enable = false;
  users.users.nixos.initialHashedPassword = lib.mkForce null;
  users.users.nixos.hashedPassword = "!";
  users.users.nixos.extraGroups = lib.mkForce [ ];
  users.users.nixos.shell = lib.mkForce "${pkgs.shadow}/bin/nologin";
  users.users.anna.isNormalUser = true;
  users.users.anna.description = "Anna \"A\" \${x} \\ Müller";
  users.users.anna.hashedPassword = "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$3jqFjmCn6lvxu/JOlErX8yUWJcQPO4fBiat3GkMiKrD";

  users.users.anna.extraGroups = [
    "video"
    "docker"
  ];

  users.users.anna.openssh.authorizedKeys.keys = [
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHRkkxBIL8/yRfdc6uuhtyqbTsaXqTEn1rubI5s2QRzM anna@example"
  ];

  programs.zsh.enable = true;

  users.users.anna.shell = pkgs.zsh;
  users.groups.docker = { };
  users.users.bob.isNormalUser = true;
  users.users.bob.hashedPassword = "!";
  users.users.bob.extraGroups = [ "wheel" ];
  users.users.bob.shell = pkgs.bashInteractive;

  # The base lets all of wheel become root without a password.
  security.sudo.wheelNeedsPassword = lib.mkForce true;

  security.sudo.extraRules = [
    {
      users = [ "anna" ];
      commands = [ "ALL" ];
    }
    {
      users = [ "bob" ];
      commands = [
        {
          command = "ALL";
          options = [ "NOPASSWD" ];
        }
      ];
    }
  ];
}
