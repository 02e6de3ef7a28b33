{
  imports = [ ./hardware-configuration.nix ];
  networking.hostName = "box";
  users.users.alice = { };
}
