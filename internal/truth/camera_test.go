package truth

import (
	"bytes"
	"image"
	"testing"
	"testing/fstest"
)

// TestKeyName holds names of characters to those that QEMU knows.
func TestKeyName(t *testing.T) {
	for key, want := range map[string]string{"a": "a", "A": "shift-a", "$": "shift-4", " ": "spc", "down": "down", "7": "7"} {
		if got := keyName(key); got != want {
			t.Errorf("%q: %q, not %q", key, got, want)
		}
	}
}

// TestDiskTooSmall tells files that no disk holds.
func TestDiskTooSmall(t *testing.T) {
	files := fstest.MapFS{"a": {Data: make([]byte, diskSize)}}
	if err := writeDisk(t.TempDir()+"/disk", files); err == nil {
		t.Error("a disk of more than its size was written")
	}
}

// TestBrighter compares a picture with and without a cursor.
func TestBrighter(t *testing.T) {
	off, on := image.NewRGBA(image.Rect(0, 0, 4, 4)), image.NewRGBA(image.Rect(0, 0, 4, 4))
	copy(on.Pix, bytes.Repeat([]byte{0xff}, 8))
	if brighter(on, off) <= 0 || brighter(off, on) >= 0 || brighter(on, on) != 0 {
		t.Error("a picture with a cursor is not the brighter one")
	}
}
