//go:build !amd64

package bert

// fastest are the best kernels for this processor.
func fastest() kernels { return portable() }
