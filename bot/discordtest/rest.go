package discordtest

import (
	"net/http"
	"strings"
)

// An operation is a call that the server knows, by its path in Discord's file.
type operation struct {
	method   string
	template string
	do       func(s *Server, c call) result // s.mu is held
}

// A call is what an operation works on.
type call struct {
	request *http.Request
	path    map[string]string // by the names in the template
	body    []byte
}

// operations are all that the server knows; what comes first matches first.
func operations() []operation {
	return []operation{
		{http.MethodGet, "/gateway/bot", (*Server).gatewayBot},
		{http.MethodGet, "/users/@me", (*Server).me},
		{http.MethodGet, "/applications/@me", (*Server).application},
		{http.MethodPost, "/users/@me/channels", (*Server).openDirect},
		{http.MethodPost, "/interactions/{interaction_id}/{interaction_token}/callback", (*Server).callback},
		{http.MethodPost, "/webhooks/{webhook_id}/{webhook_token}", (*Server).followUp},
		{http.MethodGet, "/webhooks/{webhook_id}/{webhook_token}/messages/@original", reading((*Server).reply)},
		{http.MethodPatch, "/webhooks/{webhook_id}/{webhook_token}/messages/@original", editing((*Server).reply)},
		{http.MethodDelete, "/webhooks/{webhook_id}/{webhook_token}/messages/@original", deleting((*Server).reply)},
		{http.MethodGet, "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", reading((*Server).reply)},
		{http.MethodPatch, "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", editing((*Server).reply)},
		{http.MethodDelete, "/webhooks/{webhook_id}/{webhook_token}/messages/{message_id}", deleting((*Server).reply)},
		{http.MethodGet, "/guilds/{guild_id}", (*Server).getGuild},
		{http.MethodGet, "/channels/{channel_id}", (*Server).getChannel},
		{http.MethodPost, "/channels/{channel_id}/typing", (*Server).showTyping},
		{http.MethodGet, "/channels/{channel_id}/messages", (*Server).history},
		{http.MethodPost, "/channels/{channel_id}/messages", (*Server).createMessage},
		{http.MethodGet, "/channels/{channel_id}/messages/{message_id}", reading((*Server).own)},
		{http.MethodPatch, "/channels/{channel_id}/messages/{message_id}", editing((*Server).own)},
		{http.MethodDelete, "/channels/{channel_id}/messages/{message_id}", deleting((*Server).own)},
		{http.MethodPut, "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me", (*Server).react},
		{http.MethodPost, "/channels/{channel_id}/messages/{message_id}/threads", (*Server).startThread},
		{http.MethodGet, "/applications/{application_id}/commands", (*Server).listCommands},
		{http.MethodPut, "/applications/{application_id}/commands", (*Server).setCommands},
		{http.MethodGet, "/applications/{application_id}/guilds/{guild_id}/commands", (*Server).listCommands},
		{http.MethodPut, "/applications/{application_id}/guilds/{guild_id}/commands", (*Server).setCommands},
	}
}

// find is the operation of a method and a path, and the names in the path.
func find(method, path string) (operation, map[string]string, bool) {
	for _, o := range operations() {
		if o.method != method {
			continue
		}
		if names, ok := match(o.template, path); ok {
			return o, names, true
		}
	}
	return operation{}, nil, false
}

func match(template, path string) (map[string]string, bool) {
	want, have := strings.Split(template, "/"), strings.Split(path, "/")
	if len(want) != len(have) {
		return nil, false
	}
	names := make(map[string]string)
	for i, segment := range want {
		if name, ok := strings.CutPrefix(segment, "{"); ok && have[i] != "" {
			names[strings.TrimSuffix(name, "}")] = have[i]
		} else if segment != have[i] {
			return nil, false
		}
	}
	return names, true
}

func (s *Server) route(r *http.Request, body []byte) result {
	o, names, ok := find(r.Method, r.URL.Path)
	if !ok {
		return refusal(http.StatusNotFound, 0, "404: Not Found")
	}
	return o.do(s, call{r, names, body})
}
