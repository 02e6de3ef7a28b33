package nix

import "regexp"

// engineFault is something that podman or docker says, with the way out.
type engineFault struct {
	pattern *regexp.Regexp
	// text takes the place of the engine's own; empty: that is good enough.
	text, hint string
}

// knownEngineFaults are looked through in order.
func knownEngineFaults() []engineFault {
	return []engineFault{
		{
			regexp.MustCompile(`permission denied while trying to connect to the [Dd]ocker|dial unix .*docker\.sock: connect: permission denied`),
			"docker is there, but you may not use it.",
			"run `sudo usermod -aG docker $USER` and log in again (members of that group can become root), or use podman, which needs no such rights",
		},
		{
			regexp.MustCompile(`Cannot connect to the Docker daemon|failed to connect to the docker API|error during connect`),
			"docker is installed, but its engine is not running.",
			"start it with `sudo systemctl start docker`, or open Docker Desktop; or use podman, which needs no engine",
		},
		{
			regexp.MustCompile(`newuidmap|newgidmap|no subuid ranges|no subgid ranges|insufficient UIDs or GIDs|cannot set up namespace`),
			"",
			"give your user ids for containers: `sudo usermod --add-subuids 100000-165535 --add-subgids 100000-165535 $USER`, and install the package uidmap (Debian, Ubuntu) or shadow-utils (Fedora)",
		},
		{
			regexp.MustCompile(`cgroups in hybrid mode not supported`),
			"podman's runtime crun does not work with this computer's cgroups (hybrid mode), and runc is not installed.",
			"install runc (Debian, Ubuntu: `sudo apt install runc`)",
		},
		{
			regexp.MustCompile(`no such host|[Tt]emporary failure in name resolution|server misbehaving|i/o timeout|network is unreachable|connection refused|TLS handshake`),
			"",
			"check the network; for a computer without one, bring the image with `podman save` and `podman load` (or docker's), or name another image in the settings",
		},
		{
			regexp.MustCompile(`manifest unknown|not found: manifest|repository does not exist|requested access to the resource is denied|name unknown|image not known`),
			"",
			"check the name of the image in the settings; it must hold Nix",
		},
		{
			regexp.MustCompile(`no space left on device`),
			"",
			"free some space where containers are kept (`podman system prune`, `docker system prune`)",
		},
		{
			regexp.MustCompile(`executable file .*not found in|exec: "(nix|sh)[^"]*"|(nix|nix-build|sh): (command )?not found|stat /bin/sh: no such file`),
			"",
			"the image must hold nix and sh; if the volume was made with another image, name another volume in the settings or remove it with `podman volume rm` (or docker's)",
		},
		{
			regexp.MustCompile(`bind source path does not exist|statfs .*: no such file|mounts denied|path .* is not shared`),
			"",
			"the engine does not see this computer's folders: does it run elsewhere (DOCKER_HOST), or must the folder be shared in Docker Desktop?",
		},
	}
}

// installEngine says how an engine is installed.
func installEngine(engine string) string {
	if engine == Docker {
		return "install Docker from https://docs.docker.com/engine/install, or podman, which needs no engine: Debian, Ubuntu `sudo apt install podman`, Fedora `sudo dnf install podman`"
	}
	return "install it: Debian, Ubuntu `sudo apt install podman`, Fedora `sudo dnf install podman`, openSUSE `sudo zypper install podman`, Arch `sudo pacman -S podman`"
}
