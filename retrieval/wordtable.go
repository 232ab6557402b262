package retrieval

import "hash/maphash"

// A wordTable maps words to terms by their hash alone, with a seed that nobody
// can know: among a million words the chance that any two pass for one is below
// 10⁻⁵. An entry is eight bytes, so that a lookup touches one cache line, where
// a map touches three and compares strings; indexing does little else.
type wordTable struct {
	seed    maphash.Seed
	entries []wordEntry // open addressing; a power of two of them, at most half full
	hashes  []uint64    // of the words, in the order in which they came
	terms   []int32     // theirs
}

// A wordEntry holds 40 bits of a word's hash above 24 bits of its term plus 3.
// An empty one is 0.
type wordEntry uint64

const (
	termBits = 24
	termMask = 1<<termBits - 1
)

// unknown is the term of a word that the table does not hold: what an empty
// entry says.
const unknown = int32(-3)

func newWordTable() wordTable {
	return wordTable{seed: maphash.MakeSeed()}
}

// hash is the hash of a word in this table.
func (t *wordTable) hash(word []byte) uint64 { return maphash.Bytes(t.seed, word) }

// term is the term of the word with that hash, or unknown.
func (t *wordTable) term(hash uint64) int32 {
	if len(t.entries) == 0 {
		return unknown
	}
	return int32(t.entries[t.find(hash)]&termMask) - 3
}

// set keeps the term of a word that the table does not hold.
func (t *wordTable) set(hash uint64, term int32) {
	t.hashes, t.terms = append(t.hashes, hash), append(t.terms, term)
	if 2*len(t.hashes) <= len(t.entries) {
		t.place(hash, term)
		return
	}
	t.entries = make([]wordEntry, max(1024, 2*len(t.entries)))
	for i, h := range t.hashes {
		t.place(h, t.terms[i])
	}
}

func (t *wordTable) place(hash uint64, term int32) {
	t.entries[t.find(hash)] = wordEntry(hash&^termMask) | wordEntry(term+3)
}

// find is where the entry of a hash stands, or would stand.
func (t *wordTable) find(hash uint64) uint64 {
	mask := uint64(len(t.entries) - 1)
	tag := wordEntry(hash &^ termMask)
	for i := hash & mask; ; i = (i + 1) & mask {
		if e := t.entries[i]; e == 0 || e&^termMask == tag {
			return i
		}
	}
}
