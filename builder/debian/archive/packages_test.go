package archive

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/catalog"
)

func index(t *testing.T, text string) *Index {
	records, err := parsePackages(text)
	if err != nil {
		t.Fatal(err)
	}
	return newIndex(records)
}

func TestParsePackages(t *testing.T) {
	text := "\n\n" + stanza("alpha", "1:2.0-1", "abc", "Essential: yes", "Priority: required", "Section: libs", "Depends: b (>= 1),\n c | d",
		"Pre-Depends: e", "Provides: f (= 2)", "Conflicts: g", "Breaks: h", "Homepage: https://example.org/x: y") + "\n" + strings.TrimRight(stanza("beta", "1", "z"), "\n")
	records, err := parsePackages(text)
	if err != nil || len(records) != 2 {
		t.Fatalf("%d records: %v", len(records), err)
	}
	r := records[0]
	r.Stanza = ""
	want := Record{Name: "alpha", Version: "1:2.0-1", Architecture: "amd64", Depends: "b (>= 1),\n c | d", PreDepends: "e", Provides: "f (= 2)",
		Conflicts: "g", Breaks: "h", Priority: "required", Section: "libs", Summary: "the package alpha", Essential: true,
		Filename: "pool/main/a/alpha/alpha_1%3a2.0-1_amd64.deb", SHA256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", Size: 3, Installed: 10240}
	if r != want {
		t.Errorf("got %+v\nwant %+v", r, want)
	}
	if v := records[0].Field("homepage"); v != "https://example.org/x: y" {
		t.Errorf("Homepage %q", v)
	}
	if v := records[0].Field("description"); v != "the package alpha\n more about it" {
		t.Errorf("Description %q", v)
	}
	if !strings.HasPrefix(text[2:], records[0].Stanza+"\n\n") || !strings.HasSuffix(text, records[1].Stanza) {
		t.Error("the stanzas are not the text's own")
	}
}

func TestParsePackagesErrors(t *testing.T) {
	good := stanza("alpha", "1", "a")
	for old, bad := range map[string]string{
		"Version: 1": "X: 1", "Size: 1": "Size: many", "pool/main/a": "../../etc", "Filename: pool": "Filename: /pool", "SHA256: ": "SHA256: zz",
		"Installed-Size: 10": "Installed-Size: -", "Package: alpha": "No field here",
	} {
		text := strings.Replace(good, old, bad, 1)
		if text == good {
			t.Fatalf("%q is not in the stanza", old)
		}
		if _, err := parsePackages(good + text); err == nil || !strings.Contains(err.Error(), "at byte 2") {
			t.Errorf("%s: error %v", bad, err)
		}
	}
}

func TestIndex(t *testing.T) {
	x := index(t, stanza("a", "1.9", "x")+stanza("a", "1.10", "y")+stanza("a", "1.10~rc1", "z")+
		stanza("m1", "1", "p", "Provides: mail, old", "Priority: optional")+stanza("m0", "2", "q", "Provides: mail (= 3)", "Priority: required")+
		stanza("m1", "2", "r", "Provides: mail"))
	if r := x.Find("a"); r.Version != "1.10" || len(x.Versions("a")) != 3 || x.FindVersion("a", "1.9") == nil || x.FindVersion("a", "2") != nil || x.Find("b") != nil {
		t.Errorf("newest is %s of %d", r.Version, len(x.Versions("a")))
	}
	if p := x.Providers("mail"); !slices.Equal(p, []string{"m0", "m1"}) {
		t.Errorf("mail is provided by %v", p)
	}
	if p := x.Providers("old"); len(p) > 0 {
		t.Errorf("old is provided by %v, which only an old version does", p)
	}
	var names []string
	for _, r := range x.Records() {
		names = append(names, r.Name)
	}
	if x.Len() != 3 || !slices.Equal(names, []string{"a", "m0", "m1"}) {
		t.Errorf("names %v", names)
	}
}

func TestNear(t *testing.T) {
	var text strings.Builder
	for _, name := range []string{"htop", "atop", "vim", "vim-nox", "firefox-esr", "firefox-esr-l10n-de", "network-manager", "cryptsetup"} {
		text.WriteString(stanza(name, "1", name))
	}
	x := index(t, text.String())
	for name, want := range map[string][]string{
		"htpo": {"htop", "atop"}, "firefox": {"firefox-esr", "firefox-esr-l10n-de"}, "NetworkManager": {"network-manager"}, "vmi": {"vim"},
		"cryptsteup": {"cryptsetup"}, "nothing-like-it": nil, "": nil, "vim": {"vim-nox"},
	} {
		if got := x.Near(name); !slices.Equal(got, want) {
			t.Errorf("Near(%q) = %v, want %v", name, got, want)
		}
	}
}

func TestClosure(t *testing.T) {
	const libs = "Priority: required"
	x := index(t, stanza("base", "1", "a", "Essential: yes", "Pre-Depends: libc (>= 2)")+
		stanza("libc", "2.41", "b")+stanza("libc", "1", "old")+
		stanza("first", "1", "c", "Depends: gone | second (<< 2) | third")+
		stanza("second", "2", "d")+stanza("second", "1.5", "d2")+stanza("third", "1", "e")+
		stanza("virtual", "1", "f", "Depends: awk, mta (>= 2), perl:any")+
		stanza("gawk", "1", "g", "Provides: awk")+stanza("mawk", "1", "h", "Provides: awk", libs)+
		stanza("mta1", "1", "i", "Provides: mta")+stanza("mta2", "1", "j", "Provides: mta (= 2.1)")+stanza("perl", "5", "k")+
		stanza("in-already", "1", "l", "Depends: second | third")+
		stanza("broken", "1", "m", "Depends: perl (>= 6) | gone")+
		stanza("loop1", "1", "n", "Depends: loop2")+stanza("loop2", "1", "o", "Depends: loop1"))
	cases := []struct {
		names     string
		essential bool
		want      string
	}{
		{"perl", false, "perl=5"},
		{"perl", true, "base=1 libc=2.41 perl=5"},
		{"first", false, "first=1 second=1.5"},
		{"third in-already", false, "in-already=1 third=1"},
		{"virtual", false, "mawk=1 mta2=1 perl=5 virtual=1"},
		{"virtual gawk", false, "gawk=1 mta2=1 perl=5 virtual=1"},
		{"loop1 loop1", false, "loop1=1 loop2=1"},
	}
	for _, tc := range cases {
		records, err := x.Closure(strings.Fields(tc.names), tc.essential)
		if err != nil {
			t.Errorf("%s: %v", tc.names, err)
		}
		var got []string
		for _, r := range records {
			got = append(got, r.Name+"="+r.Version)
		}
		if strings.Join(got, " ") != tc.want {
			t.Errorf("%s: got %v, want %s", tc.names, got, tc.want)
		}
	}
	_, err := x.Closure([]string{"broken"}, false)
	var dependency *DependencyError
	if !errors.As(err, &dependency) || err.Error() != "broken needs perl (>= 6) | gone, which the archive does not have" {
		t.Errorf("broken: %v", err)
	}
	_, err = x.Closure([]string{"awk", "pelr", "perl"}, false)
	var unknown *catalog.UnknownError
	if !errors.As(err, &unknown) || len(unknown.Unknown) != 2 || !slices.Equal(unknown.Unknown[0].Providers, []string{"mawk", "gawk"}) ||
		!slices.Contains(unknown.Unknown[1].Near, "perl") {
		t.Errorf("unknown names: %+v", err)
	}
}

func TestRelations(t *testing.T) {
	for text, want := range map[string]relation{
		"a": {"a", "", ""}, " a:any ": {"a", "", ""}, "a (>= 1)": {"a", ">=", "1"}, "a(<<2:1-1~)": {"a", "<<", "2:1-1~"}, "a:any (= 1) [amd64]": {"a", "=", "1"},
		"a [linux-any] <!nocheck>": {"a", "", ""}, "": {}, "a (": {"a", "", ""},
	} {
		if got := parseRelation(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
	for op, want := range map[string]string{"<<": "100", "<=": "110", "=": "010", ">=": "011", ">>": "001", "": "111", "~": "000"} {
		got := ""
		for _, v := range []string{"1~", "1", "1-1"} {
			if (relation{"a", op, "1"}).allows(v) {
				got += "1"
			} else {
				got += "0"
			}
		}
		if got != want {
			t.Errorf("%s: %s, want %s", op, got, want)
		}
	}
}

// FuzzStanza: whatever is read names a file inside the pool, and reading the
// records' own stanzas gives them again.
func FuzzStanza(f *testing.F) {
	f.Add(stanza("a", "1", "x"))
	f.Add("\n\n" + stanza("a", "1", "x", "Depends: b (>= 1) | c:any, d") + "# odd\n")
	f.Add("Package: a\n b\n\tc\n:\n\n\n")
	f.Fuzz(func(t *testing.T, text string) {
		records, err := parsePackages(text)
		if err != nil {
			return
		}
		var again strings.Builder
		for _, r := range records {
			again.WriteString(r.Stanza + "\n\n")
		}
		second, err := parsePackages(again.String())
		if err != nil || !slices.Equal(records, second) {
			t.Errorf("%q: read again: %v", text, err)
		}
		x := newIndex(records)
		for _, r := range records {
			if x.FindVersion(r.Name, r.Version) == nil || strings.Contains(r.Filename, "..") && strings.HasPrefix(r.Filename, "..") {
				t.Errorf("record %+v", r)
			}
			_, _ = x.Closure([]string{r.Name}, true)
		}
	})
}

// FuzzRelease: no text makes the reader fail in another way than by an error.
func FuzzRelease(f *testing.F) {
	f.Add("Suite: x\nDate: Sat, 12 Sep 2026 07:55:41 UTC\nSHA256:\n " + strings.Repeat("0", 64) + " 1 main/binary-amd64/Packages\n")
	f.Add("Date: Sat, 1 Sep 2026 07:55:41 UTC\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := parseRelease([]byte(text))
		if err == nil && r.Date.IsZero() {
			t.Error("no date")
		}
	})
}
