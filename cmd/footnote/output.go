package main

import "io"

// An output is a stream that remembers the first fault in writing to it, so
// that no command need look after each line.
type output struct {
	io.Writer
	err error
}

// Write writes p; its error is kept as well.
func (o *output) Write(p []byte) (int, error) {
	n, err := o.Writer.Write(p)
	if o.err == nil {
		o.err = err
	}
	return n, err
}
