package retrieval

import (
	"slices"

	"footnote/corpus"
)

// A unit is the number of an article or of a passage in the index.
type unit = int32

// A posting says how often a term occurs in a unit: the unit's number in the
// upper 24 bits, the count in the lower 8, where 255 stands for all above. Four
// bytes each are half of what ranking reads and holds.
type posting uint32

// maxUnits is how many units a field can number.
const maxUnits = 1 << 24

func newPosting(u unit, tf int32) posting { return posting(u)<<8 | posting(min(tf, 255)) }

func (p posting) unit() unit  { return unit(p >> 8) }
func (p posting) tf() float64 { return float64(p & 255) }

// A field is an inverted index over units of one kind.
type field struct {
	postings [][]posting // by term, each in the order of units
	lengths  []int32     // terms of each unit
	total    int64       // terms of all units
}

// add appends a unit and empties its counter.
func (f *field) add(c *counter) {
	u := unit(len(f.lengths))
	f.lengths = append(f.lengths, c.total)
	f.total += int64(c.total)
	for len(f.postings) < len(c.tf) {
		f.postings = append(f.postings, nil)
	}
	for _, t := range c.seen {
		f.postings[t] = append(f.postings[t], newPosting(u, c.tf[t]))
		c.tf[t] = 0
	}
	c.seen, c.total = c.seen[:0], 0
}

func (f *field) of(term int32) []posting {
	if term < 0 || int(term) >= len(f.postings) {
		return nil
	}
	return f.postings[term]
}

// merge appends the units of g, whose term t is renumber[t] here.
func (f *field) merge(g *field, renumber []int32, terms int) {
	offset := unit(len(f.lengths))
	f.lengths = append(f.lengths, g.lengths...)
	f.total += g.total
	f.postings = append(f.postings, make([][]posting, max(0, terms-len(f.postings)))...)
	for t, list := range g.postings {
		to := &f.postings[renumber[t]]
		*to = slices.Grow(*to, len(list))
		for _, p := range list {
			*to = append(*to, p+posting(offset)<<8)
		}
	}
}

// keep is a copy of f with only the units whose new number in renumber is not
// negative.
func (f *field) keep(renumber []unit) field {
	out := field{postings: make([][]posting, len(f.postings))}
	for u, n := range renumber {
		if n >= 0 {
			out.lengths = append(out.lengths, f.lengths[u])
			out.total += int64(f.lengths[u])
		}
	}
	for t, list := range f.postings {
		kept := make([]posting, 0, len(list))
		for _, p := range list {
			if n := renumber[p.unit()]; n >= 0 {
				kept = append(kept, posting(n)<<8|p&255)
			}
		}
		out.postings[t] = kept
	}
	return out
}

// A counter counts the terms of one unit.
type counter struct {
	tf    []int32 // by term
	seen  []int32 // the terms counted
	total int32
}

func (c *counter) count(terms []int32) {
	for _, t := range terms {
		for int(t) >= len(c.tf) {
			c.tf = append(c.tf, 0)
		}
		if c.tf[t] == 0 {
			c.seen = append(c.seen, t)
		}
		c.tf[t]++
	}
	c.total += int32(len(terms))
}

// A lexicon numbers the stems of a corpus.
type lexicon struct {
	stems map[string]int32
	raw   wordTable // the terms of words as they stand, so that each is stemmed but once
	stemmer
}

const stop = int32(-1)

// number is the term of a word, which is added if it is new, or stop.
func (l *lexicon) number(word []byte) int32 {
	hash := l.raw.hash(word)
	t := l.raw.term(hash)
	if t == unknown {
		t = l.newNumber(string(word))
		l.raw.set(hash, t)
	}
	return t
}

func (l *lexicon) newNumber(word string) int32 {
	if IsStop(word) {
		return stop
	}
	return l.stemNumber(l.stem(word))
}

func (l *lexicon) stemNumber(stem string) int32 {
	t, ok := l.stems[stem]
	if !ok {
		t = int32(len(l.stems))
		l.stems[stem] = t
	}
	return t
}

// appendTerms appends the terms of text.
func (l *lexicon) appendTerms(terms []int32, text string) []int32 {
	eachWord(text, func(word []byte, _ corpus.Span) {
		if t := l.number(word); t != stop {
			terms = append(terms, t)
		}
	})
	return terms
}

// keywords is the index of words. A passage counts the words of its text, of
// its headings and of its article's title; an article those of its passages,
// with the title once.
type keywords struct {
	lexicon lexicon
	bodies  field  // the text and the headings, by passage
	titles  field  // by article
	first   []unit // the first passage of each article
	owner   []unit // the article of each passage
	counter counter
}

func newKeywords() *keywords {
	return &keywords{lexicon: lexicon{stems: map[string]int32{}, raw: newWordTable()}}
}

// add appends an article. A title made from the lead counts for nothing: its
// words stand in the text.
func (k *keywords) add(r Record) {
	var terms []int32
	if !r.Derived {
		terms = k.lexicon.appendTerms(terms, r.Title)
	}
	k.counter.count(terms)
	k.titles.add(&k.counter)
	k.first = append(k.first, unit(len(k.owner)))
	for _, p := range r.Passages {
		terms = terms[:0]
		for _, h := range p.Heading {
			terms = k.lexicon.appendTerms(terms, h)
		}
		k.counter.count(k.lexicon.appendTerms(terms, p.Text))
		k.bodies.add(&k.counter)
		k.owner = append(k.owner, unit(len(k.first)-1))
	}
}

// settle lets go of what only adding needs.
func (k *keywords) settle() {
	k.lexicon.raw = newWordTable()
	k.counter = counter{}
}

// merge appends the articles of other.
func (k *keywords) merge(other *keywords) {
	renumber := make([]int32, len(other.lexicon.stems))
	for stem, t := range other.lexicon.stems {
		renumber[t] = k.lexicon.stemNumber(stem)
	}
	articles, passages := unit(len(k.first)), unit(len(k.owner))
	for _, p := range other.first {
		k.first = append(k.first, p+passages)
	}
	for _, a := range other.owner {
		k.owner = append(k.owner, a+articles)
	}
	k.titles.merge(&other.titles, renumber, len(k.lexicon.stems))
	k.bodies.merge(&other.bodies, renumber, len(k.lexicon.stems))
}

// without is a copy of k that lacks the articles for which gone is true.
func (k *keywords) without(gone func(article unit) bool) *keywords {
	out := newKeywords()
	for stem, t := range k.lexicon.stems {
		out.lexicon.stems[stem] = t
	}
	articles, passages := make([]unit, len(k.first)), make([]unit, len(k.owner))
	for a := range articles {
		kept := !gone(unit(a))
		articles[a] = -1
		if kept {
			articles[a] = unit(len(out.first))
			out.first = append(out.first, unit(len(out.owner)))
		}
		for p, to := k.passagesOf(unit(a)); p < to; p++ {
			passages[p] = -1
			if kept {
				passages[p] = unit(len(out.owner))
				out.owner = append(out.owner, articles[a])
			}
		}
	}
	out.titles, out.bodies = k.titles.keep(articles), k.bodies.keep(passages)
	return out
}

// passagesOf are the first passage of an article and the one after its last.
func (k *keywords) passagesOf(article unit) (from, to unit) {
	if int(article)+1 < len(k.first) {
		return k.first[article], k.first[article+1]
	}
	return k.first[article], unit(len(k.owner))
}
