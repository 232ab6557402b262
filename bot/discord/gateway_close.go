package discord

import (
	"errors"

	"github.com/gorilla/websocket"
)

// errReconnect is Discord's wish for a new connection (op 7).
var errReconnect = errors.New("discord asked for a new connection")

// errSilent is a connection that is open and dead.
var errSilent = errors.New("discord no longer answers on this connection")

// errNoHello is a connection that was never greeted.
var errNoHello = errors.New("discord took the connection and said nothing")

// An invalidSession is Discord's refusal of a session (op 9).
type invalidSession struct{ resumable bool }

func (e invalidSession) Error() string {
	if e.resumable {
		return "discord refused the session for now"
	}
	return "discord refused the session"
}

// The close codes that say more than that the connection is lost.
const (
	closeGoingOn         = 4000 // ours: the session is to be resumed
	closeNotIdentified   = 4003
	closeRefusedToken    = 4004
	closeBadSequence     = 4007
	closeSessionTimedOut = 4009
	closeBadShard        = 4010
	closeTooFewShards    = 4011
	closeBadVersion      = 4012
	closeBadIntents      = 4013
	closeRefusedIntents  = 4014
)

// fatalIn is what in an error no second attempt can cure, or nil.
func fatalIn(err error) *FatalError {
	var fatal *FatalError
	if errors.As(err, &fatal) {
		return fatal
	}
	switch closeCode(err) {
	case closeRefusedToken:
		return &FatalError{"discord.token", "Discord refuses this token. Copy a new one from the page Bot of the developer portal."}
	case closeBadShard:
		return &FatalError{"discord.api_url", "Discord refuses the number of shards that /gateway/bot names there. Leave the setting out unless a proxy is needed."}
	case closeTooFewShards:
		return &FatalError{"discord.token", "Discord wants more shards for this bot than it did at the start. Start footnote again."}
	case closeBadVersion:
		return &FatalError{"discord.api_url", "Discord no longer takes version 10 of its gateway. A newer footnote is needed."}
	case closeBadIntents, closeRefusedIntents:
		return &FatalError{"discord.mentions", "Discord refuses the intents that mentions and threads need. " +
			"Look at the intents on the page Bot of the developer portal, or set discord.mentions and discord.threads to false."}
	}
	return nil
}

// endsSession says whether a lost connection takes its session along.
func endsSession(err error) bool {
	var invalid invalidSession
	if errors.As(err, &invalid) {
		return !invalid.resumable
	}
	switch closeCode(err) {
	case closeNotIdentified, closeBadSequence, closeSessionTimedOut:
		return true
	}
	return false
}

// closeCode is the code with which Discord closed, 0 if it did not.
func closeCode(err error) int {
	var closed *websocket.CloseError
	if errors.As(err, &closed) {
		return closed.Code
	}
	return 0
}
