package vm

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io"
	"sync"
)

// rfb is the client's side of the Remote Framebuffer protocol, version 3.8
// (RFC 6143), as far as QEMU's VNC server needs it: no password, pixels as they
// are (encoding Raw), and a screen that changes its size (DesktopSize).
type rfb struct {
	in  *bufio.Reader
	out io.Writer
	// screen is the picture as the server has described it so far. Its size may
	// be empty.
	screen *image.RGBA

	mu sync.Mutex // guards writes to out
}

const (
	// rfbSide bounds, in pixels, each side of a screen: 64 MiB of memory.
	rfbSide = 4096
	// rfbSkip bounds, in bytes, texts that are read and thrown away.
	rfbSkip = 1 << 20
	// rfbVersion is what both sides begin with (RFC 6143, 7.1.1).
	rfbVersion = "RFB 003.008\n"
)

// Numbers of RFC 6143: messages (7.5, 7.6), security types (7.1.2) and encodings
// (7.7, 7.8).
const (
	rfbSetPixelFormat = 0
	rfbSetEncodings   = 2
	rfbUpdateRequest  = 3
	rfbClientCutText  = 6

	rfbUpdate        = 0
	rfbColourMap     = 1
	rfbBell          = 2
	rfbServerCutText = 3

	rfbNoSecurity  = 1
	rfbRaw         = 0
	rfbDesktopSize = -223
)

// rfbPixels asks for pixels as image.RGBA holds them, but for the last byte: 32
// bits of which 24 count, little-endian, true colours with a maximum of 255 each,
// red first (RFC 6143, 7.4).
var rfbPixels = [16]byte{32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 0, 8, 16}

// newRFB greets the server and asks for the first, whole picture.
func newRFB(conn io.ReadWriter) (*rfb, error) {
	c := &rfb{in: bufio.NewReaderSize(conn, 64<<10), out: conn, screen: &image.RGBA{}}
	if err := c.greet(); err != nil {
		return nil, fmt.Errorf("greet QEMU's VNC server: %w", err)
	}
	return c, nil
}

// greet goes through RFC 6143, 7.1 to 7.3.
func (c *rfb) greet() error {
	version, err := c.take(len(rfbVersion))
	if err != nil {
		return err
	}
	if string(version) != rfbVersion {
		return fmt.Errorf("it speaks %q, not %q", version, rfbVersion)
	}
	if err := c.send([]byte(rfbVersion)); err != nil {
		return err
	}
	if err := c.chooseSecurity(); err != nil {
		return err
	}
	if err := c.send([]byte{1}); err != nil { // others may watch too
		return err
	}
	first, err := c.take(24) // width, height, its pixel format, length of its name
	if err != nil {
		return err
	}
	if err := c.skip(binary.BigEndian.Uint32(first[20:])); err != nil {
		return err
	}
	if err := c.resize(rfbSize(first)); err != nil {
		return err
	}
	hello := append([]byte{rfbSetPixelFormat, 0, 0, 0}, rfbPixels[:]...)
	hello = append(hello, rfbSetEncodings, 0, 0, 2)
	for _, encoding := range []int32{rfbRaw, rfbDesktopSize} {
		hello = binary.BigEndian.AppendUint32(hello, uint32(encoding))
	}
	return c.send(hello)
}

// chooseSecurity takes the security type without one.
func (c *rfb) chooseSecurity() error {
	count, err := c.in.ReadByte()
	if err != nil {
		return err
	}
	types, err := c.take(int(count))
	if err != nil {
		return err
	}
	for _, t := range types {
		if t != rfbNoSecurity {
			continue
		}
		if err := c.send([]byte{rfbNoSecurity}); err != nil {
			return err
		}
		result, err := c.take(4)
		if err == nil && binary.BigEndian.Uint32(result) != 0 {
			err = errors.New("it refuses us")
		}
		return err
	}
	return fmt.Errorf("it wants one of the passwords %v", types)
}

// request asks for an update: of what has changed since the last one, or of
// everything.
func (c *rfb) request(changed bool) error {
	var b [10]byte
	b[0] = rfbUpdateRequest
	if changed {
		b[1] = 1
	}
	binary.BigEndian.PutUint16(b[6:], uint16(c.screen.Rect.Dx()))
	binary.BigEndian.PutUint16(b[8:], uint16(c.screen.Rect.Dy()))
	return c.send(b[:])
}

// nudge makes QEMU look for changes at once. It looks more and more rarely, down
// to every three seconds, while its client says nothing: an empty text for the
// clipboard is the least to say.
func (c *rfb) nudge() error { return c.send([]byte{rfbClientCutText, 0, 0, 0, 0, 0, 0, 0}) }

// update reads up to the end of the next update and draws it on the screen.
// changed is the part that was drawn; resized says that the screen is a new,
// black one, whose picture has to be asked for.
func (c *rfb) update() (changed image.Rectangle, resized bool, err error) {
	for {
		kind, err := c.in.ReadByte()
		if err != nil {
			return changed, resized, err
		}
		switch kind {
		case rfbUpdate:
			return c.rectangles()
		case rfbBell:
		case rfbColourMap:
			head, err := c.take(5) // padding, first colour, number of colours
			if err == nil {
				err = c.skip(6 * uint32(binary.BigEndian.Uint16(head[3:])))
			}
			if err != nil {
				return changed, resized, err
			}
		case rfbServerCutText:
			head, err := c.take(7) // padding, length
			if err == nil {
				err = c.skip(binary.BigEndian.Uint32(head[3:]))
			}
			if err != nil {
				return changed, resized, err
			}
		default:
			return changed, resized, fmt.Errorf("unknown message %d", kind)
		}
	}
}

// rectangles reads an update behind its first byte (RFC 6143, 7.6.1).
func (c *rfb) rectangles() (changed image.Rectangle, resized bool, err error) {
	head, err := c.take(3) // padding, number of rectangles
	if err != nil {
		return changed, resized, err
	}
	for range binary.BigEndian.Uint16(head[1:]) {
		head, err := c.take(12) // x, y, width, height, encoding
		if err != nil {
			return changed, resized, err
		}
		x, y := rfbSize(head)
		width, height := rfbSize(head[4:])
		switch encoding := int32(binary.BigEndian.Uint32(head[8:])); encoding {
		case rfbRaw:
			part := image.Rect(x, y, x+width, y+height)
			if err := c.draw(part); err != nil {
				return changed, resized, err
			}
			changed = changed.Union(part)
		case rfbDesktopSize:
			if resized {
				return changed, resized, errors.New("two sizes of the screen in one update")
			}
			if err := c.resize(width, height); err != nil {
				return changed, resized, err
			}
			changed, resized = image.Rectangle{}, true
		default:
			return changed, resized, fmt.Errorf("encoding %d, which nobody asked for", encoding)
		}
	}
	return changed, resized, nil
}

// draw reads the pixels of a part of the screen.
func (c *rfb) draw(part image.Rectangle) error {
	if part.Empty() {
		return nil
	}
	if !part.In(c.screen.Rect) {
		return fmt.Errorf("a rectangle %v outside of the screen of %v", part, c.screen.Rect.Size())
	}
	for y := part.Min.Y; y < part.Max.Y; y++ {
		at := c.screen.PixOffset(part.Min.X, y)
		row := c.screen.Pix[at : at+4*part.Dx()]
		if _, err := io.ReadFull(c.in, row); err != nil {
			return err
		}
		for i := 3; i < len(row); i += 4 {
			row[i] = 0xff
		}
	}
	return nil
}

// resize makes the screen a black one, in the memory of the last if that is
// enough.
func (c *rfb) resize(width, height int) error {
	if width > rfbSide || height > rfbSide {
		return fmt.Errorf("a screen of %d×%d; the largest possible is %d×%[3]d", width, height, rfbSide)
	}
	pix := c.screen.Pix[:0]
	if size := 4 * width * height; size > cap(pix) {
		pix = make([]byte, size)
	} else {
		pix = pix[:size]
		clear(pix)
	}
	for i := 3; i < len(pix); i += 4 {
		pix[i] = 0xff
	}
	c.screen = &image.RGBA{Pix: pix, Stride: 4 * width, Rect: image.Rect(0, 0, width, height)}
	return nil
}

// rfbSize is two numbers of 16 bits.
func rfbSize(b []byte) (int, int) {
	return int(binary.BigEndian.Uint16(b)), int(binary.BigEndian.Uint16(b[2:]))
}

// take reads a few bytes.
func (c *rfb) take(n int) ([]byte, error) {
	b := make([]byte, n)
	_, err := io.ReadFull(c.in, b)
	return b, err
}

// skip throws bytes away.
func (c *rfb) skip(n uint32) error {
	if n > rfbSkip {
		return fmt.Errorf("a text of %d bytes", n)
	}
	_, err := c.in.Discard(int(n))
	return err
}

func (c *rfb) send(b []byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	_, err := c.out.Write(b)
	return err
}
