package corpus

import "strings"

// A Chunker cuts articles into passages of whole sentences. Its zero value is
// the one that measured best.
type Chunker struct {
	Words   int // a passage ends before the sentence that would exceed them; 0 is 200
	Overlap int // how many sentences a passage repeats of the one before
}

// tailWords is how few words are too few for a passage of its own: they join
// the passage before.
const tailWords = 40

// bytesPerWord is how many bytes count as a word at least.
const bytesPerWord = 12

// Chunk cuts a into passages, in order. A passage stays under one heading,
// consists of whole sentences and ends at a paragraph's end where one is near;
// p.Text == a.Text[p.Start:p.End] holds for each. An article with nothing but
// headings is one passage.
func (c Chunker) Chunk(a Article) []Passage {
	limit := c.Words
	if limit <= 0 {
		limit = 200
	}
	var out []Passage
	for _, s := range sections(a.Text) {
		for _, run := range runs(s.sentences, limit, c.Overlap) {
			out = append(out, NewPassage(a, len(out), run.Start, run.End, s.heading))
		}
	}
	if all := trim(a.Text, Span{0, len(a.Text)}); len(out) == 0 && all.Start < all.End {
		out = append(out, NewPassage(a, 0, all.Start, all.End, nil))
	}
	return out
}

// A section is what stands under one heading.
type section struct {
	heading   []string
	sentences []measured
}

// A measured sentence knows its length, and whether a paragraph ends with it.
type measured struct {
	Span
	words int
	last  bool
}

// sections are the sections of a text that hold prose.
func sections(text string) []section {
	var out []section
	var path []heading
	current := section{}
	for _, b := range blocks(text) {
		if b.level > 0 {
			if len(current.sentences) > 0 {
				out = append(out, current)
			}
			path = descend(path, heading{b.level, headingText(b.In(text))})
			current = section{heading: titlesOf(path)}
			continue
		}
		current.sentences = append(current.sentences, measure(text, b.Span)...)
	}
	if len(current.sentences) > 0 {
		out = append(out, current)
	}
	return out
}

func measure(text string, paragraph Span) []measured {
	var out []measured
	for _, s := range appendSentences(nil, text, paragraph) {
		// Scripts without blanks have words too.
		words := max(len(strings.Fields(s.In(text))), (s.End-s.Start)/bytesPerWord)
		out = append(out, measured{Span: s, words: words})
	}
	if n := len(out); n > 0 {
		out[n-1].last = true
	}
	return out
}

type heading struct {
	level int
	text  string
}

// descend is the path of headings after h: h replaces its equals and those
// beneath it.
func descend(path []heading, h heading) []heading {
	n := len(path)
	for n > 0 && path[n-1].level >= h.level {
		n--
	}
	return append(path[:n:n], h)
}

func titlesOf(path []heading) []string {
	out := make([]string, len(path))
	for i, h := range path {
		out[i] = h.text
	}
	return out
}

// runs groups sentences into passages of at most limit words, where one
// sentence may be longer.
func runs(s []measured, limit, overlap int) []Span {
	var out []Span
	for start := 0; start < len(s); {
		end := runEnd(s, start, limit)
		out = append(out, Span{s[start].Start, s[end-1].End})
		if end == len(s) {
			break
		}
		start = max(start+1, end-max(0, overlap))
	}
	return out
}

// runEnd is the sentence after the run that begins at start: the last
// paragraph's end in the run's second half, else as many sentences as fit, and
// all that is left if the rest is short.
func runEnd(s []measured, start, limit int) int {
	words, end, paragraph := 0, start, 0
	for end < len(s) && (end == start || words+s[end].words <= limit) {
		words += s[end].words
		end++
		if s[end-1].last && words > limit/2 {
			paragraph = end
		}
	}
	if paragraph > 0 && end < len(s) {
		end = paragraph
	}
	if rest := wordsFrom(s, end, tailWords); rest < tailWords {
		return len(s)
	}
	return end
}

// wordsFrom counts the words from sentence i on, up to enough.
func wordsFrom(s []measured, i, enough int) int {
	n := 0
	for ; i < len(s) && n < enough; i++ {
		n += s[i].words
	}
	return n
}
