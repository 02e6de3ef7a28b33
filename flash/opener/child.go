package opener

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"path"
	"strconv"
	"strings"

	"github.com/isowright/isowright/flash/drives"
)

// Child is the hidden command that runs as root. It opens the one device that
// its arguments describe in full, if all of it still holds and the running
// system does not need the device, and passes it to the socket of the user who
// asked. It ends when it has done so, or when that user's program does. It
// reads no configuration, and nothing but the socket is written to.
//
// It returns the exit code; what failed also goes to stderr.
func Child(args []string, stderr io.Writer) int {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	request, err := parseRequest(args)
	if err != nil {
		fmt.Fprintln(stderr, "isowright:", err)
		return 2
	}
	if os.Geteuid() != 0 {
		fmt.Fprintln(stderr, "isowright: the helper that opens drives has to be started as root")
		return 1
	}
	conn, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: request.socket, Net: "unix"})
	if err != nil {
		fmt.Fprintln(stderr, "isowright: nobody waits for the drive any more:", err)
		return 1
	}
	defer func() { _ = conn.Close() }()
	if err := asker(conn); err != nil {
		fmt.Fprintln(stderr, "isowright:", err)
		return 1
	}
	// open(2) of a dying stick may take minutes: whoever asked may be gone by
	// then. Nothing is ever sent to us, so a read ends only at the end.
	go func() {
		_, _ = conn.Read(make([]byte, 1))
		if ctx.Err() == nil {
			os.Exit(1)
		}
	}()
	f, err := request.open(ctx)
	var problem *Error
	if err != nil && !errors.As(err, &problem) {
		problem = fault(Failed, err, "%s cannot be opened", request.drive.Path)
	}
	if problem != nil && problem.Err != nil {
		problem = &Error{Problem: problem.Problem, Text: problem.Error(), Advice: problem.Advice}
	}
	sent := send(conn, f, problem)
	cancel()
	if sent != nil {
		fmt.Fprintln(stderr, "isowright: the drive could not be handed over:", sent)
		return 1
	}
	if problem != nil {
		fmt.Fprintln(stderr, "isowright:", problem)
		return 1
	}
	return 0
}

// asker makes sure that the socket is of the user who started this: sudo and
// pkexec say who that is.
func asker(conn *net.UnixConn) error {
	uid, err := peer(conn)
	if err != nil {
		return fmt.Errorf("who waits for the drive cannot be found out: %w", err)
	}
	for _, name := range []string{"PKEXEC_UID", "SUDO_UID"} {
		if text := os.Getenv(name); text != "" && text != strconv.FormatUint(uint64(uid), 10) {
			return fmt.Errorf("user %d waits for the drive, but %s asked for it", uid, text)
		}
	}
	return nil
}

// request is what the arguments of Child say.
type request struct {
	socket            string
	drive             drives.Drive
	readOnly, unmount bool
}

// open opens the device that was approved, if it is still the same.
func (r request) open(ctx context.Context) (*os.File, error) {
	if err := check(ctx, r.drive, r.readOnly); err != nil {
		return nil, err
	}
	if r.unmount {
		if err := unmountDirect(ctx, r.drive); err != nil {
			return nil, err
		}
	}
	return openDirect(ctx, r.drive, r.readOnly)
}

// parseRequest reads the arguments. All that identifies the device is required;
// names may be empty, sizes and numbers may not.
func parseRequest(args []string) (request, error) {
	var r request
	var number, byID string
	set := flag.NewFlagSet("open-device", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(&r.socket, "socket", "", "")
	set.StringVar(&r.drive.Path, "device", "", "")
	set.StringVar(&number, "number", "", "")
	set.StringVar(&byID, "by-id", "", "")
	set.StringVar(&r.drive.Serial, "serial", "", "")
	set.StringVar(&r.drive.Model, "model", "", "")
	set.Int64Var(&r.drive.Size, "size", 0, "")
	set.Uint64Var(&r.drive.Sequence, "sequence", 0, "")
	set.BoolVar(&r.readOnly, "read-only", false, "")
	set.BoolVar(&r.unmount, "unmount", false, "")
	if err := set.Parse(args); err != nil {
		return request{}, err
	}
	if set.NArg() > 0 || !path.IsAbs(r.socket) || r.drive.Size <= 0 {
		return request{}, errors.New("the helper that opens drives is only started by isowright itself")
	}
	name, ok := strings.CutPrefix(path.Clean(r.drive.Path), "/dev/")
	if !ok || r.drive.Path != "/dev/"+name {
		return request{}, fmt.Errorf("%q is no device file", r.drive.Path)
	}
	r.drive.Name = strings.ReplaceAll(name, "/", "!")
	if byID != "" {
		r.drive.ByID = []string{byID}
	}
	major, minor, _ := strings.Cut(number, ":")
	a, err1 := strconv.ParseUint(major, 10, 32)
	b, err2 := strconv.ParseUint(minor, 10, 32)
	if err1 != nil || err2 != nil {
		return request{}, fmt.Errorf("%q is no device number", number)
	}
	r.drive.Major, r.drive.Minor = uint32(a), uint32(b)
	return r, nil
}
