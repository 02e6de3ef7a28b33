package groups

import (
	"reflect"
	"slices"
	"testing"
)

func TestRead(t *testing.T) {
	got := slices.Collect(Read(`
# Disks
*gparted {partition disk} Edit partitions (in a window)
ventoy (ventoy-web) [unfree insecure] {usb} A stick

#Editors
nano
`))
	want := []Line{
		{Name: "gparted", Group: "Disks", Liked: true, Keywords: []string{"partition", "disk"}, Summary: "Edit partitions (in a window)"},
		{Name: "ventoy", Group: "Disks", Command: "ventoy-web", Unfree: true, Insecure: true, Keywords: []string{"usb"}, Summary: "A stick"},
		{Name: "nano", Group: "Editors", Keywords: []string{}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if got[0].Boost() <= got[2].Boost() || got[2].Boost() <= 0 {
		t.Error("what people want most is not lifted above the others")
	}
	if l := ByName("# A\nx\n# B\ny")["y"]; l.Group != "B" {
		t.Errorf("looked up: %+v", l)
	}
	for range Read("a\nb") {
		break // a reader may stop
	}
}
