package discord

import "strings"

// A route is what Discord counts calls by.
type route struct {
	template string // the method and the path, without what stands for one thing alone
	major    string // the channel, server, or webhook whose calls are counted apart
	channel  string // the major, if it is a channel
	exempt   bool   // carries its own token: neither the bot's token nor the bot's overall limit matter
}

// routeOf is the route of a path below the API's address.
func routeOf(method, path string) route {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	r := route{exempt: parts[0] == "interactions" || parts[0] == "webhooks"}
	majors := map[string]int{"channels": 2, "guilds": 2, "webhooks": 3, "interactions": 3}[parts[0]]
	if majors = min(majors, len(parts)); majors > 0 {
		r.major = strings.Join(parts[:majors], "/")
	}
	if parts[0] == "channels" && len(parts) > 1 {
		r.channel = parts[1]
	}
	for i := range parts {
		if r.exempt && i == 2 || i > 0 && parts[i-1] == "reactions" || isSnowflakeLike(parts[i]) {
			parts[i] = "*"
		}
	}
	r.template = method + " /" + strings.Join(parts, "/")
	return r
}

// key names a route's calls about one thing.
func (r route) key() string { return r.template + " " + r.major }

// isSnowflakeLike says whether s is made of digits alone, as ids are.
func isSnowflakeLike(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
