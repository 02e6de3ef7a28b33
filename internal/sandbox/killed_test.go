package sandbox

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"
)

// victimVariable makes the test's binary a program that runs a sandbox.
const victimVariable = "ISOWRIGHT_TEST_SANDBOX"

// victim runs the sandbox that it is told of, to be killed meanwhile.
func victim() {
	text := os.Getenv(victimVariable)
	if text == "" {
		return
	}
	var s Spec
	if err := json.Unmarshal([]byte(text), &s); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	if err := Run(context.Background(), s, Streams{Stdout: os.Stdout}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// TestKilledParent kills the program without a warning as soon as something
// runs in its sandbox: nothing of that may go on. Each has the same pipe as its
// output, so that its end tells that all are gone. Many are started at once, so
// that goroutines change their threads.
func TestKilledParent(t *testing.T) {
	s := rootDir(t)
	s.Args = []string{"/bin/sh", "-c", "echo up; exec sleep 600"}
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	for round := range 10 {
		reader, writer, err := os.Pipe()
		if err != nil {
			t.Fatal(err)
		}
		var all []*exec.Cmd
		for range 8 {
			cmd := exec.Command("/proc/self/exe")
			cmd.Env = append(os.Environ(), victimVariable+"="+string(text))
			cmd.Stdout, cmd.Stderr = writer, os.Stderr
			if err := cmd.Start(); err != nil {
				t.Fatal(err)
			}
			all = append(all, cmd)
		}
		writer.Close()
		lines := bufio.NewReader(reader)
		for range all {
			if line, err := lines.ReadString('\n'); err != nil || line != "up\n" {
				t.Fatalf("%q, %v", line, err)
			}
		}
		for _, cmd := range all {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		}
		if err := reader.SetReadDeadline(time.Now().Add(time.Minute)); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, lines); err != nil {
			t.Fatalf("round %d: something goes on in a sandbox whose program was killed: %v", round, err)
		}
		reader.Close()
	}
}
