package vm

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"io"
	"slices"
	"strings"
	"testing"
)

// duplex reads what a server has said before, and keeps what we answer.
type duplex struct {
	io.Reader
	bytes.Buffer
}

func (d *duplex) Read(b []byte) (int, error) { return d.Reader.Read(b) }

// greeting is what a server says first about a screen of the given size.
func greeting(width, height int) []byte {
	b := []byte(rfbVersion + "\x01\x01\x00\x00\x00\x00")
	b = append(numbers(b, width, height), make([]byte, 16)...)
	return append(b, "\x00\x00\x00\x04QEMU"...)
}

// numbers appends numbers of 16 bits.
func numbers(b []byte, all ...int) []byte {
	for _, n := range all {
		b = binary.BigEndian.AppendUint16(b, uint16(n))
	}
	return b
}

// rawRect appends a rectangle with pixels of one colour.
func rawRect(b []byte, x, y, width, height int, c byte) []byte {
	b = append(numbers(b, x, y, width, height), 0, 0, 0, rfbRaw)
	return append(b, bytes.Repeat([]byte{c, c, c, 0}, width*height)...)
}

func update(rectangles int) []byte { return numbers([]byte{rfbUpdate, 0}, rectangles) }

func sizeRect(b []byte, width, height int) []byte {
	return append(numbers(b, 0, 0, width, height), 0xff, 0xff, 0xff, 0x21) // -223
}

func TestRFB(t *testing.T) {
	said := greeting(4, 3)
	said = append(said, rfbBell)
	said = append(said, "\x03\x00\x00\x00\x00\x00\x00\x02hi"...)               // clipboard
	said = append(said, "\x01\x00\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00"...) // colour map
	said = append(said, rawRect(rawRect(update(2), 1, 0, 1, 2, 7), 2, 1, 2, 1, 9)...)
	said = append(said, sizeRect(update(1), 2, 2)...)
	said = append(said, rawRect(update(1), 1, 1, 1, 1, 5)...)
	conn := &duplex{Reader: bytes.NewReader(said)}
	c, err := newRFB(conn)
	if err != nil {
		t.Fatal(err)
	}
	wantHello := rfbVersion + "\x01\x01" + "\x00\x00\x00\x00" + string(rfbPixels[:]) +
		"\x02\x00\x00\x02\x00\x00\x00\x00\xff\xff\xff\x21"
	if got := conn.String(); got != wantHello {
		t.Errorf("said %q, want %q", got, wantHello)
	}
	changed, resized, err := c.update()
	if want := image.Rect(1, 0, 4, 2); err != nil || resized || changed != want {
		t.Errorf("the first update: %v, %v, %v, want %v", changed, resized, err, want)
	}
	for at, want := range map[image.Point]uint8{{X: 0, Y: 0}: 0, {X: 1, Y: 1}: 7, {X: 3, Y: 1}: 9, {X: 3, Y: 2}: 0} {
		if got := c.screen.RGBAAt(at.X, at.Y); got != (color.RGBA{want, want, want, 0xff}) {
			t.Errorf("at %v there is %v, want %d", at, got, want)
		}
	}
	if changed, resized, err = c.update(); err != nil || !resized || !changed.Empty() || c.screen.Rect != image.Rect(0, 0, 2, 2) {
		t.Errorf("the new size: %v, %v, %v, screen %v", changed, resized, err, c.screen.Rect)
	}
	if got := c.screen.RGBAAt(1, 0); got != (color.RGBA{A: 0xff}) {
		t.Errorf("the new screen is not black but %v", got)
	}
	if changed, _, err = c.update(); err != nil || changed != image.Rect(1, 1, 2, 2) || c.screen.RGBAAt(1, 1).R != 5 {
		t.Errorf("behind the new size: %v, %v, pixels %v", changed, err, c.screen.Pix)
	}
	if _, _, err = c.update(); err == nil {
		t.Error("no error at the end")
	}
}

func TestRFBRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		said []byte
		want string
	}{
		"another protocol": {[]byte("SSH-2.0-abcd"), "it speaks"},
		"a password":       {[]byte(rfbVersion + "\x01\x02"), "passwords [2]"},
		"a refusal":        {[]byte(rfbVersion + "\x01\x01\x00\x00\x00\x01"), "refuses us"},
		"a huge screen":    {greeting(4097, 1), "a screen of 4097×1; the largest possible is 4096×4096"},
		"outside":          {append(greeting(4, 3), rawRect(update(1), 3, 0, 2, 1, 0)...), "outside of the screen"},
		"an encoding":      {append(greeting(4, 3), append(update(1), "\x00\x00\x00\x00\x00\x01\x00\x01\x00\x00\x00\x07"...)...), "encoding 7"},
		"two sizes":        {append(greeting(4, 3), sizeRect(sizeRect(update(2), 1, 1), 2, 2)...), "two sizes"},
		"a long text":      {append(greeting(4, 3), "\x03\x00\x00\x00\x7f\x00\x00\x00"...), "a text of"},
		"a message":        {append(greeting(4, 3), 150), "unknown message 150"},
		"an early end":     {append(greeting(4, 3), rawRect(update(1), 0, 0, 2, 2, 0)[:20]...), "EOF"},
	} {
		client, err := newRFB(&duplex{Reader: bytes.NewReader(c.said)})
		if err == nil {
			_, _, err = client.update()
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q in it", name, err, c.want)
		}
	}
}

// Whatever a server says, what changes lies on the screen, and the screen's memory
// is bounded.
func FuzzRFB(f *testing.F) {
	f.Add(append(greeting(4, 3), rawRect(sizeRect(update(2), 2, 2), 1, 1, 1, 1, 5)...))
	f.Add(append(greeting(64, 64), rawRect(update(1), 0, 0, 64, 64, 5)...))
	f.Add(append(greeting(4, 3), rawRect(update(1), 9999, 0, 1, 0, 5)...)) // nothing, outside
	f.Fuzz(func(t *testing.T, said []byte) {
		if len(said) > 16<<10 {
			return
		}
		c, err := newRFB(&duplex{Reader: bytes.NewReader(said)})
		for err == nil {
			var changed image.Rectangle
			changed, _, err = c.update()
			if !changed.In(c.screen.Rect) || len(c.screen.Pix) > 4*rfbSide*rfbSide ||
				len(c.screen.Pix) != 4*c.screen.Rect.Dx()*c.screen.Rect.Dy() {
				t.Fatalf("%v changed on a screen of %v with %d bytes", changed, c.screen.Rect, len(c.screen.Pix))
			}
		}
	})
}

// A receiver that comes late gets one frame, with all that has changed meanwhile.
func TestOfferKeepsTheNewest(t *testing.T) {
	screen := image.NewRGBA(image.Rect(0, 0, 4, 4))
	frames := make(chan Frame, 1)
	offer(frames, screen, screen.Rect)
	first := <-frames
	if first.Changed != screen.Rect {
		t.Errorf("first %v", first.Changed)
	}
	for i := range 3 {
		screen.SetRGBA(i, i, color.RGBA{9, 9, 9, 9})
		offer(frames, screen, image.Rect(i, i, i+1, i+1))
	}
	second := <-frames
	if want := image.Rect(0, 0, 3, 3); second.Changed != want || !slices.Equal(second.Picture.Pix, screen.Pix) {
		t.Errorf("%v changed, want %v; as the screen is: %v", second.Changed, want, slices.Equal(second.Picture.Pix, screen.Pix))
	}
	if first.Picture.RGBAAt(0, 0).R != 0 {
		t.Error("a frame changed in the receiver's hands")
	}
	offer(frames, screen, image.Rect(0, 0, 1, 1))
	larger := image.NewRGBA(image.Rect(0, 0, 5, 4))
	offer(frames, larger, larger.Rect)
	if third := <-frames; third.Changed != larger.Rect || third.Picture.Rect != larger.Rect {
		t.Errorf("after a change of size: %v of %v", third.Changed, third.Picture.Rect)
	}
}

func TestKeyCodes(t *testing.T) {
	for name, want := range map[string]string{
		"A": "a", "z": "z", "7": "7", "Return": "ret", "Prior": "pgup", "F12": "f12", "LeftSuper": "meta_l",
		"Enter": "kp_enter", "KP_5": "kp_5", "[": "bracket_left", "Menu": "compose", "": "", "F13": "", "ä": "", "AB": "",
	} {
		got, err := keyCode(name)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("key %q is %q, %v, want %q", name, got, err, want)
		}
	}
	for r, want := range map[rune]string{
		'a': "a", 'Z': "shift z", '0': "0", '!': "shift 1", '|': "shift backslash", '"': "shift apostrophe",
		'*': "shift 8", '+': "shift equal", '?': "shift slash", '~': "shift grave_accent", '\n': "ret", ' ': "spc", 'ä': "", '€': "",
	} {
		got, shift, err := runeKey(r)
		if shift {
			got = "shift " + got
		}
		if got != want || (err == nil) != (want != "") {
			t.Errorf("rune %q is %q, %v, want %q", r, got, err, want)
		}
	}
	// Every printable sign of ASCII can be typed.
	for r := ' '; r < 0x7f; r++ {
		if _, _, err := runeKey(r); err != nil {
			t.Error(err)
		}
	}
}

func TestSaid(t *testing.T) {
	m := listen("one ☃"[:5])
	text, next, more := m.Said(0)
	if text != "one " || next != 4 {
		t.Errorf("Said = %q, %d, want no half rune", text, next)
	}
	m.serial.feed([]byte("☃"[1:] + " two"))
	<-more
	if text, next, _ = m.Said(next); text != "☃ two" || next != 11 {
		t.Errorf("then %q, %d", text, next)
	}
	if text, next, _ = m.Said(99); text != "" || next != 11 {
		t.Errorf("behind the end: %q, %d", text, next)
	}
	for range 9 {
		m.serial.feed(bytes.Repeat([]byte("x"), historyLimit/4))
	}
	text, next, _ = m.Said(11)
	if len(text) > historyLimit || next != 11+9*historyLimit/4 || strings.Trim(text, "x") != "" {
		t.Errorf("of much text %d bytes, then %d", len(text), next)
	}
	if m.Trouble() != nil {
		t.Errorf("trouble: %v", m.Trouble())
	}
	m.serial.feed([]byte("\nKernel panic - not syncing: x\n"))
	if err := m.Trouble(); err == nil || !strings.Contains(err.Error(), "panicked") {
		t.Errorf("trouble: %v", err)
	}
}

// BenchmarkUpdate takes a whole new screen of 1024×768 from QEMU's words to the
// receiver's picture. BenchmarkDecodePPM is what a screendump takes for that.
func BenchmarkUpdate(b *testing.B) {
	said := rawRect(update(1), 0, 0, 1024, 768, 7)
	conn := &duplex{Reader: bytes.NewReader(greeting(1024, 768))}
	c, err := newRFB(conn)
	if err != nil {
		b.Fatal(err)
	}
	frames := make(chan Frame, 1)
	for b.Loop() {
		conn.Reader = bytes.NewReader(said)
		changed, _, err := c.update()
		if err != nil {
			b.Fatal(err)
		}
		offer(frames, c.screen, changed)
		<-frames
	}
}

func BenchmarkDecodePPM(b *testing.B) {
	dump := append([]byte("P6\n1024 768\n255\n"), make([]byte, 3*1024*768)...)
	for b.Loop() {
		if _, err := decodePPM(bufio.NewReader(bytes.NewReader(dump))); err != nil {
			b.Fatal(err)
		}
	}
}
