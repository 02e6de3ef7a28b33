# Calls the flake in a folder with the inputs that its flake.lock names, as Nix itself does, also where flakes
# are not switched on. The result has the flake's outputs and, as `sources`, the store paths of all its inputs,
# theirs included: with these in the store, the flake evaluates without a network.
{
  # The folder, and the store path that it has as the flake's source.
  src,
  outPath ? src,
  # Inputs to take instead of locked ones, for a flake without flake.lock.
  inputs ? { },
}:
let
  lockFile = src + "/flake.lock";
  lock =
    if builtins.pathExists lockFile then
      builtins.fromJSON (builtins.readFile lockFile)
    else
      {
        root = "root";
        nodes.root = { };
      };

  # The node of an input: a name, or for "follows" a path of inputs that starts at the root.
  node =
    ref:
    if builtins.isList ref then
      builtins.foldl' (at: input: node lock.nodes.${at}.inputs.${input}) lock.root ref
    else
      ref;

  fetch =
    locked:
    if builtins ? fetchTree then
      builtins.fetchTree (removeAttrs locked [ "dir" ])
    else
      locked
      // {
        outPath =
          {
            github = builtins.fetchTarball {
              url = "https://${locked.host or "api.github.com"}/repos/${locked.owner}/${locked.repo}/tarball/${locked.rev}";
              sha256 = locked.narHash;
            };
            gitlab = builtins.fetchTarball {
              url = "https://${locked.host or "gitlab.com"}/api/v4/projects/${locked.owner}%2F${locked.repo}/repository/archive.tar.gz?sha=${locked.rev}";
              sha256 = locked.narHash;
            };
            tarball = builtins.fetchTarball {
              inherit (locked) url;
              sha256 = locked.narHash;
            };
            git = (builtins.fetchGit {
              inherit (locked) url rev;
              submodules = locked.submodules or false;
              allRefs = true;
            }).outPath;
            path = builtins.path {
              path = locked.path;
              name = "source";
              sha256 = locked.narHash;
            };
          }
          .${locked.type}
            or (throw "an input of the kind ${locked.type} needs Nix with flakes switched on");
      };

  # An input inside the folder of the flake that names it.
  isRelative = n: n.locked.type or "" == "path" && builtins.substring 0 1 n.locked.path != "/";

  trees = builtins.mapAttrs (
    name: n:
    if name == lock.root then
      { inherit outPath; }
    else if isRelative n then
      { outPath = trees.${node (n.parent or [ ])}.outPath + ("/" + n.locked.path); }
    else
      fetch n.locked
  ) lock.nodes;

  nodes = builtins.mapAttrs (
    name: n:
    let
      tree = trees.${name};
      dir = n.locked.dir or "";
      outPath = if dir == "" then tree.outPath else tree.outPath + ("/" + dir);
      flake = import ((if name == lock.root then src else outPath) + "/flake.nix");
      locked = builtins.mapAttrs (_: ref: nodes.${node ref}) (n.inputs or { });
      all = if name == lock.root then locked // inputs else locked;
      outputs = flake.outputs (all // { inherit self; });
      self = outputs // tree // {
        inherit outPath outputs;
        inputs = all;
        sourceInfo = tree;
        _type = "flake";
      };
    in
    if n.flake or true then self else tree
  ) lock.nodes;

  isFetched = name: name != lock.root && !isRelative lock.nodes.${name};
in
nodes.${lock.root}
// {
  sources = [
    outPath
  ]
  ++ map (i: i.outPath) (builtins.attrValues inputs)
  ++ map (name: trees.${name}.outPath) (builtins.filter isFetched (builtins.attrNames lock.nodes));
}
