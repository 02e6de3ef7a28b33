package cli

import (
	"context"
	"fmt"
	"testing"

	"github.com/isowright/isowright/flash"
	"github.com/isowright/isowright/flash/opener"
)

// TestExitCodesOfDrives holds every kind of fault to its exit code, with the
// advice that goes with it.
func TestExitCodesOfDrives(t *testing.T) {
	kinds := map[flash.Kind]int{
		flash.ImageFault: 1, flash.WrongSum: 1, flash.TooSmall: 4, flash.NotTheOne: 4, flash.ReadFault: 1,
		flash.WriteFault: 1, flash.SyncFault: 1, flash.CloseFault: 1, flash.EjectFault: 1, flash.NoSpace: 1,
		flash.Gone: 1, flash.ReadOnly: 1, flash.Silent: 1, flash.Mismatch: 1, flash.FakeCapacity: 1,
		flash.FileFault: 1, flash.Unfit: 1,
	}
	for kind, want := range kinds {
		err := fmt.Errorf("flash: %w", &flash.Error{Kind: kind, Text: "it failed", Advice: "do this"})
		if f := describe(err); f.Code != want || f.Hint != "do this" {
			t.Errorf("%s: exit %d with %q, want %d", kind, f.Code, f.Hint, want)
		}
	}
	problems := map[opener.Problem]int{
		opener.NoAgent: 1, opener.Refused: 1, opener.Cancelled: 1, opener.Busy: 1, opener.Gone: 1, opener.Changed: 4,
		opener.SystemDisk: 4, opener.ReadOnly: 1, opener.NoService: 1, opener.Failed: 1,
	}
	for problem, want := range problems {
		err := fmt.Errorf("open: %w", &opener.Error{Problem: problem, Text: "it failed", Advice: "do that"})
		if f := describe(err); f.Code != want || f.Hint != "do that" {
			t.Errorf("%s: exit %d with %q, want %d", problem, f.Code, f.Hint, want)
		}
	}
	if f := describe(context.Canceled); f.Code != 1 {
		t.Errorf("an error alone says %d: only the run's context tells that it was cancelled", f.Code)
	}
}
