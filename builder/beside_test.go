package builder

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	cdx "github.com/CycloneDX/cyclonedx-go"
	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
)

func imageAndProduct() (Image, *plan.Product) {
	image := Image{SHA256: strings.Repeat("ab", 32), Plan: plan.Plan{
		LiveID: "0123", Date: time.Date(2026, 3, 2, 1, 0, 0, 0, time.FixedZone("", 3600)),
		Design: design.Design{Name: `A "name" <é>`, Distribution: "debian", Release: "trixie"},
	}}
	return image, &plan.Product{Installed: []catalog.Package{
		{Name: "libstdc++6", Version: "14.2.0-19", Architecture: "amd64", Installed: 2_000_000},
		{Name: "tzdata", Version: "1:2025b-0+deb13u1~x", Architecture: "all", Installed: 5},
	}}
}

// TestBillOfMaterials reads the bill with the format's own library.
func TestBillOfMaterials(t *testing.T) {
	image, product := imageAndProduct()
	data, err := billOfMaterials(image, product)
	must(t, err)
	again, err := billOfMaterials(image, product)
	must(t, err)
	if !bytes.Equal(data, again) {
		t.Error("two bills of one image differ")
	}
	var bom cdx.BOM
	must(t, cdx.NewBOMDecoder(bytes.NewReader(data), cdx.BOMFileFormatJSON).Decode(&bom))
	if bom.SpecVersion != cdx.SpecVersion1_6 || bom.BOMFormat != "CycloneDX" || bom.Metadata.Timestamp != "2026-03-02T00:00:00Z" {
		t.Errorf("%v %q %q", bom.SpecVersion, bom.BOMFormat, bom.Metadata.Timestamp)
	}
	main := bom.Metadata.Component
	if main.Name != image.Plan.Design.Name || main.Version != "0123" || (*main.Hashes)[0].Value != image.SHA256 {
		t.Errorf("%+v", main)
	}
	var urls []string
	for _, c := range *bom.Components {
		urls = append(urls, c.PackageURL)
		if c.BOMRef != c.PackageURL {
			t.Errorf("reference %q of %q", c.BOMRef, c.PackageURL)
		}
	}
	want := []string{
		"pkg:deb/debian/libstdc%2B%2B6@14.2.0-19?arch=amd64&distro=trixie",
		"pkg:deb/debian/tzdata@1:2025b-0%2Bdeb13u1~x?arch=all&distro=trixie",
	}
	if !slices.Equal(urls, want) {
		t.Errorf("package URLs %q, want %q", urls, want)
	}
}

func TestPurlEscape(t *testing.T) {
	all := ""
	for c := byte(0x20); c < 0x7f; c++ {
		all += string(c)
	}
	for _, text := range []string{all, "é", "1:2.0~rc1+dfsg-1", ""} {
		escaped := purlEscape(text)
		if strings.ContainsAny(escaped, "@?#/+ &=\"") {
			t.Errorf("%q holds what a package URL has a meaning for", escaped)
		}
		if back, err := url.PathUnescape(escaped); err != nil || back != text {
			t.Errorf("%q came back as %q: %v", text, back, err)
		}
	}
}

func TestPackageList(t *testing.T) {
	_, product := imageAndProduct()
	want := "libstdc++6\t14.2.0-19\t2000000\ntzdata\t1:2025b-0+deb13u1~x\t5\n"
	if got := string(catalog.List(product.Installed)); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// TestBesideFails holds that beside says what it wrote before it failed.
func TestBesideFails(t *testing.T) {
	image, product := imageAndProduct()
	image.Path = filepath.Join(t.TempDir(), "x.iso")
	b := &builds{log: newBuildLog(nil, image.Plan), work: &work{dir: t.TempDir()}}
	written, err := b.beside(image, product)
	must(t, err)
	if len(written) != 4 {
		t.Errorf("%q", written)
	}
	text, err := os.ReadFile(image.Path + ".sha256")
	if err != nil || string(text) != image.SHA256+"  x.iso\n" {
		t.Errorf("%q: %v", text, err)
	}
	must(t, os.Remove(image.Path+".cdx.json"))
	must(t, os.Mkdir(image.Path+".cdx.json", 0o755))
	if written, err = b.beside(image, product); err == nil || len(written) != 2 {
		t.Errorf("%q: %v", written, err)
	}
}

// TestBuildLog holds that the log beside the image has what it should, and that
// the application's log gets all that it asks for.
func TestBuildLog(t *testing.T) {
	var next bytes.Buffer
	p := plan.Plan{ID: "plan-id", DesignID: "design-id", State: catalog.State{ID: "state-id"}}
	l := newBuildLog(slog.New(slog.NewTextHandler(&next, &slog.HandlerOptions{Level: slog.LevelDebug})), p)
	log := slog.New(l)
	log.Debug("for finding faults")
	log.With("program", "apt").Info("a line")
	log.WithGroup("g").Warn("grouped", "key", "value")
	kept, passed := string(l.Bytes()), next.String()
	for _, want := range []string{"design=design-id", "plan=plan-id", "state=state-id", `msg="a line" program=apt`, "g.key=value"} {
		if !strings.Contains(kept, want) || !strings.Contains(passed, want) {
			t.Errorf("%q is missing in %q or %q", want, kept, passed)
		}
	}
	if strings.Contains(kept, "for finding faults") || !strings.Contains(passed, "for finding faults") {
		t.Error("the debug record went to the wrong log")
	}
	alone := newBuildLog(nil, p)
	slog.New(alone).WithGroup("g").With("a", 1).Info("x")
	if alone.Enabled(t.Context(), slog.LevelDebug) || !bytes.Contains(alone.Bytes(), []byte("g.a=1")) {
		t.Errorf("%s", alone.Bytes())
	}
	// What the next log cannot write is kept all the same.
	broken := newBuildLog(slog.New(brokenHandler{}), p)
	if err := broken.Handle(t.Context(), slog.NewRecord(time.Now(), slog.LevelInfo, "kept", 0)); err == nil {
		t.Error("the next log's error is lost")
	}
	if !bytes.Contains(broken.Bytes(), []byte("msg=kept")) {
		t.Error("the record is lost")
	}
}

// brokenHandler fails at each record.
type brokenHandler struct{ slog.Handler }

func (brokenHandler) Enabled(context.Context, slog.Level) bool { return true }

func (brokenHandler) Handle(context.Context, slog.Record) error { return errors.New("disk full") }
