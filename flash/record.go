package flash

import (
	"time"

	"github.com/isowright/isowright/flash/drives"
)

// Record is an entry of the journal: what was written where, when, and what
// came of it.
type Record struct {
	When time.Time `json:"when"`
	// Image is the file's path.
	Image  string          `json:"image"`
	SHA256 string          `json:"sha256,omitempty"`
	Path   string          `json:"path"`
	Drive  drives.Identity `json:"drive"`
	Report Report          `json:"report"`
	// Error is empty if it went well; Kind sorts it.
	Error string `json:"error,omitempty"`
	Kind  Kind   `json:"kind,omitempty"`
}
