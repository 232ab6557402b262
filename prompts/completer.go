package prompts

import (
	"context"
	"encoding/json"
)

// A Completer is a language model.
type Completer interface {
	// Model is the model's name.
	Model() string
	// Complete has the model complete r and calls emit with its text as it
	// comes. The completion holds what came, also beside an error.
	Complete(ctx context.Context, r Request, emit func(delta string)) (Completion, error)
}

// A Request is what a model is to complete: two messages.
type Request struct {
	System, User string
	Schema       Schema // of the JSON to reply with
	MaxTokens    int    // of the completion; 0 sets no bound
}

// A Schema is a JSON schema.
type Schema struct {
	Name string
	JSON json.RawMessage
	// Words say the same; they are put below the system message where an
	// endpoint does not hold its model to schemas.
	Words string
}

// A Finish is how a completion ended.
type Finish int

// How completions end. The zero value is Broken, so that nothing is taken for
// whole that does not say so.
const (
	Broken    Finish = iota // the connection ended, or the reply did, without a word why
	Whole                   // of itself
	Full                    // at MaxTokens or at the end of the model's context
	Withheld                // by the provider's filter
	Digressed               // in a call of a tool or in another way that was not asked for
)

// A Completion is what a model wrote.
type Completion struct {
	Text   string // all of it; valid UTF-8
	Finish Finish
	Usage  Usage // as the endpoint counts, or else an estimate
}
