package nix

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// sshOptions is the one of Settings.Options that goes to ssh.
const sshOptions = "ssh-options"

// options are the settings as arguments that every subcommand takes.
func (s Settings) options() []string {
	var args []string
	for _, name := range slices.Sorted(maps.Keys(s.Options)) {
		if name != sshOptions {
			args = append(args, "--option", name, s.Options[name])
		}
	}
	return args
}

// building are the arguments of what builds or asks what would be built.
func (s Settings) building() []string {
	var args []string
	if s.Builders != "" {
		args = append(args, "--builders", s.Builders)
	}
	if s.MaxJobs != nil {
		args = append(args, "--max-jobs", strconv.Itoa(*s.MaxJobs))
	}
	if s.Store != "" {
		args = append(args, "--eval-store", "auto", "--store", s.Store)
	}
	return args
}

// evaluating are the arguments of what evaluates a flake. The lock file that
// lies beside it is the truth and stays as it is.
func (s Settings) evaluating() []string {
	args := []string{"--no-write-lock-file"}
	if s.Nixpkgs != "" {
		args = append(args, "--override-input", "nixpkgs", s.Nixpkgs)
	}
	return args
}

// environment adds ssh's options to env.
func (s Settings) environment(env []string) []string {
	extra := s.Options[sshOptions]
	if extra == "" {
		return env
	}
	const name = "NIX_SSHOPTS="
	env = slices.Clone(env)
	for i, v := range env {
		if before, ok := strings.CutPrefix(v, name); ok {
			env[i] = name + before + " " + extra
			return env
		}
	}
	return append(env, name+extra)
}
