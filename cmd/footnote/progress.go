package main

import (
	"path/filepath"
	"sync/atomic"

	"github.com/vbauerster/mpb/v8"
	"github.com/vbauerster/mpb/v8/decor"
)

// showsProgress says whether bars are drawn on stderr.
func (a *app) showsProgress() bool {
	return !a.flags.quiet && !a.flags.json && a.terminal(a.stderr)
}

// progress is a bar on stderr that says how many articles were read and which
// comes next; finish takes it away. Without a terminal there is none.
func (a *app) progress() (step func(done int, source string), finish func()) {
	if !a.showsProgress() {
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

// bar is a bar on stderr that says how many of how many things are done;
// finish takes it away. Without a terminal there is none.
func (a *app) bar(things string) (step func(done, total int), finish func()) {
	if !a.showsProgress() {
		return nil, func() {}
	}
	bars := mpb.New(mpb.WithOutput(a.stderr), mpb.WithWidth(40))
	bar := bars.New(0, mpb.BarStyle(), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.CountersNoUnit("%d of %d "+things+" ")))
	step = func(done, total int) {
		bar.SetTotal(int64(total), false)
		bar.SetCurrent(int64(done))
	}
	return step, func() {
		bar.Abort(true)
		bars.Wait()
	}
}

// downloadBar is a bar on stderr for the bytes of one file after the other;
// finish takes it away. Without a terminal there is none.
func (a *app) downloadBar() (step func(file string, done, total int64), finish func()) {
	if !a.showsProgress() {
		return nil, func() {}
	}
	var at atomic.Value
	at.Store("")
	bars := mpb.New(mpb.WithOutput(a.stderr), mpb.WithWidth(40))
	bar := bars.New(0, mpb.BarStyle(), mpb.BarRemoveOnComplete(),
		mpb.PrependDecorators(decor.Any(func(decor.Statistics) string { return at.Load().(string) + " " })),
		mpb.AppendDecorators(decor.CountersKibiByte("% .1f of % .1f")))
	step = func(file string, done, total int64) {
		at.Store(file)
		bar.SetTotal(max(total, done), false)
		bar.SetCurrent(done)
	}
	return step, func() {
		bar.Abort(true)
		bars.Wait()
	}
}
