package prompts

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"strconv"

	"footnote/retrieval"
)

// maxEvent is how many bytes a line of a stream may have, and an event. It has
// room for a completion of maxText in one event.
const maxEvent = 512 << 10

// An event is one of a stream of server-sent events.
type event struct {
	kind string // "" unless the stream names it
	data []byte // good until the next event is read
	cut  bool   // the stream ended before the event did
}

// An eventReader reads a stream of server-sent events, as the HTML standard
// has them, within bounds of memory.
type eventReader struct {
	in      *bufio.Reader
	text    bytes.Buffer // of the line being read
	data    []byte       // of the event being read
	afterCR bool         // the last byte was a CR
	begun   bool         // a line was read
}

// next returns the next event that has data. Its error is io.EOF at the end,
// or that of the stream.
func (r *eventReader) next() (event, error) {
	e := event{data: r.data[:0]}
	for {
		line, err := r.line()
		if err != nil && err != io.EOF {
			return event{}, err
		}
		e.add(line)
		if len(e.data) > maxEvent {
			return event{}, modelFault(modelAddress, "sent an event that is too long", "check %s")
		}
		if len(line) > 0 && err == nil {
			continue
		}
		r.data, e.data = e.data, bytes.TrimSpace(e.data)
		if len(e.data) > 0 {
			e.cut = err != nil
			return e, nil
		}
		if err != nil {
			return event{}, err
		}
		e = event{data: r.data[:0]}
	}
}

// line returns the next line without its end, which is a LF, a CR or both. The
// last one comes with io.EOF, and may be empty.
func (r *eventReader) line() ([]byte, error) {
	r.text.Reset()
	for {
		c, err := r.in.ReadByte()
		if err != nil {
			return r.unmarked(), err
		}
		afterCR := r.afterCR
		r.afterCR = c == '\r'
		switch {
		case c == '\n' && afterCR: // the rest of the end before
			continue
		case c == '\n' || c == '\r':
			return r.unmarked(), nil
		case r.text.Len() == maxEvent:
			return nil, modelFault(modelAddress, "sent a line that is too long", "check %s")
		}
		r.text.WriteByte(c)
	}
}

// unmarked is the line just read; the first of a stream may begin with a byte
// order mark.
func (r *eventReader) unmarked() []byte {
	if r.begun {
		return r.text.Bytes()
	}
	r.begun = true
	return bytes.TrimPrefix(r.text.Bytes(), []byte("\ufeff"))
}

// add takes in a line of e. Comments have no field.
func (e *event) add(line []byte) {
	field, value, _ := bytes.Cut(line, []byte(":"))
	value = bytes.TrimPrefix(value, []byte(" "))
	switch string(field) {
	case "event":
		e.kind = string(value)
	case "error": // a field of older servers of llama.cpp
		e.kind = "error"
		fallthrough
	case "data":
		e.data = append(append(e.data, value...), '\n')
	}
}

// An eventBody is the body of a stream of which go-openai sees only what it
// reads rightly: each event a line of known JSON, and [DONE] as the end. What
// an endpoint says of an error is the error of Read, a
// *retrieval.EndpointError.
type eventBody struct {
	io.Closer

	events eventReader
	clean  bytes.Buffer // what go-openai has not read yet
	done   bool         // [DONE] came
}

func newEventBody(body io.ReadCloser) *eventBody {
	return &eventBody{Closer: body, events: eventReader{in: bufio.NewReader(body)}}
}

// Read waits for one event at most.
func (b *eventBody) Read(p []byte) (int, error) {
	if b.clean.Len() == 0 {
		if err := b.readEvent(); err != nil {
			return 0, err
		}
	}
	return b.clean.Read(p)
}

func (b *eventBody) readEvent() error {
	if b.done {
		return io.EOF
	}
	e, err := b.events.next()
	if err != nil {
		return err
	}
	if string(e.data) == "[DONE]" {
		b.done = true
		b.clean.WriteString("data: [DONE]\n\n")
		return nil
	}
	c, err := e.chunk()
	if err != nil {
		return err
	}
	b.clean.WriteString("data: ")
	out := json.NewEncoder(&b.clean)
	out.SetEscapeHTML(false) // which may make six bytes of one
	if err := out.Encode(c); err != nil {
		return err
	}
	b.clean.WriteByte('\n')
	return nil
}

// A chunk is what counts of an event.
type chunk struct {
	Choices [1]choice `json:"choices"`
	Usage   *count    `json:"usage,omitempty"`
}

// A choice is one of the alternatives that a model writes. It is asked for
// one, whose index is 0.
type choice struct {
	Index json.Number `json:"index"`
	Delta struct {
		Content string `json:"content,omitempty"`
		Refusal string `json:"refusal,omitempty"`
	} `json:"delta"`
	FinishReason string `json:"finish_reason,omitempty"`
}

type count struct {
	Prompt     tally `json:"prompt_tokens"`
	Completion tally `json:"completion_tokens"`
}

// chunk is what e holds, or the *retrieval.EndpointError that it means.
func (e event) chunk() (chunk, error) {
	var said struct {
		Choices [4]choice // any more take no memory
		Usage   *count
		Object  string
		Error   json.RawMessage
	}
	valid := bytes.ToValidUTF8(e.data, []byte("\ufffd")) // else each bad byte would become three
	err := json.Unmarshal(valid, &said)
	switch {
	case len(said.Error) > 0 && string(said.Error) != "null":
		return chunk{}, modelEndpoint().Stated(said.Error)
	case e.kind == "error" || said.Object == "error":
		return chunk{}, modelEndpoint().Stated(e.data)
	case err != nil && e.cut:
		return chunk{}, io.EOF
	case err != nil: // not itself: it may quote the reply
		return chunk{}, modelFault(modelAddress, "sent an event that is not understood", "check %s")
	}
	return chunk{[1]choice{first(said.Choices[:])}, said.Usage}, nil
}

// first is the one of all whose index is 0, without text beyond what is too
// much for a completion; or an empty one.
func first(all []choice) choice {
	for _, c := range all {
		if c.Index == "" || c.Index == "0" {
			c.Delta.Content = c.Delta.Content[:min(len(c.Delta.Content), maxText+1)]
			return c
		}
	}
	return choice{}
}

// A tally is a number of tokens, or -1 for what is none.
type tally int

// UnmarshalJSON takes anything, lest a bad count costs the text beside it.
func (t *tally) UnmarshalJSON(data []byte) error {
	n, err := strconv.Atoi(string(data))
	if err != nil {
		n = -1
	}
	*t = tally(n)
	return nil
}

// The settings that errors of a model's endpoint name.
const (
	modelAddress = "model.base_url"
	modelName    = "model.name"
	modelKey     = "model.api_key"
	modelTimeout = "model.timeout"

	modelMaxTokens = "model.max_tokens"
)

// modelFault is an error of the endpoint; do says what to do about setting, %s.
func modelFault(setting, what, do string) *retrieval.EndpointError {
	return &retrieval.EndpointError{Setting: setting, What: "the model endpoint " + what, Do: fmt.Sprintf(do, setting)}
}

// modelUnavailable is a modelFault that may be gone the next time.
func modelUnavailable(setting, what, do string) *retrieval.EndpointError {
	fault := modelFault(setting, what, do)
	fault.Err = retrieval.ErrUnavailable
	return fault
}

func modelTooSlow() *retrieval.EndpointError {
	return modelUnavailable(modelTimeout, "did not answer in time", "try again later, or raise %s")
}
