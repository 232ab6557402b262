//go:build unix

package bert

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestAPipeIsNotWaitedFor(t *testing.T) {
	dir := written(t, map[string][]byte{"config.json": tinyFiles().Config})
	if err := syscall.Mkfifo(filepath.Join(dir, "model.safetensors"), 0o600); err != nil {
		t.Skip("no pipes here:", err)
	}
	if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), "is a pipe or a device") {
		t.Errorf("got %v", err)
	}
}
