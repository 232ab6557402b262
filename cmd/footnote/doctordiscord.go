package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"footnote/bot/discord"
)

// discordPatience is how long doctor waits for Discord.
const discordPatience = 15 * time.Second

// examineDiscord asks Discord who the bot is, and says how to invite it. No
// session is spent on it. refused says that the token was.
func (a *app) examineDiscord(ctx context.Context, s *settings) (f finding, refused bool) {
	if s.Discord.Token.reveal() == "" {
		return finding{"discord", statusNote, "no token, so there is no bot; all else works without", makeToken}, false
	}
	if err := s.checkDiscord(); err != nil {
		return finding{"discord", statusNote, err.Error() + "; the bot does not start with it", "correct it, then run: footnote doctor"}, false
	}
	ctx, cancel := context.WithTimeout(ctx, discordPatience)
	defer cancel()
	e, err := discord.Examine(ctx, discord.Options{Token: s.Discord.Token.reveal(), APIURL: s.Discord.apiURL(), Version: moduleVersion(), Log: a.log, Now: a.now})
	if fatal, ok := errors.AsType[*discord.FatalError](err); ok {
		return finding{"discord", statusBroken, fatal.Error(), "correct " + fatal.Setting}, true
	}
	if err != nil {
		return finding{"discord", statusBroken, "Discord does not answer: " + err.Error(), "check the network, and discord.api_url if it is set"}, false
	}
	f = finding{"discord", statusOK, fmt.Sprintf("%s, %s; %s left today of %s", oneLine(e.Name),
		count(e.Shards, "shard"), count(e.Remaining, "start"), grouped(e.Total)), "invite it with: " + e.Invite}
	if e.Remaining < 10 {
		f.Status = statusNote
	}
	return f, false
}

// apiURL is where calls go, without a slash at its end.
func (d discordConfig) apiURL() string { return strings.TrimRight(d.APIURL, "/") }
