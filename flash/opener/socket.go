package opener

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// answerLimit is how long the child's answer may be, in bytes.
const answerLimit = 16 << 10

// answer is what the child says: an Error in JSON, or nothing but the
// descriptor beside it.
type answer struct {
	Error *Error `json:"error,omitempty"`
}

// receive waits for the child and takes the descriptor that it passes. Only
// root is listened to.
func receive(ctx context.Context, l *net.UnixListener) (*os.File, error) {
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	conn, err := l.AcceptUnix()
	if err != nil {
		return nil, err
	}
	defer func() { _ = conn.Close() }()
	end := context.AfterFunc(ctx, func() { _ = conn.Close() })
	defer end()
	if uid, err := peer(conn); err != nil || uid != 0 {
		return nil, fault(Refused, err, "user %d, not root, has answered instead of the privileged child", uid)
	}
	data, oob := make([]byte, answerLimit), make([]byte, unix.CmsgSpace(4))
	n, oobn, _, _, err := conn.ReadMsgUnix(data, oob)
	if err != nil {
		return nil, err
	}
	f, fdErr := descriptor(oob[:oobn])
	var a answer
	if err := json.Unmarshal(data[:n], &a); err != nil {
		closeFile(f)
		return nil, fmt.Errorf("the answer of the privileged child: %w", err)
	}
	if a.Error != nil {
		closeFile(f)
		return nil, a.Error
	}
	return f, fdErr
}

func closeFile(f *os.File) {
	if f != nil {
		_ = f.Close() // it will not be used
	}
}

// descriptor takes the file out of a control message (unix(7), SCM_RIGHTS).
func descriptor(oob []byte) (*os.File, error) {
	messages, err := unix.ParseSocketControlMessage(oob)
	if err != nil {
		return nil, fmt.Errorf("the descriptor of the privileged child: %w", err)
	}
	for _, m := range messages {
		if fds, err := unix.ParseUnixRights(&m); err == nil && len(fds) == 1 {
			unix.CloseOnExec(fds[0])
			return os.NewFile(uintptr(fds[0]), "drive"), nil
		}
	}
	return nil, errors.New("the privileged child has passed no descriptor")
}

// send passes a file, or an error.
func send(conn *net.UnixConn, f *os.File, problem *Error) error {
	data, err := json.Marshal(answer{problem})
	if err != nil {
		return err
	}
	var oob []byte
	if f != nil {
		oob = unix.UnixRights(int(f.Fd()))
	}
	_, _, err = conn.WriteMsgUnix(data, oob, nil)
	return err
}

// peer is the user at the other end.
func peer(conn *net.UnixConn) (uint32, error) {
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0, err
	}
	var cred *unix.Ucred
	var credErr error
	if err := raw.Control(func(fd uintptr) {
		cred, credErr = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	}); err != nil {
		return 0, err
	}
	if credErr != nil {
		return 0, credErr
	}
	return cred.Uid, nil
}
