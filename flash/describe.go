package flash

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/isowright/isowright/flash/drives"
)

// Describe finds out what Check has to know of an image file: its first
// sectors, unpacked where it is compressed, and the disks that the file lies on.
// That these are not known is no error; Check then refuses where it matters.
func Describe(ctx context.Context, im Image, s drives.Source) (ImageInfo, error) {
	info := ImageInfo{Size: im.Size, FileSize: im.FileSize, Compression: im.Compression}
	content, err := im.read(nil)
	if err != nil {
		return ImageInfo{}, err
	}
	head := make([]byte, BootHeadSize)
	n, err := io.ReadFull(content, head)
	if closed := content.close(); err == nil || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = closed
	}
	if err != nil {
		return ImageInfo{}, im.fault(err)
	}
	info.Boot = LooksBootable(head[:n])
	file, err := filepath.Abs(im.Name)
	if err == nil {
		// A loop device or mount below is found by the file's real name.
		file, err = filepath.EvalSymlinks(file)
	}
	if err == nil {
		info.Disks, err = drives.DisksOf(ctx, s, file)
	}
	if ctx.Err() != nil {
		return ImageInfo{}, context.Cause(ctx)
	}
	if err != nil {
		info.Unplaced = fmt.Sprint(err)
	}
	return info, nil
}
