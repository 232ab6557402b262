//go:build unix

package corpus

import (
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func TestLoadDoesNotWaitForPipes(t *testing.T) {
	dir := write(t)
	fifo := filepath.Join(dir, "fifo.txt")
	if err := syscall.Mkfifo(fifo, 0o644); err != nil {
		t.Skip("no named pipes here")
	}
	for _, place := range []string{fifo, dir} {
		items := loadAll(t, place)
		if len(items) != 1 || items[0].Source != fifo || items[0].Err == nil || !strings.Contains(items[0].Err.Error(), "named pipe") {
			t.Errorf("%s: got %q", place, reasons(items))
		}
	}
}
