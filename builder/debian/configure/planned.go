package configure

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"sync"
)

// planned is a file on this computer whose content the plan fixed. It is opened
// for each read and stays closed in between, so that a plan may hold any number
// of files. The first read checks the whole content against the plan; later
// ones see that the file is still the one that was checked.
type planned struct {
	path string
	size int64
	sum  string

	once sync.Once
	info os.FileInfo
	err  error
}

// ReadAt reads the file's bytes, or says that they are not those of the plan.
func (p *planned) ReadAt(b []byte, off int64) (int, error) {
	f, err := os.Open(p.path)
	if err != nil {
		return 0, fmt.Errorf("read a file of the design: %w", err)
	}
	defer f.Close()
	p.once.Do(func() { p.info, p.err = p.check(f) })
	if p.err != nil {
		return 0, p.err
	}
	info, err := f.Stat()
	if err != nil {
		return 0, fmt.Errorf("read a file of the design: %w", err)
	}
	if !os.SameFile(info, p.info) || info.Size() != p.info.Size() || !info.ModTime().Equal(p.info.ModTime()) {
		return 0, fmt.Errorf("%s changed during the build; start it again", p.path)
	}
	return f.ReadAt(b, off)
}

// check compares size and hash with the plan's.
func (p *planned) check(f *os.File) (os.FileInfo, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("check a file of the design: %w", err)
	}
	if info.Size() != p.size {
		return nil, p.changed()
	}
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return nil, fmt.Errorf("check a file of the design: %w", err)
	}
	if p.sum != "" && hex.EncodeToString(h.Sum(nil)) != p.sum {
		return nil, p.changed()
	}
	return info, nil
}

func (p *planned) changed() error {
	return fmt.Errorf("%s changed since the plan was made; plan again", p.path)
}
