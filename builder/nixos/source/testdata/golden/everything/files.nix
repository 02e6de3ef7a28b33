# Files of one's own in the running system.
{ config, ... }:
let
  place = ''
    # place SOURCE TARGET MODE OWNER; MODE and OWNER may be empty
    place() {
      local source=$1 target=$2 mode=$3 owner=$4 entry name to
      while IFS= read -r -d "" entry; do
        name=''${entry#?}
        to=$target''${name:+/$name}
        mkdir -p -- "$(dirname -- "$to")"
        case $entry in
          d*)
            if [ -d "$to" ]; then continue; fi
            mkdir -- "$to"
            ;;
          *)
            cp -dT --remove-destination -- "$source''${name:+/$name}" "$to"
            ;;
        esac
        if [ -n "$owner" ]; then chown -h "$owner" -- "$to"; fi
        case $entry in
          f*) chmod "''${mode:-u+w}" -- "$to" ;;
        esac
      done < <(find "$source" -printf '%y%P\0')
    }
  '';
in
{
  environment.etc."tool.sh" = {
    source = ./assets/tool.sh;
    mode = "0750";
    user = "anna";
    group = config.users.users.anna.group;
  };

  # Copied at each start, after the accounts are there.
  system.activationScripts.ownFiles = {
    deps = [
      "etc"
      "users"
      "groups"
    ];
    text = ''
      ${place}
      place ${./assets/dir} '/opt/it'\'''s ''${here}''\' 0644 anna:
    '';
  };
}
