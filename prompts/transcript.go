package prompts

import (
	"context"
	"strings"
	"time"
	"unicode/utf8"
)

const (
	maxText  = 200_000          // bytes of a completion
	perToken = 6                // bytes, of a text in any language
	patience = 20 * time.Second // with a model that has begun to write
	linger   = 2 * time.Second  // for the count of tokens of one that has ended
)

// A transcript is a completion in the making.
type transcript struct {
	request  Request
	room     int // bytes that the text may still have
	emit     func(delta string)
	giveUp   func(cause error) // ends the request
	patience time.Duration     // between two pieces of text
	watchdog *time.Timer       // gives up; nil before there is text
	text     strings.Builder
	usage    Usage // as the endpoint counts
	finish   Finish
	ended    bool // as finish says
}

// newTranscript begins a completion of r that is to be done within timeout. It
// calls giveUp if the model falls silent, until it is told to rest. Not every
// endpoint holds its model to MaxTokens, so that the text is held to them too.
func newTranscript(r Request, emit func(string), timeout time.Duration, giveUp func(cause error)) *transcript {
	room := maxText
	if r.MaxTokens > 0 {
		room = min(room, perToken*r.MaxTokens)
	}
	return &transcript{request: r, room: room, emit: emit, giveUp: giveUp, patience: min(patience, timeout)}
}

// write adds delta, and reports whether it ended the completion because there
// is no room for more. The time that emit takes is not the endpoint's.
func (d *transcript) write(delta string) (full bool) {
	delta = strings.ReplaceAll(delta, "\x00", "")
	if cut := d.room; len(delta) > cut {
		for cut > 0 && !utf8.RuneStart(delta[cut]) {
			cut--
		}
		delta, full = delta[:cut], true
	}
	d.room -= len(delta)
	if delta != "" {
		d.rest()
		d.text.WriteString(delta)
		d.emit(delta)
		d.watch(d.patience, modelUnavailable(modelAddress, "fell silent in the middle of a reply", "try again later, or check %s"))
	}
	if full {
		d.end(Full)
	}
	return full
}

// end says how the completion ended. What may come yet is a count of tokens,
// and no fault if it does not.
func (d *transcript) end(f Finish) {
	d.finish, d.ended = f, true
	d.watch(linger, context.Canceled)
}

// watch has d give up for cause after wait, unless it is told otherwise.
func (d *transcript) watch(wait time.Duration, cause error) {
	d.rest()
	d.watchdog = time.AfterFunc(wait, func() { d.giveUp(cause) })
}

// rest has d not give up.
func (d *transcript) rest() {
	if d.watchdog != nil {
		d.watchdog.Stop()
	}
}

// completion is what came before err, which is nil at the stream's end. A model
// that used up its tokens has used them, however many of them were for text.
func (d *transcript) completion(err error) (Completion, error) {
	text := d.text.String()
	wrote := countTokens(text)
	if d.finish == Full {
		wrote = max(wrote, d.request.MaxTokens)
	}
	if err == nil && strings.TrimSpace(text) == "" {
		err = d.emptiness()
	}
	if err != nil {
		d.finish = Broken
	}
	return Completion{Text: text, Finish: d.finish, Usage: Usage{
		PromptTokens:     plausible(d.usage.PromptTokens, d.request.tokens()),
		CompletionTokens: plausible(d.usage.CompletionTokens, wrote),
	}}, err
}

// emptiness is what is wrong with a completion that has no text.
func (d *transcript) emptiness() error {
	switch d.finish {
	case Whole:
		return modelFault(modelName, "wrote nothing", "check that %s is a model for chat")
	case Broken:
		return modelUnavailable(modelAddress, "ended its reply before the model wrote anything", "try again later, or check %s")
	}
	return nil
}

// plausible is n, a number of tokens that an endpoint counted, or the estimate
// if n is missing or absurd.
func plausible(n, estimate int) int {
	if n <= 0 || n > 1_000_000 && n/10 > estimate {
		return estimate
	}
	return n
}
