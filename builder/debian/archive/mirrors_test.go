package archive

import (
	"net/url"
	"testing"
	"testing/fstest"
)

func TestHostMirrors(t *testing.T) {
	const m, s = "http://mirror.example.org/debian", "http://mirror.example.org/debian-security"
	lines := "deb " + m + " bookworm main contrib\ndeb " + s + "/ bookworm-security main\n"
	cases := []struct {
		name             string
		files            map[string]string
		mirror, security string
	}{
		{"nothing", nil, DefaultMirror, DefaultSecurity},
		{"lines", map[string]string{"sources.list": "# deb http://old.example.org/debian bookworm main\n" + lines}, m, s},
		{"options", map[string]string{"sources.list": "deb-src http://src.example.org/debian sid main\ndeb [ arch=amd64 signed-by=/usr/share/keyrings/debian-archive-keyring.gpg ] https://corp.example.org/deb trixie main # x\n"},
			"https://corp.example.org/deb", DefaultSecurity},
		{"deb822", map[string]string{"sources.list.d/debian.sources": "Types: deb deb-src\n# note\nURIs: " + m + "/\nSuites: trixie trixie-updates\nComponents: main\nSigned-By:\n -----BEGIN PGP PUBLIC KEY BLOCK-----\n .\n xyz\n\nTypes: deb\nURIs: " + s + "\nSuites: trixie-security\nComponents: main\n"}, m, s},
		{"disabled", map[string]string{"sources.list.d/debian.sources": "Enabled: no\nTypes: deb\nURIs: " + m + "\nSuites: trixie\nComponents: main\n"}, DefaultMirror, DefaultSecurity},
		{"source only", map[string]string{"sources.list.d/debian.sources": "Types: deb-src\nURIs: " + m + "\nSuites: trixie\nComponents: main\n"}, DefaultMirror, DefaultSecurity},
		{"not the web", map[string]string{"sources.list": "deb cdrom:[Debian]/ trixie main\ndeb file:/srv/debian trixie main\ndeb mirror+file:/etc/m trixie main\n" + lines}, m, s},
		{"others", map[string]string{
			"sources.list.d/a.list": "deb [signed-by=/k.gpg] https://packages.example.com/debian/12/prod bookworm main\ndeb https://download.example.com/linux/debian bookworm stable\n",
			"sources.list.d/b.list": "deb https://apt.example.com/repo stable main\n",
			"sources.list.d/c.list": lines}, m, s},
		{"Ubuntu", map[string]string{"sources.list": "deb http://archive.example.com/ubuntu noble main\ndeb http://archive.example.com/ubuntu noble-security main\n"}, DefaultMirror, DefaultSecurity},
		{"old security", map[string]string{"sources.list": "deb " + s + " buster/updates main\n"}, DefaultMirror, s},
		{"broken", map[string]string{"sources.list": "deb\ndeb [x http://a\ndebian\ndeb http:// trixie main\ndeb %zz trixie main\n"}, DefaultMirror, DefaultSecurity},
		{"other endings", map[string]string{"sources.list.d/x.list.save": lines}, DefaultMirror, DefaultSecurity},
	}
	for _, tc := range cases {
		root := fstest.MapFS{}
		for name, text := range tc.files {
			root["etc/apt/"+name] = &fstest.MapFile{Data: []byte(text)}
		}
		if mirror, security := HostMirrors(root); mirror != tc.mirror || security != tc.security {
			t.Errorf("%s: %s and %s, want %s and %s", tc.name, mirror, security, tc.mirror, tc.security)
		}
	}
}

// FuzzSources: whatever the configuration says, the answer is a web address.
func FuzzSources(f *testing.F) {
	f.Add("deb [a=b] http://x/debian trixie main\n", "Types: deb\nURIs: http://x/debian\nSuites: sid\nComponents: main\n")
	f.Add("deb http://x trixie-security main # c", "Types: deb\n\n\n#\n x")
	f.Fuzz(func(t *testing.T, lines, stanzas string) {
		mirror, security := HostMirrors(fstest.MapFS{
			"etc/apt/sources.list":             {Data: []byte(lines)},
			"etc/apt/sources.list.d/x.sources": {Data: []byte(stanzas)},
		})
		for _, m := range []string{mirror, security} {
			if u, err := url.Parse(m); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
				t.Errorf("%q", m)
			}
		}
	})
}
