package drives

import (
	"context"
	"reflect"
	"time"
)

const (
	// quiet is how long nothing may happen before the drives are read: a stick
	// comes with a dozen events, and udev looks at it in between.
	quiet = 300 * time.Millisecond
	// late is when they are read once more: what udev finds on a slow stick
	// comes without an event that an ordinary user would hear everywhere.
	late = 2 * time.Second
	// poll is how often they are read without any event.
	poll = 5 * time.Second
)

// Update is the list after a change, or why there is none.
type Update struct {
	Drives []Drive
	Err    error
}

// Watch sends the drives at once and after each change: of drives, of what is
// known of them, of mounts. The channel holds the latest list only, a receiver
// that is slow misses none that matters; it is closed when ctx ends.
//
// It listens to the kernel's and udev's events, which an ordinary user may, and
// to changes of mounts; in addition it looks every few seconds, for where
// neither is to be had (containers).
func Watch(ctx context.Context, s Source) <-chan Update {
	out := make(chan Update, 1)
	events := make(chan struct{}, 1)
	go listen(ctx, events)
	go watch(ctx, s, events, out)
	return out
}

// watch is the only sender on out.
func watch(ctx context.Context, s Source, events <-chan struct{}, out chan Update) {
	defer close(out)
	var last Update
	first := true
	look := func() {
		next := read(ctx, s)
		if ctx.Err() != nil || !first && same(last, next) {
			return
		}
		first, last = false, next
		select { // a list that nobody took is out of date
		case <-out:
		default:
		}
		out <- next
	}
	look()
	timer := time.NewTimer(poll)
	defer timer.Stop()
	again := false
	for {
		select {
		case <-ctx.Done():
			return
		case <-events:
			again = true
			timer.Reset(quiet)
		case <-timer.C:
			look()
			if again {
				again = false
				timer.Reset(late)
			} else {
				timer.Reset(poll)
			}
		}
	}
}

func read(ctx context.Context, s Source) Update {
	list, err := List(ctx, s)
	return Update{list, err}
}

// same compares two updates without the time of reading.
func same(a, b Update) bool {
	if (a.Err == nil) != (b.Err == nil) || len(a.Drives) != len(b.Drives) {
		return false
	}
	if a.Err != nil {
		return a.Err.Error() == b.Err.Error()
	}
	for i := range a.Drives {
		x, y := a.Drives[i], b.Drives[i]
		x.Seen, y.Seen = time.Time{}, time.Time{}
		if !reflect.DeepEqual(x, y) {
			return false
		}
	}
	return true
}
