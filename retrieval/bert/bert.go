// Package bert turns texts into vectors with an encoder of the BERT family, in
// pure Go: all-MiniLM-L6-v2, bge-small, e5-small, gte-small and their like,
// from the files that they are published as.
//
// Open reads a folder, a zip or a wheel; Load takes files that are in memory
// already, such as those in a binary. Both check all that they read, so that a
// file that is cut, damaged or hostile, or of a model of another kind, is one
// sentence to a person, and never a panic or a vector of no meaning.
package bert

import "fmt"

// damaged is what is wrong with a file that was once right.
func damaged(format string, args ...any) error {
	return fmt.Errorf(format+"; get the model again", args...)
}

// unsupported is what is in a file that may well be right.
func unsupported(format string, args ...any) error {
	return fmt.Errorf(format+"; choose a BERT encoder such as all-MiniLM-L6-v2 or bge-small-en-v1.5", args...)
}
