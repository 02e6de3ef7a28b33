package vm

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"os"
)

// Screen is the picture on the guest's screen.
func (m *Machine) Screen(ctx context.Context) (image.Image, error) {
	// QEMU's own PNG is a build option; its PPM is always there.
	file, err := os.CreateTemp(m.dir, "screen-*.ppm")
	if err != nil {
		return nil, fmt.Errorf("take a picture of the screen: %w", err)
	}
	defer os.Remove(file.Name())
	defer file.Close()
	args := map[string]string{"filename": file.Name()}
	if err := m.qmp.execute(ctx, "screendump", args, nil); err != nil {
		return nil, fmt.Errorf("take a picture of the screen: %w", err)
	}
	img, err := decodePPM(bufio.NewReader(file))
	if err != nil {
		return nil, fmt.Errorf("take a picture of the screen: %w", err)
	}
	return img, nil
}

// Screenshot writes the picture on the guest's screen to a PNG file.
func (m *Machine) Screenshot(ctx context.Context, path string) error {
	img, err := m.Screen(ctx)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return fmt.Errorf("encode screenshot: %w", err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		return fmt.Errorf("write screenshot: %w", err)
	}
	return nil
}

// decodePPM reads a picture in netpbm's raw PPM format (P6, ppm(5)) with 8 bits
// a colour and sides up to 16384, without comments, which is what QEMU writes.
func decodePPM(r io.Reader) (*image.RGBA, error) {
	var width, height, depth int
	if _, err := fmt.Fscanf(r, "P6\n%d %d\n%d", &width, &height, &depth); err != nil {
		return nil, fmt.Errorf("read PPM header: %w", err)
	}
	if depth != 255 || width < 1 || height < 1 || width > 1<<14 || height > 1<<14 {
		return nil, fmt.Errorf("read PPM header: impossible picture %d×%d, depth %d", width, height, depth)
	}
	var space [1]byte // one white space ends the header
	if _, err := io.ReadFull(r, space[:]); err != nil {
		return nil, fmt.Errorf("read PPM header: %w", err)
	}
	row := make([]byte, 3*width)
	var pix []byte // grows with the data, so that a short file costs little
	for range height {
		if _, err := io.ReadFull(r, row); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return nil, fmt.Errorf("read PPM pixels: %w", err)
		}
		for i := 0; i < len(row); i += 3 {
			pix = append(pix, row[i], row[i+1], row[i+2], 0xff)
		}
	}
	return &image.RGBA{Pix: pix, Stride: 4 * width, Rect: image.Rect(0, 0, width, height)}, nil
}
