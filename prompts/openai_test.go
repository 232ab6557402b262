package prompts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"go.uber.org/goleak"

	"footnote/prompts/promptstest"
	"footnote/retrieval"
)

const canary = "sk-canary-4711"

// newModel starts an endpoint that answers by turns, and a completer for it.
// All of both is gone when the test ends.
func newModel(t testing.TB, o OpenAIOptions, turns ...promptstest.Turn) (*OpenAICompleter, *promptstest.Model) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	m := promptstest.NewModel(t, turns...)
	o.BaseURL, o.Key = m.URL(), canary
	if o.Model == "" {
		o.Model = promptstest.Name
	}
	c, err := NewOpenAICompleter(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	})
	return c, m
}

// A wire is a http.RoundTripper whose reply is the stream that it writes, until
// it returns, as it does soon after ctx, the request's, ends.
type wire func(ctx context.Context, w io.Writer) error

func (f wire) RoundTrip(r *http.Request) (*http.Response, error) {
	out, in := io.Pipe()
	context.AfterFunc(r.Context(), func() { in.CloseWithError(r.Context().Err()) })
	go func() { in.CloseWithError(f(r.Context(), in)) }()
	return &http.Response{StatusCode: http.StatusOK, Body: out, Request: r}, nil
}

// sends is a wire that writes streams, and ends as err says.
func sends(err error, streams ...string) wire {
	return func(_ context.Context, w io.Writer) error {
		for _, s := range streams {
			if _, err := io.WriteString(w, s); err != nil {
				return err
			}
		}
		return err
	}
}

func (f wire) completer(t testing.TB, timeout time.Duration) *OpenAICompleter {
	t.Helper()
	o, err := OpenAIOptions{BaseURL: "http://endpoint.test/v1", Model: "m", Key: canary, Timeout: timeout}.checked()
	if err != nil {
		t.Fatal(err)
	}
	return newOpenAICompleter(o, &http.Client{Transport: f})
}

func schemaRequest() Request {
	return Request{
		System: "the system message", User: "the user message", MaxTokens: 50_000,
		Schema: Schema{Name: "reply", JSON: json.RawMessage(`{"type":"object"}`), Words: "the schema in words"},
	}
}

// complete has c complete a request with a schema, and checks what holds of
// every completion.
func complete(t testing.TB, c Completer) (Completion, error) {
	t.Helper()
	var emitted strings.Builder
	got, err := c.Complete(context.Background(), schemaRequest(), func(delta string) { emitted.WriteString(delta) })
	if got.Text != emitted.String() {
		t.Errorf("the text is %q, but %q was emitted", got.Text, emitted.String())
	}
	if !utf8.ValidString(got.Text) || strings.Contains(got.Text, "\x00") || len(got.Text) > maxText {
		t.Errorf("the text is not fit: %d bytes, %.99q", len(got.Text), got.Text)
	}
	if err != nil && got.Finish != Broken {
		t.Errorf("finish %d beside the error %v", got.Finish, err)
	}
	if got.Usage.PromptTokens < 0 || got.Usage.CompletionTokens < 0 {
		t.Errorf("usage %+v", got.Usage)
	}
	if err != nil && strings.Contains(err.Error(), canary) {
		t.Errorf("the error holds the key: %v", err)
	}
	return got, err
}

// checkFault checks that err names a setting; with "" that there is no error.
func checkFault(t testing.TB, err error, setting string, unavailable bool) {
	t.Helper()
	if setting == "" {
		if err != nil {
			t.Errorf("got error %v", err)
		}
		return
	}
	fault, ok := errors.AsType[*retrieval.EndpointError](err)
	if !ok || fault.Setting != setting || !strings.Contains(err.Error(), setting) {
		t.Errorf("got error %v, want one that names %s", err, setting)
	}
	if errors.Is(err, retrieval.ErrUnavailable) != unavailable {
		t.Errorf("unavailable: %v; %v", !unavailable, err)
	}
}

func TestModelUsage(t *testing.T) {
	estimate := Usage{schemaRequest().tokens(), countTokens("text")}
	tests := []struct {
		name, usage string
		want        Usage
	}{
		{"counted", `{"prompt_tokens":100,"completion_tokens":7}`, Usage{100, 7}},
		{"not counted", `null`, estimate},
		{"not counted as 0", `{"prompt_tokens":0,"completion_tokens":0}`, estimate},
		{"negative", `{"prompt_tokens":-1,"completion_tokens":-9}`, estimate},
		{"huge", `{"prompt_tokens":1000001,"completion_tokens":9223372036854775807}`, estimate},
		{"beyond all numbers", `{"prompt_tokens":1e999,"completion_tokens":99999999999999999999}`, estimate},
		{"no numbers", `{"prompt_tokens":"1","completion_tokens":[]}`, estimate},
		{"large, but not absurd", `{"prompt_tokens":1000000,"completion_tokens":7}`, Usage{1_000_000, 7}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			stream := promptstest.Delta("text") + promptstest.Finish("stop") + `data: {"choices":[],"usage":` + tt.usage + "}\n\n" + promptstest.Done
			got, err := complete(t, sends(nil, stream).completer(t, 0))
			if got.Usage != tt.want || err != nil {
				t.Errorf("got %+v, %v, want %+v", got.Usage, err, tt.want)
			}
		})
	}
}

func TestModelUsageBesideAnError(t *testing.T) {
	read := schemaRequest().tokens()
	tests := []struct {
		name string
		turn promptstest.Turn
		want Usage
	}{
		{"nothing, if it refused", promptstest.Refuses(401, ""), Usage{}},
		{"the prompt, if it was silent", promptstest.Stalls, Usage{read, 0}},
		{"and what came", promptstest.Then(promptstest.Bytes(promptstest.Delta("half")), promptstest.Breaks), Usage{read, countTokens("half")}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, _ := newModel(t, OpenAIOptions{Timeout: 300 * time.Millisecond}, tt.turn)
			if got, err := complete(t, c); got.Usage != tt.want || err == nil {
				t.Errorf("got %+v, %v, want %+v", got.Usage, err, tt.want)
			}
		})
	}
}

func TestRequestToModel(t *testing.T) {
	tests := []struct {
		name    string
		options OpenAIOptions
		want    string
	}{
		{"with a schema", OpenAIOptions{Temperature: .5}, `{"model":"test-model","messages":[{"role":"system","content":"the system message"},{"role":"user","content":"the user message"}],` +
			`"max_tokens":50000,"temperature":0.5,"stream":true,"response_format":{"type":"json_schema","json_schema":{"name":"reply","schema":{"type":"object"},"strict":true}},"stream_options":{"include_usage":true}}`},
		{"with a schema in words", OpenAIOptions{Temperature: 1, SchemaRefused: true}, `{"model":"test-model","messages":[{"role":"system","content":"the system message\n\nthe schema in words"},{"role":"user","content":"the user message"}],` +
			`"max_tokens":50000,"temperature":1,"stream":true,"stream_options":{"include_usage":true}}`},
		{"of temperature 0", OpenAIOptions{SchemaRefused: true}, `{"model":"test-model","messages":[{"role":"system","content":"the system message\n\nthe schema in words"},{"role":"user","content":"the user message"}],` +
			`"max_tokens":50000,"temperature":0.0001,"stream":true,"stream_options":{"include_usage":true}}`},
		{"that reasons", OpenAIOptions{Model: "gpt-5-mini", SchemaRefused: true}, `{"model":"gpt-5-mini","messages":[{"role":"system","content":"the system message\n\nthe schema in words"},{"role":"user","content":"the user message"}],` +
			`"max_completion_tokens":50000,"stream":true,"stream_options":{"include_usage":true}}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c, m := newModel(t, tt.options, promptstest.Says("text"))
			if _, err := complete(t, c); err != nil {
				t.Fatal(err)
			}
			if got := m.Requests()[0]; got.Body != tt.want || got.Authorization != "Bearer "+canary {
				t.Errorf("sent %s with %q, want %s", got.Body, got.Authorization, tt.want)
			}
		})
	}
}

func TestRefusedSchemaIsSaidInWords(t *testing.T) {
	var told atomic.Int32
	c, m := newModel(t, OpenAIOptions{OnSchemaRefused: func() { told.Add(1) }}, promptstest.RefusesSchema(promptstest.Says("text")))
	for range 3 {
		if got, err := complete(t, c); got.Text != "text" || got.Finish != Whole || err != nil {
			t.Errorf("got %+v, %v", got, err)
		}
	}
	if told.Load() != 1 || len(m.Requests()) != 4 {
		t.Errorf("told %d times, after %d requests", told.Load(), len(m.Requests()))
	}
}

func TestSchemaThatWasNotAtFaultIsSentAgain(t *testing.T) {
	refuse := promptstest.Refuses(400, `{"error":{"message":"no"}}`)
	c, m := newModel(t, OpenAIOptions{OnSchemaRefused: func() { t.Error("told of a refusal") }}, refuse, refuse, promptstest.Says("text"))
	_, err := complete(t, c)
	checkFault(t, err, modelName, false)
	if _, err := complete(t, c); err != nil {
		t.Error(err)
	}
	for i, r := range m.Requests() {
		if want := i != 1; (r.ResponseFormat != nil) != want {
			t.Errorf("request %d has a schema: %v", i, !want)
		}
	}
}

func TestModelIsAskedBySeveral(t *testing.T) {
	var told atomic.Int32
	c, _ := newModel(t, OpenAIOptions{OnSchemaRefused: func() { told.Add(1) }}, promptstest.RefusesSchema(promptstest.Says("a text for each")))
	var askers sync.WaitGroup
	for range 16 {
		askers.Go(func() {
			if got, err := complete(t, c); got.Text != "a text for each" || err != nil {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
	askers.Wait()
	if told.Load() != 1 {
		t.Errorf("told %d times", told.Load())
	}
}

func TestModelErrorsKeepSecrets(t *testing.T) {
	echo := `{"error":{"message":"wrong key ` + canary + ` for the user message","type":"` + canary + `","code":"the user message"}}`
	for _, status := range []int{200, 302, 400, 401, 403, 404, 418, 429, 451} {
		c, _ := newModel(t, OpenAIOptions{}, promptstest.Refuses(status, echo, "Retry-After", "3600"))
		_, err := complete(t, c)
		if err == nil {
			t.Fatalf("status %d: no error", status)
		}
		for said := err; said != nil; said = errors.Unwrap(said) {
			if strings.Contains(said.Error(), canary) || strings.Contains(said.Error(), "user message") {
				t.Errorf("status %d: the error is %q", status, said)
			}
		}
	}
}

func TestNewOpenAICompleterRefusesSettings(t *testing.T) {
	good := OpenAIOptions{BaseURL: "http://localhost/v1", Model: "m", Temperature: 2}
	if _, err := NewOpenAICompleter(good); err != nil {
		t.Errorf("good settings: %v", err)
	}
	tests := []struct {
		setting string
		change  func(o *OpenAIOptions)
	}{
		{"model.base_url", func(o *OpenAIOptions) { o.BaseURL = "http://localhost" }},
		{"model.name", func(o *OpenAIOptions) { o.Model = " " }},
		{"model.api_key", func(o *OpenAIOptions) { o.Key = canary + "\n" }},
		{"model.temperature", func(o *OpenAIOptions) { o.Temperature = -1 }},
		{"model.temperature", func(o *OpenAIOptions) { o.Temperature = math.NaN() }},
		{"model.timeout", func(o *OpenAIOptions) { o.Timeout = -1 }},
	}
	for _, tt := range tests {
		o := good
		tt.change(&o)
		_, err := NewOpenAICompleter(o)
		checkFault(t, err, tt.setting, false)
		if strings.Contains(fmt.Sprint(err), canary) {
			t.Errorf("the error holds the key: %v", err)
		}
	}
}

// Not every endpoint holds its model to max_tokens.
func TestATextLongerThanItsTokensIsEnded(t *testing.T) {
	m := promptstest.NewModel(t, promptstest.Says(strings.Repeat("word ", 1000)))
	c, err := NewOpenAICompleter(OpenAIOptions{BaseURL: m.URL(), Model: "m"})
	if err != nil {
		t.Fatal(err)
	}
	got, err := c.Complete(t.Context(), Request{User: "a question", MaxTokens: 100}, func(string) {})
	if err != nil || got.Finish != Full || len(got.Text) != perToken*100 {
		t.Errorf("%d bytes, finish %d, %v", len(got.Text), got.Finish, err)
	}
	if got.Usage.CompletionTokens < 100 {
		t.Errorf("%d tokens are counted, want all that it might have", got.Usage.CompletionTokens)
	}
}
