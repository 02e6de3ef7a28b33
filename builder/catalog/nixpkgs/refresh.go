package nixpkgs

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/isowright/isowright/internal/progress"
	"github.com/isowright/isowright/internal/safefile"
)

// Config says where catalogues come from and where they are kept.
type Config struct {
	// Dir is the folder of the catalogues' files; it is made where it is
	// missing.
	Dir string
	// Base is the address of the channels without the channel's name; empty:
	// DefaultBase.
	Base string
	// Now is the time of the run; zero: the clock's.
	Now time.Time
	// Client makes the requests; nil: one with timeouts that honours the
	// variables http_proxy, https_proxy and no_proxy.
	Client *http.Client
	// Backoff is the pause before the first repetition of a failed request;
	// the following ones are longer. 0: half a second.
	Backoff time.Duration
	// Progress may be nil.
	Progress progress.Sink
}

// normal fills in the defaults.
func (c Config) normal() Config {
	if c.Now.IsZero() {
		c.Now = time.Now()
	}
	c.Base = strings.TrimRight(cmp.Or(c.Base, DefaultBase), "/")
	c.Backoff = cmp.Or(c.Backoff, 500*time.Millisecond)
	if c.Client == nil {
		c.Client = newClient()
	}
	return c
}

// Refresh brings the catalogue of a channel up to date and tells whether
// anything was fetched. Of several processes that do so at once one fetches and
// the others wait for it. Errors are *Error where the server or the network is
// at fault; what was there before stays then.
func Refresh(ctx context.Context, c Config, channel string) (info Info, changed bool, err error) {
	c = c.normal()
	if !channelPattern.MatchString(channel) {
		return info, false, &Error{Kind: ErrChannel, URL: channel, Hint: hintChannel}
	}
	if err := os.MkdirAll(c.Dir, 0o755); err != nil {
		return info, false, fmt.Errorf("make the folder of the catalogues: %w", err)
	}
	out, err := c.lock(ctx, channel)
	if err != nil {
		return info, false, err
	}
	defer out.Abort()
	// Read with the lock, so that it is what another process has just fetched.
	old, _ := readHead(Path(c.Dir, channel))
	r := &refresh{Config: c, channel: channel, out: out, old: old}
	return r.run(ctx)
}

// lock waits until no other process writes the catalogue.
func (c Config) lock(ctx context.Context, channel string) (*safefile.File, error) {
	for {
		out, err := safefile.Create(Path(c.Dir, channel), 0o644)
		if !errors.Is(err, safefile.ErrBusy) {
			return out, err
		}
		c.Progress.Report(progress.Event{Step: "catalogue", Text: "Waiting for another process that fetches the catalogue"})
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// refresh is one run of Refresh that has the lock.
type refresh struct {
	Config
	channel string
	out     *safefile.File
	old     *head
	// dir is the address of the release, without the list's name.
	dir string
}

func (r *refresh) run(ctx context.Context) (Info, bool, error) {
	r.Progress.Report(progress.Event{Step: "catalogue", Text: "Asking for the newest release of " + r.channel})
	h := head{Channel: r.channel, Fetched: r.Now}
	var err error
	if h.Revision, err = r.release(ctx); err != nil {
		return Info{}, false, err
	}
	if r.old != nil && r.old.Revision != "" && r.old.Revision == h.Revision {
		return r.unchanged()
	}
	if u, err := url.Parse(r.dir); err == nil {
		h.Release = path.Base(u.Path)
	}
	r.clear()
	dir, err := os.MkdirTemp(r.Dir, r.channel+".*.tmp")
	if err != nil {
		return Info{}, false, fmt.Errorf("make a folder for the lists: %w", err)
	}
	defer os.RemoveAll(dir)
	known := answer{}
	if r.old != nil && r.old.Revision == "" && h.Revision == "" {
		known = answer{tag: r.old.Tag, modified: r.old.Modified}
	}
	packages, a, err := r.list(ctx, dir, "packages", known)
	if err != nil {
		return Info{}, false, err
	}
	if a.unchanged {
		return r.unchanged()
	}
	defer packages.Close()
	h.Tag, h.Modified = a.tag, a.modified
	options, _, err := r.list(ctx, dir, "options", answer{})
	if errors.Is(err, ErrNotFound) {
		options, err = nil, nil // channels without NixOS have none
	}
	if err != nil {
		return Info{}, false, err
	}
	if options != nil {
		defer options.Close()
	}
	return r.write(ctx, dir, h, packages, options)
}

// clear removes what killed runs left; nobody else writes while we have the
// lock.
func (r *refresh) clear() {
	left, _ := filepath.Glob(filepath.Join(r.Dir, r.channel+".*.tmp"))
	for _, dir := range left {
		os.RemoveAll(dir)
	}
}

// unchanged notes that the catalogue is still the newest.
func (r *refresh) unchanged() (Info, bool, error) {
	name := Path(r.Dir, r.channel)
	if err := os.Chtimes(name, r.Now, r.Now); err != nil {
		return Info{}, false, fmt.Errorf("note that the catalogue is new: %w", err)
	}
	file, err := os.Stat(name)
	if err != nil {
		return Info{}, false, err
	}
	return r.old.info(file), false, nil
}

// release asks for the revision, and finds by the way where the release lies,
// so that both lists are of one release. A server without git-revision has none
// of this.
func (r *refresh) release(ctx context.Context) (revision string, err error) {
	r.dir = r.Base + "/" + r.channel
	body, a, err := r.small(ctx, r.dir+"/git-revision")
	var e *Error
	if errors.As(err, &e) && e.Kind == ErrFormat {
		e.Hint = hintPortal
	}
	if errors.Is(err, ErrNotFound) {
		return "", nil // the lists tell whether there is such a channel
	}
	if err != nil {
		return "", err
	}
	revision = strings.TrimSpace(body)
	if !revisionPattern.MatchString(revision) {
		return "", &Error{Kind: ErrFormat, URL: a.url, Err: fmt.Errorf("%.60q is no revision", revision), Hint: hintPortal}
	}
	if dir, ok := strings.CutSuffix(a.url, "/git-revision"); ok {
		r.dir = dir
	}
	return revision, nil
}

// list fetches a packed list into a file.
func (r *refresh) list(ctx context.Context, dir, name string, known answer) (*os.File, answer, error) {
	file, err := os.Create(filepath.Join(dir, name+".json.br"))
	if err != nil {
		return nil, answer{}, fmt.Errorf("save the list: %w", err)
	}
	p := &packed{file: file, report: func(done, total int64) {
		r.Progress.Report(progress.Event{Step: name, Text: "Fetching the " + name + " of " + r.channel, Done: done, Total: total})
	}}
	a, err := r.get(ctx, r.dir+"/"+name+".json.br", known, p, p.reset)
	if err == nil {
		_, err = file.Seek(0, io.SeekStart)
	}
	if err != nil {
		file.Close()
		return nil, a, err
	}
	return file, a, nil
}
