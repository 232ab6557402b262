package retrieval

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// maxComplaint is how many bytes of an error's body are read.
const maxComplaint = 64 << 10

// mostTokens is more than any context has.
const mostTokens = 1 << 30

// A complaint is what an error's body says. Nothing of it may be shown: it may
// quote the key, or the request.
type complaint struct {
	stated     bool   // it is an error in OpenAI's form, so an endpoint of that kind wrote it
	code, kind string // such as "model_not_found", "invalid_request_error"
	number     int    // a code that is a number: an HTTP status; 0 if there is none
	message    string // in lower case; all of a body that is no JSON
	context    int    // tokens that the model's context has; 0 if that is not said
}

// readComplaint reads an error's body up to maxComplaint. The error is an
// object in most, a string in LM Studio's, and all of the body in vLLM's of
// old.
func readComplaint(body io.Reader) complaint {
	text, _ := io.ReadAll(io.LimitReader(body, maxComplaint)) // what came of it must do
	var reply map[string]any
	if err := json.NewDecoder(bytes.NewReader(text)).Decode(&reply); err != nil {
		return complaint{message: strings.ToLower(string(text))}
	}
	fields, stated := reply["error"].(map[string]any)
	if !stated {
		fields = reply
	}
	message, ok := reply["error"].(string)
	if !ok {
		message, _ = fields["message"].(string)
	}
	c := complaint{stated: stated, message: strings.ToLower(message)}
	c.code, _ = fields["code"].(string)
	c.kind, _ = fields["type"].(string)
	c.number = count(fields["code"])
	if c.context = count(fields["n_ctx"]); c.context == 0 {
		c.context = contextIn(c.message)
	}
	return c
}

// Stated is the error that an endpoint states within a reply, in the JSON of
// the key "error".
func (e Endpoint) Stated(stated []byte) *EndpointError {
	t := &endpointTransport{Endpoint: e}
	c := readComplaint(io.MultiReader(strings.NewReader(`{"error":`), bytes.NewReader(stated), strings.NewReader("}")))
	if status := c.status(); status != 0 {
		return t.stated(status, c, http.Header{})
	}
	return lasting(t.fault(t.setting("base_url"), "reported an error in the middle of a reply", "try again later, or check %s"))
}

// count is a number of JSON that counts something, or 0.
func count(value any) int {
	if n, ok := value.(float64); ok && n >= 1 && n < mostTokens {
		return int(n)
	}
	return 0
}

// contextIn is how many tokens a message says that the model's context has, as
// in "maximum context length is 8192 tokens", or 0.
func contextIn(message string) int {
	said := regexp.MustCompile(`context (?:length|size|window)(?: is| of| of only)? \(?([0-9]+)`).FindStringSubmatch(message)
	if said == nil {
		return 0
	}
	if n, err := strconv.Atoi(said[1]); err == nil && n < mostTokens {
		return n
	}
	return 0
}

// is reports whether the complaint's code or type is one of words.
func (c complaint) is(words ...string) bool {
	return slices.Contains(words, c.code) || slices.Contains(words, c.kind)
}

// tooLong reports whether the request was longer than the model's context,
// given the status it was refused with. Few endpoints have a code for that.
// llama.cpp calls it a fault of its own, and names the batch for embeddings.
func (c complaint) tooLong(status int) bool {
	if c.is("context_length_exceeded", "exceed_context_size_error", "context_exceeded") {
		return true
	}
	if !refusesText(status) && status != http.StatusInternalServerError {
		return false
	}
	return slices.ContainsFunc([]string{"context length", "context size", "context window", "too large to process"},
		func(words string) bool { return strings.Contains(c.message, words) })
}

// wantsHTTPS reports whether a server said that it was spoken to in http where
// it speaks https, as those of Go, nginx and Apache do.
func (c complaint) wantsHTTPS() bool {
	return strings.Contains(c.message, "plain http") || strings.Contains(c.message, "http request to an https server")
}

// status is the HTTP status that an error stands for which came with status
// 200, or 0 if that is not known.
func (c complaint) status() int {
	switch {
	case !c.stated:
		return 0
	case c.number >= 400 && c.number < 600:
		return c.number
	case c.is("insufficient_quota", "rate_limit_exceeded", "rate_limit_error"):
		return http.StatusTooManyRequests
	case c.is("model_not_found"):
		return http.StatusNotFound
	case c.is("invalid_api_key"):
		return http.StatusUnauthorized
	case c.tooLong(http.StatusBadRequest):
		return http.StatusBadRequest
	}
	return 0
}

// refusesText reports whether a status may be due to what was sent.
func refusesText(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusRequestEntityTooLarge, http.StatusUnprocessableEntity:
		return true
	}
	return false
}
