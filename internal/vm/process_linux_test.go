package vm

import (
	"bufio"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// TestDiesWithUs kills a program that has a machine, as nothing can be cleaned
// up then, and waits for QEMU's end.
func TestDiesWithUs(t *testing.T) {
	holder := exec.Command(os.Args[0])
	holder.Env = append(os.Environ(), "VM_TEST_HOLD="+blankImage(t))
	out, err := holder.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := holder.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatalf("the holder says: %s", line)
	}
	qemu, err := unix.PidfdOpen(pid, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(qemu)
	if err := holder.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	holder.Wait()
	ended, err := unix.Poll([]unix.PollFd{{Fd: int32(qemu), Events: unix.POLLIN}}, 5000)
	if err != nil || ended != 1 {
		unix.Kill(pid, unix.SIGKILL)
		t.Errorf("QEMU outlives a killed program (poll: %d, %v)", ended, err)
	}
}
