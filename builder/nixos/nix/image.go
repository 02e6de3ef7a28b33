package nix

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// FindImage looks for the image in an output: what nixpkgs's iso-image.nix and
// sd-image.nix put into iso/ and sd-image/, else what Hydra would offer. An
// output that is a file is the image itself. The names are not asked from the
// options, which may tell another one.
func FindImage(out string) (string, error) {
	info, err := os.Stat(out)
	if err != nil {
		return "", fmt.Errorf("look for the image: %w", err)
	}
	if info.Mode().IsRegular() {
		return out, nil
	}
	var found []string
	for _, pattern := range []string{"iso/*.iso", "iso/*.iso.*", "sd-image/*.img", "sd-image/*.img.*"} {
		// The pattern is ours and out is escaped: it cannot be malformed.
		matches, err := filepath.Glob(filepath.Join(escapeGlob(out), pattern))
		if err != nil {
			return "", fmt.Errorf("look for the image: %w", err)
		}
		found = append(found, matches...)
	}
	if len(found) == 0 {
		if found, err = hydraProducts(out); err != nil {
			return "", err
		}
	}
	switch len(found) {
	case 1:
		return found[0], nil
	case 0:
		return "", fmt.Errorf("there is no image in %s", out)
	}
	return "", fmt.Errorf("there are %d images in %s: %s", len(found), out, strings.Join(found, ", "))
}

// hydraProducts reads nix-support/hydra-build-products: "file TYPE PATH" a
// line, PATH quoted where it has blanks.
func hydraProducts(out string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(out, "nix-support/hydra-build-products"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("look for the image: %w", err)
	}
	var found []string
	for line := range strings.Lines(string(text)) {
		words := strings.SplitN(strings.TrimSpace(line), " ", 3)
		if len(words) != 3 || words[0] != "file" || !slices.Contains([]string{"iso", "sd-image", "img"}, words[1]) {
			continue
		}
		path := strings.Trim(words[2], `"`)
		if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() {
			found = append(found, path)
		}
	}
	return found, nil
}

// escapeGlob takes the meaning from Glob's special characters.
func escapeGlob(path string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`).Replace(path)
}
