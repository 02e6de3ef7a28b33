# What makes this image install without a network. settings.nix says what the design wants; ../target is the
# configuration that lies on the medium and becomes /etc/nixos of the installed computer.
{
  config,
  lib,
  nixpkgs,
  pkgs,
  ...
}:
let
  settings = import ./settings.nix;
  targets = import ./targets.nix {
    inherit lib nixpkgs settings;
    inherit (pkgs.stdenv.hostPlatform) system;
  };
  toplevel = s: s.config.system.build.toplevel;
  isChangeable = settings.level != "A";
  nixpkgsSource = "${nixpkgs.outPath or nixpkgs}";

  # What must be there to build the target anew after a change (level B). Level C has it all.
  writes =
    !(builtins ? currentTime)
    || builtins.pathExists (
      builtins.unsafeDiscardStringContext
        (derivation {
          name = "written-${toString builtins.currentTime}";
          system = "builtin";
          builder = "builtin:buildenv";
        }).drvPath
    );
  known = map toplevel (targets.all ++ map targets.withHardware targets.all);
  changed = map (s: toplevel (targets.probed s)) targets.all;
  compared = import ./build-inputs.nix { inherit changed known pkgs; };
  named = map (
    name: (lib.getAttrFromPath (lib.splitString "." name) targets.designed.pkgs).inputDerivation
  ) settings.buildInputs;
  buildInputs = lib.optionals (settings.level == "B") (
    named
    # An evaluation that writes nothing has no store derivations to compare.
    ++ (
      if settings.compare && writes then
        compared
      else
        import ./known-inputs.nix {
          inherit lib;
          inherit (targets.designed) pkgs;
        }
    )
  );

  configuration =
    if settings.separate then
      ../configuration
    else if settings.locked then
      targets.source
    else
      pkgs.runCommand "configuration" { } ''
        cp -r ${targets.source} $out
        chmod u+w $out
        cp ${lockFile} $out/flake.lock
      '';
  lockFile = import ./lock.nix {
    inherit
      config
      lib
      nixpkgs
      pkgs
      ;
    inherit (settings) original;
  };

  installer = import ./installer.nix {
    inherit
      buildInputs
      lib
      nixpkgs
      pkgs
      settings
      targets
      ;
    medium = "/iso";
    volume = config.isoImage.volumeID or "";
    configuration = if settings.medium == "iso" then "/iso/nix-cfg" else "/etc/isowright/configuration";
  };

  storeContents =
    map toplevel targets.all
    ++ lib.optional (settings.layout == "disko") targets.designed.config.system.build.diskoScript
    ++ lib.optionals isChangeable (targets.sources ++ [ nixpkgsSource ])
    ++ buildInputs
    ++ lib.optionals (settings.level == "C") (map (s: (toplevel s).drvPath) targets.all);
in
lib.mkMerge [
  {
    environment.systemPackages = [ installer.package ];
    environment.etc."isowright/install.conf".text = installer.conf;
    services.getty.helpLine = "To install NixOS from this medium, without a network, type: sudo isowright-install\n";

    # Nothing may wait for a network that is not there.
    nix.settings = {
      experimental-features = [
        "nix-command"
        "flakes"
      ];
      flake-registry = lib.mkDefault "";
      tarball-ttl = lib.mkDefault 4294967295;
      # Without a network interface Nix would not even take paths from the medium's own store.
      substitute = lib.mkDefault true;
      connect-timeout = lib.mkDefault 5;
      download-attempts = lib.mkDefault 1;
    };

    assertions = [
      {
        assertion =
          installer.unmet == [ ]
          || lib.elem settings.layout [
            "disko"
            "manual"
          ]
          || (isChangeable && !installer.keepsFileSystems);
        message = "The installer's layout ${settings.layout} has no file system for ${
          lib.concatMapStringsSep " and " (f: "${f.mountPoint} (${toString f.device})") installer.unmet
        } of the system to install. Use /dev/disk/by-label, by-uuid or by-partlabel for / and the ESP only, or the layout disko or manual.";
      }
    ];

    # For those who look from outside.
    system.build.isowrightOffline = {
      inherit
        buildInputs
        storeContents
        targets
        ;
      derivations.known = map (s: s.drvPath) known;
      derivations.changed = map (s: s.drvPath) changed;
      inherit (installer) conf;
    };
  }

  (lib.setAttrByPath settings.storeOption storeContents)

  (lib.optionalAttrs (settings.medium == "iso") {
    isoImage.contents = [
      {
        source = configuration;
        target = "/nix-cfg";
      }
    ];
  })
  (lib.optionalAttrs (settings.medium != "iso") {
    environment.etc."isowright/configuration".source = configuration;
  })

  (lib.optionalAttrs isChangeable {
    nix.registry.nixpkgs = lib.mkForce {
      from = {
        type = "indirect";
        id = "nixpkgs";
      };
      to = {
        type = "path";
        path = nixpkgsSource;
      };
    };
  })

  (lib.optionalAttrs settings.unattended {
    systemd.services.isowright-install = {
      description = "Installation of NixOS on ${settings.disk}";
      wantedBy = [ "multi-user.target" ];
      after = [
        "nix-daemon.socket"
        "register-nix-paths.service"
        "systemd-udev-settle.service"
      ];
      # On the kernel's command line, isowright.install=no keeps the disk.
      unitConfig.ConditionKernelCommandLine = "!isowright.install=no";
      restartIfChanged = false;
      environment.HOME = "/root";
      serviceConfig = {
        Type = "oneshot";
        ExecStart = "${installer.package}/bin/isowright-install --unattended";
        StandardOutput = "journal+console";
        StandardError = "journal+console";
        TimeoutStartSec = "infinity";
      };
    };
  })
]
