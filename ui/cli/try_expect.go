package cli

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/internal/vm"
)

// tryResult is try's JSON.
type tryResult struct {
	Image      string  `json:"image"`
	Firmware   string  `json:"firmware"`
	As         string  `json:"as"`
	Accel      string  `json:"accelerator"`
	Reason     string  `json:"accelerator_reason,omitempty"`
	Expected   string  `json:"expected,omitempty"`
	Seconds    float64 `json:"seconds"`
	Screenshot string  `json:"screenshot,omitempty"`
}

// tryExpect waits for a text on the serial line.
func (a *app) tryExpect(ctx context.Context, config vm.Config, f tryFlags) error {
	show := a.startProgress()
	defer show.stop()
	begin := time.Now()
	watch := &lineWatch{sink: show.report}
	watch.report("starting " + config.Image)
	config.Serial = io.MultiWriter(config.Serial, watch)
	m, err := vm.Start(ctx, config)
	if err != nil {
		return err
	}
	defer m.Stop()
	waiting, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	err = m.Expect(waiting, f.expect)
	took := time.Since(begin)
	if f.screenshot != "" && ctx.Err() == nil {
		// A picture of a failure is worth as much as one of success, but that
		// none could be taken of it is not what went wrong.
		if missed := m.Screenshot(ctx, f.screenshot); err == nil {
			err = missed
		}
	}
	if err = errors.Join(err, m.Stop()); err != nil {
		return bootFailure(config.Image, f, err)
	}
	show.done()
	accel := m.Accel()
	if a.json {
		return a.printJSON(tryResult{
			Image: config.Image, Firmware: f.firmware, As: f.as, Accel: accel.Name, Reason: accel.Reason,
			Expected: f.expect, Seconds: took.Seconds(), Screenshot: f.screenshot,
		})
	}
	_, err = fmt.Fprintf(a.Stdout, "%s came up (%s, %s): saw %q after %s\n",
		config.Image, f.surroundings(), accelWords(accel), f.expect, duration(took))
	return err
}

// tryPicture takes a picture of the screen after the time given, or of none if the
// guest has ended before.
func (a *app) tryPicture(ctx context.Context, config vm.Config, f tryFlags) error {
	show := a.startProgress()
	defer show.stop()
	watch := &lineWatch{sink: show.report}
	watch.report("starting " + config.Image)
	config.Serial = io.MultiWriter(config.Serial, watch)
	m, err := vm.Start(ctx, config)
	if err != nil {
		return err
	}
	defer m.Stop()
	begin := time.Now()
	waiting, cancel := context.WithTimeout(ctx, f.timeout)
	defer cancel()
	switch err := m.Wait(waiting); {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil:
		return fmt.Errorf("%s ended after %s, before its picture was taken", config.Image, duration(time.Since(begin)))
	case !errors.Is(err, context.DeadlineExceeded):
		return err
	}
	if err := errors.Join(m.Screenshot(ctx, f.screenshot), m.Stop()); err != nil {
		return err
	}
	show.done()
	accel := m.Accel()
	if a.json {
		return a.printJSON(tryResult{
			Image: config.Image, Firmware: f.firmware, As: f.as, Accel: accel.Name, Reason: accel.Reason,
			Seconds: f.timeout.Seconds(), Screenshot: f.screenshot,
		})
	}
	_, err = fmt.Fprintf(a.Stdout, "%s ran for %s (%s, %s): its screen is in %s\n",
		config.Image, duration(f.timeout), f.surroundings(), accelWords(accel), f.screenshot)
	return err
}

// accelWords name the accelerator and its reason.
func accelWords(a vm.Accel) string {
	how := strings.ToUpper(a.Name)
	if a.Reason != "" {
		how += " because " + a.Reason
	}
	return how
}

// bootFailure puts the parts of a boot's failure where they belong.
func bootFailure(image string, f tryFlags, err error) error {
	var boot *vm.BootError
	if !errors.As(err, &boot) {
		return err
	}
	cause := boot.Cause.Error()
	hint := "Look at it in a window, or at the screen with --screenshot."
	if errors.Is(boot.Cause, context.DeadlineExceeded) {
		cause = fmt.Sprintf("it did not say %q within %s", boot.Want, f.timeout)
		hint = "Wait longer with --timeout, or look at the screen with --screenshot."
	}
	tail := boot.Tail
	if tail == "" {
		hint = "It said nothing on its serial line: its kernel needs the parameter console=ttyS0."
	}
	if len(boot.Hints) > 0 {
		cause += "; it complained: " + strings.Join(boot.Hints, "; ")
	}
	return &bootError{
		text: fmt.Sprintf("%s did not come up (%s): %s", image, f.surroundings(), cause),
		hint: hint, tail: tail,
	}
}

// bootError is an image that does not come up.
type bootError struct{ text, hint, tail string }

func (e *bootError) Error() string { return e.text }

// escapes are the terminal's commands (ECMA-48) in what a guest says.
var escapes = regexp.MustCompile(`\x1b(?:\[[0-?]*[ -/]*[@-~]|[()][A-Za-z0-9]|[@-Z\\-_=>])`)

// lineWatch reports the last line that the guest has said.
type lineWatch struct {
	sink progress.Sink
	line []byte
}

func (w *lineWatch) Write(p []byte) (int, error) {
	const longest = 1000
	for part := range bytes.SplitAfterSeq(p, []byte("\n")) {
		w.line = append(w.line, part...)
		ended := bytes.HasSuffix(part, []byte("\n"))
		text := strings.Map(printable, escapes.ReplaceAllString(string(w.line), ""))
		if text = strings.TrimSpace(text); text != "" && (ended || !bytes.Contains(w.line, []byte("\x1b"))) {
			w.report(text)
		}
		if ended || len(w.line) > longest {
			w.line = w.line[:0]
		}
	}
	return len(p), nil
}

func (w *lineWatch) report(text string) {
	w.sink.Report(progress.Event{Step: "try", Text: text})
}

// printable drops what moves the cursor.
func printable(r rune) rune {
	if r < ' ' || r == 0x7f {
		return -1
	}
	return r
}
