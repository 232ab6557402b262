package retrieval

import "hash/maphash"

// AreCopies says whether two texts are copies of one, by the measure by which
// hits are.
func AreCopies(a, b string) bool {
	c := chooser{seed: maphash.MakeSeed()}
	return alike(c.shinglesOf(a), c.shinglesOf(b))
}
