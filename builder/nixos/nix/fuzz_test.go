package nix

import (
	"encoding/base64"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/isowright/isowright/internal/progress"
)

func FuzzListener(f *testing.F) {
	f.Add("@nix {\"action\":\"start\",\"id\":1,\"type\":105,\"fields\":[\"/nix/store/6mdm72p0pwy3bg9mz8x2kk5cbfvp7cvd-a.iso.drv\",\"\",1,1]}\n" +
		"@nix {\"action\":\"result\",\"id\":1,\"type\":101,\"fields\":[\"12.5% done\"]}\n@nix {\"action\":\"stop\",\"id\":1}")
	f.Add("@nix {\"action\":\"start\",\"id\":1,\"type\":102}\n@nix {\"action\":\"result\",\"id\":1,\"type\":106,\"fields\":[100,18446744073709551615]}\n" +
		"@nix {\"action\":\"start\",\"id\":2,\"type\":100,\"fields\":[\"x\",\"https://y\"]}\n@nix {\"action\":\"result\",\"id\":2,\"type\":105,\"fields\":[9223372036854775807,1,0,0]}")
	f.Add("@nix {\"action\":\"msg\",\"level\":0,\"msg\":\"error: x\",\"raw_msg\":\"x\",\"file\":\"a:1:2\",\"line\":1}\nerror: y\n  z\nssh: no")
	f.Fuzz(func(t *testing.T, text string) {
		watch := Watch{
			Progress: func(e progress.Event) {
				if e.Done < 0 || e.Total < 0 || e.Step == "" || e.Total > 0 && e.Done > e.Total && e.Step != StepInputs {
					t.Errorf("event %+v", e)
				}
			},
			Log: func(line string) {
				if strings.ContainsAny(line, "\x1b\r\x00") {
					t.Errorf("control characters in %q", line)
				}
			},
			Warn: func(e *Error) { sound(t, e) },
		}
		l := newListener(command{watch: watch})
		for line := range strings.Lines(text) {
			l.line(strings.ToValidUTF8(strings.TrimSuffix(line, "\n"), "?"))
		}
		if e := l.worst(); e != nil {
			sound(t, l.settle(e))
		}
		parseDryRun(l.messages)
	})
}

// sound is what every error is.
func sound(t *testing.T, e *Error) {
	t.Helper()
	if e.Kind == "" || strings.TrimSpace(e.Text) == "" || e.Line < 0 {
		t.Errorf("error %+v", e)
	}
}

func FuzzClassify(f *testing.F) {
	for _, dir := range []string{"", "old"} {
		for _, text := range said(f, dir) {
			f.Add(text)
		}
	}
	f.Fuzz(func(t *testing.T, text string) {
		e := classify(message{text: plain(text)})
		sound(t, e)
		if utf8.ValidString(text) && !utf8.ValidString(e.Text) {
			t.Errorf("text %q", e.Text)
		}
		if e, ok := classifyWarning(message{text: plain(text)}); ok {
			sound(t, e)
		}
		if e := classifyLog(text); e != nil {
			sound(t, e)
		}
	})
}

func FuzzDryRun(f *testing.F) {
	f.Add("these 2 paths will be fetched (2.86 MiB download, 1e9 YiB unpacked):\n  /nix/store/a\n  /nix/store/b")
	f.Add("this derivation will be built:\n  /nix/store/a.drv\ndon't know how to build these paths:\n  /x")
	f.Fuzz(func(t *testing.T, text string) {
		p := parseDryRun(strings.Split(text, "\n"))
		if p.Download < 0 || p.Unpacked < 0 {
			t.Errorf("%+v", p)
		}
		for _, list := range [][]string{p.Build, p.Fetch, p.Unknown} {
			for _, path := range list {
				if !strings.HasPrefix(path, "/") || strings.Contains(path, "\n") {
					t.Errorf("path %q", path)
				}
			}
		}
	})
}

func FuzzPathInfo(f *testing.F) {
	f.Add([]byte(`[{"path":"/nix/store/a","narHash":"sha256:0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73","narSize":1,"references":["/nix/store/a"]}]`))
	f.Add([]byte(`{"/nix/store/a":{"narHash":"sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=","narSize":1,"deriver":"x"},"b":null}`))
	f.Add([]byte(`{"version":2,"storeDir":"/s","info":{"a":{"narHash":{"algorithm":"sha256","format":"base64","hash":"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}}}}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		infos, err := decodePathInfo(text, "/nix/store")
		if err != nil {
			return
		}
		for i, info := range infos {
			digits, ok := strings.CutPrefix(info.NarHash, "sha256-")
			if b, err := base64.StdEncoding.DecodeString(digits); !ok || err != nil || len(b) != 32 || info.NarSize < 0 {
				t.Errorf("%+v", info)
			}
			if i > 0 && infos[i-1].Path > info.Path {
				t.Error("not sorted")
			}
		}
	})
}

func FuzzVersion(f *testing.F) {
	f.Add("nix (Nix) 2.26.3")
	f.Add("nix (Determinate Nix 3.6.2) 2.29.0")
	f.Add("nix (Lix, like Nix) 2.91.1\n")
	f.Fuzz(func(t *testing.T, text string) {
		v, err := ParseVersion(text)
		if err == nil && (v.Text == "" || v.Major < 0 || v.Minor < 0) {
			t.Errorf("%q is %+v", text, v)
		}
	})
}
