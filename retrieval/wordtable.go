package retrieval

import "hash/maphash"

// A wordTable maps words to terms by their 64-bit hash alone, with a seed that
// nobody can know: among a million words the chance that any two share one is
// below 10⁻⁷, and then they would count as one word. A lookup touches one or
// two cache lines, where a map touches three and compares strings; indexing
// does little else.
type wordTable struct {
	seed    maphash.Seed
	entries []wordEntry // open addressing; a power of two of them, at most half full
	used    int
}

type wordEntry struct {
	hash uint64
	term int32
}

// unknown is the term of a word that the table has just met. An empty entry
// holds 0 in place of it and hash 0.
const unknown = int32(-2)

func newWordTable() wordTable {
	return wordTable{seed: maphash.MakeSeed()}
}

// slot is where the term of a word stands; it may be set, and is unknown if the
// word is new. It holds until the next call.
func (t *wordTable) slot(word []byte) *int32 {
	if 2*t.used >= len(t.entries) {
		t.grow()
	}
	e := t.find(maphash.Bytes(t.seed, word) | 1) // no hash is 0
	return &e.term
}

func (t *wordTable) find(hash uint64) *wordEntry {
	mask := uint64(len(t.entries) - 1)
	for i := hash >> 16 & mask; ; i = (i + 1) & mask {
		switch e := &t.entries[i]; e.hash {
		case hash:
			return e
		case 0:
			t.used++
			*e = wordEntry{hash, unknown}
			return e
		}
	}
}

func (t *wordTable) grow() {
	old := t.entries
	t.entries, t.used = make([]wordEntry, max(1024, 2*len(old))), 0
	for _, e := range old {
		if e.hash != 0 {
			t.find(e.hash).term = e.term
		}
	}
}
