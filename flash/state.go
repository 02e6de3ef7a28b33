package flash

// State is how far a flash has come. Its text is the Step of the progress
// events and is kept stable.
type State string

// The states, in their order. The last three are where a flash ends.
const (
	Preparing State = "preparing" // looking at the stick, blanking its first MiB
	Writing   State = "writing"   // comparing and writing
	Flushing  State = "flushing"  // waiting until the stick has everything
	Verifying State = "verifying" // reading back
	Finishing State = "finishing" // first MiB, close, eject
	Succeeded State = "succeeded"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// text tells a person what goes on.
func (s State) text() string {
	switch s {
	case Preparing:
		return "Preparing the stick"
	case Writing:
		return "Writing"
	case Flushing:
		return "Waiting until the stick has everything"
	case Verifying:
		return "Reading back and comparing"
	case Finishing:
		return "Writing the first MiB"
	}
	return string(s)
}

// FirstMiB tells what lies in the first MiB of a stick, where computers look
// for something to boot. It is blank from before the first byte is written
// until all others are proven.
type FirstMiB string

const (
	// FirstUntouched: nothing was written to the stick at all.
	FirstUntouched FirstMiB = "untouched"
	// FirstBlank: zeros; the stick does not look bootable.
	FirstBlank FirstMiB = "blank"
	// FirstWritten: what the image has there.
	FirstWritten FirstMiB = "written"
	// FirstUnknown: the stick was lost while its first MiB was written.
	FirstUnknown FirstMiB = "unknown"
)
