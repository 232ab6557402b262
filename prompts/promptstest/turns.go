package promptstest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// Done is the event that ends a stream.
const Done = "data: [DONE]\n\n"

// Delta is the event for a piece of text.
func Delta(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err) // a string always has a form in JSON
	}
	return event(`[{"index":0,"delta":{"content":` + string(quoted) + `},"finish_reason":null}]`)
}

// Finish is the event that says how the text ended.
func Finish(reason string) string {
	return event(fmt.Sprintf(`[{"index":0,"delta":{},"finish_reason":%q}]`, reason))
}

// Usage is the event that counts tokens.
func Usage(prompt, completion int) string {
	return fmt.Sprintf("data: {\"choices\":[],\"usage\":{\"prompt_tokens\":%d,\"completion_tokens\":%d,\"total_tokens\":%d}}\n\n",
		prompt, completion, prompt+completion)
}

func event(choices string) string {
	return fmt.Sprintf("data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":%q,\"choices\":%s}\n\n", Name, choices)
}

// Stream is the good stream of a text in small pieces that ends as finish
// says, with a count of 100 tokens and as many as there are pieces.
func Stream(text, finish string) string {
	var s strings.Builder
	s.WriteString(event(`[{"index":0,"delta":{"role":"assistant","content":null},"finish_reason":null}]`))
	all := pieces(text)
	for _, piece := range all {
		s.WriteString(Delta(piece))
	}
	s.WriteString(Finish(finish))
	s.WriteString(Usage(100, len(all)))
	s.WriteString(Done)
	return s.String()
}

// pieces are runs of four runes, as tokens have no heed for words.
func pieces(text string) []string {
	var all []string
	runes := []rune(text)
	for len(runes) > 0 {
		n := min(4, len(runes))
		all, runes = append(all, string(runes[:n])), runes[n:]
	}
	return all
}

// Says is a turn of a model that writes a text and stops.
func Says(text string) Turn { return SaysThen(text, "stop") }

// SaysThen is a turn of a model that writes a text and ends for a reason, such
// as "length".
func SaysThen(text, finish string) Turn { return Bytes(Stream(text, finish)) }

// Cut is a turn whose stream of a text ends after n bytes, as if that were all.
func Cut(text string, n int) Turn { return Bytes(Stream(text, "stop")[:n]) }

// Breaks is a turn that breaks the connection off.
func Breaks(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

// Stalls is a turn that does nothing until the client leaves.
func Stalls(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }

// Bytes is a turn that sends the bytes of a stream at once.
func Bytes(stream string) Turn {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, stream) // the client may have left
		w.(http.Flusher).Flush()
	}
}

// Then is a turn made of others, one after the other: Then(Bytes(Delta("a")),
// Stalls) begins to write and falls silent.
func Then(turns ...Turn) Turn {
	return func(w http.ResponseWriter, r *http.Request) {
		for _, turn := range turns {
			turn(w, r)
		}
	}
}

// Refuses is a turn that answers with a status and a body of JSON. Headers are
// names and values by turns.
func Refuses(status int, body string, headers ...string) Turn {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for i := 0; i < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

// Page is a turn that answers with a web page.
func Page(html string) Turn {
	return Refuses(http.StatusOK, html, "Content-Type", "text/html; charset=utf-8")
}

// RefusesSchema is a turn that refuses a request with a response_format, and
// answers another as next does.
func RefusesSchema(next Turn) Turn {
	refuse := Refuses(http.StatusBadRequest, `{"error":{"message":"response_format is not supported","type":"invalid_request_error"}}`)
	return func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			Format json.RawMessage `json:"response_format"`
		}
		if err := json.NewDecoder(r.Body).Decode(&asked); err != nil || asked.Format != nil {
			refuse(w, r)
			return
		}
		next(w, r)
	}
}
