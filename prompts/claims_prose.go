package prompts

import (
	"bytes"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"footnote/corpus"
	"footnote/retrieval"
)

// Bounds of what is read of prose.
const (
	maxProse   = 16 << 10 // bytes without an end that a marker shows
	maxMarker  = 64       // bytes of a marker, or between it and the next sentence
	maxMarkers = 40       // until such an end
)

// A proseReader reads the sentences of prose with markers: [1], [1, 2],
// [1][2], 【1】 or (source 1). A marker belongs to the sentence in which or
// after which it stands. The zero value is ready.
type proseReader struct {
	text    []byte        // since the last sentence that was read, without markers
	markers []proseMarker // in text
	marked  bool          // there was a sentence with a marker
	held    []claim       // the sentences before the first one with a marker
	excuse  bool          // there was no such sentence, and hardly another one but a refusal
}

// A proseMarker names the source of what stands before it.
type proseMarker struct{ at, number int }

// next reads one rune and returns the sentences that are complete before it.
func (p *proseReader) next(char string) []claim {
	var out []claim
	r, _ := utf8.DecodeRuneInString(char)
	if len(p.text) > maxProse || p.begins(r) {
		out = p.flush()
	}
	p.text = append(p.text, char...)
	if r == ']' || r == '】' || r == ')' {
		p.takeMarker(len(char))
	}
	return out
}

// close returns the last sentences. An excuse is none.
func (p *proseReader) close() []claim {
	out := p.flush()
	if p.marked {
		return out
	}
	p.excuse = len(p.held) <= 2 && slices.ContainsFunc(p.held, denies)
	if p.excuse {
		return nil
	}
	return p.held
}

// denies says whether a sentence has a word of refusal, or no word at all.
func denies(c claim) bool {
	terms := retrieval.Terms(c.sentence)
	return len(terms) == 0 || slices.ContainsFunc(terms, func(t retrieval.Term) bool {
		switch t.Word {
		case "not", "no", "none", "nothing", "cannot", "unable", "without", "never", "unanswered", "sorry":
			return true
		}
		return strings.HasSuffix(t.Word, "nt") && opensYesNo(t.Word)
	})
}

// begins says whether r begins a sentence, the one before having ended with a
// marker.
func (p *proseReader) begins(r rune) bool {
	if len(p.markers) == 0 || unicode.IsSpace(r) || unicode.IsLower(r) {
		return false
	}
	at := p.markers[len(p.markers)-1].at
	between := p.text[at:]
	if len(between) > maxMarker || !unicode.IsSpace(lastRune(string(between))) {
		return false
	}
	before := bytes.TrimRightFunc(p.text, unicode.IsSpace)
	sentence := bytes.TrimRight(before, closingMarks)
	ended := bytes.TrimRight(sentence, fullStops)
	return len(ended) <= at && (len(ended) < len(sentence) || bytes.ContainsRune(between, '\n'))
}

// What may end a sentence, and what may stand behind that.
const (
	fullStops    = ".!?…"
	closingMarks = "\"'”’»)"
)

// takeMarker takes the marker that ends the text, with its bracket of size
// bytes, out of it, if there is one.
func (p *proseReader) takeMarker(size int) {
	tail := string(p.text[max(0, len(p.text)-maxMarker):])
	from := strings.LastIndexAny(tail, "[【(")
	if from < 0 {
		return
	}
	bracket, width := utf8.DecodeRuneInString(tail[from:])
	numbers, named := sourceNumbers(tail[from+width : len(tail)-size])
	if len(numbers) == 0 || bracket == '(' && !named || len(p.markers) >= maxMarkers {
		return
	}
	p.text = bytes.TrimRight(p.text[:len(p.text)-len(tail)+from], " ")
	for _, n := range numbers {
		p.markers = append(p.markers, proseMarker{len(p.text), n})
	}
}

// flush reads the sentences of the text, of which there is none afterwards.
func (p *proseReader) flush() []claim {
	var out []claim
	text := string(p.text)
	sentences := corpus.Sentences(text)
	for i, s := range sentences {
		end := len(text)
		if i+1 < len(sentences) {
			end = sentences[i+1].Start
		}
		var numbers []int
		for ; len(p.markers) > 0 && p.markers[0].at <= end; p.markers = p.markers[1:] {
			numbers = append(numbers, p.markers[0].number)
		}
		out = append(out, p.claims(oneLine(s.In(text)), numbers)...)
	}
	p.text, p.markers = p.text[:0], nil
	return out
}

// claims are those that a sentence makes, one for each source.
func (p *proseReader) claims(sentence string, numbers []int) []claim {
	if len(numbers) > 0 {
		p.marked = true
	}
	if !p.marked {
		p.held = append(p.held, claim{sentence: sentence})
		p.held = p.held[:min(len(p.held), maxClaims)]
		return nil
	}
	out := p.held
	p.held = nil
	if len(numbers) == 0 {
		return append(out, claim{sentence: sentence})
	}
	slices.Sort(numbers)
	for _, n := range slices.Compact(numbers) {
		out = append(out, claim{sentence: sentence, source: n})
	}
	return out
}
