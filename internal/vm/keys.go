package vm

import (
	"context"
	"fmt"
	"strings"
)

// qmpKey is a KeyValue of QEMU's protocol.
type qmpKey struct {
	Type string `json:"type"`
	Data string `json:"data"`
}

// SendKeys presses keys on the guest's keyboard, one after the other. A key is
// a QKeyCode of QEMU ("a", "ret", "down", "f1", "spc"); keys pressed together
// are joined ("ctrl-alt-f2"). It returns when the keys are queued, before the
// guest has read them.
func (m *Machine) SendKeys(ctx context.Context, keys ...string) error {
	for _, chord := range keys {
		var together []qmpKey
		for _, key := range strings.Split(chord, "-") {
			together = append(together, qmpKey{"qcode", key})
		}
		args := map[string]any{"keys": together, "hold-time": 60}
		if err := m.qmp.execute(ctx, "send-key", args, nil); err != nil {
			return fmt.Errorf("press %q: %w", chord, err)
		}
	}
	return nil
}
