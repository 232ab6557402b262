package bert

import (
	"hash/maphash"
	"math/bits"
	"strings"
	"unicode/utf8"
)

// inside marks a piece that continues a word.
const inside = "##"

// A vocabulary is the pieces that words are made of, each with an id.
type vocabulary struct {
	pieces []string // by id; "" where an id has no piece
	heads  table    // pieces that begin a word
	tails  table    // pieces that continue one
}

// newVocabulary makes a vocabulary of its pieces, by id. That a piece is there
// twice is an error.
func newVocabulary(pieces []string) (vocabulary, error) {
	tails := 0
	for _, piece := range pieces {
		if strings.HasPrefix(piece, inside) {
			tails++
		}
	}
	v := vocabulary{
		pieces: pieces,
		heads:  newTable(pieces, 0, len(pieces)-tails),
		tails:  newTable(pieces, len(inside), tails),
	}
	for id, piece := range pieces {
		t := &v.heads
		if strings.HasPrefix(piece, inside) {
			t = &v.tails
		}
		if piece != "" && !t.add(int32(id)) {
			return vocabulary{}, damaged("it has the piece %.40q twice", piece)
		}
	}
	return v, nil
}

// id is the id of a piece that begins a word, or none.
func (v *vocabulary) id(piece string) int32 { return v.heads.find([]byte(piece)) }

// none is what stands for an id where there is none.
const none = int32(-1)

// appendWord appends the ids of the pieces of a word: from its start on, each
// the longest that fits. Once there are limit ids, no more are appended. It is
// false if some part of the word is no piece; ids are of no use then.
func (v *vocabulary) appendWord(ids []int32, word []byte, limit int) ([]int32, bool) {
	for t := &v.heads; len(word) > 0; t = &v.tails {
		id, size := t.longestOf(word)
		if id == none {
			return ids, false
		}
		if len(ids) < limit {
			ids = append(ids, id)
		}
		word = word[size:]
	}
	return ids, true
}

// A table finds the ids of pieces. It is a hash table with open addressing,
// for a map takes nearly twice as long to fill and twice the memory.
type table struct {
	pieces  []string // by id
	skip    int      // how many bytes of a piece are not its key
	longest int      // key, in bytes
	seed    maphash.Seed
	slots   []int32 // ids plus 1, or 0; a power of 2, at most half of them in use
}

// newTable makes a table with room for count pieces.
func newTable(pieces []string, skip, count int) table {
	return table{
		pieces: pieces,
		skip:   skip,
		seed:   maphash.MakeSeed(),
		slots:  make([]int32, 2<<bits.Len(uint(count))),
	}
}

// add adds the piece with an id. It is false if there is one with its key.
func (t *table) add(id int32) bool {
	key := t.pieces[id][t.skip:]
	i := t.home(maphash.String(t.seed, key))
	for ; t.slots[i] != 0; i = t.home(i + 1) {
		if t.key(i) == key {
			return false
		}
	}
	t.slots[i] = id + 1
	t.longest = max(t.longest, len(key))
	return true
}

// find is the id of the piece with a key, or none.
func (t *table) find(key []byte) int32 {
	i := t.home(maphash.Bytes(t.seed, key))
	for ; t.slots[i] != 0; i = t.home(i + 1) {
		if t.key(i) == string(key) {
			return t.slots[i] - 1
		}
	}
	return none
}

// home is the slot where a hash belongs.
func (t *table) home(hash uint64) uint64 { return hash & uint64(len(t.slots)-1) }

// key is the key in a slot that is in use.
func (t *table) key(slot uint64) string { return t.pieces[t.slots[slot]-1][t.skip:] }

// longestOf is the id of the longest key that word begins with, and its bytes;
// none if it begins with no key.
func (t *table) longestOf(word []byte) (id int32, size int) {
	for size := min(len(word), t.longest); size > 0; size-- {
		if size < len(word) && !utf8.RuneStart(word[size]) {
			continue
		}
		if id := t.find(word[:size]); id != none {
			return id, size
		}
	}
	return none, 0
}
