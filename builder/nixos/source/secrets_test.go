package source

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/design"
)

// TestSecretsStayOut holds that no way into an image takes a private key or a
// plain password along.
func TestSecretsStayOut(t *testing.T) {
	const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaA==\n-----END OPENSSH PRIVATE KEY-----\n"
	const plain = "{\n  users.users.admin = {\n    password = \"not so secret\";\n  };\n}\n"
	ways := map[string]func(d *design.Design){
		"nixos.imports[0]":            func(d *design.Design) { d.NixOS.Imports = []string{"own"} },
		"nixos.flake.url":             func(d *design.Design) { d.NixOS.Flake = design.NixFlake{URL: "./own", Modules: []string{"default"}} },
		"nixos.offline.configuration": func(d *design.Design) { d.NixOS.Offline = design.NixOffline{Level: "C", Configuration: "own"} },
		"nixos.offline.flake": func(d *design.Design) {
			d.NixOS.Offline = design.NixOffline{Level: "A", Flake: "own", Host: "host"}
		},
		"files[0].source": func(d *design.Design) { d.Files = []design.File{{Source: "own", Target: "/srv/own"}} },
	}
	for field, change := range ways {
		for secret, text := range map[string]string{"id_ed25519": key, "deep/admin.nix": plain, "": ""} {
			dir := t.TempDir()
			for name, text := range map[string]string{
				"own/default.nix": "{ }\n", "own/flake.nix": "{ outputs = _: { }; }\n", "own/configuration.nix": "{ }\n",
				"own/.git/config": key, "own/notes.txt": plain, "own/hash.nix": "# password = \"x\";\n{ a.password = \"\"; b.passwordFile = \"/run/x\"; }\n",
				filepath.Join("own", secret, "."): text,
			} {
				if strings.HasSuffix(filepath.Clean(name), "own") || strings.Contains(name, ".git") && strings.HasPrefix(field, "files") {
					continue
				}
				path := filepath.Join(dir, name)
				if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
					t.Fatal(err)
				}
			}
			d := design.Design{
				Format: 1, Name: "X", Distribution: "nixos", Base: "minimal", Dir: dir, NixOS: &design.NixOS{},
				Users: []design.User{{Name: "admin", SSHKeys: []string{"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJqtiGpmiAbdlGpkfVzZpHkX8HJJd2W3JtqbVxRmRjGm a@b"}}},
			}
			change(&d)
			_, err := Generate(d, Options{})
			var problems design.Problems
			if err != nil && !errors.As(err, &problems) {
				t.Fatal(err)
			}
			found := slices.ContainsFunc(problems, func(p design.Problem) bool {
				return p.Field == field && strings.Contains(p.Text, filepath.Base(secret)) &&
					(strings.Contains(p.Text, "private key") || strings.Contains(p.Text, "plain password"))
			})
			if found != (secret != "") {
				t.Errorf("%s with %q: %v", field, secret, err)
			}
			if strings.Contains(problems.Error(), "not so secret") {
				t.Errorf("%s: the message repeats the password", field)
			}
		}
	}
}
