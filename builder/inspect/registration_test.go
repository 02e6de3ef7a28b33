package inspect

import (
	"strings"
	"testing"
)

const registration = `/nix/store/0000000000000000000000000000000a-hello-2.12.1
sha256:0m16
336

1
/nix/store/0000000000000000000000000000000b-glibc-2.42
/nix/store/0000000000000000000000000000000b-glibc-2.42
sha256:0m17
33600
/nix/store/0000000000000000000000000000000c-glibc-2.42.drv
0
`

func TestParseRegistration(t *testing.T) {
	list, err := parseRegistration(strings.NewReader(registration))
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v: %v", list, err)
	}
	if p := list[0]; p.Name != "hello" || p.Version != "2.12.1" || p.Installed != 336 {
		t.Errorf("%+v", p)
	}
	if p := list[1]; p.Name != "glibc" || p.Version != "2.42" || p.Installed != 33600 {
		t.Errorf("%+v", p)
	}
	for name, text := range map[string]string{
		"cut":            registration[:len(registration)-2],
		"no size":        strings.Replace(registration, "336\n", "x\n", 1),
		"minus":          strings.Replace(registration, "\n1\n", "\n-1\n", 1),
		"too many":       strings.Replace(registration, "\n1\n", "\n99999999\n", 1),
		"no number":      strings.Replace(registration, "\n1\n", "\none\n", 1),
		"only a path":    "/nix/store/x\n",
		"a path and end": "/nix/store/x",
	} {
		if list, err := parseRegistration(strings.NewReader(text)); err == nil {
			t.Errorf("%s: %+v", name, list)
		}
	}
}

func FuzzParseRegistration(f *testing.F) {
	f.Add(registration)
	f.Fuzz(func(t *testing.T, text string) {
		list, err := parseRegistration(strings.NewReader(text))
		if err == nil && len(list) > strings.Count(text, "\n")+1 {
			t.Errorf("%d packages in %q", len(list), text)
		}
	})
}
