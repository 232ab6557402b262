package discord

import "time"

// unusableTime is how long a channel that cannot be used is left alone: its
// rights may be changed, but not by asking again.
const unusableTime = 10 * time.Minute

// unusableKey is what an answer says is of no use: a channel, or a kind of call
// in it; "" if it says nothing of the kind.
func unusableKey(r route, code int) string {
	switch code {
	case codeMissingAccess, codeUnknownChannel:
		return r.channel
	case codeMissingPermissions, codeClosedDirect:
		return r.channel + " " + r.template
	}
	return ""
}

// unusableBy is why a call would be refused as one before it; nil if nothing
// is known.
func (l *limits) unusableBy(r route, now time.Time) error {
	for _, key := range []string{r.channel, r.channel + " " + r.template} {
		if err, left := l.unusable.get(key, now); left > 0 {
			return err
		}
	}
	return nil
}

// noteUnusable remembers that an answer says that a channel cannot be used.
func (l *limits) noteUnusable(r route, a *answer, now time.Time) {
	if key := unusableKey(r, a.code); r.channel != "" && key != "" {
		l.unusable.put(key, a.err(), now.Add(l.timing.of(unusableTime)), now)
	}
}
