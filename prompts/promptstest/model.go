// Package promptstest has a language model for tests: an OpenAI-compatible
// endpoint on loopback that does as it is told, misbehaviour included.
package promptstest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
)

// Name is what the endpoint calls its model. It answers for any other name too.
const Name = "test-model"

// A Turn is how the endpoint answers one request.
type Turn func(w http.ResponseWriter, r *http.Request)

// A Request is what the endpoint was asked to complete.
type Request struct {
	Model          string
	Messages       []Message
	MaxTokens      int             `json:"max_tokens"`
	Temperature    float64         `json:"temperature"`
	Stream         bool            `json:"stream"`
	ResponseFormat json.RawMessage `json:"response_format"` // nil if there is none
	Authorization  string          `json:"-"`               // the header
	Body           string          `json:"-"`               // all of it, as it was sent
}

// A Message is one of a Request.
type Message struct{ Role, Content string }

// A Model is the endpoint. It is safe for use by several goroutines.
type Model struct {
	t      testing.TB
	server *httptest.Server
	turns  []Turn

	mu       sync.Mutex
	requests []Request
}

// NewModel starts an endpoint that answers by turns, the last of them again
// and again, until the test ends. Without turns it writes nothing.
func NewModel(t testing.TB, turns ...Turn) *Model {
	t.Helper()
	if len(turns) == 0 {
		turns = []Turn{Says("")}
	}
	m := &Model{t: t, turns: turns}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /v1/models", listModels)
	mux.HandleFunc("POST /v1/chat/completions", m.complete)
	m.server = httptest.NewServer(mux)
	t.Cleanup(func() {
		m.server.CloseClientConnections()
		m.server.Close()
	})
	return m
}

// URL is the address that base_url takes; it ends in /v1.
func (m *Model) URL() string { return m.server.URL + "/v1" }

// Requests are what the endpoint was asked to complete so far.
func (m *Model) Requests() []Request {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.requests)
}

func listModels(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"object":"list","data":[{"id":%q,"object":"model"}]}`, Name)
}

func (m *Model) complete(w http.ResponseWriter, r *http.Request) {
	// Read to its end, for only then does r's context tell that the client left.
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client left
	}
	asked := Request{Authorization: r.Header.Get("Authorization"), Body: string(body)}
	if err := json.Unmarshal(body, &asked); err != nil {
		m.t.Errorf("the endpoint was sent what is no request: %v", err)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	m.next(asked)(w, r)
}

// next notes what was asked, and returns the turn to answer it by.
func (m *Model) next(asked Request) Turn {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.requests = append(m.requests, asked)
	return m.turns[min(len(m.requests), len(m.turns))-1]
}
