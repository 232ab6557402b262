package main

import (
	"fmt"
	"net"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// A rule is what a setting must satisfy. The sentence "KEY must MUST" is shown
// to whoever broke it, so it says how to put it right.
type rule struct {
	key  string
	ok   bool
	must string
}

// leastPrompt is how many tokens of the model's context must be left beside its
// completion.
const leastPrompt = 512

// rules are the rules of c, in the order of its settings.
func (c config) rules() []rule {
	rules := []rule{
		{"embeddings.provider", oneOf(c.Embeddings.Provider, "builtin", "none", "local", "openai"), `be "builtin", "none", "local" or "openai"`},
		{"embeddings.path", c.Embeddings.Provider != "local" || c.Embeddings.Path != "", `name a model's folder, zip or wheel, or an installed one (see: footnote model list), because embeddings.provider is "local"`},
		{"embeddings.base_url", isEndpoint(c.Embeddings.BaseURL), `be an http or https address that ends in /v1`},
		{"embeddings.model", c.Embeddings.Provider != "openai" || c.Embeddings.Model != "", `name the endpoint's model, because embeddings.provider is "openai"`},
		{"embeddings.dimensions", within(c.Embeddings.Dimensions, 0, 8192), "be 0 to 8192, where 0 is the model's own size"},
		{"embeddings.api_key", isToken(c.Embeddings.APIKey), "have no blanks, quotes or line breaks"},
		{"embeddings.timeout", isTimeout(c.Embeddings.Timeout), `be "1s" to "10m"`},
		{"model.provider", oneOf(c.Model.Provider, "none", "openai"), `be "none" or "openai"`},
		{"model.base_url", isEndpoint(c.Model.BaseURL), `be an http or https address that ends in /v1`},
		{"model.name", c.Model.Provider != "openai" || c.Model.Name != "", `name the endpoint's model, because model.provider is "openai"`},
		{"model.api_key", isToken(c.Model.APIKey), "have no blanks, quotes or line breaks"},
		{"model.temperature", c.Model.Temperature >= 0 && c.Model.Temperature <= 2, "be 0 to 2"},
		{"model.context", c.Model.Provider != "openai" || c.Model.Context >= c.Model.MaxTokens+leastPrompt, "be model.max_tokens and " + strconv.Itoa(leastPrompt) + " or more, so that there is room for the sources"},
		{"model.max_tokens", within(c.Model.MaxTokens, 1, 1_000_000), "be 1 to 1000000"},
		{"model.timeout", isTimeout(c.Model.Timeout), `be "1s" to "10m"`},
		{"model.daily_tokens", c.Model.DailyTokens >= 0, "be 0 or more, where 0 is no limit"},
		{"discord.token", isToken(c.Discord.Token), `be the bare token: no blanks, quotes or line breaks, and no "Bot " before it`},
		{"discord.api_url", isWebURL(c.Discord.APIURL), "be an http or https address"},
		{"discord.guild", c.Discord.Guild == "" || isSnowflake(c.Discord.Guild), "be the guild's id, digits only"},
		{"discord.channels", all(c.Discord.Channels, isSnowflake), "be a list of channel ids, digits only"},
		{"discord.roles", all(c.Discord.Roles, isSnowflake), "be a list of role ids, digits only"},
		{"discord.admins", all(c.Discord.Admins, isSnowflake), "be a list of user ids, digits only"},
		{"limits.user_per_minute", within(c.Limits.UserPerMinute, 1, 1000), "be 1 to 1000"},
		{"limits.guild_per_minute", within(c.Limits.GuildPerMinute, 1, 10_000), "be 1 to 10000"},
		{"limits.workers", within(c.Limits.Workers, 1, 256), "be 1 to 256"},
		{"limits.queue", within(c.Limits.Queue, 0, 10_000), "be 0 to 10000"},
		{"log.level", oneOf(c.Log.Level, "debug", "info", "warn", "error"), `be "debug", "info", "warn" or "error"`},
		{"log.format", oneOf(c.Log.Format, "text", "json"), `be "text" or "json"`},
		{"metrics.listen", c.Metrics.Listen == "" || isListen(c.Metrics.Listen), `be an address such as "127.0.0.1:9090"`},
	}
	for i, f := range c.Feeds {
		rules = append(rules,
			rule{fmt.Sprintf("feeds[%d].url", i), isWebURL(f.URL), "be the http or https address of a feed"},
			rule{fmt.Sprintf("feeds[%d].every", i), f.Every.Duration == 0 || f.Every.Duration >= time.Minute, `be "1m" or more`},
			rule{fmt.Sprintf("feeds[%d].keep", i), f.Keep.Duration >= 0, `be a time such as "90d"`})
	}
	for i, f := range c.Folders {
		rules = append(rules, rule{fmt.Sprintf("folders[%d].path", i), f.Path != "", "name a folder"})
	}
	return rules
}

func oneOf(value string, allowed ...string) bool { return slices.Contains(allowed, value) }

func within(value, low, high int) bool { return low <= value && value <= high }

func isTimeout(d duration) bool {
	return time.Second <= d.Duration && d.Duration <= 10*time.Minute
}

func all(values []string, ok func(string) bool) bool {
	return !slices.ContainsFunc(values, func(v string) bool { return !ok(v) })
}

func isToken(s secret) bool {
	return !strings.ContainsFunc(s.value, func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == '"' || r == '\''
	})
}

func isSnowflake(s string) bool {
	_, err := strconv.ParseUint(s, 10, 64)
	return err == nil
}

func isWebURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != ""
}

func isEndpoint(s string) bool {
	return isWebURL(s) && strings.HasSuffix(strings.TrimRight(s, "/"), "/v1")
}

func isListen(s string) bool {
	_, port, err := net.SplitHostPort(s)
	if err != nil {
		return false
	}
	_, err = strconv.ParseUint(port, 10, 16)
	return err == nil
}
