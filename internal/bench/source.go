package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/isowright/isowright/builder/iso"
)

// source is what an image is made of, in a folder:
//
//	tree/        the root file system
//	medium/      what lies beside it on the medium
//	mbr.img      boot code, esp.img the EFI system partition,
//	esp/         the files in it; these three for bootable images only
//	source.json  the rest; written last
type source struct {
	Dir string `json:"dir"`
	// Squash is the path of the packed tree on the medium.
	Squash string `json:"squash"`
	// ElTorito is the BIOS boot image below medium/; empty for an image that
	// does not boot.
	ElTorito string `json:"eltorito,omitempty"`
}

func (s source) tree() string   { return filepath.Join(s.Dir, "tree") }
func (s source) medium() string { return filepath.Join(s.Dir, "medium") }
func (s source) mbr() string    { return filepath.Join(s.Dir, "mbr.img") }
func (s source) esp() string    { return filepath.Join(s.Dir, "esp.img") }

// sourceFile says that a source is complete.
const sourceFile = "source.json"

func readSource(dir string) (source, error) {
	s := source{}
	data, err := os.ReadFile(filepath.Join(dir, sourceFile))
	if err == nil {
		err = json.Unmarshal(data, &s)
	}
	if err != nil {
		return s, fmt.Errorf("read what to pack: %w", err)
	}
	s.Dir = dir
	return s, nil
}

// write notes the source under a name in its folder.
func (s source) write(name string) error {
	data, err := json.Marshal(s)
	if err == nil {
		err = os.WriteFile(filepath.Join(s.Dir, name), data, 0o644)
	}
	if err != nil {
		return fmt.Errorf("note what to pack: %w", err)
	}
	return nil
}

// isoOptions are our writer's counterpart of the arguments of xorriso.
func (s source) isoOptions() (iso.Options, error) {
	o := iso.Options{VolumeID: "BENCH", Seed: []byte("bench"), ModTime: benchDate}
	if s.ElTorito == "" {
		return o, nil
	}
	mbr, err := os.ReadFile(s.mbr())
	if err != nil {
		return o, err
	}
	o.BIOS = &iso.BIOSBoot{MBRCode: mbr, ElTorito: s.ElTorito}
	o.UEFI = &iso.UEFIBoot{}
	esp := filepath.Join(s.Dir, "esp")
	err = filepath.WalkDir(esp, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		name, err := filepath.Rel(esp, path)
		if err != nil {
			return err
		}
		data, err := os.ReadFile(path)
		o.UEFI.Files = append(o.UEFI.Files, iso.ESPFile{Path: name, Data: data})
		return err
	})
	return o, err
}

// benchDate is every date that we choose, in seconds since 1970.
const benchDate = 1700000000

// warm reads everything below a folder, so that both sides find it in memory.
func warm(ctx context.Context, dir string) error {
	buf := make([]byte, 256<<10)
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err = errors.Join(err, ctx.Err()); err != nil || !d.Type().IsRegular() {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		_, err = io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{f}, buf)
		return err
	})
}
