package discordtest

import (
	"encoding/json"
	"slices"
	"time"
)

// Kinds of interactions.
const (
	usedCommand  = 2
	usedButton   = 3
	typesOption  = 4
	submittedAll = 5
)

// An Exchange is something that a person did, and what the bot answered.
type Exchange struct {
	ID    string // of the interaction, or of the message
	Token string // of the interaction; "" for a message

	s       *Server
	kind    int // 0: a message
	channel string
	person  string
	source  *Message // that a button is under; nil if there is none
	began   time.Time

	// Guarded by s.mu:
	answered time.Time // zero if it is not
	callback int       // the type of its answer
	original *Message  // what "@original" is; nil if there is none
	more     []*Message
	expired  bool
	form     *Form
	choices  []Choice
}

// A Form is one that the bot opened.
type Form struct {
	Title    string
	CustomID string
	Fields   []FormField
}

// A FormField is a line of a form.
type FormField struct {
	CustomID string `json:"custom_id"`
	Label    string `json:"label"`
	Value    string `json:"value"`
	Required bool   `json:"required"`
}

// A Choice is offered while a person types.
type Choice struct {
	Name  string `json:"name"`
	Value any    `json:"value"`
}

// Acked waits until an interaction is acknowledged, and returns how long that
// took. It fails the test if it does not come about in Discord's 3 s.
func (x *Exchange) Acked() time.Duration {
	x.s.t.Helper()
	x.s.mu.Lock()
	limit := x.s.scaled(timeToAnswer)
	x.s.mu.Unlock()
	if !x.s.await(limit, func() (bool, time.Duration) { return !x.answered.IsZero(), 0 }) {
		x.s.t.Errorf("discordtest: an interaction was not acknowledged within %v", limit)
		return limit
	}
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	return x.answered.Sub(x.began)
}

// Answered says whether the bot acknowledged the interaction.
func (x *Exchange) Answered() bool {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	return !x.answered.IsZero()
}

// Messages are what the person sees of the answer by now: the messages that
// are there, in order.
func (x *Exchange) Messages() []Message {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	return x.view()
}

// Await waits until ok holds of what the person sees, and returns that. It
// fails the test if it does not come about.
func (x *Exchange) Await(ok func([]Message) bool) []Message {
	x.s.t.Helper()
	var last []Message
	if !x.s.await(patience, func() (bool, time.Duration) { last = x.view(); return ok(last), 0 }) {
		x.s.t.Errorf("discordtest: the person sees %d messages, and not what was waited for", len(last))
	}
	return last
}

// Final waits until there is an answer that the bot has left alone for 2 s,
// divided by the scale, and returns it. It fails the test if none comes.
func (x *Exchange) Final() []Message {
	x.s.t.Helper()
	var last []Message
	settled := func() (bool, time.Duration) {
		last = x.view()
		if len(last) == 0 || slices.ContainsFunc(last, func(m Message) bool { return m.Thinking }) {
			return false, 0
		}
		newest := slices.MaxFunc(last, func(a, b Message) int { return a.written.Compare(b.written) })
		left := x.s.scaled(2*time.Second) - time.Since(newest.written)
		return left <= 0, left
	}
	if !x.s.await(patience, settled) {
		x.s.t.Errorf("discordtest: no answer came that stays; the person sees %d messages", len(last))
	}
	return last
}

// Private says whether what the person sees is for that person alone.
func (x *Exchange) Private() bool {
	all := x.Messages()
	return len(all) > 0 && !slices.ContainsFunc(all, func(m Message) bool { return !m.Private })
}

// Form waits for the form that the bot opens.
func (x *Exchange) Form() Form {
	x.s.t.Helper()
	if !x.s.await(patience, func() (bool, time.Duration) { return x.form != nil, 0 }) {
		x.s.t.Errorf("discordtest: no form was opened")
		return Form{}
	}
	return *x.form
}

// Choices waits for the choices that the bot offers.
func (x *Exchange) Choices() []Choice {
	x.s.t.Helper()
	if !x.s.await(patience, func() (bool, time.Duration) { return x.choices != nil, 0 }) {
		x.s.t.Errorf("discordtest: no choices were offered")
	}
	return x.choices
}

// Expire ends the life of an interaction's token, as 15 minutes do.
func (x *Exchange) Expire() {
	x.s.mu.Lock()
	defer x.s.mu.Unlock()
	x.expired = true
}

// view is what the person sees of the answer; s.mu is held.
func (x *Exchange) view() []Message {
	if x.kind == 0 {
		return x.s.seen(x.follows)
	}
	var all []Message
	for _, m := range append([]*Message{x.original}, x.more...) {
		if m != nil && !m.deleted {
			all = append(all, *m)
		}
	}
	return all
}

// follows says whether m is a message of the bot after the person's, in that
// channel or in the thread that was opened from it.
func (x *Exchange) follows(m *Message) bool {
	return m.Author == x.s.BotID && (m.Channel == x.channel || m.Channel == x.ID) && m.ID > x.ID && !m.Private
}

// open makes the form of a callback.
func (x *Exchange) open(data json.RawMessage) bool {
	var modal struct {
		Title      string `json:"title"`
		CustomID   string `json:"custom_id"`
		Components []struct {
			Components []FormField `json:"components"`
		} `json:"components"`
	}
	if json.Unmarshal(data, &modal) != nil {
		return false
	}
	x.form = &Form{Title: modal.Title, CustomID: modal.CustomID}
	for _, row := range modal.Components {
		x.form.Fields = append(x.form.Fields, row.Components...)
	}
	return true
}

// offer takes the choices of a callback.
func (x *Exchange) offer(data json.RawMessage) bool {
	offered := struct {
		Choices []Choice `json:"choices"`
	}{}
	err := json.Unmarshal(data, &offered)
	x.choices = append([]Choice{}, offered.Choices...)
	return err == nil
}
