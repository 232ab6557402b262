package bot

import "context"

// An Acknowledgement says how what is being worked on will be shown.
type Acknowledgement struct {
	Private bool // for that person alone
	Update  bool // in the message that the button is under
}

// A Responder shows what comes of one request. Serve calls either Answer, or
// Acknowledge, any number of Show, and Finish; from one goroutine.
type Responder interface {
	// Answer replies at once.
	Answer(ctx context.Context, r Reply) error
	// Acknowledge says that the request is being worked on.
	Acknowledge(ctx context.Context, a Acknowledgement) error
	// Show shows a draft in place of the one before. It returns at once; drafts
	// that come too fast are passed over for the latest.
	Show(ctx context.Context, r Reply)
	// Finish shows the reply that counts, in place of the drafts. It is called
	// once, whatever happened.
	Finish(ctx context.Context, r Reply) (Posted, error)
}

// Posted is where a reply went.
type Posted struct {
	Channel  string
	Thread   bool     // Channel is a thread that was opened for it
	Messages []string // ids, in order; none if it was private
}

// A Poster sends messages that nobody is waiting for at that moment.
type Poster interface {
	// Post sends r to a channel, or to the person of r.Ping directly if channel
	// is "" or cannot be written to. The same key sends one message.
	Post(ctx context.Context, channel, key string, r Reply) (Posted, error)
}
