package prompts

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/sashabaranov/go-openai"

	"footnote/retrieval"
)

// OpenAIOptions are the settings of an OpenAICompleter.
type OpenAIOptions struct {
	BaseURL     string        // see retrieval.CheckBaseURL
	Model       string        // as the endpoint calls it
	Key         string        // may be empty, as local servers like it
	Temperature float64       // 0 to 2
	Timeout     time.Duration // of a completion in all; 0 is 1 min

	// SchemaRefused says that the endpoint is known to refuse a
	// response_format: schemas go into the system message, in words.
	SchemaRefused bool
	// OnSchemaRefused is called once at most, when the endpoint turns out to
	// be of that kind. It may be nil.
	OnSchemaRefused func()
}

const (
	defaultModelTimeout = time.Minute
	maxModelReply       = 4 << 20

	// leastTemperature is sent for 0, which go-openai would leave out. Some
	// servers divide by it, which the least float32 is too small for.
	leastTemperature = 1e-4
)

// checked returns o with its defaults filled in, or what is wrong with it as
// a *retrieval.EndpointError.
func (o OpenAIOptions) checked() (OpenAIOptions, error) {
	wrong := func(setting, what, do string) (OpenAIOptions, error) {
		return OpenAIOptions{}, &retrieval.EndpointError{Setting: setting, What: setting + " " + what, Do: "set " + setting + " to " + do}
	}
	address, err := retrieval.CheckBaseURL(modelAddress, o.BaseURL)
	switch {
	case err != nil:
		return OpenAIOptions{}, err
	case strings.TrimSpace(o.Model) == "":
		return wrong(modelName, "is empty", "a model of the endpoint")
	case strings.ContainsFunc(o.Key, func(r rune) bool { return r <= ' ' || r > '~' }):
		return wrong(modelKey, "holds a space, a line break or another character that no key has", "the key alone")
	case !(o.Temperature >= 0 && o.Temperature <= 2):
		return wrong("model.temperature", "is out of range", "a number from 0 to 2")
	case o.Timeout < 0:
		return wrong(modelTimeout, "is negative", "a time such as 60s")
	}
	o.BaseURL = address
	if o.Timeout == 0 {
		o.Timeout = defaultModelTimeout
	}
	return o, nil
}

func (o OpenAIOptions) endpoint() retrieval.Endpoint {
	e := modelEndpoint()
	e.FirstByte, e.Timeout = o.Timeout, o.Timeout
	return e
}

// modelEndpoint is what is known of the endpoint of any model.
func modelEndpoint() retrieval.Endpoint {
	return retrieval.Endpoint{
		Section:      "model",
		ModelSetting: modelName,
		MediaTypes:   []string{"text/event-stream"},
		MaxReply:     maxModelReply,
	}
}

// An OpenAICompleter is a Completer over any endpoint that speaks OpenAI's
// protocol. Its errors are a *retrieval.EndpointError, or wrap that of the
// context; beside either a completion is Broken. It is safe for concurrent
// use.
type OpenAICompleter struct {
	options OpenAIOptions
	http    *http.Client
	client  *openai.Client
	inWords atomic.Bool // schemas are, as the endpoint refuses a response_format
}

// NewOpenAICompleter makes a completer without asking the endpoint anything.
// It returns a *retrieval.EndpointError for a setting that cannot be right.
func NewOpenAICompleter(o OpenAIOptions) (*OpenAICompleter, error) {
	o, err := o.checked()
	if err != nil {
		return nil, err
	}
	return newOpenAICompleter(o, retrieval.NewEndpointClient(o.endpoint())), nil
}

func newOpenAICompleter(o OpenAIOptions, client *http.Client) *OpenAICompleter {
	config := openai.DefaultConfig(o.Key)
	config.BaseURL = o.BaseURL
	config.HTTPClient = streamClient{client}
	c := &OpenAICompleter{options: o, http: client, client: openai.NewClientWithConfig(config)}
	c.inWords.Store(o.SchemaRefused)
	return c
}

// Close drops the idle connections to the endpoint.
func (c *OpenAICompleter) Close() error {
	c.http.CloseIdleConnections()
	return nil
}

// Model is the model's name.
func (c *OpenAICompleter) Model() string { return c.options.Model }

// Complete implements Completer. The time that emit takes does not count
// towards the endpoint's silence.
func (c *OpenAICompleter) Complete(ctx context.Context, r Request, emit func(delta string)) (Completion, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, c.options.Timeout, modelTooSlow())
	defer cancel()
	ctx, giveUp := context.WithCancelCause(ctx)
	defer giveUp(nil)
	stream, err := c.open(ctx, r)
	if err != nil {
		err = c.fault(ctx, err)
		return Completion{Usage: usageWithout(r, err)}, err
	}
	defer stream.Close()
	d := newTranscript(r, emit, c.options.Timeout, giveUp)
	defer d.rest()
	err = follow(stream, d)
	switch {
	case d.ended && ctx.Err() != nil:
		err = nil // only the count of tokens is missing
	case err != nil:
		err = c.fault(ctx, err)
	}
	return d.completion(err)
}

// open has the endpoint begin to complete r. If it refuses the request with a
// schema and takes it with the schema's words, it is sent no other schema.
func (c *OpenAICompleter) open(ctx context.Context, r Request) (*openai.ChatCompletionStream, error) {
	inWords := c.inWords.Load()
	stream, err := c.client.CreateChatCompletionStream(ctx, c.request(r, inWords))
	if inWords || len(r.Schema.JSON) == 0 || !mayRefuseSchema(err) {
		return stream, err
	}
	stream, err = c.client.CreateChatCompletionStream(ctx, c.request(r, true))
	if err == nil && c.inWords.CompareAndSwap(false, true) && c.options.OnSchemaRefused != nil {
		c.options.OnSchemaRefused()
	}
	return stream, err
}

// mayRefuseSchema reports whether err may be due to a request's schema.
func mayRefuseSchema(err error) bool {
	e, ok := errors.AsType[*retrieval.EndpointError](err)
	return ok && !e.TooLong && refusesSchema(e.Status)
}

func refusesSchema(status int) bool {
	switch status {
	case http.StatusBadRequest, http.StatusUnprocessableEntity, http.StatusNotImplemented:
		return true
	}
	return false
}

// request is r in OpenAI's form.
func (c *OpenAICompleter) request(r Request, inWords bool) openai.ChatCompletionRequest {
	request := openai.ChatCompletionRequest{
		Model:         c.options.Model,
		StreamOptions: &openai.StreamOptions{IncludeUsage: true},
	}
	if len(r.Schema.JSON) > 0 && inWords {
		r.System += "\n\n" + r.Schema.Words
	} else if len(r.Schema.JSON) > 0 {
		request.ResponseFormat = &openai.ChatCompletionResponseFormat{
			Type:       openai.ChatCompletionResponseFormatTypeJSONSchema,
			JSONSchema: &openai.ChatCompletionResponseFormatJSONSchema{Name: r.Schema.Name, Schema: r.Schema.JSON, Strict: true},
		}
	}
	request.Messages = []openai.ChatCompletionMessage{
		{Role: openai.ChatMessageRoleSystem, Content: r.System},
		{Role: openai.ChatMessageRoleUser, Content: r.User},
	}
	return c.bounded(request, r.MaxTokens)
}

// bounded is request with a temperature and a bound on its tokens. OpenAI's
// models that reason refuse the one, and know the other by another name.
func (c *OpenAICompleter) bounded(request openai.ChatCompletionRequest, tokens int) openai.ChatCompletionRequest {
	usual := request
	usual.Temperature = max(float32(c.options.Temperature), leastTemperature)
	//lint:ignore SA1019 local servers know no other bound
	usual.MaxTokens = tokens
	if openai.NewReasoningValidator().Validate(usual) == nil {
		return usual
	}
	request.MaxCompletionTokens = tokens
	return request
}

// follow writes what comes of stream into d, until the stream or d ends.
func follow(stream *openai.ChatCompletionStream, d *transcript) error {
	for {
		reply, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if reply.Usage != nil {
			d.usage = Usage{reply.Usage.PromptTokens, reply.Usage.CompletionTokens}
		}
		if len(reply.Choices) == 0 || d.ended {
			continue
		}
		choice := reply.Choices[0]
		if choice.Delta.Refusal != "" {
			d.end(Withheld)
			return nil
		}
		if full := d.write(choice.Delta.Content); full {
			return nil
		}
		if choice.FinishReason != "" {
			d.end(finishOf(choice.FinishReason))
		}
	}
}

func finishOf(reason openai.FinishReason) Finish {
	switch reason {
	case openai.FinishReasonStop:
		return Whole
	case openai.FinishReasonLength:
		return Full
	case openai.FinishReasonContentFilter:
		return Withheld
	case openai.FinishReasonToolCalls, openai.FinishReasonFunctionCall:
		return Digressed
	}
	return Broken
}

// usageWithout is what r took although an error came in the place of a stream:
// the prompt, unless it is sure that the model did not read it.
func usageWithout(r Request, err error) Usage {
	if e, ok := errors.AsType[*retrieval.EndpointError](err); ok && e.Setting != modelTimeout {
		return Usage{}
	}
	return Usage{PromptTokens: r.tokens()}
}

// fault is what an error of a request with ctx means.
func (c *OpenAICompleter) fault(ctx context.Context, err error) error {
	if fault, ok := errors.AsType[*retrieval.EndpointError](context.Cause(ctx)); ok {
		return fault
	}
	if ctx.Err() != nil {
		return fmt.Errorf("asking %s: %w", c.options.Model, ctx.Err())
	}
	if fault, ok := errors.AsType[*retrieval.EndpointError](err); ok {
		return fault
	}
	// Not err itself: it may quote the reply.
	return modelFault(modelAddress, "sent a stream that is not understood", "check %s")
}

// A streamClient is an http.Client whose replies are streams of events, of
// which go-openai sees only what it reads rightly.
type streamClient struct{ *http.Client }

// Do sends r.
func (c streamClient) Do(r *http.Request) (*http.Response, error) {
	reply, err := c.Client.Do(r)
	if err != nil {
		return nil, err
	}
	reply.Body = newEventBody(reply.Body)
	return reply, nil
}
