package prompts

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
)

var (
	errSpent = errors.New("all tokens are spent")
	errDisk  = errors.New("the disk is full")
	errModel = errors.New("the model is down")
)

// A ledger keeps account in memory. It can fail to settle.
type ledger struct {
	limit, reserved, used int
	fails                 error
}

type reservation struct {
	ledger *ledger
	tokens int
}

func (l *ledger) Reserve(_ context.Context, tokens int) (Reservation, error) {
	if l.used+l.reserved+tokens > l.limit {
		return nil, errSpent
	}
	l.reserved += tokens
	return reservation{l, tokens}, nil
}

func (r reservation) Settle(_ context.Context, prompt, completion int) error {
	if r.ledger.fails != nil {
		return r.ledger.fails
	}
	r.ledger.reserved -= r.tokens
	r.ledger.used += prompt + completion
	return nil
}

// A completerFunc is a Completer that completes by itself.
type completerFunc func(r Request) (Completion, error)

func (completerFunc) Model() string { return "m" }

func (f completerFunc) Complete(_ context.Context, r Request, emit func(string)) (Completion, error) {
	c, err := f(r)
	emit(c.Text)
	return c, err
}

func TestMetered(t *testing.T) {
	request := Request{
		System: "a system message", User: "a user message", MaxTokens: 100,
		Schema: Schema{JSON: json.RawMessage(`{"type":"object"}`), Words: "in words"},
	}
	most := framing + countTokens(request.System) + countTokens(request.User) + countTokens(request.Schema.Words) + 100
	whole := Completion{Text: "text", Finish: Whole, Usage: Usage{7, 3}}
	half := Completion{Text: "ha", Usage: Usage{7, 1}}
	tests := []struct {
		name           string
		limit          int
		completion     Completion
		err, unsettled error
		used, reserved int
		want           Completion
		wantErrs       []error
	}{
		{"settles what was used", most, whole, nil, nil, 10, 0, whole, nil},
		{"settles what a failure used", most, half, errModel, nil, 8, 0, half, []error{errModel}},
		{"asks nothing that it cannot reserve", most - 1, whole, nil, nil, 0, 0, Completion{}, []error{errSpent}},
		{"keeps the text that it cannot settle", most, whole, nil, errDisk, 0, most, whole, []error{errDisk}},
		{"tells of both errors", most, half, errModel, errDisk, 0, most, half, []error{errModel, errDisk}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := &ledger{limit: tt.limit, fails: tt.unsettled}
			m := Metered(completerFunc(func(Request) (Completion, error) {
				if l.reserved != most {
					t.Errorf("%d tokens were reserved, want %d", l.reserved, most)
				}
				return tt.completion, tt.err
			}), l)
			got, err := m.Complete(t.Context(), request, func(string) {})
			if got != tt.want || l.used != tt.used || l.reserved != tt.reserved {
				t.Errorf("got %+v with %+v", got, *l)
			}
			for _, want := range tt.wantErrs {
				if !errors.Is(err, want) {
					t.Errorf("got %v, want %v", err, want)
				}
			}
			if len(tt.wantErrs) == 0 && err != nil {
				t.Error(err)
			}
		})
	}
}

func TestMeteredKeepsTheName(t *testing.T) {
	if got := Metered(completerFunc(nil), &ledger{}).Model(); got != "m" {
		t.Errorf("got %q", got)
	}
}
