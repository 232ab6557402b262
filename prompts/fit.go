package prompts

import (
	"cmp"
	"errors"
	"fmt"
	"sort"
)

// ErrContext is that a model's context has no room for a single passage.
var ErrContext = errors.New("the model's context is too small for one passage")

// fit keeps those of p's sources for which there is room: whole passages, the
// best ones, in their order. It also says how many it left out. room is the
// tokens that the request may take, without its completion. p has a source; if
// not even the first fits, the error wraps ErrContext.
func fit(t *templates, p prompt, room int) (prompt, int, error) {
	all := p.view()
	need := func(n int) (int, error) {
		some := all
		some.Sources = all.Sources[:n]
		r, err := t.answerView(some)
		return r.tokens(), err
	}
	least, err := need(1)
	if err != nil {
		return prompt{}, 0, err
	}
	if least > room {
		return prompt{}, len(p.sources), fmt.Errorf("%w: a prompt with one takes about %d tokens and %d are free; "+
			"raise model.context, or lower model.max_tokens", ErrContext, least, room)
	}
	n := sort.Search(len(p.sources), func(i int) bool {
		tokens, failed := need(i + 1)
		err = cmp.Or(err, failed)
		return tokens > room
	})
	left := len(p.sources) - n
	p.sources = p.sources[:n]
	return p, left, err
}

// framing is how many tokens a chat template puts around two messages; Llama 3
// has the longest that we know.
const framing = 40

// tokens is an estimate of what r takes of a context, its completion aside.
func (r Request) tokens() int {
	return framing + countTokens(r.System) + countTokens(r.Schema.Words) + countTokens(r.User)
}
