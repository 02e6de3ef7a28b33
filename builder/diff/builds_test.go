package diff

import (
	"reflect"
	"testing"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/store"
)

func built(name string, size int64, packages ...catalog.Package) store.BuildRecord {
	return store.BuildRecord{
		ID: 3, Size: size, PackageList: catalog.List(packages),
		DesignText: []byte("format = 1\nname = \"" + name + "\"\ndistribution = \"debian\"\nbase = \"minimal\"\npackages = [\"htop\"]\n"),
	}
}

func TestBuilds(t *testing.T) {
	dash, grown := catalog.Package{Name: "dash", Version: "1", Installed: 100}, catalog.Package{Name: "dash", Version: "2", Installed: 130}
	htop, tmux := catalog.Package{Name: "htop", Version: "3", Installed: 7}, catalog.Package{Name: "tmux", Version: "4", Installed: 9}
	a, b := built("One", 1000, dash, htop), built("Two", 1200, grown, tmux)
	got, err := Builds(a, b)
	if err != nil {
		t.Fatal(err)
	}
	want := empty()
	want.Settings = []Setting{{Field: "name", Old: "One", New: "Two"}}
	want.Packages = []Package{
		{"dash", Changed, "1", "2", 100, 130}, {"htop", Removed, "3", "", 7, 0}, {"tmux", Added, "", "4", 0, 9},
	}
	want.Sizes = []Size{{"installed", 107, 139}, {"image", 1000, 1200}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v\nwant %+v", got, want)
	}
	if same, err := Builds(a, a); err != nil || !same.Same() {
		t.Errorf("got %+v, %v", same, err)
	}
	// A build that failed has no image.
	b.Size = 0
	if got, err := Builds(a, b); err != nil || len(got.Sizes) != 1 {
		t.Errorf("got %+v, %v", got, err)
	}
	b.DesignText = []byte("name = 5")
	if _, err := Builds(a, b); err == nil {
		t.Error("a design that cannot be read")
	}
}
