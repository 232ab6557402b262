package retrieval

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func testEndpoint() Endpoint {
	return Endpoint{
		Section:      "test",
		ModelSetting: "test.name",
		MediaTypes:   []string{"application/json"},
		MaxReply:     1 << 10,
		FirstByte:    time.Minute,
		Timeout:      time.Minute,
	}
}

// A turn is how a script answers one request.
type turn func(r *http.Request) (*http.Response, error)

// A script is a http.RoundTripper that answers by turns, the last of them
// again and again. It knows when it was asked, and with what bodies.
type script struct {
	turns  []turn
	start  time.Time
	mu     sync.Mutex      // guards what follows while requests run
	asked  []time.Duration // since the start
	bodies []string
}

func newScript(turns ...turn) *script { return &script{turns: turns, start: time.Now()} }

func (s *script) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	next := s.turns[min(len(s.asked), len(s.turns)-1)]
	s.asked = append(s.asked, time.Since(s.start))
	s.bodies = append(s.bodies, string(body))
	s.mu.Unlock()
	return next(r)
}

// answers is a turn that answers with a status and a body of JSON; headers are
// names and values by turns.
func answers(status int, body string, headers ...string) turn {
	return func(r *http.Request) (*http.Response, error) {
		reply := &http.Response{
			StatusCode: status,
			Header:     http.Header{"Content-Type": {"application/json; charset=utf-8"}},
			Body:       io.NopCloser(strings.NewReader(body)),
			Request:    r,
		}
		for i := 0; i < len(headers); i += 2 {
			reply.Header.Set(headers[i], headers[i+1])
		}
		return reply, nil
	}
}

// breaks is a turn that fails as net/http does when a connection fails by err.
func breaks(err error) turn {
	return func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "read", Net: "tcp", Err: err}
	}
}

// hangs is a turn that answers nothing.
func hangs(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// post asks for address through client and reads the reply to its end.
func post(ctx context.Context, client *http.Client, address string) (string, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader("the request"))
	if err != nil {
		return "", err
	}
	reply, err := client.Do(r)
	if err != nil {
		return "", err
	}
	body, err := io.ReadAll(reply.Body)
	return string(body), errors.Join(err, reply.Body.Close())
}

func postTo(ctx context.Context, s *script) (string, error) {
	return post(ctx, &http.Client{Transport: newEndpointTransport(testEndpoint(), s)}, "http://endpoint.test/v1/x")
}

func TestEndpointErrorsNameTheSetting(t *testing.T) {
	const stated = `{"error":{"message":"the message","code":"model_not_found"}}`
	tests := []struct {
		name        string
		turn        turn
		setting     string
		unavailable bool
	}{
		{"moved", answers(307, "", "Location", "http://elsewhere.test/"), "test.base_url", false},
		{"not modified", answers(304, ""), "test.base_url", false},
		{"no content", answers(204, ""), "test.base_url", false},
		{"bad request", answers(400, stated), "test.name", false},
		{"unauthorised", answers(401, stated), "test.api_key", false},
		{"forbidden", answers(403, stated), "test.api_key", false},
		{"no such model", answers(404, stated), "test.name", false},
		{"no such page", answers(404, "<h1>Not found</h1>"), "test.base_url", false},
		{"no such path", answers(404, `{"detail":"Not Found"}`), "test.base_url", false},
		{"too large", answers(413, ""), "test.name", false},
		{"too many", answers(429, `{"error":"the message"}`), "test.api_key", true},
		{"used up, by code", answers(429, `{"error":{"code":"insufficient_quota"}}`), "test.api_key", true},
		{"used up, by type", answers(429, `{"error":{"code":1,"type":"insufficient_quota"}}`), "test.api_key", true},
		{"fault", answers(500, ""), "test.base_url", true},
		{"overload", answers(529, ""), "test.base_url", true},
		{"not offered", answers(501, stated), "test.base_url", false},
		{"a page", answers(200, "<html>", "Content-Type", "text/html"), "test.base_url", false},
		{"no type", answers(200, "{}", "Content-Type", ""), "test.base_url", false},
		{"too long", answers(200, strings.Repeat(" ", 1<<10+1)), "test.base_url", false},
		{"refused", breaks(syscall.ECONNREFUSED), "test.base_url", true},
		{"reset", breaks(syscall.ECONNRESET), "test.base_url", true},
		{"unknown host", breaks(&net.DNSError{}), "test.base_url", true},
		{"silence", hangs, "test.timeout", true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				_, err := postTo(t.Context(), newScript(tt.turn))
				e, ok := errors.AsType[*EndpointError](err)
				if !ok {
					t.Fatalf("got %v", err)
				}
				if e.Setting != tt.setting || !strings.Contains(e.Error(), tt.setting) {
					t.Errorf("%q names %q, want %q", e, e.Setting, tt.setting)
				}
				if got := errors.Is(err, ErrUnavailable); got != tt.unavailable {
					t.Errorf("unavailable: %v", got)
				}
				if strings.Contains(e.Error(), "message") || strings.Contains(e.Error(), "<") {
					t.Errorf("%q quotes the reply", e)
				}
			})
		})
	}
}

func TestEndpointIsTriedAgain(t *testing.T) {
	date := func(wait time.Duration) turn {
		return func(r *http.Request) (*http.Response, error) {
			return answers(503, "", "Retry-After", time.Now().Add(wait).UTC().Format(http.TimeFormat))(r)
		}
	}
	tests := []struct {
		name  string
		turn  turn
		exact time.Duration // 0: half a second, give or take a half
	}{
		{"after a fault", answers(500, ""), 0},
		{"after a reset", breaks(syscall.ECONNRESET), 0},
		{"after an end", breaks(io.EOF), 0},
		{"after the seconds it asks for", answers(429, "", "Retry-After", "7"), 7 * time.Second},
		{"at the date it asks for", date(9 * time.Second), 9 * time.Second},
		{"without heed to no time", answers(429, "", "Retry-After", "0"), 0},
		{"without heed to a time in the past", answers(429, "", "Retry-After", "-1"), 0},
		{"without heed to what is no time", answers(429, "", "Retry-After", "NaN"), 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScript(tt.turn, answers(200, "done"))
				if body, err := postTo(t.Context(), s); body != "done" || err != nil {
					t.Fatalf("got %q, %v", body, err)
				}
				if got := strings.Join(s.bodies, ", "); got != "the request, the request" {
					t.Errorf("sent %q", got)
				}
				least, most := tt.exact, tt.exact
				if tt.exact == 0 {
					least, most = firstWait/2, firstWait*3/2
				}
				if wait := s.asked[1]; wait < least || wait > most+time.Millisecond {
					t.Errorf("waited %v, want %v to %v", wait, least, most)
				}
			})
		})
	}
}

func TestEndpointIsTriedThreeTimesAtMost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(answers(503, ""))
		if _, err := postTo(t.Context(), s); !errors.Is(err, ErrUnavailable) || len(s.asked) != 3 {
			t.Errorf("tried %d times: %v", len(s.asked), err)
		}
	})
}

func TestEndpointIsNotTriedAgain(t *testing.T) {
	tests := []struct {
		name string
		turn turn
	}{
		{"if the quota is used up", answers(429, `{"error":{"code":"insufficient_quota"}}`, "Retry-After", "1")},
		{"if it refuses the key", answers(401, "", "Retry-After", "1")},
		{"if it refuses the request", answers(400, "")},
		{"if it does not know the model", answers(404, "")},
		{"if it does not offer what is asked", answers(501, "")},
		{"if nothing listens there", breaks(syscall.ECONNREFUSED)},
		{"if it asks for more time than there is", answers(429, "", "Retry-After", "61")},
		{"if it asks for a time beyond measure", answers(429, "", "Retry-After", "9223372036854775807")},
		{"if it keeps silent", hangs},
		{"if the reply was handed out", func(r *http.Request) (*http.Response, error) {
			reply, err := answers(200, "")(r)
			reply.Body = io.NopCloser(io.MultiReader(strings.NewReader("half"), failing{syscall.ECONNRESET}))
			return reply, err
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScript(tt.turn)
				if _, err := postTo(t.Context(), s); err == nil || len(s.asked) != 1 {
					t.Errorf("tried %d times: %v", len(s.asked), err)
				}
			})
		})
	}
}

// A failing is an io.Reader of its error.
type failing struct{ error }

func (f failing) Read([]byte) (int, error) { return 0, f.error }

func TestEndpointIsNotTriedAgainIfTheBodyIsGone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(answers(503, ""))
		r := httptest.NewRequest(http.MethodPost, "http://endpoint.test/", io.MultiReader(strings.NewReader("once")))
		_, err := newEndpointTransport(testEndpoint(), s).RoundTrip(r)
		if err == nil || len(s.asked) != 1 || s.bodies[0] != "once" {
			t.Errorf("sent %q: %v", s.bodies, err)
		}
	})
}

func TestEndpointSaysHowLongToWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, err := postTo(t.Context(), newScript(answers(429, "", "Retry-After", "90")))
		if e, ok := errors.AsType[*EndpointError](err); !ok || e.RetryAfter != 90*time.Second {
			t.Errorf("got %#v", err)
		}
	})
}

func TestEndpointErrorOfAnAskerWhoGaveUp(t *testing.T) {
	for _, tt := range []struct {
		name string
		turn turn
	}{{"while it was silent", hangs}, {"between two tries", answers(429, "", "Retry-After", "30")}} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(time.Second, cancel)
				if _, err := postTo(ctx, newScript(tt.turn)); !errors.Is(err, context.Canceled) || errors.Is(err, ErrUnavailable) {
					t.Errorf("got %v", err)
				}
			})
		})
	}
}

// ask asks n times through client, a second apart, and returns the last error.
func ask(t *testing.T, client *http.Client, n int) (err error) {
	t.Helper()
	for range n {
		_, err = post(t.Context(), client, "http://endpoint.test/v1/x")
		time.Sleep(time.Second)
	}
	return err
}

func TestEndpointThatFailsFiveTimesIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(breaks(syscall.ECONNREFUSED))
		client := &http.Client{Transport: newEndpointTransport(testEndpoint(), s)}
		if err := ask(t, client, 20); len(s.asked) != 5 || !errors.Is(err, ErrUnavailable) {
			t.Errorf("asked %d times: %v", len(s.asked), err)
		}
	})
}

func TestEndpointThatFailsInItsBodiesIsLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(func(r *http.Request) (*http.Response, error) {
			reply, err := answers(200, "")(r)
			reply.Body = io.NopCloser(failing{syscall.ECONNRESET})
			return reply, err
		})
		client := &http.Client{Transport: newEndpointTransport(testEndpoint(), s)}
		if err := ask(t, client, 20); len(s.asked) != 5 || !errors.Is(err, ErrUnavailable) {
			t.Errorf("asked %d times: %v", len(s.asked), err)
		}
	})
}

func TestEndpointIsLeftAloneWheneverTheHalfMinuteBegins(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(breaks(syscall.ECONNREFUSED))
		client := &http.Client{Transport: newEndpointTransport(testEndpoint(), s)}
		time.Sleep(breakerTime - 3*time.Second)
		if _ = ask(t, client, 10); len(s.asked) != 5 {
			t.Errorf("asked %d times", len(s.asked))
		}
	})
}

func TestEndpointIsNotLeftAloneForReadersWhoClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(func(r *http.Request) (*http.Response, error) {
			reply, err := answers(200, "")(r)
			reply.Body = io.NopCloser(failing{io.ErrClosedPipe})
			return reply, err
		})
		transport := newEndpointTransport(testEndpoint(), s)
		for range 10 {
			reply, err := transport.RoundTrip(httptest.NewRequest(http.MethodPost, "/", strings.NewReader("")))
			if err != nil {
				t.Fatal(err)
			}
			reply.Body.Close()
			_, _ = io.ReadAll(reply.Body)
		}
	})
}

func TestEndpointIsProbedAfterThePause(t *testing.T) {
	down := breaks(syscall.ECONNREFUSED)
	for _, tt := range []struct {
		name  string
		probe turn
		want  int // times asked within ten more
	}{{"and used again if it is back", answers(200, "done"), 10}, {"and left alone if it is not", down, 1}} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScript(down, down, down, down, down, tt.probe)
				client := &http.Client{Transport: newEndpointTransport(testEndpoint(), s)}
				_ = ask(t, client, 6)
				time.Sleep(breakerTime)
				_ = ask(t, client, 10)
				if got := len(s.asked) - 5; got != tt.want {
					t.Errorf("asked %d times, want %d", got, tt.want)
				}
			})
		})
	}
}

func TestEndpointThatFailsNowAndThenIsNotLeftAlone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(breaks(syscall.ECONNREFUSED))
		client := &http.Client{Transport: newEndpointTransport(testEndpoint(), s)}
		for range 10 {
			_ = ask(t, client, 1)
			time.Sleep(breakerTime / 3)
		}
		if len(s.asked) != 10 {
			t.Errorf("asked %d times of 10", len(s.asked))
		}
	})
}

func TestEndpointIsNotLeftAloneForRefusing(t *testing.T) {
	for _, status := range []int{400, 401, 404} {
		t.Run(http.StatusText(status), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := newScript(answers(status, ""))
				_ = ask(t, &http.Client{Transport: newEndpointTransport(testEndpoint(), s)}, 10)
				if len(s.asked) != 10 {
					t.Errorf("asked %d times of 10", len(s.asked))
				}
			})
		})
	}
}

func TestEndpointIsNotLeftAloneForAskersWhoGiveUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := newScript(hangs)
		client := &http.Client{Transport: newEndpointTransport(testEndpoint(), s)}
		for range 10 {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			_, _ = post(ctx, client, "http://endpoint.test/v1/x")
			cancel()
		}
		if len(s.asked) != 10 {
			t.Errorf("asked %d times of 10", len(s.asked))
		}
	})
}

// serve starts a server on loopback that handles one way only, and returns a
// client for e. All of both is gone when the test ends.
func serve(t *testing.T, e Endpoint, start func(http.Handler) *httptest.Server, handle http.HandlerFunc) (*http.Client, string) {
	t.Helper()
	before := goleak.IgnoreCurrent()
	server, client := start(handle), NewEndpointClient(e)
	t.Cleanup(func() {
		client.CloseIdleConnections()
		server.Close()
		goleak.VerifyNone(t, before)
	})
	return client, server.URL
}

func TestEndpointRedirectIsNotFollowed(t *testing.T) {
	elsewhere, reached := "", false
	_, elsewhere = serve(t, testEndpoint(), httptest.NewServer, func(http.ResponseWriter, *http.Request) { reached = true })
	client, address := serve(t, testEndpoint(), httptest.NewServer, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, elsewhere, http.StatusTemporaryRedirect)
	})
	if _, err := post(t.Context(), client, address); err == nil || reached {
		t.Errorf("reached: %v; error: %v", reached, err)
	}
}

func TestEndpointReplyWithoutEndIsCutOff(t *testing.T) {
	client, address := serve(t, testEndpoint(), httptest.NewServer, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		for {
			if _, err := w.Write(bytes.Repeat([]byte(" "), 4<<10)); err != nil {
				return
			}
		}
	})
	body, err := post(t.Context(), client, address)
	if e, ok := errors.AsType[*EndpointError](err); !ok || e.Setting != "test.base_url" || len(body) > 1<<10 {
		t.Errorf("read %d bytes: %v", len(body), err)
	}
}

// An endless is a reader of spaces that counts how many were read.
type endless int

func (e *endless) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	*e += endless(len(p))
	return len(p), nil
}

func TestEndpointComplaintWithoutEndIsCutOff(t *testing.T) {
	var read endless
	_, err := postTo(t.Context(), newScript(func(r *http.Request) (*http.Response, error) {
		reply, err := answers(404, "")(r)
		// An end far beyond the limit, lest a failure of the test has none.
		reply.Body = io.NopCloser(io.LimitReader(&read, 64*maxComplaint))
		return reply, err
	}))
	if err == nil || read > maxComplaint {
		t.Errorf("read %d bytes: %v", read, err)
	}
}

func TestEndpointThatHangsEndsAtTheDeadline(t *testing.T) {
	const soon = 50 * time.Millisecond
	silent := func(http.ResponseWriter) {}
	tests := []struct {
		name               string
		firstByte, timeout time.Duration
		hang               func(w http.ResponseWriter)
	}{
		{"of its headers", soon, time.Minute, silent},
		{"of the request", time.Minute, soon, silent},
		{"of the request, within the body", time.Minute, soon, func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprint(w, "{")
			w.(http.Flusher).Flush()
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			e := testEndpoint()
			e.FirstByte, e.Timeout = tt.firstByte, tt.timeout
			client, address := serve(t, e, httptest.NewServer, func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.Copy(io.Discard, r.Body) // so that r's context tells the client's end
				tt.hang(w)
				<-r.Context().Done()
			})
			// The asker's own deadline is between the two of the endpoint.
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			_, err := post(ctx, client, address)
			if fault, ok := errors.AsType[*EndpointError](err); !ok || fault.Setting != "test.timeout" || !errors.Is(err, ErrUnavailable) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestEndpointThatIsNotThere(t *testing.T) {
	client, address := serve(t, testEndpoint(), func(h http.Handler) *httptest.Server {
		server := httptest.NewServer(h)
		server.Close()
		return server
	}, nil)
	_, err := post(t.Context(), client, address)
	if !errors.Is(err, ErrUnavailable) || !strings.Contains(err.Error(), "nothing listens there") {
		t.Errorf("got %v", err)
	}
}

func TestEndpointCertificateMustBeTrusted(t *testing.T) {
	client, address := serve(t, testEndpoint(), quiet((*httptest.Server).StartTLS), func(http.ResponseWriter, *http.Request) {})
	_, err := post(t.Context(), client, address)
	if err == nil || !strings.Contains(err.Error(), "certificate") || errors.Is(err, ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

func TestCheckBaseURL(t *testing.T) {
	for address, want := range map[string]string{
		"http://localhost:11434/v1":  "http://localhost:11434/v1",
		"https://api.example.com/v1": "https://api.example.com/v1",
		"https://example.com/a/v1//": "https://example.com/a/v1",
		"http://[::1]:8080/v1":       "http://[::1]:8080/v1",
		"":                           "",
		"localhost:11434/v1":         "",
		"http:///v1":                 "",
		"http://:80/v1":              "",
		"ftp://example.com/v1":       "",
		"http://example.com":         "",
		"http://example.com/v1/chat": "",
		"http://a:secret@b.test/v1":  "",
		"http://b.test/v1?k=secret":  "",
		"http://b.test/v1#secret":    "",
		"http://secret\x7f/v1":       "",
	} {
		got, err := CheckBaseURL("test.base_url", address)
		if got != want || (err == nil) != (want != "") {
			t.Errorf("%q: got %q, %v", address, got, err)
		}
		if err != nil && (strings.Contains(err.Error(), "secret") || !strings.Contains(err.Error(), "/v1")) {
			t.Errorf("%q: the error is %q", address, err)
		}
	}
}
