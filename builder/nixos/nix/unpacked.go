package nix

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/isowright/isowright/internal/run"
	"github.com/isowright/isowright/internal/safefile"
)

// An unpacked Nix is Debian's package nix-bin, which nobody installed: it is
// started through its own loader, so that it runs on every Linux, and keeps its
// store below a folder of the person's ("chroot store"). Builds see that store
// at /nix/store in a user namespace of their own, with Nix's own sandbox; so
// neither root nor a daemon is needed, and caches serve as always.

// findUnpacked gets the unpacked Nix and tries it.
func (s Search) findUnpacked(ctx context.Context) (*Nix, error) {
	if s.Container.Unpack == nil {
		return nil, &Error{Kind: KindContainer, Subject: Builtin, Text: "This version brings no Nix for this computer.",
			Hint: "build in a container of podman or docker"}
	}
	root, err := s.Container.Unpack(ctx)
	if err != nil {
		return nil, fmt.Errorf("unpack Nix: %w", err)
	}
	bin, err := unpackedBin(root, s.Container.Dir, s.Container.Env)
	if err != nil {
		return nil, fmt.Errorf("unpack Nix: %w", err)
	}
	n := &Nix{
		Path: filepath.Join(bin, "nix"), env: s.Container.Env, settings: s.Settings,
		places: &Places{folder: filepath.Join(s.Container.Dir, "nix")},
	}
	if err := n.tryUnpacked(ctx, bin); err != nil {
		return nil, err
	}
	if err := n.askVersion(ctx); err != nil {
		return nil, err
	}
	return n, n.ask(ctx)
}

// unpackedBin writes the programs, as scripts that start Nix, into dir/bin.
func unpackedBin(root, dir string, env []string) (string, error) {
	u := unpacked{root: root, dir: dir, certificates: certificates(os.DirFS("/"), env)}
	loaders, err := filepath.Glob(filepath.Join(escapeGlob(root), "usr/lib/*-linux-gnu/ld-linux-*.so.*"))
	if err != nil || len(loaders) == 0 {
		return "", errors.Join(err, fmt.Errorf("there is no loader in %s", root))
	}
	u.loader = loaders[0]
	for _, path := range []string{root, dir} {
		// Nix's settings and the loader know no quoting.
		if strings.ContainsAny(path, " \t\r\n:;=?%") {
			return "", fmt.Errorf("the folder %q has a blank or one of : ; = ? %% in its name", path)
		}
	}
	bin := filepath.Join(dir, "bin")
	if err := os.MkdirAll(bin, 0o755); err != nil {
		return "", err
	}
	for _, name := range []string{"nix", "nix-build", "nix-store", "nix-instantiate", "nix-collect-garbage"} {
		path := filepath.Join(bin, name)
		if old, err := os.ReadFile(path); err == nil && string(old) == u.script(name) {
			continue // another process may be running it
		}
		if err := safefile.Write(path, 0o755, []byte(u.script(name))); err != nil {
			return "", err
		}
	}
	return bin, nil
}

// unpacked are the places that its programs name.
type unpacked struct{ root, loader, dir, certificates string }

// script is the text of a program. Nix is one program that goes by its name.
func (u unpacked) script(name string) string {
	config := strings.Join([]string{
		"store = local?root=" + u.dir,
		"build-users-group =",
		"sandbox = true",
		"sandbox-fallback = false",
		"sandbox-paths = /bin/sh=" + filepath.Join(u.root, "usr/bin/bash-static"),
	}, "\n")
	lines := []string{
		"#!/bin/sh",
		"# Starts the Nix that Isowright has unpacked; it was not installed.",
		"NIX_CONFIG=" + quoteShell(config) + `"${NIX_CONFIG:+` + "\n" + `$NIX_CONFIG}"`,
		"NIX_BIN_DIR=" + quoteShell(filepath.Join(u.dir, "bin")),
		"export NIX_CONFIG NIX_BIN_DIR",
	}
	if u.certificates != "" {
		lines = append(lines, "NIX_SSL_CERT_FILE="+quoteShell(u.certificates), "export NIX_SSL_CERT_FILE")
	}
	return strings.Join(append(lines, fmt.Sprintf(`exec %s --argv0 %s --library-path %s %s "$@"`,
		quoteShell(u.loader), name, quoteShell(filepath.Dir(u.loader)), quoteShell(filepath.Join(u.root, "usr/bin/nix")))), "\n") + "\n"
}

// certificates finds the bundle of certificate authorities that the
// distribution keeps where Debian's Nix does not look; "" for none.
func certificates(files fs.FS, env []string) string {
	if getenv(env, "NIX_SSL_CERT_FILE") != "" {
		return ""
	}
	for _, name := range []string{
		"etc/ssl/certs/ca-certificates.crt",                // Debian, Arch, Alpine
		"etc/pki/tls/certs/ca-bundle.crt",                  // Fedora
		"etc/ssl/ca-bundle.pem",                            // openSUSE
		"etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // CentOS
		"etc/ssl/cert.pem",
	} {
		if info, err := fs.Stat(files, name); err == nil && info.Mode().IsRegular() {
			return "/" + name
		}
	}
	return ""
}

// tryUnpacked builds the trial, because the kernel's rules for namespaces are
// known only by trying.
func (n *Nix) tryUnpacked(ctx context.Context, bin string) error {
	err := run.Run(ctx, run.Cmd{
		Path: filepath.Join(bin, "nix-build"), Args: []string{"--no-out-link", "--expr", trial}, Env: n.env, Grace: grace,
	})
	var failed *run.Error
	if !errors.As(err, &failed) {
		return err
	}
	lines := strings.Split(strings.TrimSpace(failed.Tail), "\n")
	return &Error{
		Kind: KindContainer, Subject: Builtin, Raw: failed.Tail, Tail: failed.Tail,
		Text: "The Nix that Isowright brings cannot build here: " + strings.TrimPrefix(strings.TrimSpace(lines[len(lines)-1]), "error: ") + ".",
		Hint: namespaceHint(os.DirFS("/")),
	}
}

// namespaceHint says what to do where no namespace can be made.
func namespaceHint(files fs.FS) string {
	if command, forbidden := namespacesForbidden(files); forbidden {
		return "this system does not let ordinary users make namespaces: run `" + command + "`, or build in a container of podman or docker"
	}
	return "build in a container of podman or docker, or install Nix"
}

// namespacesForbidden looks for a setting of the kernel that keeps ordinary
// users from making namespaces, and gives the command that changes it.
func namespacesForbidden(files fs.FS) (command string, forbidden bool) {
	for _, s := range []struct{ name, bad, good string }{
		{"kernel/apparmor_restrict_unprivileged_userns", "1", "kernel.apparmor_restrict_unprivileged_userns=0"},
		{"kernel/unprivileged_userns_clone", "0", "kernel.unprivileged_userns_clone=1"},
		{"user/max_user_namespaces", "0", "user.max_user_namespaces=15000"},
	} {
		if text, err := fs.ReadFile(files, "proc/sys/"+s.name); err == nil && strings.TrimSpace(string(text)) == s.bad {
			return "sudo sysctl -w " + s.good, true
		}
	}
	return "", false
}
