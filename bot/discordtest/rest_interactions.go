package discordtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// Types of callbacks.
const (
	showMessage = 4
	deferReply  = 5
	deferUpdate = 6
	updateIt    = 7
	offerThese  = 8
	openForm    = 9
)

// takes says whether an interaction can be answered with a type of callback.
func (x *Exchange) takes(callback int) bool {
	switch callback {
	case showMessage, deferReply:
		return x.kind != typesOption
	case deferUpdate, updateIt:
		return x.source != nil
	case offerThese:
		return x.kind == typesOption
	case openForm:
		return x.kind == usedCommand || x.kind == usedButton
	}
	return false
}

// callback answers an interaction: once, and within 3 s.
func (s *Server) callback(c call) result {
	x := s.world.interactions[c.path["interaction_token"]]
	if x == nil || x.ID != c.path["interaction_id"] || x.answered.IsZero() && time.Since(x.began) > s.scaled(timeToAnswer) {
		return refusal(http.StatusNotFound, unknownInteraction, "Unknown interaction")
	}
	if !x.answered.IsZero() {
		return refusal(http.StatusBadRequest, alreadyAnswered, "Interaction has already been acknowledged.")
	}
	var b struct {
		Type int             `json:"type"`
		Data json.RawMessage `json:"data"`
	}
	if json.Unmarshal(c.body, &b) != nil || !x.takes(b.Type) {
		return malformed()
	}
	if b.Data == nil {
		b.Data = json.RawMessage("{}")
	}
	reply := s.acknowledge(x, b.Type, b.Data)
	if reply.status >= http.StatusBadRequest {
		return reply
	}
	x.callback, x.answered = b.Type, time.Now()
	if c.request.URL.Query().Get("with_response") == "true" {
		reply.status, reply.body = http.StatusOK, s.callbackResponse(x)
	}
	return reply
}

// acknowledge does what a callback says.
func (s *Server) acknowledge(x *Exchange, callback int, data json.RawMessage) result {
	var b messageBody
	if json.Unmarshal(data, &b) != nil {
		return malformed()
	}
	done := result{status: http.StatusNoContent}
	switch callback {
	case showMessage, deferReply:
		x.original = s.post(x.channel, b)
		x.original.Thinking = callback == deferReply
		if !x.original.Private {
			done.events = []dispatch{s.created(x.original)}
		}
	case deferUpdate:
		x.original = x.source
	case updateIt:
		x.original = x.source
		x.original.write(b)
		x.original.Edits++
	case offerThese:
		if !x.offer(data) {
			return malformed()
		}
	case openForm:
		if !x.open(data) {
			return malformed()
		}
	}
	return done
}

func (s *Server) callbackResponse(x *Exchange) any {
	resource := map[string]any{"type": x.callback}
	if x.original != nil {
		resource["message"] = s.wire(x.original)
	}
	return map[string]any{"interaction": map[string]any{"id": x.ID, "type": x.kind}, "resource": resource}
}

// exchange is the interaction whose token a path holds, or why it is of no
// use.
func (s *Server) exchange(c call) (*Exchange, result, bool) {
	x := s.world.interactions[c.path["webhook_token"]]
	switch {
	case x == nil || c.path["webhook_id"] != s.AppID || x.answered.IsZero():
		return nil, refusal(http.StatusNotFound, unknownWebhook, "Unknown Webhook"), false
	case x.expired || time.Since(x.began) > s.scaled(tokenLife):
		return nil, refusal(http.StatusUnauthorized, webhookExpired, "Invalid Webhook Token"), false
	}
	return x, result{}, true
}

// reply is the message of an interaction that a path names.
func (s *Server) reply(c call) (*Message, result, bool) {
	x, why, ok := s.exchange(c)
	if !ok {
		return nil, why, false
	}
	m := x.original
	if id, named := c.path["message_id"]; named {
		m = s.world.messages[id]
		if m != x.original && !slices.Contains(x.more, m) {
			return nil, noMessage(), false
		}
	}
	if m == nil || m.deleted {
		return nil, noMessage(), false
	}
	return m, result{}, true
}

func (s *Server) followUp(c call) result {
	x, why, ok := s.exchange(c)
	if !ok {
		return why
	}
	var b messageBody
	if json.Unmarshal(c.body, &b) != nil {
		return malformed()
	}
	m := s.post(x.channel, b)
	x.more = append(x.more, m)
	done := result{status: http.StatusOK, body: s.wire(m)}
	if !m.Private {
		done.events = []dispatch{s.created(m)}
	}
	return done
}
