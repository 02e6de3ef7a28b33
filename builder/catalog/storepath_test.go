package catalog

import "testing"

func TestOfStorePath(t *testing.T) {
	const store = "/nix/store/0000000000000000000000000000000a-"
	for path, want := range map[string][2]string{
		store + "hello-2.12.1":                {"hello", "2.12.1"},
		store + "bash-interactive-5.3p9-man":  {"bash-interactive", "5.3p9-man"},
		store + "python3.13-requests-2.32.4":  {"python3.13-requests", "2.32.4"},
		store + "etc-os-release":              {"etc-os-release", ""},
		store + "nixos-system-nixos-26.11pre": {"nixos-system-nixos", "26.11pre"},
		store + "unit-x@.service":             {"unit-x@.service", ""},
		store + "a-":                          {"a-", ""},
		"plain":                               {"plain", ""},
		"":                                    {".", ""},
	} {
		if name, version := OfStorePath(path); [2]string{name, version} != want {
			t.Errorf("%q: %q, %q; want %q", path, name, version, want)
		}
	}
}
