# What people read before and after they log in.
{ lib, ... }:
{
  # A backslash is doubled for agetty, which would expand what follows it.
  services.getty.greetingLine = ''
    Hi \\l ''${x} ''' `id`
      indented
  '';
  services.getty.helpLine = lib.mkForce "Type `help` \\\\o/";

  users.motd = lib.mkForce "motd %h";

  environment.etc."issue.net".text = "Welcome $HOME ''\${x}\n";

  services.openssh.settings.Banner = "/etc/issue.net";
}
