package bot

import (
	"context"
	"io"
	"time"
)

// A Kind says what a person did.
type Kind int

// What a person can do.
const (
	Slash   Kind = iota // used a slash command
	Typing              // is typing an option of one
	Menu                // used a command of a message's menu
	Pressed             // pressed a button
	Filled              // sent a form
	Said                // wrote a message to the bot, or in a thread of its
)

// A Request is what a person did, free of Discord's types. All of it comes from
// outside: nothing in it is to be trusted but Person and Place, which the front
// end vouches for.
type Request struct {
	Kind    Kind
	ID      string            // of the interaction or the message; a repeat has the same
	Name    string            // Slash, Typing, Menu: the command's name, in English
	Options map[string]string // Slash, Typing: what was given, by name; Filled: its fields
	Focused string            // Typing: the option that is being typed
	Action  string            // Pressed, Filled: its custom id, see parseAction
	Text    string            // Said: the words, without the mention; Menu: those of the message
	Message string            // Pressed: the message it is under; Said: the message itself; Menu: the message
	ReplyTo string            // Said: the message it replies to; "" if none
	Called  bool              // Said: it mentions the bot, or replies to it
	File    *File             // Slash: what is attached; nil if nothing
	Person  Person
	Place   Place
	Locale  string    // as Discord spells it: "en-US", "de", "fr", "es-ES", "ja"
	At      time.Time // when it came in
}

// A Person is who asks.
type Person struct {
	ID    string
	Roles []string // ids, in the place's server
	Admin bool     // may manage the place's server, by the request itself, or is one of discord.admins
	Owner bool     // is one of discord.admins
}

// A Place is where something was asked.
type Place struct {
	Guild   string // the server; "" in a direct message
	Channel string
	Parent  string // the channel that a thread belongs to; "" outside threads
	Direct  bool   // a direct message
}

// Thread says whether the place is a thread.
func (p Place) Thread() bool { return p.Parent != "" }

// A File is an attachment that is not fetched yet.
type File struct {
	Name string
	Type string // as its sender calls it: a MIME type; may be empty
	Size int64  // bytes, as announced
	Open func(context.Context) (io.ReadCloser, error)
}
