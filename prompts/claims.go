package prompts

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// A claim is a sentence that a model wrote, with what it says bears it out.
type claim struct {
	sentence string
	quote    string // "" where the format has none: the gate then looks for one
	source   int    // the number of a source of the prompt; 0 if none was given
}

// maxClaims is how many claims are read from one text. Who repeats himself for
// ever has said it all by then.
const maxClaims = 40

// A claimReader reads the claims in a model's text as it comes, the same ones
// however the text is cut into deltas: JSON objects, or else the sentences of
// prose with markers. What is not UTF-8 is left out. Its memory is bounded, and
// its time is linear in the text. The zero value is ready.
type claimReader struct {
	rest    string // the first bytes of a rune
	begun   bool   // blanks and thoughts are over
	thinks  bool   // the tag before thoughts was read
	tail    string // of what was read before it had begun
	json    bool
	objects objectReader
	prose   proseReader
	count   int // of the claims read
}

// write returns the claims that delta completes.
func (r *claimReader) write(delta string) []claim {
	var out []claim
	text := r.rest + delta
	for utf8.FullRuneInString(text) {
		char, size := utf8.DecodeRuneInString(text)
		if char != utf8.RuneError || size > 1 {
			out = append(out, r.next(text[:size])...)
		}
		text = text[size:]
	}
	r.rest = text
	return r.counted(out)
}

// thinking says whether char belongs to the blanks before the text, or to the
// thoughts that some models write first, between tags.
func (r *claimReader) thinking(char string) bool {
	const opens, closes = "<think>", "</think>"
	if r.begun {
		return false
	}
	r.tail = strings.TrimLeft(r.tail+char, " \t\r\n")
	if r.thinks {
		r.begun = strings.HasSuffix(r.tail, closes)
		r.tail = r.tail[max(0, len(r.tail)-len(closes)):]
		return true
	}
	r.thinks = r.tail == opens
	r.begun = !strings.HasPrefix(opens, r.tail)
	return !r.begun
}

// next reads one rune. A brace is where prose ends: what a model says before
// its JSON is chatter.
func (r *claimReader) next(char string) []claim {
	if r.thinking(char) {
		return nil
	}
	if r.json = r.json || char == "{"; !r.json {
		return r.prose.next(char)
	}
	var out []claim
	for i := range len(char) {
		object := r.objects.next(char[i])
		if object == nil {
			continue
		}
		if c, ok := claimIn(object); ok {
			out = append(out, c)
		}
	}
	return out
}

// close returns the claims that the end of a whole text completes. Nobody may
// call it for a text that broke off.
func (r *claimReader) close() []claim {
	if r.json {
		return nil
	}
	return r.counted(r.prose.close())
}

// unfinished says that the text broke off within its JSON, whatever is said of
// its end. A brace that is missing at the very end does not matter.
func (r *claimReader) unfinished() bool {
	return r.objects.quoted || r.objects.open > 0 && r.objects.last != ']'
}

// none says, once the text is closed, that the model found no answer in the
// sources: it wrote an empty list, or one or two sentences without a marker
// that deny something.
func (r *claimReader) none() bool {
	return r.count == 0 && (r.objects.emptyList || r.prose.excuse)
}

func (r *claimReader) counted(claims []claim) []claim {
	claims = claims[:min(len(claims), maxClaims-r.count)]
	r.count += len(claims)
	return claims
}

// sourceNumbers are the numbers of sources in "1", "1, 2" or "Source 1 and 2",
// and whether the word is there; none if s is anything else.
func sourceNumbers(s string) (numbers []int, named bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	s, named = strings.CutPrefix(s, "source")
	if named {
		s = strings.TrimPrefix(s, "s")
	}
	separates := func(r rune) bool { return r == ' ' || r == ',' || r == ';' }
	for _, field := range strings.FieldsFunc(s, separates) {
		n, err := strconv.ParseUint(field, 10, 10)
		if field == "and" {
			continue
		}
		if err != nil || n == 0 {
			return nil, named
		}
		numbers = append(numbers, int(n))
	}
	return numbers, named
}
