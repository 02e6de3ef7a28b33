package builder

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/isowright/isowright/builder/catalog"
	"github.com/isowright/isowright/builder/design"
	"github.com/isowright/isowright/builder/plan"
	"github.com/isowright/isowright/builder/store"
)

// Record puts together what the history keeps of a build, for the command line
// and the window alike.
type Record struct {
	store.BuildRecord
	log logTail
}

// NewRecord begins the record of a build of the design in the file at path, ""
// if it has none. It hangs itself into the log of the options, which must be
// those that the build is given.
func NewRecord(path string, p plan.Plan, started time.Time, o *Options) *Record {
	r := &Record{BuildRecord: store.BuildRecord{
		Design: path, Name: p.Design.Name, DesignID: p.DesignID, PlanID: p.ID, Started: started,
		Packages: len(p.Packages), PackageList: catalog.List(p.Packages),
	}}
	// A design that was planned has a canonical form.
	r.DesignText, _ = design.Encode(p.Design)
	handlers := []slog.Handler{slog.NewTextHandler(&r.log, nil)}
	if o.Log != nil {
		handlers = append(handlers, o.Log.Handler())
	}
	o.Log = slog.New(slog.NewMultiHandler(handlers...))
	return r
}

// End completes the record with what Build gave. A build whose context has
// ended was cancelled, unless it was done before.
func (r *Record) End(ctx context.Context, image Image, err error, ended time.Time) store.BuildRecord {
	r.Ended, r.Log = ended, r.log.Bytes()
	for _, phase := range image.Phases {
		r.Phases = append(r.Phases, store.BuildPhase(phase))
	}
	var step *StepError
	switch {
	case err == nil:
		r.Result, r.Image, r.Size, r.SHA256 = store.Done, image.Path, image.Size, image.SHA256
		if image.Installed != nil {
			r.Packages, r.PackageList = len(image.Installed), catalog.List(image.Installed)
		}
	case ctx.Err() != nil:
		r.Result = store.Cancelled
	default:
		r.Result, r.Error = store.Failed, err.Error()
		if errors.As(err, &step) {
			r.Hint = step.Hint
		}
	}
	return r.BuildRecord
}

// logTail keeps the end of a log.
type logTail struct {
	mu sync.Mutex
	b  []byte
}

// Write appends, and forgets the begin when there is twice too much.
func (t *logTail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.b = append(t.b, p...)
	if len(t.b) > 2*store.MaxLog {
		t.b = append(t.b[:0], t.b[len(t.b)-store.MaxLog:]...)
	}
	return len(p), nil
}

// Bytes is the log so far.
func (t *logTail) Bytes() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return bytes.Clone(t.b)
}
