package prompts

import (
	"slices"
	"strings"

	"footnote/corpus"
	"footnote/retrieval"
)

// A statement is a sentence of a message that claims something.
type statement struct {
	text  string    // as it stands in the message
	told  string    // as it stands alone
	leans bool      // it cannot be understood alone
	topic []mention // the names of what it is about: its own, or else those of the last sentence that has some
}

// statements are the sentences of a message that claim something.
func (c *Checker) statements(message string) []statement {
	g := newGate(c.reader, inquiry{}, nil, c.knows)
	var out []statement
	var before *reading
	for _, line := range c.cleaner.lines(message) {
		for _, at := range corpus.Sentences(line) {
			s := statement{text: at.In(line)}
			s.told, s.leans = c.reader.alone(s.text, before)
			x := g.read(s.told)
			if len(x.names) > 0 {
				before = x
			}
			if !g.claims(x) {
				continue
			}
			if before != nil {
				s.topic = before.names
			}
			out = append(out, s)
		}
	}
	return out
}

// How few words a sentence must have to claim something, without a verb and
// with one.
const (
	fewestWords = 3
	verbless    = 6
)

// claims says whether a sentence says something that an article could bear out.
// Questions do not, nor greetings, exclamations, fragments, and what somebody
// says of himself or of the reader.
func (g *gate) claims(x *reading) bool {
	told := len(x.names) + len(x.figures) + len(x.dates)
	switch {
	case strings.HasSuffix(strings.TrimRight(x.text, `"') `), "?"), len(x.terms) < fewestWords, len(x.content)+told < 2:
		return false
	case told > 0:
		return true
	case isChat(x.terms[0].Word):
		return false
	}
	return len(x.terms) >= verbless || slices.ContainsFunc(x.terms, g.isVerb)
}

// isChat says whether a sentence that begins so, and names nothing, is said to
// somebody.
func isChat(w string) bool {
	switch w {
	case "i", "im", "ive", "id", "my", "me", "we", "our", "you", "youre", "your", "lets", "please", "thanks", "thank", "hi", "hello", "hey",
		"lol", "ok", "okay", "yes", "yeah", "wow", "guys", "sorry", "welcome", "congrats", "congratulations":
		return true
	}
	return false
}

// isVerb says whether a word may be a verb, by its form.
func (g *gate) isVerb(t retrieval.Term) bool {
	switch t.Word {
	case "cost", "cut", "hit", "put", "set", "shut", "spread", "let", "quit":
		return true
	}
	return isForm(t.Word) || opensYesNo(t.Word) || isSpeech(t.Word) || g.lemmas[t.Stem] != "" ||
		len(t.Word) > 3 && (strings.HasSuffix(t.Word, "ed") || strings.HasSuffix(t.Word, "s") || strings.HasSuffix(t.Word, "ing"))
}

// alone is a sentence with the name that its pronoun stands for, if the sentence
// before leaves no doubt which. leans says that there is doubt.
func (r *reader) alone(sentence string, before *reading) (told string, leans bool) {
	f := fold(sentence)
	terms := retrieval.Terms(f.text)
	i := leaning(terms, r.mentions(f.text, terms, true))
	if i < 0 {
		return sentence, false
	}
	name, ok := before.only(isPerson(terms[i].Word))
	w := terms[i].Word
	if !ok || !slices.Contains([]string{"he", "she", "his", "him", "it", "its"}, w) {
		return sentence, true
	}
	if w == "his" || w == "its" {
		name += "'s"
	}
	return f.text[:terms[i].Start] + name + f.text[terms[i].End:], false
}

// leaning is the first word that stands for what a sentence before names, or -1:
// the subject, or a person of whom nobody is named before.
func leaning(terms []retrieval.Term, named []mention) int {
	opening := 0
	if len(terms) > 1 && (terms[0].Word == "but" || terms[0].Word == "and" || terms[0].Word == "however" || terms[0].Word == "yet") {
		opening = 1
	}
	for i, t := range terms {
		switch t.Word {
		case "it", "its", "they", "their", "these", "those", "this", "that", "such", "both":
			if i == opening && !(i+1 < len(terms) && isPeriod(terms[i+1].Word)) {
				return i
			}
		case "he", "she", "his", "her", "him":
			someone := func(m mention) bool { return m.to <= i && !m.place }
			office := func(t retrieval.Term) bool { return isOffice(t.Word) || isRank(t.Word) }
			if !slices.ContainsFunc(named, someone) && !slices.ContainsFunc(terms[:i], office) {
				return i
			}
		}
	}
	return -1
}

// only is the one name in a text that a pronoun can stand for: of a person, or
// of anything else.
func (x *reading) only(person bool) (string, bool) {
	if x == nil {
		return "", false
	}
	var fits []mention
	for _, n := range x.names {
		if !person || !n.place && !isAcronym(n.text) && !strings.ContainsAny(n.text, "0123456789") {
			fits = append(fits, n)
		}
	}
	if len(fits) != 1 {
		return "", false
	}
	return fits[0].text, true
}
