package bot

import (
	"context"
	"errors"
	"slices"
	"time"

	"footnote/retrieval"
)

// requestsPerMinute is how much a person can do in a minute that is no
// question: press a button, turn a page, search.
const requestsPerMinute = 60

// keysPerMinute is how often options are completed for a person in a minute:
// more than anybody types.
const keysPerMinute = 240

// ownerTimeout bounds how long a button waits for the state to say whose
// answer it is about.
const ownerTimeout = 800 * time.Millisecond

// A denial is why a request goes no further.
type denial struct {
	outcome Outcome
	text    string // for the person; "" says nothing
	err     error  // for whoever runs the bot
}

func refused(text string) *denial { return &denial{outcome: Refused, text: text} }

// overheard says whether a message is not for the bot: one that merely stands
// in a thread, unless the bot takes part in it and may read that it asks
// something.
func (b *Bot) overheard(r Request) bool {
	if r.Kind != Said || !r.Place.Thread() || r.Called {
		return false
	}
	return asksNothing(r.Text) || !b.conversations.has(r.Place.Channel, b.options.Now())
}

// callOf is a request with what its handler works with.
func (b *Bot) callOf(r Request) *call {
	r.Person.Owner = slices.Contains(b.options.Admins, r.Person.ID)
	r.Person.Admin = r.Person.Owner || r.Person.Admin && r.Place.Guild != ""
	settings := b.settings(r.Place.Guild)
	return &call{
		Request:  r,
		began:    b.options.Now(),
		words:    phrasesIn(LanguageOf(r.Locale)),
		settings: settings,
		plain:    settings.Plain || b.wantsPlain(r.Person.ID),
		corpus:   b.options.Corpus(r.Place.Guild),
		show:     func(Reply) {},
	}
}

// admit says what a request is to do, or why it may not. All but whose answer
// a button is about is known from memory.
func (b *Bot) admit(ctx context.Context, c *call) (task, *denial) {
	w := c.words.gate
	t, known := b.taskOf(c)
	person := quota{"user:" + c.Person.ID, requestsPerMinute}
	if full, _ := b.requests.take(b.options.Now(), person); full != "" && !b.options.Unlimited {
		return t, tooFast(c)
	}
	if !known {
		return task{}, refused(w.unknown)
	}
	if text := b.notAllowed(c, t); text != "" {
		return t, refused(text)
	}
	if text := badText(c.Request, t, w); text != "" {
		return t, refused(text)
	}
	return t, b.findAsked(ctx, c, t)
}

// tooFast is for those who press buttons without end. Messages without end are
// not answered with as many.
func tooFast(c *call) *denial {
	if c.Kind == Said {
		return &denial{outcome: Limited}
	}
	return &denial{outcome: Limited, text: c.words.gate.tooFast}
}

// taskOf finds what a request is to do.
func (b *Bot) taskOf(c *call) (task, bool) {
	name := c.Name
	switch c.Kind {
	case Said:
		name = "ask"
	case Pressed, Filled:
		var err error
		c.action, err = parseAction(c.Action)
		t, known := b.answerings[c.action.name]
		return t, known && err == nil
	}
	t, known := b.commands[name]
	return t, known && t.menu == (c.Kind == Menu)
}

// notAllowed says why a person may not do that in that place, or nothing. What
// is not allowed expressly is not allowed.
func (b *Bot) notAllowed(c *call, t task) string {
	w, set := c.words.gate, c.settings
	switch {
	case t.serverOnly && c.Place.Guild == "":
		return w.serversOnly
	case t.admin && !c.Person.Admin:
		return w.adminsOnly
	case t.everywhere || c.Person.Owner:
		return ""
	case !isIn(b.options.Channels, c.Place.Channel, c.Place.Parent):
		return w.notHere
	case t.admin:
		return ""
	case !isIn(b.options.Roles, c.Person.Roles...) || !isIn(set.Roles, c.Person.Roles...):
		return w.noRole
	case !isIn(set.Channels, c.Place.Channel, c.Place.Parent):
		return w.notHere
	}
	return ""
}

// isIn says whether one of ids is in a list, of which none means all.
func isIn(list []string, ids ...string) bool {
	return len(list) == 0 || slices.ContainsFunc(ids, func(id string) bool { return id != "" && slices.Contains(list, id) })
}

// findAsked finds whose answer a button or a form is about. One that the
// person may not see is no answer.
func (b *Bot) findAsked(ctx context.Context, c *call, t task) *denial {
	w := c.words.gate
	if c.action.answer == "" {
		if t.asker {
			return refused(w.unknown)
		}
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, ownerTimeout)
	defer cancel()
	asked, err := b.options.State.Asked(ctx, c.action.answer)
	switch {
	case errors.Is(err, retrieval.ErrNotFound), err == nil && !c.maySee(asked):
		return refused(w.noAnswer)
	case err != nil:
		return &denial{Failed, w.trouble, err}
	case t.asker && asked.Person != c.Person.ID:
		return refused(w.notYours)
	}
	c.asked = asked
	return nil
}
