package flash

import (
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/isowright/isowright/flash/drives"
)

// goodStick is a drive that nothing stands against.
func goodStick() drives.Drive {
	return drives.Drive{
		Name: "sdb", Path: "/dev/sdb", ByID: []string{"/dev/disk/by-id/usb-SanDisk_Ultra_4C53-0:0"}, Vendor: "SanDisk", Model: "Ultra",
		Serial: "4C53", Bus: "usb", Size: 16_000_000_000, SectorSize: 512, Removable: true, Sequence: 7,
	}
}

func goodImage() ImageInfo {
	return ImageInfo{Size: 2_000_000_000, FileSize: 2_000_000_000, Boot: BootDisk, Disks: []string{"sda"}}
}

// TestCheck has each rule once, alone, on a drive that is good otherwise.
func TestCheck(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*drives.Drive, *ImageInfo, *drives.Identity)
		want   []Reason
		level  Level
		text   string
	}{
		"nothing": {func(*drives.Drive, *ImageInfo, *drives.Identity) {}, nil, Note, ""},
		"system": {func(d *drives.Drive, _ *ImageInfo, _ *drives.Identity) {
			d.System = []string{"/nix lies on sdb1", "swap space lies on sdb2"}
		}, []Reason{SystemDisk}, Never, "/nix lies on sdb1; swap"},
		"read-only":  {func(d *drives.Drive, _ *ImageInfo, _ *drives.Identity) { d.ReadOnly = true }, []Reason{NotWritable}, Never, "write-protected"},
		"no medium":  {func(d *drives.Drive, _ *ImageInfo, id *drives.Identity) { d.Size, id.Size = 0, 0 }, []Reason{NoMedium}, Never, "no medium"},
		"optical":    {func(d *drives.Drive, _ *ImageInfo, _ *drives.Identity) { d.Optical = true }, []Reason{OpticalDisc}, Never, "optical"},
		"one byte":   {func(d *drives.Drive, i *ImageInfo, _ *drives.Identity) { i.Size = d.Size + 1 }, []Reason{DoesNotFit}, Never, "1 bytes are missing"},
		"just fits":  {func(d *drives.Drive, i *ImageInfo, _ *drives.Identity) { i.Size = d.Size }, nil, Note, ""},
		"both sizes": {func(d *drives.Drive, i *ImageInfo, _ *drives.Identity) { i.Size = 17_300_000_000 }, []Reason{DoesNotFit}, Never, "needs 17.3 GB, /dev/sdb holds 16.0 GB: 1.3 GB"},
		"image on it": {func(_ *drives.Drive, i *ImageInfo, _ *drives.Identity) { i.Disks = []string{"sda", "sdb"} },
			[]Reason{ImageOnDrive}, Never, "the very drive"},
		"image unplaced": {func(_ *drives.Drive, i *ImageInfo, _ *drives.Identity) { i.Disks, i.Unplaced = nil, "it is on FUSE" },
			[]Reason{ImageOnDrive}, Never, "on FUSE"},
		"beside sdbb": {func(_ *drives.Drive, i *ImageInfo, _ *drives.Identity) { i.Disks = []string{"sdbb"} }, nil, Note, ""},
		"serial":      {func(_ *drives.Drive, _ *ImageInfo, id *drives.Identity) { id.Serial = "X" }, []Reason{OtherDrive}, Never, `"4C53", not "X"`},
		"sequence":    {func(_ *drives.Drive, _ *ImageInfo, id *drives.Identity) { id.Sequence = 6 }, []Reason{OtherDrive}, Never, "plugged in again"},
		"mounted": {func(d *drives.Drive, _ *ImageInfo, _ *drives.Identity) {
			d.Mounted, d.InUse = []string{"/media/me/KEYS"}, []string{"/media/me/KEYS lies on sdb1"}
		}, []Reason{Mounted}, Unmount, "/media/me/KEYS"},
		"opened": {func(d *drives.Drive, _ *ImageInfo, _ *drives.Identity) {
			d.InUse = []string{"sdb1 is in use by the LUKS volume x"}
		}, []Reason{Mounted}, Unmount, "LUKS"},
		"held": {func(d *drives.Drive, _ *ImageInfo, _ *drives.Identity) {
			d.Held = []string{"sdb1 is in use by the RAID md0"}
		}, []Reason{Held}, Never, "md0"},
		"at the limit": {func(d *drives.Drive, _ *ImageInfo, id *drives.Identity) { d.Size, id.Size = 128_000_000_000, 0 }, nil, Note, ""},
		"large": {func(d *drives.Drive, _ *ImageInfo, id *drives.Identity) { d.Size, id.Size = 128_000_000_001, 0 },
			[]Reason{LargeDrive}, TypeName, "128.0 GB"},
		"fixed":   {func(d *drives.Drive, _ *ImageInfo, _ *drives.Identity) { d.Removable = false }, []Reason{FixedDrive}, TypeName, "not a removable"},
		"no boot": {func(_ *drives.Drive, i *ImageInfo, _ *drives.Identity) { i.Boot = BootNone }, []Reason{NotBootable}, Warning, "boot from"},
		"disc":    {func(_ *drives.Drive, i *ImageInfo, _ *drives.Identity) { i.Boot = BootDisc }, []Reason{NotBootable}, Warning, "a disc, but not"},
		"packed": {func(_ *drives.Drive, i *ImageInfo, _ *drives.Identity) { i.Compression, i.FileSize = "xz", 700_000_000 },
			[]Reason{PackedImage}, Note, "700.0 MB become 2.0 GB"},
		"packed, size unknown": {func(_ *drives.Drive, i *ImageInfo, _ *drives.Identity) { i.Compression, i.Size = "gzip", -1 },
			[]Reason{UnknownLength}, Warning, "gzip"},
	} {
		d, image := goodStick(), goodImage()
		id := d.Identity()
		c.change(&d, &image, &id)
		got := Check(d, image, id)
		var reasons []Reason
		for _, r := range got {
			reasons = append(reasons, r.Reason)
		}
		if !slices.Equal(reasons, c.want) {
			t.Errorf("%s: %+v", name, got)
			continue
		}
		if len(got) > 0 && (got[0].Level != c.level || !strings.Contains(got[0].Text, c.text)) {
			t.Errorf("%s: %+v, want %q at %s", name, got[0], c.text, c.level)
		}
	}
}

// TestNoConsentForSystemDisks: whatever else a drive is, and whatever a person
// agrees to, what is refused for good stays refused.
func TestNoConsentForSystemDisks(t *testing.T) {
	all := []Consent{{}, {Unmount: true}, {Typed: "Ultra"}, {Unmount: true, Typed: "Ultra"}, {Unmount: true, Typed: "/dev/sdb"}}
	for bits := range 64 {
		d := goodStick()
		d.System = []string{"/ lies on sdb1"}
		d.Removable = bits&1 != 0
		if bits&2 != 0 {
			d.Mounted = []string{"/"}
		}
		if bits&4 != 0 {
			d.Size = 4_000_000_000_000
		}
		d.ReadOnly = bits&8 != 0
		if bits&16 != 0 {
			d.Model = ""
		}
		if bits&32 != 0 {
			d.Held = []string{"x"}
		}
		for _, c := range all {
			left := Standing(Check(d, goodImage(), drives.Identity{}), d, c)
			if !slices.ContainsFunc(left, func(r Refusal) bool { return r.Reason == SystemDisk && r.Level == Never }) {
				t.Fatalf("%+v passes with %+v", d, c)
			}
		}
	}
}

func TestConsent(t *testing.T) {
	d := goodStick()
	d.Removable, d.Mounted = false, []string{"/media/x"}
	refusals := Check(d, goodImage(), d.Identity())
	for _, c := range []struct {
		consent Consent
		left    []Reason
	}{
		{Consent{}, []Reason{Mounted, FixedDrive}},
		{Consent{Unmount: true}, []Reason{FixedDrive}},
		{Consent{Typed: " ultra "}, []Reason{Mounted}},
		{Consent{Unmount: true, Typed: "Ultra"}, nil},
		{Consent{Unmount: true, Typed: "/dev/sdb"}, []Reason{FixedDrive}},
	} {
		var left []Reason
		for _, r := range Standing(refusals, d, c.consent) {
			left = append(left, r.Reason)
		}
		if !slices.Equal(left, c.left) {
			t.Errorf("%+v leaves %v, want %v", c.consent, left, c.left)
		}
	}
	d.Model = ""
	if left := Standing(Check(d, goodImage(), d.Identity()), d, Consent{Unmount: true, Typed: ""}); len(left) == 0 {
		t.Error("nothing typed is taken for the name of a drive without a model")
	}
}

func TestRefusalAsJSON(t *testing.T) {
	got, err := json.Marshal(Refusal{SystemDisk, Never, "text", ""})
	if err != nil || string(got) != `{"reason":"system-disk","level":"never","text":"text"}` {
		t.Errorf("%s %v", got, err)
	}
}

func TestHumanSize(t *testing.T) {
	for n, want := range map[int64]string{
		0: "0 bytes", 999: "999 bytes", 1000: "1.0 kB", 999_949: "999.9 kB", 999_950: "1.0 MB", 31_914_983_424: "31.9 GB", 1 << 62: "4.6 EB",
	} {
		if got := HumanSize(n); got != want {
			t.Errorf("%d: %s, want %s", n, got, want)
		}
	}
}

func TestLooksBootable(t *testing.T) {
	head := func(marks map[int]string) []byte {
		b := make([]byte, BootHeadSize)
		for offset, mark := range marks {
			copy(b[offset:], mark)
		}
		return b
	}
	disc := map[int]string{16*2048 + 1: "CD001", 17 * 2048: "\x00CD001\x01EL TORITO SPECIFICATION"}
	hybrid := map[int]string{0: "\xfa", 510: "\x55\xaa", 16*2048 + 1: "CD001", 17 * 2048: disc[17*2048]}
	for name, c := range map[string]struct {
		head []byte
		want Boot
	}{
		"nothing": {head(nil), BootNone}, "short": {[]byte("text\n"), BootNone}, "empty": {nil, BootNone},
		"disc": {head(disc), BootDisc}, "hybrid": {head(hybrid), BootDisk},
		"data disc": {head(map[int]string{16*2048 + 1: "CD001"}), BootNone},
		"gpt":       {head(map[int]string{512: "EFI PART"}), BootDisk}, "gpt of 4096": {head(map[int]string{4096: "EFI PART"}), BootDisk},
		"signature alone": {head(map[int]string{510: "\x55\xaa"}), BootNone},
		"partition":       {head(map[int]string{446: "\x80", 510: "\x55\xaa"}), BootDisk},
	} {
		if got := LooksBootable(c.head); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func FuzzLooksBootable(f *testing.F) {
	f.Add(make([]byte, 600))
	f.Fuzz(func(t *testing.T, head []byte) {
		if !slices.Contains([]Boot{BootDisk, BootDisc, BootNone}, LooksBootable(head)) {
			t.Error("it says nothing")
		}
	})
}

// TestIdentityTravels: a chosen drive may be kept as JSON.
func TestIdentityTravels(t *testing.T) {
	id := goodStick().Identity()
	text, err := json.Marshal(id)
	if err != nil {
		t.Fatal(err)
	}
	var back drives.Identity
	if err := json.Unmarshal(text, &back); err != nil || !reflect.DeepEqual(id, back) {
		t.Errorf("%+v became %+v, %v", id, back, err)
	}
}
