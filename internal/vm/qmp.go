package vm

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"regexp"
	"sync"
	"syscall"
)

// qmpClient speaks the QEMU Machine Protocol: JSON objects, one reply for each
// command, events in between (QEMU's docs/interop/qmp-spec).
type qmpClient struct {
	conn net.Conn

	mu       sync.Mutex // guards what follows and the order of writes
	lastID   int
	waiting  map[int]chan qmpMessage
	shutdown string
	gone     bool // no reply will come any more
}

// qmpMessage is any message from QEMU.
type qmpMessage struct {
	ID     int             `json:"id"`
	Return json.RawMessage `json:"return"`
	Error  *struct {
		Desc string `json:"desc"`
	} `json:"error"`
	Event string `json:"event"`
	Data  struct {
		Reason string `json:"reason"`
	} `json:"data"`
}

type qmpCommand struct {
	Execute   string `json:"execute"`
	Arguments any    `json:"arguments,omitempty"`
	ID        int    `json:"id"`
}

var errQMPGone = errors.New("QEMU has closed its control connection")

func newQMP(conn net.Conn) *qmpClient {
	return &qmpClient{conn: conn, waiting: make(map[int]chan qmpMessage)}
}

// read hands out replies until the connection ends.
func (q *qmpClient) read() {
	for dec := json.NewDecoder(q.conn); ; {
		var msg qmpMessage
		if dec.Decode(&msg) != nil {
			break
		}
		q.mu.Lock()
		if msg.Event == "SHUTDOWN" {
			q.shutdown = msg.Data.Reason
		}
		if reply := q.waiting[msg.ID]; reply != nil {
			delete(q.waiting, msg.ID)
			reply <- msg
		}
		q.mu.Unlock()
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	q.gone = true
	for _, reply := range q.waiting {
		close(reply)
	}
}

// execute runs one command and decodes its result into out, if not nil.
func (q *qmpClient) execute(ctx context.Context, name string, args, out any) error {
	return q.call(ctx, name, args, nil, out)
}

// pass gives QEMU a file under a name, for a command that takes one.
func (q *qmpClient) pass(ctx context.Context, name string, file *os.File) error {
	return q.call(ctx, "getfd", map[string]string{"fdname": name}, file, nil)
}

// call is execute for a command that a file goes along with, if not nil.
func (q *qmpClient) call(ctx context.Context, name string, args any, file *os.File, out any) error {
	id, reply, err := q.send(name, args, file)
	if err != nil {
		return fmt.Errorf("QEMU command %s: %w", name, err)
	}
	select {
	case msg, ok := <-reply:
		switch {
		case !ok:
			return fmt.Errorf("QEMU command %s: %w", name, errQMPGone)
		case msg.Error != nil:
			return fmt.Errorf("QEMU command %s: %s", name, msg.Error.Desc)
		case out != nil:
			return json.Unmarshal(msg.Return, out)
		}
		return nil
	case <-ctx.Done():
		q.mu.Lock()
		delete(q.waiting, id)
		q.mu.Unlock()
		return fmt.Errorf("QEMU command %s: %w", name, ctx.Err())
	}
}

// send writes the command and says where its reply will come.
func (q *qmpClient) send(name string, args any, file *os.File) (int, <-chan qmpMessage, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.gone {
		return 0, nil, errQMPGone
	}
	q.lastID++
	line, err := json.Marshal(qmpCommand{name, args, q.lastID})
	if err != nil {
		return 0, nil, err
	}
	if err := q.write(line, file); err != nil {
		return 0, nil, err
	}
	reply := make(chan qmpMessage, 1)
	q.waiting[q.lastID] = reply
	return q.lastID, reply, nil
}

// write sends one command, and a file with it as unix(7) describes.
func (q *qmpClient) write(line []byte, file *os.File) error {
	if file == nil {
		_, err := q.conn.Write(line)
		return err
	}
	conn, ok := q.conn.(*net.UnixConn)
	if !ok {
		return errors.New("files pass through local sockets only")
	}
	_, _, err := conn.WriteMsgUnix(line, syscall.UnixRights(int(file.Fd())), nil)
	return err
}

// shutdownReason is the reason of QEMU's SHUTDOWN event, if there was one.
func (q *qmpClient) shutdownReason() string {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.shutdown
}

func (q *qmpClient) close() error { return q.conn.Close() }

var forwardLine = regexp.MustCompile(`TCP\[HOST_FORWARD\]\s+\d+\s+(\S+)\s+(\d+)\s`)

// forwardedPort asks which port QEMU chose for hostfwd. There is no command of
// the protocol proper for it.
func (q *qmpClient) forwardedPort(ctx context.Context) (string, error) {
	var table string
	args := map[string]string{"command-line": "info usernet"}
	if err := q.execute(ctx, "human-monitor-command", args, &table); err != nil {
		return "", err
	}
	match := forwardLine.FindStringSubmatch(table)
	if match == nil {
		return "", fmt.Errorf("QEMU forwards no port: %q", table)
	}
	return net.JoinHostPort(match[1], match[2]), nil
}
