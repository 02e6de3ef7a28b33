# Types and defaults of options that a configuration commonly sets, as real
# NixOS has them.
{ lib, config, ... }:
let
  inherit (lib) types mkOption;
  opt = type: mkOption { inherit type; };
  def = type: default: mkOption { inherit type default; };
  free = types.attrsOf types.anything;
  # NixOS takes a list of names or a set of them.
  names = types.coercedTo (types.attrsOf types.bool) (a: lib.attrNames (lib.filterAttrs (_: v: v) a)) (types.listOf types.str);
  fileSystem =
    { config, name, ... }:
    {
      options = {
        mountPoint = def types.str name;
        device = def (types.nullOr types.str) null;
        label = def (types.nullOr types.str) null;
        fsType = def types.str "auto";
        options = def (types.listOf types.str) [ "defaults" ];
        neededForBoot = def types.bool false;
        overlay = def types.anything { };
      };
      config.device = lib.mkIf (config.label != null) "/dev/disk/by-label/${config.label}";
    };
in
{
  options = {
    assertions = def (types.listOf types.anything) [ ];
    warnings = def (types.listOf types.str) [ ];
    boot = {
      loader.timeout = def (types.nullOr types.int) 5;
      loader.grub.enable = def types.bool true;
      loader.grub.efiSupport = def types.bool false;
      loader.grub.device = def types.str "";
      loader.grub.devices = def (types.listOf types.str) (lib.optional (config.boot.loader.grub.device != "") config.boot.loader.grub.device);
      loader.systemd-boot.enable = def types.bool false;
      loader.efi.canTouchEfiVariables = def types.bool false;
      loader.efi.efiSysMountPoint = def types.str "/boot";
      loader.grub.memtest86.enable = def types.bool false;
      loader.grub.forcei686 = def types.bool false;
      loader.grub.extraEntries = def types.lines "";
      kernelParams = def (types.listOf types.str) [ ];
      kernelPackages = opt types.raw;
      kernelModules = def names [ ];
      extraModulePackages = def (types.listOf types.package) [ ];
      blacklistedKernelModules = def names [ ];
      extraModprobeConfig = def types.lines "";
      initrd.kernelModules = def names [ ];
      initrd.availableKernelModules = def names [ ];
      initrd.systemd.enable = def types.bool true;
      supportedFilesystems = def (types.coercedTo (types.listOf types.str) (l: lib.genAttrs l (_: true)) (types.attrsOf types.bool)) { };
      postBootCommands = def types.lines "";
      plymouth.enable = def types.bool false;
    };
    console.keyMap = def (types.either types.str types.path) "us";
    console.font = def (types.nullOr (types.either types.str types.path)) null;
    console.earlySetup = def types.bool false;
    console.packages = def (types.listOf types.package) [ ];
    documentation.enable = def types.bool true;
    documentation.man.enable = def types.bool true;
    documentation.doc.enable = def types.bool true;
    documentation.info.enable = def types.bool true;
    documentation.nixos.enable = def types.bool true;
    environment = {
      systemPackages = def (types.listOf types.package) [ ];
      defaultPackages = def (types.listOf types.package) [ ];
      loginShellInit = def types.lines "";
      interactiveShellInit = def types.lines "";
      variables = def free { };
      sessionVariables = def free { };
      shellAliases = def free { };
    };
    fileSystems = def (types.attrsOf (types.submodule fileSystem)) { };
    swapDevices = def (types.listOf types.anything) [ ];
    hardware = {
      enableRedistributableFirmware = def types.bool config.hardware.enableAllFirmware;
      enableAllFirmware = def types.bool false;
      enableAllHardware = def types.bool false;
      firmware = def (types.listOf types.package) [ ];
      graphics.enable = def types.bool false;
    };
    i18n.defaultLocale = def types.str "en_US.UTF-8";
    i18n.supportedLocales = def (types.listOf types.str) [ "C.UTF-8/UTF-8" "en_US.UTF-8/UTF-8" ];
    i18n.extraLocales = def (types.either (types.enum [ "all" ]) (types.listOf types.str)) [ ];
    installer.cloneConfig = mkOption { default = true; };
    installer.cloneConfigIncludes = mkOption { default = [ ]; };
    installer.cloneConfigExtra = mkOption { default = ""; };
    networking = {
      hostName = def (types.strMatching "^$|^[[:alnum:]]([[:alnum:]_-]{0,61}[[:alnum:]])?$") "nixos";
      networkmanager.enable = def types.bool false;
      networkmanager.ensureProfiles.profiles = def free { };
      wireless.enable = def types.bool false;
      firewall.enable = def types.bool true;
      useDHCP = def types.bool true;
      nameservers = def (types.listOf types.str) [ ];
      search = def (types.listOf types.str) [ ];
      hostId = def (types.nullOr types.str) null;
    };
    nix = {
      enable = def types.bool true;
      package = opt types.package;
      settings = def (types.attrsOf types.anything) { };
      registry = def free { };
      channel.enable = def types.bool true;
      nixPath = def (types.listOf types.str) [ ];
      extraOptions = def types.lines "";
      checkConfig = def types.bool true;
    };
    programs.bash.promptInit = def types.lines "";
    programs.bash.promptPluginInit = def types.lines "";
    programs.bash.loginShellInit = def types.lines "";
    programs.bash.interactiveShellInit = def types.lines "";
    security.sudo.enable = def types.bool true;
    security.sudo.wheelNeedsPassword = def types.bool true;
    services = {
      getty.greetingLine = opt types.str;
      getty.helpLine = def types.lines "";
      getty.autologinUser = def (types.nullOr types.str) null;
      getty.autologinOnce = def types.bool false;
      openssh.enable = def types.bool false;
      openssh.settings = def free { };
      openssh.ports = def (types.listOf types.port) [ 22 ];
      openssh.openFirewall = def types.bool true;
      openssh.hostKeys = def (types.listOf types.attrs) [ ];
      displayManager.autoLogin.enable = def types.bool false;
      displayManager.autoLogin.user = def (types.nullOr types.str) null;
      xserver.enable = def types.bool false;
      xserver.xkb.layout = def types.str "us";
      xserver.xkb.variant = def types.str "";
      xserver.xkb.model = def types.str "pc104";
      xserver.xkb.options = def types.commas "terminate:ctrl_alt_bksp";
    };
    system = {
      build = def (types.lazyAttrsOf types.unspecified) { };
      name = def types.str config.networking.hostName;
      stateVersion = def types.str config.system.nixos.release;
      extraDependencies = def (types.listOf types.package) [ ];
      includeBuildDependencies = def types.bool false;
      installer.channel.enable = def types.bool true;
      boot.loader.kernelFile = def types.str "bzImage";
      boot.loader.initrdFile = def types.str "initrd";
      nixos = {
        release = def types.str lib.trivial.release;
        version = def types.str lib.trivial.version;
        codeName = def types.str lib.trivial.codeName;
        label = def (types.strMatching "[a-zA-Z0-9:_\\.-]*") config.system.nixos.version;
        tags = def (types.listOf types.str) [ ];
        distroName = def types.str "NixOS";
        distroId = def types.str "nixos";
        variant_id = def (types.nullOr types.str) null;
        revision = def (types.nullOr types.str) null;
      };
    };
    systemd.services = def free { };
    systemd.tmpfiles.rules = def (types.listOf types.str) [ ];
    time.timeZone = def (types.nullOr types.str) null;
    users = {
      motd = def types.lines "";
      motdFile = def (types.nullOr types.path) null;
      mutableUsers = def types.bool true;
      defaultUserShell = def (types.either types.path types.package) "/bin/sh";
    };
  };
  config = {
    services.getty.greetingLine = lib.mkDefault "<<< Welcome to ${config.system.nixos.distroName} ${config.system.nixos.label} (\\m) - \\l >>>";
  };
}
