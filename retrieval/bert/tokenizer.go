package bert

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A wordPiece cuts texts into the pieces of words that a model knows, as the
// package tokenizers of Hugging Face does it for BERT. It is immutable and
// safe for concurrent use.
type wordPiece struct {
	vocabulary vocabulary
	normalizer normalizer
	longest    int   // word that is cut, in code points; what is longer is unknown
	raw        marks // stand for themselves in a text as it comes
	normal     marks // stand for themselves in its normal form

	first, last, unknown int32   // ids of the two marks around a text, and of a word that has no pieces
	special              []int32 // ids that bear no meaning, in order
	count                int
}

// size is the number of ids, those that have no piece included.
func (t *wordPiece) size() int { return t.count }

// known reports whether ids say anything: whether they hold letters or digits,
// and no fewer such pieces than unknown words. Vectors of unknown words are
// near one another, whatever the words.
func (t *wordPiece) known(ids []int32) bool {
	known, unknown := 0, 0
	for _, id := range ids {
		_, special := slices.BinarySearch(t.special, id)
		switch {
		case id == t.unknown:
			unknown++
		case !special && t.bears(id):
			known++
		}
	}
	return known > 0 && known >= unknown
}

// bears reports whether a piece bears a meaning: it is more than punctuation.
func (t *wordPiece) bears(id int32) bool {
	if int(id) >= len(t.vocabulary.pieces) {
		return true // a mark behind the vocabulary
	}
	return strings.ContainsFunc(t.vocabulary.pieces[id], func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsNumber(r)
	})
}

// encode returns the ids of a text, those of [CLS] and [SEP] around them. They
// are at most limit in all: of a longer text its beginning.
func (t *wordPiece) encode(text string, limit int) []int32 {
	if limit < 2 {
		return []int32{t.first, t.last}[:max(0, limit)]
	}
	e := encoder{
		wordPiece: t,
		ids:       append(make([]int32, 0, min(limit, len(text)+2)), t.first),
		limit:     limit - 1,
		form:      make([]byte, 0, len(text)),
	}
	e.text(text)
	return append(e.ids, t.last)
}

// An encoder is one text on its way to ids.
type encoder struct {
	*wordPiece
	ids   []int32
	limit int    // of ids
	form  []byte // the normal form of a stretch of the text
}

// full reports whether nothing more of the text counts.
func (e *encoder) full() bool { return len(e.ids) >= e.limit }

// text encodes a text as it comes.
func (e *encoder) text(text string) {
	for from := 0; from < len(text) && !e.full(); {
		at := e.raw.find(text, from)
		e.stretch(text[from:at.start])
		e.mark(at.id)
		from = at.end
	}
}

// stretch encodes a stretch of a text between two marks.
func (e *encoder) stretch(text string) {
	e.form = e.normalizer.append(e.form[:0], text)
	if len(e.normal.all) == 0 {
		e.words(e.form)
		return
	}
	form := string(e.form)
	for from := 0; from < len(form) && !e.full(); {
		at := e.normal.find(form, from)
		e.words(e.form[from:at.start])
		e.mark(at.id)
		from = at.end
	}
}

// words encodes a text in its normal form: what lies between white space and
// punctuation, and each sign of punctuation.
func (e *encoder) words(text []byte) {
	start := 0
	for i := 0; i < len(text) && !e.full(); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRune(text[i:])
		}
		end := i + size
		switch {
		case 'a' <= r && r <= 'z':
		case unicode.IsSpace(r):
			e.word(text[start:i])
			start = end
		case unicode.Is(punctuation, r):
			e.word(text[start:i])
			e.word(text[i:end])
			start = end
		}
		i = end
	}
	e.word(text[start:])
}

// word encodes a word, which may be empty.
func (e *encoder) word(word []byte) {
	if len(word) == 0 || e.full() {
		return
	}
	if utf8.RuneCount(word) <= e.longest {
		if ids, ok := e.vocabulary.appendWord(e.ids, word, e.limit); ok {
			e.ids = ids
			return
		}
	}
	e.ids = append(e.ids, e.unknown)
}

// mark encodes a mark, unless it is none.
func (e *encoder) mark(id int32) {
	if id != none && !e.full() {
		e.ids = append(e.ids, id)
	}
}
