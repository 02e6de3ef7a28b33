package builder

import (
	"bytes"
	"fmt"
	"path/filepath"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/internal/safefile"
)

// beside writes what accompanies an image and gives the paths of the files that
// were written, after an error too.
func (b *builds) beside(image Image, product *plan.Product) ([]string, error) {
	bom, err := billOfMaterials(image, product)
	if err != nil {
		return nil, err
	}
	summed := filepath.Base(image.Path)
	if image.Plan.Design.Base == "netboot" {
		summed += "/" + sumsName
	}
	var written []string
	for _, f := range []struct {
		suffix string
		data   []byte
	}{
		{".sha256", fmt.Appendf(nil, "%s  %s\n", image.SHA256, summed)},
		{".packages", catalog.List(product.Installed)},
		{".cdx.json", bom},
		{".log", b.log.Bytes()},
	} {
		path := image.Path + f.suffix
		if err := b.work.note(path, path+safefile.Suffix); err != nil {
			return nil, err
		}
		if err := safefile.Write(path, 0o644, f.data); err != nil {
			return written, err
		}
		written = append(written, path)
	}
	return written, nil
}

// billOfMaterials lists the packages in CycloneDX 1.6 (JSON), named by package
// URL (https://github.com/package-url/purl-spec).
func billOfMaterials(image Image, product *plan.Product) ([]byte, error) {
	p := image.Plan
	bom := cdx.NewBOM()
	bom.Metadata = &cdx.Metadata{
		Timestamp: p.Date.UTC().Format("2006-01-02T15:04:05Z"),
		Tools: &cdx.ToolsChoice{Components: &[]cdx.Component{
			{Type: cdx.ComponentTypeApplication, Name: "isowright"},
		}},
		Component: &cdx.Component{
			Type: cdx.ComponentTypeOS, Name: p.Design.Name, Version: p.LiveID,
			Hashes: &[]cdx.Hash{{Algorithm: cdx.HashAlgoSHA256, Value: image.SHA256}},
		},
	}
	components := make([]cdx.Component, 0, len(product.Installed))
	for _, k := range product.Installed {
		url := packageURL(p.Design, k)
		components = append(components, cdx.Component{
			BOMRef: url, Type: cdx.ComponentTypeLibrary, Name: k.Name, Version: k.Version, PackageURL: url,
		})
	}
	bom.Components = &components
	var out bytes.Buffer
	encoder := cdx.NewBOMEncoder(&out, cdx.BOMFileFormatJSON).SetPretty(true)
	if err := encoder.EncodeVersion(bom, cdx.SpecVersion1_6); err != nil {
		return nil, fmt.Errorf("write the bill of materials: %w", err)
	}
	return out.Bytes(), nil
}

// packageURL names a package in its distribution.
func packageURL(d design.Design, k catalog.Package) string {
	name := purlEscape(k.Name) + "@" + purlEscape(k.Version)
	if d.Distribution == "nixos" {
		return "pkg:nix/" + name
	}
	return fmt.Sprintf("pkg:deb/%s/%s?arch=%s&distro=%s", d.Distribution, name, k.Architecture, d.Release)
}

// purlEscape percent-encodes what a name or version may hold beyond the
// characters a package URL leaves alone.
func purlEscape(text string) string {
	var out bytes.Buffer
	for _, c := range []byte(text) {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9', bytes.IndexByte([]byte(".-_~:"), c) >= 0:
			out.WriteByte(c)
		default:
			fmt.Fprintf(&out, "%%%02X", c)
		}
	}
	return out.String()
}
