package main

import (
	"path/filepath"
	"sync/atomic"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// progress is a bar on stderr that says how many articles were read and which
// comes next; finish takes it away. Without a terminal there is none.
func (a *app) progress() (step func(done int, source string), finish func()) {
	if a.flags.quiet || a.flags.json || !a.terminal(a.stderr) {
		return nil, func() {}
	}
	var at atomic.Value
	at.Store("")
	bars := mpb.New(mpb.WithOutput(a.stderr), mpb.WithWidth(12))
	// How many there are is known only at the end, so the bar turns.
	bar := bars.New(0, mpb.SpinnerStyle(), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.CurrentNoUnit("%d articles ")),
		mpb.AppendDecorators(decor.Any(func(decor.Statistics) string { return at.Load().(string) })))
	step = func(done int, source string) {
		at.Store(oneLine(filepath.Base(source)))
		bar.SetCurrent(int64(done))
	}
	return step, func() {
		bar.Abort(true)
		bars.Wait()
	}
}
