# Who gets in. Everyone who holds the image can read this, so there are only hashes
# and public keys in it.
{ lib, pkgs, ... }:
{
  # The base gives root an empty password.
  users.users.root.initialHashedPassword = lib.mkForce null;
  users.users.root.hashedPassword = "!";

  # The base's own user gets in no longer and may do nothing.
  users.users.nixos.initialHashedPassword = lib.mkForce null;
  users.users.nixos.hashedPassword = "!";
  users.users.nixos.extraGroups = lib.mkForce [ ];
  users.users.nixos.shell = lib.mkForce "${pkgs.shadow}/bin/nologin";
  users.users.anna.isNormalUser = true;
  users.users.anna.hashedPassword = "$6$abcdefgh$Kv1pD5d9jvUoQ0B8cGkZ3l7tq7VfYb0nX1aC6m2sE4rT9wYhUiOpLkJhGfDsAzXcVbNmQwErTyUiOpAsDfGh0/";

  users.users.anna.openssh.authorizedKeys.keys = [
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHRkkxBIL8/yRfdc6uuhtyqbTsaXqTEn1rubI5s2QRzM anna@example"
  ];

  # The base lets all of wheel become root without a password.
  security.sudo.wheelNeedsPassword = lib.mkForce true;
}
