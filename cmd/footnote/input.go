package main

import (
	"context"
	"io"
)

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

type readResult struct {
	data []byte
	err  error
}

// interruptible is r with reads that end with ctx, also while r waits for a
// person. That read is then left behind and ends with the process.
func interruptible(ctx context.Context, r io.Reader) io.Reader {
	return readerFunc(func(p []byte) (int, error) {
		done := make(chan readResult, 1)
		go func() {
			// A buffer of its own, as p is the caller's again if ctx ends first.
			buffer := make([]byte, len(p))
			n, err := r.Read(buffer)
			done <- readResult{buffer[:n], err}
		}()
		select {
		case read := <-done:
			return copy(p, read.data), read.err
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	})
}
