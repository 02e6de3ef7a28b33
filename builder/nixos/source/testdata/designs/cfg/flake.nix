{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-26.05";
  outputs = { nixpkgs, ... }: {
    nixosModules.extra = { pkgs, ... }: { environment.systemPackages = [ pkgs.hello ]; };
    nixosConfigurations.desk = nixpkgs.lib.nixosSystem {
      modules = [ {
        nixpkgs.hostPlatform = "x86_64-linux";
        fileSystems."/" = { device = "/dev/disk/by-label/nixos"; fsType = "ext4"; };
        boot.loader.systemd-boot.enable = true;
        boot.loader.efi.canTouchEfiVariables = true;
        boot.loader.timeout = 3;
        networking.hostName = "desk";
        time.timeZone = "Europe/Berlin";
        services.openssh.enable = true;
        system.stateVersion = "25.11";
        swapDevices = [ { device = "/dev/sda2"; } ];
      } ];
    };
  };
}
