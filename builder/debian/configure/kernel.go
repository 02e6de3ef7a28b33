package configure

import (
	"errors"
	"fmt"
	"strings"

	"github.com/isowright/isowright/builder/debian/archive"
	"github.com/isowright/isowright/builder/tree"
)

const (
	kernelPrefix = "boot/vmlinuz-"
	initrdPrefix = "boot/initrd.img-"
)

// TakeKernel takes the kernel and initrd of the highest version out of the
// tree, where they would only take room: the boot loader reads them from the
// medium. Every other kernel and initrd and the links to them go as well. The
// modules of the taken version must be in the tree.
func TakeKernel(s *tree.Set) (kernel, initrd tree.Entry, version string, err error) {
	for _, name := range s.Glob(kernelPrefix + "*") {
		v := strings.TrimPrefix(name, kernelPrefix)
		if version == "" || archive.Compare(v, version) > 0 {
			version = v
		}
	}
	if version == "" {
		return kernel, initrd, "", errors.New("take the kernel: the root tree has no boot/vmlinuz-*")
	}
	if kernel, err = regular(s, kernelPrefix+version); err != nil {
		return kernel, initrd, "", err
	}
	if initrd, err = regular(s, initrdPrefix+version); err != nil {
		return kernel, initrd, "", err
	}
	if _, ok := s.Get("usr/lib/modules/" + version); !ok {
		return kernel, initrd, "", fmt.Errorf("take the kernel: the root tree has no modules for %s", version)
	}
	doomed := []string{"vmlinuz", "vmlinuz.old", "initrd.img", "initrd.img.old"}
	for _, pattern := range []string{"boot/vmlinuz*", "boot/initrd.img*"} {
		doomed = append(doomed, s.Glob(pattern)...)
	}
	for _, name := range doomed {
		s.Remove(name)
	}
	return kernel, initrd, version, nil
}

func regular(s *tree.Set, name string) (tree.Entry, error) {
	e, ok := s.Get(name)
	if !ok {
		return e, fmt.Errorf("take the kernel: the root tree has no %s", name)
	}
	if e.Type != tree.File || e.Size == 0 {
		return e, fmt.Errorf("take the kernel: %s is an empty %s", name, e.Type)
	}
	return e, nil
}
