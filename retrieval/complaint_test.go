package retrieval

import (
	"errors"
	"fmt"
	"io"
	"log"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// complain asks an endpoint once and returns its complaint.
func complain(t *testing.T, e Endpoint, answer turn) (fault *EndpointError) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		client, _ := newClient(e, answer)
		_, err := post(t.Context(), client, "http://endpoint.test/v1/x")
		var ok bool
		if fault, ok = errors.AsType[*EndpointError](err); !ok {
			t.Fatalf("got %v", err)
		}
	})
	return fault
}

func TestEndpointSaysThatARequestIsTooLong(t *testing.T) {
	tests := []struct {
		name    string
		status  int
		body    string
		context int
	}{
		{"OpenAI", 400, `{"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}`, 8192},
		{"OpenAI, without a number", 400, `{"error":{"message":"Your input exceeds the context window of this model. You sent 9001 tokens.","type":"invalid_request_error","code":"context_length_exceeded"}}`, 0},
		{"DeepSeek", 400, `{"error":{"message":"This model's maximum context length is 65536 tokens. However, you requested 65853 tokens","code":"invalid_request_error"}}`, 65536},
		{"llama.cpp", 400, `{"error":{"code":400,"message":"request (4390 tokens) exceeds the available context size (4096 tokens), try increasing it","type":"exceed_context_size_error","n_prompt_tokens":4390,"n_ctx":4096}}`, 4096},
		{"llama.cpp, before it had a type", 500, `{"error":{"code":500,"message":"Context size has been exceeded.","type":"server_error"}}`, 0},
		{"llama.cpp, beyond a batch", 500, `{"error":{"code":500,"message":"input (992 tokens) is too large to process. increase the physical batch size","type":"server_error"}}`, 0},
		{"llama-cpp-python", 400, `{"error":{"message":"Requested tokens (2285) exceed context window of 2048","type":"invalid_request_error","code":null}}`, 2048},
		{"vLLM of old", 400, `{"object":"error","message":"This model's maximum context length is 6048 tokens. However, you requested 6616 tokens","type":"BadRequestError","param":null,"code":400}`, 6048},
		{"vLLM", 400, `{"error":{"message":"This model's maximum context length is 4096 tokens.","type":"BadRequestError","param":null,"code":400}}`, 4096},
		{"LM Studio", 400, `{"error":"Trying to keep the first 10136 tokens when context the overflows. However, the model is loaded with context length of only 7866 tokens, which is not enough."}`, 7866},
		{"Ollama", 400, `{"error":{"message":"the input length exceeds the context length","type":"invalid_request_error"}}`, 0},
		{"status 200 with a code", 200, `{"error":{"code":400,"message":"try increasing it","type":"exceed_context_size_error","n_ctx":8192}}`, 8192},
		{"status 200 without a code", 200, `{"error":{"message":"The context size is 512."}}`, 512},
		{"a context beyond measure", 400, `{"error":{"type":"exceed_context_size_error","n_ctx":1e300}}`, 0},
		{"a negative context", 400, `{"error":{"type":"exceed_context_size_error","n_ctx":-1}}`, 0},
		{"a context of too many digits", 400, `{"error":{"message":"the context size is 99999999999999999999"}}`, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			endpoint := testEndpoint()
			endpoint.MediaTypes = []string{"text/event-stream"}
			e := complain(t, endpoint, answers(tt.status, tt.body))
			if !e.TooLong || e.ContextTokens != tt.context || e.Setting != "test.context" || errors.Is(e, ErrUnavailable) {
				t.Errorf("got %#v", e)
			}
			remedy := "; set test.context to the tokens that the model's context has"
			if tt.context > 0 {
				remedy = fmt.Sprintf("; set test.context to %d or less", tt.context)
			}
			if !strings.HasSuffix(e.Error(), remedy) {
				t.Errorf("it says %q, want %q", e, remedy)
			}
		})
	}
}

func TestEndpointThatSpeaksOfContextsOtherwise(t *testing.T) {
	for name, answer := range map[string]turn{
		"a rate limit": answers(429, `{"error":{"message":"too many tokens in a long context window","code":"rate_limit_exceeded"}}`),
		"an echo":      answers(422, `{"detail":[{"loc":["body"],"input":"the context length of 8192 tokens"}]}`),
		"a page":       answers(400, `<p>The input is unknown</p>`),
	} {
		t.Run(name, func(t *testing.T) {
			if e := complain(t, testEndpoint(), answer); e.TooLong || e.ContextTokens != 0 {
				t.Errorf("got %#v", e)
			}
		})
	}
}

func TestEmbeddingsEndpointThatFindsATextTooLongNamesItsModel(t *testing.T) {
	endpoint := OpenAIOptions{Timeout: time.Minute}.endpoint()
	e := complain(t, endpoint, answers(400, `{"error":{"message":"the input length exceeds the context length"}}`))
	if !e.TooLong || e.Setting != embeddingsModel || !strings.Contains(e.Error(), embeddingsModel) {
		t.Errorf("got %v", e)
	}
}

func TestEndpointErrorWithStatus200(t *testing.T) {
	tests := []struct {
		name, body, setting string
		status              int
		unavailable         bool
	}{
		{"no quota", `{"error":{"code":"insufficient_quota","message":"the message"}}`, "test.api_key", 429, true},
		{"a limit, by code", `{"error":{"code":"rate_limit_exceeded","message":"the message"}}`, "test.api_key", 429, true},
		{"a limit, by number", `{"error":{"code":429,"message":"the message"}}`, "test.api_key", 429, true},
		{"no such model", `{"error":{"code":"model_not_found","message":"the message"}}`, "test.name", 404, false},
		{"a wrong key", `{"error":{"code":"invalid_api_key","message":"the message"}}`, "test.api_key", 401, false},
		{"a fault", `{"error":{"code":502,"message":"the message"}}`, "test.base_url", 502, true},
		{"an error unknown", `{"error":{"code":7,"message":"the message"}}`, "test.base_url", 0, false},
		{"no error", `{"choices":[]}`, "test.base_url", 0, false},
		{"no object", `["the message"]`, "test.base_url", 0, false},
		{"nothing", ``, "test.base_url", 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			endpoint := testEndpoint()
			endpoint.MediaTypes = []string{"text/event-stream"}
			e := complain(t, endpoint, answers(200, tt.body))
			if e.Setting != tt.setting || e.Status != tt.status || errors.Is(e, ErrUnavailable) != tt.unavailable {
				t.Errorf("got %#v", e)
			}
			if strings.Contains(e.Error(), "message") || tt.status == 0 && !strings.Contains(e.Error(), "other than text/event-stream") {
				t.Errorf("it says %q", e)
			}
		})
	}
}

func TestEndpointThatIsAWebPage(t *testing.T) {
	e := complain(t, testEndpoint(), answers(200, "<!doctype html>", "Content-Type", "text/html; charset=utf-8"))
	const want = "the test endpoint answered with a web page; check test.base_url: it is the address of an interface for programs, and ends in /v1"
	if e.Error() != want {
		t.Errorf("it says %q, want %q", e, want)
	}
}

// quiet is a server without a log.
func quiet(start func(*httptest.Server)) func(http.Handler) *httptest.Server {
	return func(h http.Handler) *httptest.Server {
		server := httptest.NewUnstartedServer(h)
		server.Config.ErrorLog = log.New(io.Discard, "", 0)
		start(server)
		return server
	}
}

func TestEndpointOfTheOtherScheme(t *testing.T) {
	nginx := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, "<html><title>400 The plain HTTP request was sent to HTTPS port</title></html>")
	}
	tests := []struct {
		name, from, to string
		start          func(*httptest.Server)
		handle         http.HandlerFunc
		want           string
	}{
		{"https to http", "http://", "https://", (*httptest.Server).Start, nil, "let test.base_url begin with http://"},
		{"http to https", "https://", "http://", (*httptest.Server).StartTLS, nil, "let test.base_url begin with https://"},
		{"http to https, as nginx says it", "", "", (*httptest.Server).Start, nginx, "let test.base_url begin with https://"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			client, address := serve(t, testEndpoint(), quiet(tt.start), tt.handle)
			_, err := post(t.Context(), client, strings.Replace(address, tt.from, tt.to, 1))
			e, ok := errors.AsType[*EndpointError](err)
			if !ok || !strings.Contains(e.Error(), tt.want) || errors.Is(err, ErrUnavailable) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}

func TestEndpointBehindHTTPSIsNotToldToSpeakIt(t *testing.T) {
	client, _ := newClient(testEndpoint(), answers(400, "Client sent an HTTP request to an HTTPS server.", "Content-Type", "text/plain"))
	_, err := post(t.Context(), client, "https://endpoint.test/v1/x")
	if e, ok := errors.AsType[*EndpointError](err); !ok || e.Setting != "test.name" {
		t.Errorf("got %v", err)
	}
}

func TestEndpointReplyThatTricklesEndsAtTheDeadline(t *testing.T) {
	for name, status := range map[string]int{"a reply": 200, "a complaint": 404} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				client, s := newClient(testEndpoint(), func(r *http.Request) (*http.Response, error) {
					reply, err := answers(status, "")(r)
					reply.Body = io.NopCloser(trickle{r})
					return reply, err
				})
				_, err := post(t.Context(), client, "http://endpoint.test/v1/x")
				if _, ok := errors.AsType[*EndpointError](err); !ok || time.Since(s.start) != testEndpoint().Timeout {
					t.Errorf("after %v: %v", time.Since(s.start), err)
				}
			})
		})
	}
}

// A trickle is a body of a byte a second that ends with its request's context.
type trickle struct{ r *http.Request }

func (b trickle) Read(p []byte) (int, error) {
	select {
	case <-b.r.Context().Done():
		return 0, b.r.Context().Err()
	case <-time.After(time.Second):
		p[0] = ' '
		return 1, nil
	}
}

func TestEndpointLengthThatIsALie(t *testing.T) {
	for _, length := range []int64{-5, 0, 1, 1 << 40, math.MaxInt64} {
		client, _ := newClient(testEndpoint(), func(r *http.Request) (*http.Response, error) {
			reply, err := answers(200, "done")(r)
			reply.ContentLength = length
			return reply, err
		})
		if body, err := post(t.Context(), client, "http://endpoint.test/v1/x"); body != "done" || err != nil {
			t.Errorf("length %d: %q, %v", length, body, err)
		}
	}
}

func TestEndpointLengthThatIsNone(t *testing.T) {
	for _, length := range []string{"-5", "9223372036854775807", "99999999999999999999", "x"} {
		t.Run(length, func(t *testing.T) {
			client, address := serve(t, testEndpoint(), httptest.NewServer, func(w http.ResponseWriter, _ *http.Request) {
				conn, _, err := w.(http.Hijacker).Hijack()
				if err != nil {
					t.Error(err)
					return
				}
				defer conn.Close()
				fmt.Fprintf(conn, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %s\r\n\r\n{}", length)
				_ = conn.(*net.TCPConn).CloseWrite() // the client may be gone
			})
			_, err := post(t.Context(), client, address)
			if _, ok := errors.AsType[*EndpointError](err); !ok || !errors.Is(err, ErrUnavailable) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// A body of 1 GiB costs no more than what is kept of it.
func TestEndpointBodyOfAnySizeIsCheap(t *testing.T) {
	const most = 16 << 20
	endpoint := testEndpoint()
	endpoint.MaxReply = 4 << 20
	for _, status := range []int{200, 302, 400, 401, 404, 429} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			client, _ := newClient(endpoint, func(r *http.Request) (*http.Response, error) {
				reply, err := answers(status, "", "Retry-After", "3600")(r)
				reply.Body = io.NopCloser(io.LimitReader(new(endless), 1<<30))
				return reply, err
			})
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			reply, err := client.Post("http://endpoint.test/v1/x", "", strings.NewReader("the request"))
			if err == nil {
				_, err = io.Copy(io.Discard, reply.Body)
				reply.Body.Close()
			}
			runtime.ReadMemStats(&after)
			if _, ok := errors.AsType[*EndpointError](err); !ok {
				t.Errorf("got %v", err)
			}
			// Allocated in all, which is more than the heap can have grown by.
			if grown := after.TotalAlloc - before.TotalAlloc; grown > most {
				t.Errorf("allocated %d MiB", grown>>20)
			}
		})
	}
}

// FuzzComplaint holds what is read of any error's body to its bounds, and what
// is said of it to be free of its words.
func FuzzComplaint(f *testing.F) {
	f.Add(400, `{"error":{"message":"the context size is 4096","code":"canary","type":"canary","n_ctx":1e9}}`)
	f.Add(200, `{"error":{"code":429,"message":"canary"}}`)
	f.Add(500, `{"error":"canary context window of 12"}`)
	f.Add(404, `{"error":null,"message":["canary"]}`)
	f.Fuzz(func(t *testing.T, status int, body string) {
		c := readComplaint(strings.NewReader(body))
		if c.context < 0 || c.context > mostTokens || c.number < 0 || c.number > mostTokens {
			t.Errorf("got %+v", c)
		}
		if s := c.status(); s != 0 && (s < 400 || s > 599) {
			t.Errorf("it stands for status %d", s)
		}
		e := newEndpointTransport(testEndpoint(), nil).stated(status, c, nil)
		if e.TooLong != c.tooLong(status) || strings.Contains(e.Error(), "canary") || !strings.Contains(e.Error(), e.Setting) {
			t.Errorf("it says %q", e)
		}
	})
}

func TestEndpointErrorsWithinAReply(t *testing.T) {
	e := Endpoint{Section: "test", ModelSetting: "test.model"}
	for stated, want := range map[string]EndpointError{
		`{"code":"insufficient_quota"}`:                                {Setting: "test.api_key", Err: ErrUnavailable},
		`{"type":"rate_limit_error"}`:                                  {Setting: "test.api_key", Err: ErrUnavailable},
		`{"code":400,"type":"exceed_context_size_error","n_ctx":4096}`: {Setting: "test.context", TooLong: true, ContextTokens: 4096},
		`{"code":401,"message":"bad key"}`:                             {Setting: "test.api_key"},
		`{"code":500,"type":"server_error"}`:                           {Setting: "test.base_url", Err: ErrUnavailable},
		`"it broke"`:                                                   {Setting: "test.base_url", Err: ErrUnavailable},
		`{`:                                                            {Setting: "test.base_url", Err: ErrUnavailable},
	} {
		got := e.Stated([]byte(stated))
		if got.Setting != want.Setting || got.Err != want.Err || got.TooLong != want.TooLong || got.ContextTokens != want.ContextTokens {
			t.Errorf("%s: got %+v", stated, got)
		}
	}
}
