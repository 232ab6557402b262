package prompts

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strings"
)

// Bounds of the JSON objects that are read. Of objects in objects the inner
// ones count.
const (
	maxObject = 16 << 10 // bytes
	maxOpen   = 8        // objects within one another
)

// An objectReader finds the JSON objects in a text, whatever stands around
// them: lists, other objects, code fences, words. The zero value is ready.
type objectReader struct {
	text            []byte // from the outermost open object that counts
	starts          []int  // where the open objects that count begin in text, outermost first
	open            int    // objects, also those that no longer count
	quoted, escaped bool
	last            byte // what came before, outside strings and blanks aside
	emptyList       bool // there was one
}

// next reads one byte and returns the object that it completes, or nil. The
// object is the caller's until the next call.
func (o *objectReader) next(b byte) []byte {
	if len(o.starts) > 0 {
		o.text = append(o.text, b)
		o.forget()
	}
	switch {
	case o.escaped:
		o.escaped = false
	case o.quoted:
		o.escaped, o.quoted = b == '\\', b != '"'
	case b == '{':
		o.begin()
	case b == '}':
		return o.end()
	case b == '"':
		o.quoted = o.open > 0
	case b == ']' && o.last == '[':
		o.emptyList = true
	}
	if !o.quoted && !isJSONSpace(b) {
		o.last = b
	}
	return nil
}

func (o *objectReader) begin() {
	if len(o.starts) == 0 {
		o.text = append(o.text[:0], '{')
	}
	o.starts = append(o.starts, len(o.text)-1)
	o.open++
	if len(o.starts) > maxOpen {
		o.forgetOutermost()
	}
}

func (o *objectReader) end() []byte {
	o.open = max(0, o.open-1)
	o.last = '}'
	n := len(o.starts) - 1
	if n < 0 {
		return nil
	}
	start := o.starts[n]
	o.starts = o.starts[:n]
	return o.text[start:]
}

// forget forgets the objects that are too long.
func (o *objectReader) forget() {
	for len(o.starts) > 0 && len(o.text)-o.starts[0] > maxObject {
		o.forgetOutermost()
	}
}

func (o *objectReader) forgetOutermost() {
	o.starts = slices.Delete(o.starts, 0, 1)
	if len(o.starts) == 0 {
		return
	}
	shift := o.starts[0]
	o.text = slices.Delete(o.text, 0, shift)
	for i := range o.starts {
		o.starts[i] -= shift
	}
}

// claimIn is the claim that a JSON object is, if it is one. The key of the
// sentence is what models make of it.
func claimIn(object []byte) (claim, bool) {
	var o struct {
		Source                       json.RawMessage
		Quote, Sentence, Claim, Text string
	}
	if json.Unmarshal(tidied(object), &o) != nil {
		return claim{}, false
	}
	c := claim{
		sentence: strings.TrimSpace(cmp.Or(o.Sentence, o.Claim, o.Text)),
		quote:    strings.TrimSpace(o.Quote),
	}
	if numbers, _ := sourceNumbers(strings.Trim(string(o.Source), `"[] `)); len(numbers) > 0 {
		c.source = numbers[0]
	}
	return c, c.sentence != ""
}

// tidied is a JSON object with line breaks in strings made blanks, and without
// a comma at its end.
func tidied(object []byte) []byte {
	flat := bytes.Map(func(r rune) rune {
		if r < ' ' {
			return ' '
		}
		return r
	}, object)
	flat = bytes.TrimRight(flat[:len(flat)-1], " ")
	return append(bytes.TrimSuffix(flat, []byte(",")), '}')
}

// rewritten is the question in a model's reply to a request for one that
// stands alone: that of its JSON, or all of a reply without JSON; "" if there
// is none.
func rewritten(reply string) string {
	if !strings.Contains(reply, "{") {
		return oneLine(reply)
	}
	var objects objectReader
	for i := range len(reply) {
		object := objects.next(reply[i])
		if object == nil {
			continue
		}
		var o struct{ Question string }
		if json.Unmarshal(tidied(object), &o) == nil && o.Question != "" {
			return oneLine(o.Question)
		}
	}
	return ""
}

func isJSONSpace(b byte) bool { return b == ' ' || b == '\n' || b == '\r' || b == '\t' }
