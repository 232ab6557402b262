package retrieval

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/sashabaranov/go-openai"
)

// OpenAIOptions are the settings of an OpenAIEmbedder.
type OpenAIOptions struct {
	BaseURL    string        // see CheckBaseURL
	Model      string        // as the endpoint calls it
	Key        string        // may be empty, as local servers like it
	Dimensions int           // to ask of the model; 0 leaves them to it
	Timeout    time.Duration // of a request with its retries; 0 is 30 s
	Batch      int           // texts a request; 0 is 32
}

const (
	embeddingsSection = "embeddings"
	embeddingsModel   = "embeddings.model"
	defaultTimeout    = 30 * time.Second
	defaultBatch      = 32 // whose reply is less than 4 MiB: decoding doubles its memory as it goes
	maxEmbeddingReply = 64 << 20
	replyPerText      = 120 << 10 // 4,096 numbers of 30 bytes
)

// checked returns o with its defaults filled in, or what is wrong with it as
// an *EndpointError.
func (o OpenAIOptions) checked() (OpenAIOptions, error) {
	wrong := func(setting, what, do string) (OpenAIOptions, error) {
		return OpenAIOptions{}, &EndpointError{Setting: setting, What: setting + " " + what, Do: do}
	}
	address, err := CheckBaseURL("embeddings.base_url", o.BaseURL)
	switch {
	case err != nil:
		return OpenAIOptions{}, err
	case strings.TrimSpace(o.Model) == "":
		return wrong(embeddingsModel, "is empty", "set "+embeddingsModel+" to a model of the endpoint")
	case strings.ContainsFunc(o.Key, func(r rune) bool { return r <= ' ' || r > '~' }):
		return wrong("embeddings.api_key", "holds a space, a line break or another character that no key has",
			"set embeddings.api_key to the key alone")
	case o.Dimensions < 0:
		return wrong("embeddings.dimensions", "is negative", "set embeddings.dimensions to 0 to leave them to the model")
	case o.Timeout < 0:
		return wrong("embeddings.timeout", "is negative", "set embeddings.timeout to a time such as 30s")
	case o.Batch < 0:
		return OpenAIOptions{}, fmt.Errorf("a batch of %d texts", o.Batch)
	}
	o.BaseURL = address
	if o.Timeout == 0 {
		o.Timeout = defaultTimeout
	}
	if o.Batch == 0 {
		o.Batch = defaultBatch
	}
	return o, nil
}

func (o OpenAIOptions) endpoint() Endpoint {
	return Endpoint{
		Section:      embeddingsSection,
		ModelSetting: embeddingsModel,
		MediaTypes:   []string{"application/json"},
		MaxReply:     maxEmbeddingReply,
		FirstByte:    o.Timeout,
		Timeout:      o.Timeout,
	}
}

// An OpenAIEmbedder is an Embedder over any endpoint that speaks OpenAI's
// protocol. Texts are sent whole. Its errors are an *EndpointError, a
// *TextError, or that of the context. It is safe for concurrent use.
type OpenAIEmbedder struct {
	options OpenAIOptions
	http    *http.Client
	client  *openai.Client

	mu        sync.Mutex
	dimension int // that of all vectors; 0 before the first
}

// NewOpenAIEmbedder makes an embedder without asking the endpoint anything. It
// returns an *EndpointError for a setting that cannot be right.
func NewOpenAIEmbedder(o OpenAIOptions) (*OpenAIEmbedder, error) {
	o, err := o.checked()
	if err != nil {
		return nil, err
	}
	return newOpenAIEmbedder(o, NewEndpointClient(o.endpoint())), nil
}

func newOpenAIEmbedder(o OpenAIOptions, client *http.Client) *OpenAIEmbedder {
	config := openai.DefaultConfig(o.Key)
	config.BaseURL = o.BaseURL
	config.HTTPClient = strictClient{client}
	return &OpenAIEmbedder{
		options:   o,
		http:      client,
		client:    openai.NewClientWithConfig(config),
		dimension: o.Dimensions,
	}
}

// Close drops the idle connections to the endpoint.
func (e *OpenAIEmbedder) Close() error {
	e.http.CloseIdleConnections()
	return nil
}

// Model is "openai:", the model, and the dimensions if they were asked for.
func (e *OpenAIEmbedder) Model() string {
	if e.options.Dimensions == 0 {
		return "openai:" + e.options.Model
	}
	return "openai:" + e.options.Model + ":" + strconv.Itoa(e.options.Dimensions)
}

// A TextError says that the endpoint refused a text that it was sent alone.
type TextError struct {
	Index int   // among the texts of the call, from 0
	Err   error // an *EndpointError
}

func (e *TextError) Error() string {
	return fmt.Sprintf("embedding the text at index %d: %v", e.Index, e.Err)
}

func (e *TextError) Unwrap() error { return e.Err }

// EmbedPassages returns one vector a text, in the order of texts. A batch that
// the endpoint refuses for what is in it is halved until the text at fault is
// found, which is a *TextError.
func (e *OpenAIEmbedder) EmbedPassages(ctx context.Context, texts []string) ([]Vector, error) {
	all := make([]Vector, 0, len(texts))
	for batch := range slices.Chunk(texts, e.options.Batch) {
		vecs, err := e.embed(ctx, batch, len(all))
		if err != nil {
			return nil, err
		}
		all = append(all, vecs...)
	}
	return all, nil
}

// EmbedQuery embeds text in one request.
func (e *OpenAIEmbedder) EmbedQuery(ctx context.Context, text string) (Vector, error) {
	vecs, err := e.request(ctx, []string{text})
	if err != nil {
		return nil, err
	}
	return vecs[0], nil
}

// embed embeds texts, the first of which has an index in the call, in as few
// requests as the endpoint takes.
func (e *OpenAIEmbedder) embed(ctx context.Context, texts []string, first int) ([]Vector, error) {
	vecs, err := e.request(ctx, texts)
	if !isRefusal(err) {
		return vecs, err
	}
	if len(texts) == 1 {
		return nil, &TextError{Index: first, Err: err}
	}
	half := len(texts) / 2
	left, err := e.embed(ctx, texts[:half], first)
	if err != nil {
		return nil, err
	}
	right, err := e.embed(ctx, texts[half:], first+half)
	if err != nil {
		return nil, err
	}
	return append(left, right...), nil
}

// isRefusal reports whether err may be due to a text, or to their number.
func isRefusal(err error) bool {
	e, ok := errors.AsType[*EndpointError](err)
	return ok && (e.TooLong || refusesText(e.Status))
}

// request embeds texts in one request. What it returns is checked.
func (e *OpenAIEmbedder) request(ctx context.Context, texts []string) ([]Vector, error) {
	limited := withReplyLimit(ctx, int64(len(texts)+1)*replyPerText)
	reply, err := e.client.CreateEmbeddings(limited, openai.EmbeddingRequestStrings{
		Input:      texts,
		Model:      openai.EmbeddingModel(e.options.Model),
		Dimensions: e.options.Dimensions,
	})
	if err == nil {
		return e.vectors(reply.Data, len(texts))
	}
	if fault, ok := errors.AsType[*EndpointError](err); ok {
		return nil, fault
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("embedding %d texts: %w", len(texts), ctx.Err())
	}
	// Not err itself: it may quote the reply.
	return nil, misfit("sent a reply that is not made of vectors")
}

// vectors returns the n vectors of data in the order of their index, at length
// 1, if they are n, each index is there, and all are of the one dimension.
func (e *OpenAIEmbedder) vectors(data []openai.Embedding, n int) ([]Vector, error) {
	if len(data) != n {
		return nil, misfit(fmt.Sprintf("sent %d vectors for %d texts", len(data), n))
	}
	vecs := make([]Vector, n)
	for _, d := range data {
		if d.Index < 0 || d.Index >= n || vecs[d.Index] != nil {
			return nil, misfit("does not say which vector is of which text")
		}
		unit, err := unitVector(d.Embedding)
		if err != nil {
			return nil, misfit("sent a vector of no use: " + err.Error())
		}
		vecs[d.Index] = unit
	}
	if err := e.agree(vecs); err != nil {
		return nil, err
	}
	return vecs, nil
}

// agree returns an error unless vecs are of one dimension, that of all before.
func (e *OpenAIEmbedder) agree(vecs []Vector) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	want := e.dimension
	if want == 0 && len(vecs) > 0 {
		want = len(vecs[0])
	}
	for _, v := range vecs {
		if len(v) != want {
			return misfit(fmt.Sprintf("sent a vector of %d dimensions where %d are due", len(v), want))
		}
	}
	e.dimension = want
	return nil
}

// misfit is a reply that the endpoint should not have given to its model.
func misfit(what string) *EndpointError {
	return &EndpointError{
		Setting: embeddingsModel,
		What:    "the embeddings endpoint " + what,
		Do:      "check that " + embeddingsModel + " names a model for embeddings, and embeddings.dimensions if it is set",
	}
}

// A strictClient is an http.Client whose replies fail where an array of JSON
// holds null: in a vector, encoding/json takes it for 0.
type strictClient struct{ *http.Client }

// Do sends r.
func (c strictClient) Do(r *http.Request) (*http.Response, error) {
	reply, err := c.Client.Do(r)
	if err != nil {
		return nil, err
	}
	reply.Body = &strictBody{ReadCloser: reply.Body}
	return reply, nil
}

type strictBody struct {
	io.ReadCloser
	last            byte // but spaces, outside of strings
	quoted, escaped bool
}

func (b *strictBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	for _, c := range p[:n] {
		if b.isNull(c) {
			return 0, errors.New("an array holds null")
		}
	}
	return n, err
}

// isNull reports whether c, the next byte, begins a null in an array. After a
// comma in an object there is a quote.
func (b *strictBody) isNull(c byte) bool {
	switch {
	case b.escaped:
		b.escaped = false
	case b.quoted:
		b.escaped, b.quoted = c == '\\', c != '"'
	case c == ' ' || c == '\n' || c == '\r' || c == '\t':
	default:
		if c == 'n' && (b.last == '[' || b.last == ',') {
			return true
		}
		b.last, b.quoted = c, c == '"'
	}
	return false
}
