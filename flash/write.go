package flash

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"github.com/isowright/isowright/internal/progress"
)

// Options are what holds for all sticks of a Write.
type Options struct {
	// Full writes everything; without it only what differs from what the stick
	// holds already.
	Full bool
	// NoVerify leaves out reading back. The report then says "not verified".
	NoVerify bool
	// SHA256 of the image's content and FileSHA256 of the packed file, in
	// hexadecimal digits; empty: not checked. They are checked on the way, and
	// before the first MiB is written.
	SHA256, FileSHA256 string
	// Patience is how long the stick may take for one operation; 0: 30 s.
	Patience time.Duration
	// Inhibit keeps the computer from going to sleep until release is called;
	// nil: it may. That it fails stops nothing, and is told in the report.
	Inhibit func(ctx context.Context, why string) (release func(), err error)

	geometry geometry // of tests; usual if zero
}

// Stick is a drive to be written.
type Stick struct {
	// Target is closed when Write returns, whatever happens.
	Target Target
	// Progress gets the states as steps, with bytes; may be nil.
	Progress progress.Sink
	// Same is called right before the first byte is written: an error says that
	// this is not the stick that was chosen. May be nil.
	Same func() error
	// Eject is called when all is done and closed. May be nil.
	Eject func(ctx context.Context) error
}

// Report is what came of a stick. It is filled in as far as things went, also
// when there was an error.
type Report struct {
	State State `json:"state"`
	// Size of the image's content in bytes, SHA256 its hash; 0 and empty if its
	// end was not reached. FileSHA256 is that of the packed file.
	Size       int64  `json:"size"`
	SHA256     string `json:"sha256,omitempty"`
	FileSHA256 string `json:"file_sha256,omitempty"`
	// Written are bytes that were written, Kept those that the stick held
	// already, ReadBack those that were read back after writing.
	Written  int64 `json:"written"`
	Kept     int64 `json:"kept"`
	ReadBack int64 `json:"read_back"`
	// Verified: every byte of the image was read from the stick and was right.
	Verified bool     `json:"verified"`
	FirstMiB FirstMiB `json:"first_mib"`
	Ejected  bool     `json:"ejected"`
	// Took are the seconds spent in each state.
	Took map[State]float64 `json:"took,omitempty"`
	// Notes are things worth telling that stopped nothing.
	Notes []string `json:"notes,omitempty"`
}

// Result is what WriteAll gives for one stick.
type Result struct {
	Report Report
	Err    error
}

// Write writes an image to a stick and proves that it is there. The error is
// an *Error, or ctx's.
//
// The first MiB is zeroed before anything else is written, and written when all
// the rest is proven, so that a half-written stick never looks bootable.
func Write(ctx context.Context, s Stick, im Image, o Options) (Report, error) {
	r := WriteAll(ctx, []Stick{s}, im, o)[0]
	return r.Report, r.Err
}

// WriteAll writes an image to several sticks from one reading of it. A stick
// that is slow or fails does not hold up the others. Results are in the order
// of the sticks.
func WriteAll(ctx context.Context, sticks []Stick, im Image, o Options) []Result {
	var note string
	if o.Inhibit != nil {
		release, err := o.Inhibit(ctx, "Writing "+im.Name)
		if err != nil {
			note = fmt.Sprintf("the computer could not be kept from going to sleep: %v", err)
		} else {
			defer release()
		}
	}
	if o.geometry == (geometry{}) {
		o.geometry = usual()
	}
	r := newReading(ctx, im, o.geometry, len(sticks) > 1)
	defer r.stop()
	results := make([]Result, len(sticks))
	var all sync.WaitGroup
	for i, s := range sticks {
		all.Go(func() {
			w := newWriting(s, r, o)
			if note != "" {
				w.report.Notes = append(w.report.Notes, note)
			}
			defer w.cur.close()
			err := w.run(ctx, w.write)
			results[i] = Result{w.report, err}
		})
	}
	all.Wait()
	return results
}

// writing is one stick on its way.
type writing struct {
	stick  Stick
	o      Options
	r      *reading // nil: what is written is no image
	cur    cursor
	d      *device
	report Report
	begun  time.Time // of the state

	// head is what the first MiB will be: nil until the first chunk was read.
	// old is what the stick had there, nil if that is not known.
	head, old []byte

	marks marks
	owed  int64 // written since the last sync

	mu    sync.Mutex // for what follows and the numbers of the report
	total int64
	done  int64
}

func newWriting(s Stick, r *reading, o Options) *writing {
	w := &writing{stick: s, o: o, d: newDevice(s.Target, o.geometry, o.Patience)}
	w.report.FirstMiB = FirstUntouched
	w.report.Took = map[State]float64{}
	if r != nil {
		w.r, w.cur, w.total = r, cursor{r: r}, max(r.im.Size, 0)
	}
	return w
}

// enter goes to the next state.
func (w *writing) enter(s State) {
	now := time.Now()
	if w.report.State != "" {
		w.report.Took[w.report.State] += now.Sub(w.begun).Seconds()
	}
	w.report.State, w.begun = s, now
	w.mu.Lock()
	w.done = 0
	w.mu.Unlock()
	w.tell(0)
}

// tell adds n bytes to what is done in this state and reports it.
func (w *writing) tell(n int64) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.done += n
	w.stick.Progress.Report(progress.Event{
		Step: string(w.report.State), Text: w.report.State.text(),
		// What pads the end to whole sectors is no part of the image.
		Done: capped(w.done, w.total), Total: w.total,
	})
}

func capped(done, total int64) int64 {
	if total > 0 {
		return min(done, total)
	}
	return done
}

// run does the work and leaves the stick closed, and blank if it went wrong.
func (w *writing) run(ctx context.Context, work func(context.Context) error) error {
	err := work(ctx)
	if err != nil {
		w.keepBlank(ctx.Err() != nil)
	}
	if err == nil {
		w.rereadPartitions()
	}
	if e := w.d.close(); err == nil {
		err = e
	}
	if err == nil && w.stick.Eject != nil {
		if e := w.stick.Eject(ctx); e != nil {
			err = fault(EjectFault, "wait until its light rests, then pull it out", e,
				"the stick is written, but could not be ejected")
		} else {
			w.report.Ejected = true
		}
	}
	end := Succeeded
	if err != nil {
		end = Failed
		if ctx.Err() != nil && errors.Is(err, ctx.Err()) {
			end = Cancelled
		}
	}
	w.enter(end)
	return err
}

// rereadPartitions makes the stick's new partitions known to the kernel, where
// the target can do that. Taking the stick out and in does it as well, so that
// it is no failure if it cannot.
func (w *writing) rereadPartitions() {
	t, ok := w.stick.Target.(interface{ RereadPartitions() error })
	if !ok {
		return
	}
	if err := w.d.call(context.Background(), w.d.patience, t.RereadPartitions); err != nil {
		w.report.Notes = append(w.report.Notes,
			fmt.Sprintf("the new partitions are seen only when the stick is plugged in again (%v)", err))
	}
}

func (w *writing) write(ctx context.Context) error {
	w.enter(Preparing)
	if err := w.prepare(ctx); err != nil {
		return err
	}
	w.enter(Writing)
	if err := w.stream(ctx); err != nil {
		return err
	}
	if err := w.ended(ctx); err != nil {
		return err
	}
	if w.report.FirstMiB == FirstUntouched && w.sameHead() {
		// Nothing differed: every byte has been read from the stick by now. An
		// earlier flash may have ended before it was told that all is safe.
		err := w.d.sync(ctx)
		w.report.Verified = err == nil
		return err
	}
	if err := w.blank(ctx); err != nil {
		return err
	}
	w.enter(Flushing)
	if err := w.d.sync(ctx); err != nil {
		return err
	}
	if !w.o.NoVerify {
		w.enter(Verifying)
		if err := w.readBack(ctx); err != nil {
			return err
		}
	}
	w.enter(Finishing)
	if err := w.commit(ctx); err != nil {
		return err
	}
	w.report.Verified = !w.o.NoVerify
	return nil
}

// prepare looks at the stick and clears what earlier contents have at its end.
func (w *writing) prepare(ctx context.Context) error {
	if w.r.im.Size > w.d.size {
		return tooSmall(w.r.im.Size, w.d.size)
	}
	if err := w.chosen(); err != nil {
		return err
	}
	if !w.o.Full {
		old := aligned(w.d.headSize())
		switch err := w.d.read(ctx, old, 0); {
		case err == nil:
			w.old = old
		case w.over(ctx):
			return err
		}
	}
	w.marks.plain = w.old == nil
	if w.marks.plain {
		if err := w.blank(ctx); err != nil {
			return err
		}
	}
	return w.clearEnd(ctx)
}

// chosen holds that the stick is there and the one that was chosen.
func (w *writing) chosen() error {
	if w.d.size <= 0 {
		return fault(Gone, "put a medium in", nil, "the stick has no medium")
	}
	if w.stick.Same == nil {
		return nil
	}
	if err := w.stick.Same(); err != nil {
		return fault(NotTheOne, "choose the stick again", err, "this is not the stick that was chosen")
	}
	return nil
}

func tooSmall(image, stick int64) error {
	return fault(TooSmall, "take a larger stick", nil,
		"the image has %s, the stick only %s", amount(image), amount(stick))
}

// ended checks what is known only at the end of the image.
func (w *writing) ended(ctx context.Context) error {
	size, err := w.r.finish(ctx)
	if err != nil {
		return err
	}
	w.report.Size = size
	w.report.SHA256, w.report.FileSHA256 = w.r.hashes()
	if size == 0 {
		return fault(ImageFault, "choose another image", nil, "the image is empty")
	}
	return checkSums(w.o.SHA256, w.report.SHA256, w.o.FileSHA256, w.report.FileSHA256)
}

// checkSums holds the image to the checksums that are wanted; empty ones are
// not.
func checkSums(content, isContent, file, isFile string) error {
	for _, s := range []struct{ want, is, what string }{
		{content, isContent, "the image"}, {file, isFile, "the packed image"},
	} {
		if s.want != "" && !strings.EqualFold(s.want, s.is) {
			return fault(WrongSum, "fetch or build the image again: it is damaged, or not the one that the checksum was made for",
				nil, "the SHA-256 of %s is %s and should be %s", s.what, s.is, strings.ToLower(s.want))
		}
	}
	return nil
}

// piece is a run of blocks of a chunk that is to be written. An empty one has
// the first MiB blanked.
type piece struct {
	data []byte
	at   int64
}

// inFlight is how many writes are under way at once: the stick never waits for
// us, and no queue builds up that hides how far it is.
const inFlight = 2

// stream brings the image to the stick. One goroutine takes chunks, compares
// them and cuts out what differs; this one has the pieces written.
func (w *writing) stream(ctx context.Context) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	work := make(chan piece, 1)
	var all sync.WaitGroup
	all.Go(func() {
		defer close(work)
		if err := w.produce(ctx, work); err != nil {
			cancel(err)
		}
	})
	slots := make(chan struct{}, inFlight)
	for p := range work {
		if ctx.Err() != nil {
			continue
		}
		// Nothing is under way when the first piece comes.
		if err := w.blank(ctx); err != nil {
			cancel(err)
			continue
		}
		if len(p.data) == 0 {
			continue
		}
		slots <- struct{}{}
		all.Go(func() {
			if err := w.put(ctx, p); err != nil {
				cancel(err)
			}
			<-slots
		})
		if err := w.pay(ctx, int64(len(p.data)), slots); err != nil {
			cancel(err)
		}
	}
	all.Wait()
	return context.Cause(ctx)
}

// put writes one piece.
func (w *writing) put(ctx context.Context, p piece) error {
	if err := w.d.write(ctx, p.data, p.at); err != nil {
		return err
	}
	w.mu.Lock()
	w.report.Written += int64(len(p.data))
	w.mu.Unlock()
	w.tell(int64(len(p.data)))
	return nil
}

// pay has the stick confirm what it owes, when that has become too much.
func (w *writing) pay(ctx context.Context, n int64, slots chan struct{}) error {
	if w.owed += n; w.owed < w.d.g.owed {
		return nil
	}
	w.owed = 0
	for range inFlight {
		slots <- struct{}{}
	}
	err := w.d.sync(ctx)
	for range inFlight {
		<-slots
	}
	return err
}

// produce goes through the image's chunks. While one is compared, the stick's
// content at the next is being read.
func (w *writing) produce(ctx context.Context, work chan<- piece) error {
	var last *compared
	defer func() { last.wait() }()
	for {
		k, err := w.cur.next(ctx)
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		var next *compared
		if err == nil {
			if end := k.offset() + int64(k.n); end > w.d.size {
				return tooSmall(end, w.d.size)
			}
			if k.index == 0 {
				if err := hand(ctx, work, w.takeHead(k)); err != nil {
					return err
				}
			}
			next = w.compare(ctx, k)
		}
		previous := last
		last = next
		pieces, errPieces := w.differing(ctx, previous)
		if errPieces == nil {
			errPieces = hand(ctx, work, pieces)
		}
		if errPieces != nil || err != nil {
			return errPieces // at the end of the image: nil
		}
	}
}

func hand(ctx context.Context, work chan<- piece, pieces []piece) error {
	for _, p := range pieces {
		select {
		case work <- p:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}
