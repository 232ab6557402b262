package prompts

import (
	"slices"
	"strings"
	"unicode"

	"footnote/corpus"
	"footnote/retrieval"
)

// A source is a passage of the prompt, prepared for the gate.
type source struct {
	hit       retrieval.Hit
	folded    folded
	sentences []corpus.Span
	words     map[string]bool // all words and stems of the passage and what stands above it
	running   string          // its words in their order, a blank around each
	readings  map[corpus.Span]*reading
	contexts  map[int]*reading // by where the sentence begins that they are the context of
}

func newSource(h retrieval.Hit) *source {
	s := &source{
		hit: h, folded: fold(h.Passage.Text), sentences: corpus.Sentences(h.Passage.Text), words: map[string]bool{},
		readings: map[corpus.Span]*reading{}, contexts: map[int]*reading{},
	}
	var running strings.Builder
	running.WriteByte(' ')
	for _, t := range retrieval.Terms(s.folded.text + " . " + s.above()) {
		s.words[t.Word], s.words[t.Stem] = true, true
		running.WriteString(t.Word)
		running.WriteByte(' ')
	}
	s.running = running.String()
	return s
}

// above is what stands above a passage: its headings, its title unless that was
// made from the text, and its outlet, a sentence each.
func (s *source) above() string {
	lines := slices.Clone(s.hit.Passage.Heading)
	if !s.hit.Article.Derived {
		lines = append(lines, s.hit.Article.Title)
	}
	return strings.Join(append(lines, s.hit.Article.Outlet), ". ")
}

// has says whether words stand in the passage side by side.
func (s *source) has(words []string) bool {
	return strings.Contains(s.running, " "+strings.Join(words, " ")+" ")
}

// spellsOut says whether the passage has an acronym right behind words of which
// these are the initials, all of them near.
func (s *source) spellsOut(acronym string, near func(word string) bool) bool {
	before, _, found := strings.Cut(s.running, " "+acronym+" ")
	words := strings.Fields(before)
	if !found || len(words) < len(acronym) {
		return false
	}
	words = words[len(words)-len(acronym):]
	return len(acronym) > 1 && initials(words) == acronym && !slices.ContainsFunc(words, func(w string) bool { return !near(w) })
}

// initials are the first letters of words.
func initials(words []string) string {
	var out strings.Builder
	for _, w := range words {
		out.WriteRune(unicode.ToLower(firstRune(w)))
	}
	return out.String()
}

// reading is what a run of the passage says.
func (g *gate) reading(s *source, at corpus.Span) *reading {
	if s.readings[at] == nil {
		s.readings[at] = g.read(at.In(s.hit.Passage.Text))
	}
	return s.readings[at]
}

// context is what stands before a sentence that begins at an offset, and above.
func (g *gate) context(s *source, start int) *reading {
	if s.contexts[start] == nil {
		text := s.above()
		for _, b := range s.sentences {
			if b.End <= start {
				text = s.above() + ". " + b.In(s.hit.Passage.Text)
			}
		}
		s.contexts[start] = g.read(text)
	}
	return s.contexts[start]
}

// A place is where a quote stands: whole sentences of a source.
type place struct {
	source int
	at     corpus.Span
}

// places are where what a claim cites may stand, those in the source that it
// names first. A claim without a quote may be borne out by any sentence of its
// source.
func (g *gate) places(c claim) ([]place, Flaw) {
	named := c.source >= 1 && c.source <= len(g.sources)
	if blank(c.quote) {
		if !named {
			return nil, FlawNoSource
		}
		return g.sentencesOf(c.source - 1), ""
	}
	quote := newNeedle(c.quote)
	if quote.words() < minWords && !(named && g.isAnswer(c.quote) && len(quote.in(g.sources[c.source-1].folded)) == 1) {
		return nil, FlawShortQuote
	}
	var out []place
	flaw := FlawQuote
	for _, i := range g.order(c.source - 1) {
		s := g.sources[i]
		for _, at := range quote.in(s.folded) {
			wide, f := widen(s.hit.Passage.Text, s.sentences, at)
			switch p := (place{i, wide}); {
			case f != "":
				flaw = f
			case !slices.Contains(out, p) && newNeedle(wide.In(s.hit.Passage.Text)).words() >= minWords:
				out = append(out, p)
			}
		}
	}
	if len(out) == 0 {
		return nil, flaw
	}
	return out, ""
}

// sentencesOf are the sentences of a source that are long enough to be quoted.
func (g *gate) sentencesOf(source int) []place {
	var out []place
	s := g.sources[source]
	for _, at := range s.sentences {
		if newNeedle(at.In(s.hit.Passage.Text)).words() >= minWords {
			out = append(out, place{source, at})
		}
	}
	return out
}

// order are the indexes of the sources, first the one that is named.
func (g *gate) order(named int) []int {
	var out []int
	if named >= 0 && named < len(g.sources) {
		out = append(out, named)
	}
	for i := range g.sources {
		if i != named {
			out = append(out, i)
		}
	}
	return out
}
