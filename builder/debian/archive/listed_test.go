package archive

import (
	"reflect"
	"strings"
	"testing"

	"github.com/isowright/isowright/builder/catalog"
)

// Dependencies become names: alternatives in their order, versions held to,
// virtual packages by who provides them, the newest version of each package.
func TestListed(t *testing.T) {
	text := ""
	for _, stanza := range []string{
		"Package: app\nVersion: 2\nSection: net\nHomepage: https://example.org\nPre-Depends: libc6 (>= 2)\nDepends: old (>= 9) | new, mta | postfix, nothing, awk:any",
		"Package: app\nVersion: 1\nDepends: libc6",
		"Package: exim4\nVersion: 1\nProvides: mta (= 1), awk",
		"Package: libc6\nVersion: 2.41\nEssential: yes",
		"Package: new\nVersion: 1",
		"Package: old\nVersion: 1",
		"Package: postfix\nVersion: 1\nProvides: mta\nPriority: important",
	} {
		text += stanza + "\nArchitecture: amd64\nFilename: pool/x.deb\nSHA256: " + strings.Repeat("ab", 32) + "\nSize: 5\nInstalled-Size: 7\n\n"
	}
	x := index(t, text)
	var names []string
	got := map[string]catalog.Listed{}
	for l := range x.Listed() {
		names = append(names, l.Name)
		got[l.Name] = l
	}
	if want := []string{"app", "exim4", "libc6", "new", "old", "postfix"}; !reflect.DeepEqual(names, want) {
		t.Errorf("names %q", names)
	}
	app := got["app"]
	if app.Version != "2" || app.Section != "net" || app.Homepage != "https://example.org" || app.Download != 5 || app.Installed != 7<<10 || app.Essential {
		t.Errorf("%+v", app)
	}
	if want := [][]string{{"libc6"}, {"new"}, {"postfix", "exim4", "postfix"}, nil, {"exim4"}}; !reflect.DeepEqual(app.Needs, want) {
		t.Errorf("needs %q", app.Needs)
	}
	if !got["libc6"].Essential {
		t.Error("libc6 is not essential")
	}
	for range x.Listed() {
		break // a reader may stop
	}
}
