package nixpkgs

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"
	"testing"
)

func few(t testing.TB) map[string]Package {
	t.Helper()
	all := map[string]Package{}
	n, err := decodePackages(strings.NewReader(fewPackages), func(p Package) error { all[p.Attr] = p; return nil })
	if err != nil || n != len(all) {
		t.Fatalf("%d packages: %v", n, err)
	}
	return all
}

func TestDecodePackages(t *testing.T) {
	all := few(t)
	for attr, want := range map[string]Package{
		"firefox": {PName: "firefox", Version: "152.0.4", Summary: "Web browser built from Firefox source tree", Command: "firefox",
			Homepage: "http://www.mozilla.com/en-US/firefox/", Position: "pkgs/firefox/wrapper.nix:597",
			Licenses: []License{{"MPL-2.0", "Mozilla Public License 2.0", true}}},
		"firefox-esr": {PName: "firefox", Version: "140.1", Summary: "Web browser built from Firefox source tree", Licenses: []License{{ID: "mpl20", Free: true}}},
		"openssl": {PName: "openssl", Version: "3.6", Summary: "Cryptographic library that implements the SSL and TLS protocols", Command: "openssl",
			Homepage: "https://a.example", Outputs: []string{"dev", "man"}, Licenses: []License{{ID: "Apache-2.0", Free: true}, {ID: "bsd3", Free: true}}},
		"google-chrome": {PName: "google-chrome", Version: "149", Summary: "Freeware web browser developed by Google", Command: "google-chrome-stable",
			Unfree: true, Licenses: []License{{"unfree", "Unfree", false}}},
		"oldunfree": {PName: "oldunfree", Version: "1", Unfree: true, Licenses: []License{{"x-eula", "X EULA", false}}},
		"ventoy": {PName: "ventoy", Version: "1.1", Summary: "New bootable USB solution", Insecure: true,
			Vulnerabilities: []string{"Ventoy uses binary blobs", "second"}, Licenses: []License{{ID: "GPL-3.0-or-later", Free: true}}},
		"brokenthing": {PName: "brokenthing", Version: "2", Summary: "Does not build", Broken: true, Problems: []string{"removal: Will be removed in 26.11"}},
		"maconly":     {PName: "maconly", Version: "2", Unavailable: true},
		"compound": {PName: "compound", Version: "1",
			Licenses: []License{{ID: "MIT", Free: true}, {ID: "GPL-2.0", Free: true}, {ID: "LLVM-exception", Free: true}}},
		"odd":   {Licenses: []License{{ID: "deep", Free: true}}},
		"empty": {}, "nometa": {}, "nothing": {},
	} {
		want.Attr = attr
		if got := all[attr]; !reflect.DeepEqual(got, want) {
			t.Errorf("%s:\n got %+v\nwant %+v", attr, got, want)
		}
	}
}

func TestDecodeOptions(t *testing.T) {
	all := map[string]Option{}
	if n, err := decodeOptions(strings.NewReader(fewOptions), func(o Option) error { all[o.Name] = o; return nil }); n != 3 || err != nil {
		t.Fatal(n, err)
	}
	want := map[string]Option{
		"services.openssh.enable": {"services.openssh.enable", "boolean", "Whether to enable the OpenSSH secure shell daemon.", "false", "true", false,
			[]string{"nixos/modules/services/networking/ssh/sshd.nix"}},
		"services.openssh.ports": {"services.openssh.ports", "list of 16 bit unsigned integer", "Ports *of* sshd.", "[22]", "", true,
			[]string{"<nixpkgs/nixos/modules/sshd.nix>"}},
		"boot.loader.timeout": {Name: "boot.loader.timeout", Type: "null or (signed integer)"},
	}
	if !reflect.DeepEqual(all, want) {
		t.Errorf("got %+v\nwant %+v", all, want)
	}
}

func TestDecodeRefuses(t *testing.T) {
	long := `"` + strings.Repeat("x", maxValue) + `"`
	for name, text := range map[string]string{
		"nothing": "", "a page": "<html><body>Please log in</body></html>", "a list": "[]", "a word": "null",
		"no packages": `{"version":"2"}`, "no version": `{"packages":{}}`, "another version": `{"packages":{},"version":"3"}`,
		"packages as a list": `{"packages":[],"version":"2"}`, "cut": fewPackages[:len(fewPackages)/2],
		"something behind": `{"packages":{},"version":"2"} {}`, "two commas": `{"packages":{"a":{},,},"version":"2"}`,
		"an empty name": `{"packages":{"":{}},"version":"2"}`, "a long name": `{"packages":{"` + strings.Repeat("n", maxName+1) + `":{}},"version":"2"}`,
		"a value too large": `{"packages":{"a":{"pname":` + long + `}},"version":"2"}`, "a name too large": `{"packages":{` + long + `:{}},"version":"2"}`,
		"too large and not looked at": `{"other":` + long + `}`,
		"deep":                        `{"packages":{"a":` + strings.Repeat("[", 200_000),
	} {
		if _, err := decodePackages(strings.NewReader(text), func(Package) error { return nil }); err == nil {
			t.Errorf("%s is taken for a list", name)
		}
	}
	want := errors.New("disk full")
	if _, err := decodePackages(strings.NewReader(fewPackages), func(Package) error { return want }); !errors.Is(err, want) {
		t.Errorf("the receiver's error is lost: %v", err)
	}
}

// endless gives members without an end; memory must not grow with them.
type endless struct {
	head string
	n    int
}

func (e *endless) Read(p []byte) (int, error) {
	if e.head == "" {
		e.n++
		if e.n > 300_000 {
			return 0, io.ErrUnexpectedEOF
		}
		e.head = fmt.Sprintf(`"p%d":{"meta":{"description":"x","other":[%s1]}},`, e.n, strings.Repeat("1,", 100))
	}
	n := copy(p, e.head)
	e.head = e.head[n:]
	return n, nil
}

func TestDecodeEndsWithTheTransfer(t *testing.T) {
	n, err := decodePackages(&endless{head: `{"packages":{`}, func(Package) error { return nil })
	if n < 299_000 || !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("%d packages, %v", n, err)
	}
}

func FuzzPackages(f *testing.F) {
	f.Add([]byte(fewPackages))
	f.Add([]byte(`{"packages":{"a":{"meta":{"license":{"licenses":[{"license":{"license":"x"}}]}}}},"version":"2"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		n := 0
		got, err := decodePackages(strings.NewReader(string(data)), func(p Package) error {
			n++
			if p.Attr == "" || strings.ContainsAny(p.Summary, "\n\r") {
				t.Fatalf("%+v", p)
			}
			p.Reasons()
			return nil
		})
		if err == nil && got != n {
			t.Fatalf("%d counted, %d given", got, n)
		}
	})
}

func FuzzOptions(f *testing.F) {
	f.Add([]byte(fewOptions))
	f.Add([]byte(`{"a":{"default":{"_type":"x"},"example":[1,{"a":2}],"declarations":{"name":"y"}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		_, _ = decodeOptions(strings.NewReader(string(data)), func(o Option) error {
			if o.Name == "" {
				t.Fatal("an option without a name")
			}
			return nil
		})
	})
}
