//go:build nixpkgs

package source_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// plan is what plan.nix promises.
type plan struct {
	Version      int
	Release      string
	System       string
	Image        string
	ImageName    string
	Manifest     *string
	Toplevel     struct{ Drv, Out string }
	VolumeID     *string
	Kernel       struct{ Name, Version string }
	KernelParams []string
	Timeout      *int
	Packages     []struct{ Name, Version string }
	Menu         []struct {
		Name, Label, Kernel, Initrd string
		Params                      []string
	}
	Replaced map[string]string
	Warnings []string
}

// comparePlan checks the plan against the design and against what was evaluated
// beside it.
func comparePlan(t *testing.T, p *prepared, got outcome) {
	t.Helper()
	var plan plan
	if err := json.Unmarshal(got.Plan, &plan); err != nil {
		t.Fatalf("plan: %v", err)
	}
	want := func(what string, ok bool) {
		if !ok {
			t.Errorf("plan: %s: %s", what, clip(string(got.Plan)))
		}
	}
	d := p.design
	iso := d.Base != "netboot" && d.NixOS.Medium != "sd"
	want("version", plan.Version == 1)
	want("system", plan.System == system(d))
	want("image", plan.Image == got.Image)
	want("manifest", (plan.Manifest == nil) == (got.Manifest == nil) && (plan.Manifest == nil || *plan.Manifest == *got.Manifest))
	want("manifest of an ISO", iso == (plan.Manifest != nil))
	want("volume ID", iso == (plan.VolumeID != nil) && (!iso || *plan.VolumeID == d.VolumeLabel))
	want("toplevel", strings.HasSuffix(plan.Toplevel.Drv, ".drv") && strings.HasPrefix(plan.Toplevel.Out, "/nix/store/"))
	want("kernel", strings.HasPrefix(plan.Kernel.Name, "linux") && plan.Kernel.Version != "")
	want("image name", plan.ImageName != "")
	want("packages", len(plan.Packages) > 50)
	want("menu", len(plan.Menu) > 0 && plan.Menu[0].Label != "" && slices.ContainsFunc(plan.Menu[0].Params, func(s string) bool { return strings.HasPrefix(s, "init=/nix/store/") }))
	want("no warnings", len(plan.Warnings) == 0)
}
