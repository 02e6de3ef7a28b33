# The ssh server.
{ ... }:
{
  services.openssh.enable = true;
  services.openssh.ports = [ 2222 ];
  services.openssh.settings.PasswordAuthentication = false;
  services.openssh.settings.KbdInteractiveAuthentication = false;
  services.openssh.settings.PermitRootLogin = "prohibit-password";
}
