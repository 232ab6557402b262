package prompts

import (
	"maps"
	"slices"
	"strings"

	"footnote/corpus"
	"footnote/retrieval"
)

// An exhibit is a sentence of a hit, weighed against a question.
type exhibit struct {
	hit     int             // which hit
	at      corpus.Span     // in the passage's text, the sentence before included if it leans on it
	content map[string]bool // the stems of its words, stop words left out
	weights
	score float64
}

// weights are the features of an exhibit, each from 0 to 1.
type weights struct {
	coverage float64 // of the question's words by the passage and its article, as retrieval scores it
	relation float64 // the share, by weight, of what is asked that the sentence says
	own      float64 // the same, of the sentence without its context
	name     float64 // how near the sentence the names asked for stand, on average
	weakest  float64 // the same for the name that stands farthest
	expected float64 // whether it has what the kind of question wants
	bigrams  float64 // the share of neighbouring words of the question that are neighbours here
	numbers  float64 // the share of the question's figures in it
	unheard  bool    // a word asked of stands neither here nor anywhere in the articles
	office   bool    // it names the office asked for, or the question asks for none
	stance   bool    // it states a position: it denies, confirms, maintains
	leaning  bool    // it cannot be understood without the sentence before, which is not there
}

// What a match counts that is not the word itself, or not in the sentence.
const (
	byRelation = .75
	inContext  = .45
	nameNear   = .7  // in the sentence before, the headings or the title
	nameFar    = .25 // elsewhere in the passage
	nameRival  = .4  // near, but another country stands there too
)

// A study is a text with what is to be known of it.
type study struct {
	text     string
	terms    []retrieval.Term
	mentions []mention
	stems    map[string]bool
	places   map[string]bool // by key
}

func (r *reader) study(text string) study {
	s := study{text: text, terms: retrieval.Terms(text), places: map[string]bool{}}
	s.stems = stemsOf(s.terms)
	s.mentions = r.mentions(text, s.terms, true)
	for _, m := range s.mentions {
		if m.place {
			s.places[m.key] = true
		}
	}
	return s
}

// and is what is to be known of both texts, but for the texts.
func (s study) and(other study) study {
	out := study{
		terms: slices.Concat(s.terms, other.terms), mentions: slices.Concat(s.mentions, other.mentions),
		stems: maps.Clone(s.stems), places: maps.Clone(s.places),
	}
	maps.Copy(out.stems, other.stems)
	maps.Copy(out.places, other.places)
	return out
}

// exhibits weighs each sentence of a hit.
func (r *reader) exhibits(q inquiry, i int, h retrieval.Hit) []exhibit {
	text := h.Passage.Text
	sentences := corpus.Sentences(text)
	passage, above := r.study(text), r.study(above(h))
	if h.Passage.Start == 0 && len(sentences) > 0 {
		sentences[0].Start += corpus.AfterDateline(sentences[0].In(text))
	}
	mentioned := slices.Concat(above.mentions, passage.mentions)
	namesake := slices.ContainsFunc(q.names, func(n name) bool { return n.isNamesake(mentioned) })
	var out []exhibit
	var before study
	for n, s := range sentences {
		at, sentence, context := s, r.study(s.In(text)), above
		said := sentence
		leaning := leans(said)
		switch {
		case n > 0 && leaning:
			at.Start = sentences[n-1].Start
			said = r.study(at.In(text))
		case n > 0:
			context = above.and(before)
		}
		e := r.weigh(q, said, context, passage)
		if namesake {
			e.weakest, e.name = min(e.weakest, nameFar), min(e.name, nameFar)
		}
		e.hit, e.at, e.coverage, e.leaning = i, at, h.Why.Coverage, leaning && n == 0
		out = append(out, e)
		before = sentence
	}
	return out
}

// above is what a reader sees before a hit's text: title, headings and day.
func above(h retrieval.Hit) string {
	heading := strings.Join(h.Passage.Heading, ". ")
	if !h.Article.Derived {
		heading = h.Article.Title + ". " + heading
	}
	if !h.Article.Published.IsZero() {
		heading += ". " + h.Article.Published.Format("2 January 2006")
	}
	return heading
}

// weighAlone holds a sentence that a hit bears out, but that does not stand in
// it, against the question.
func (r *reader) weighAlone(q inquiry, h retrieval.Hit, sentence string) weights {
	w := r.weigh(q, r.study(sentence), r.study(above(h)), r.study(h.Passage.Text)).weights
	w.coverage = h.Why.Coverage
	return w
}

// weigh holds a sentence, in its context and its passage, against the question.
func (r *reader) weigh(q inquiry, sentence, context, passage study) exhibit {
	e := exhibit{content: map[string]bool{}}
	for _, t := range sentence.terms {
		e.stance = e.stance || isStance(t.Word)
		if !retrieval.IsStop(t.Word) {
			e.content[t.Stem] = true
		}
	}
	stems, around := sentence.stems, context.stems
	e.relation, e.own = r.relation(q, stems, around), r.relation(q, stems, nil)
	e.name, e.weakest = 1, 1
	if len(q.names) > 0 {
		sum := 0.0
		for _, n := range q.names {
			share := n.nearness(sentence, context, passage)
			if share == nameNear && n.place && q.hasRival(sentence.places, context.places) {
				share = nameRival
			}
			sum += share
			e.weakest = min(e.weakest, share)
		}
		e.name = sum / float64(len(q.names))
	}
	e.expected = q.expects(r, sentence)
	if q.kind == howMany && !r.says(q.counted, stems, around) {
		e.expected = min(e.expected, .4)
	}
	e.unheard = slices.ContainsFunc(q.words, func(w word) bool { return w.unknown && !r.anyRelated(w.groups, stems) })
	e.office = r.namesOffice(q, stems)
	e.bigrams = q.bigramShare(sentence.terms)
	e.numbers = q.numberShare(sentence.terms, context.terms)
	return e
}

// relation is the share, by weight, of the question's words that the sentence
// or its context says, in these or in related words.
func (r *reader) relation(q inquiry, stems, around map[string]bool) float64 {
	sum, said := 0.0, 0.0
	for _, w := range q.words {
		sum += w.weight
		match := 0.0
		switch {
		case stems[w.stem]:
			match = 1
		case r.anyRelated(w.groups, stems):
			match = byRelation
		case around[w.stem]:
			match = inContext
		case r.anyRelated(w.groups, around):
			match = inContext * byRelation
		}
		said += match * w.weight
	}
	if sum == 0 {
		return 1
	}
	return said / sum
}

// says says whether what is counted, or something like it, stands in the
// sentence, or itself near it.
func (r *reader) says(counted []string, stems, around map[string]bool) bool {
	return len(counted) == 0 || slices.ContainsFunc(counted, func(c string) bool {
		return stems[c] || around[c] || r.anyRelated(r.thesaurus[c], stems)
	})
}

// isNamesake says whether others are mentioned that share only the last word
// with a name of several: Boris Putin, where Vladimir Putin is meant.
func (n name) isNamesake(mentioned []mention) bool {
	if n.place || len(n.words) < 2 {
		return false
	}
	last, other := n.words[len(n.words)-1], false
	for _, m := range mentioned {
		if m.place || len(m.words) < 2 || m.words[len(m.words)-1] != last {
			continue
		}
		if shareWord(n.words[:len(n.words)-1], m.words) {
			return false
		}
		other = true
	}
	return other
}

// namesOffice says whether the sentence names every office that the question
// asks for, or one like it.
func (r *reader) namesOffice(q inquiry, stems map[string]bool) bool {
	return !slices.ContainsFunc(q.office, func(w word) bool { return !stems[w.stem] && !r.anyRelated(w.groups, stems) })
}

func (r *reader) anyRelated(groups []int, stems map[string]bool) bool {
	if len(groups) == 0 {
		return false
	}
	for s := range stems {
		if intersects(groups, r.thesaurus[s]) {
			return true
		}
	}
	return false
}

// nearness says how near a sentence a name stands.
func (n name) nearness(sentence, context, passage study) float64 {
	names := func(s study) bool { return s.places[n.key] }
	if !n.place {
		last := retrieval.Stem(n.words[len(n.words)-1])
		names = func(s study) bool { return s.stems[last] }
	}
	switch {
	case names(sentence):
		return 1
	case names(context):
		return nameNear
	case names(passage):
		return nameFar
	}
	return 0
}

// hasRival says whether a place is named in the sentence or near it that the
// question does not name.
func (q inquiry) hasRival(in, near map[string]bool) bool {
	rival := func(places map[string]bool) bool {
		for place := range places {
			if !slices.ContainsFunc(q.names, func(n name) bool { return n.key == place }) {
				return true
			}
		}
		return false
	}
	return rival(in) || rival(near)
}

func stemsOf(terms []retrieval.Term) map[string]bool {
	out := make(map[string]bool, len(terms))
	for _, t := range terms {
		out[t.Stem] = true
	}
	return out
}

// bigramShare is the share of the question's neighbouring words that stand
// within three words of one another, in their order.
func (q inquiry) bigramShare(terms []retrieval.Term) float64 {
	if len(q.bigrams) == 0 {
		return 0
	}
	found := 0
	for _, b := range q.bigrams {
		follows := func(t retrieval.Term) bool { return t.Stem == b[1] }
		for i, t := range terms {
			if t.Stem == b[0] && slices.ContainsFunc(terms[i+1:min(i+4, len(terms))], follows) {
				found++
				break
			}
		}
	}
	return float64(found) / float64(len(q.bigrams))
}

// numberShare is the share of the question's figures in the sentence; those of
// its context count half.
func (q inquiry) numberShare(terms, context []retrieval.Term) float64 {
	if len(q.numbers) == 0 {
		return 1
	}
	sum := 0.0
	for _, n := range q.numbers {
		is := func(t retrieval.Term) bool { return t.Word == n }
		switch {
		case slices.ContainsFunc(terms, is):
			sum++
		case slices.ContainsFunc(context, is):
			sum += .5
		}
	}
	return sum / float64(len(q.numbers))
}

// leans says whether a sentence opens in a way, or names its speaker in one,
// that the sentence before must explain.
func leans(s study) bool {
	sentence, terms := s.text, s.terms
	if len(terms) == 0 {
		return false
	}
	first := terms[0].Word
	if (first == "but" || first == "and" || first == "however" || first == "yet") && len(terms) > 1 {
		first = terms[1].Word
	}
	switch first {
	case "it", "its", "this", "that", "these", "those", "such", "both", "but", "and", "however", "instead", "also", "then",
		"there", "meanwhile", "moreover":
		return true
	}
	if isPerson(first) {
		return true
	}
	for i := 1; i < len(terms); i++ {
		a, b := terms[i-1].Word, terms[i].Word
		if (isPerson(a) || a == "it") && isSpeech(b) || isSpeech(a) && isPerson(b) {
			return strings.ContainsAny(sentence[:terms[i-1].Start], "”\",")
		}
	}
	return false
}

// isPerson says whether a word stands for a person named before.
func isPerson(w string) bool {
	switch w {
	case "he", "she", "they", "his", "her", "their", "him", "them":
		return true
	}
	return false
}
