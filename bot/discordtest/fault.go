package discordtest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A Response is what a call is answered instead of what it asks for.
type Response struct {
	Status int
	Header http.Header
	Body   string
	After  bool // the call has its effect all the same, only its answer is lost
	Hang   bool // no answer, until the caller goes away or the test ends
	Reset  bool // the connection is cut

	// Late is by how much later the call has its effect and is answered as
	// ever, whether the caller is still there or not; 0 if something else is
	// to happen. Nothing else waits for it, as it would for a Fault that sleeps.
	Late time.Duration

	until time.Time // no such call may come before
	scope string    // of until
}

// A Scope says what a 429 is about.
type Scope string

// What a 429 can be about.
const (
	OfRoute    Scope = "user"       // this method and path
	OfShared   Scope = "shared"     // the same, for all bots: it is not counted against this one
	OfAll      Scope = "global"     // everything but interactions
	OfEveryone Scope = "cloudflare" // everything: a page in HTML
)

// Limited is a 429 that asks to wait. A call that comes too early fails the
// test.
func Limited(scope Scope, wait time.Duration) *Response {
	seconds := strconv.FormatFloat(wait.Seconds(), 'f', 3, 64)
	whole := strconv.Itoa(int((wait + time.Second - 1) / time.Second))
	r := &Response{Status: http.StatusTooManyRequests, Header: make(http.Header), until: time.Now().Add(wait), scope: string(scope)}
	switch scope {
	case OfEveryone:
		r.Header.Set("Content-Type", "text/html")
		r.Header.Set("Retry-After", whole)
		r.Body = "<html><body>error code: 1015</body></html>"
		r.until = time.Now().Add(wait.Truncate(time.Second))
	case OfAll:
		r.Header.Set("X-RateLimit-Global", "true")
		r.Header.Set("Retry-After", seconds)
	default:
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("X-RateLimit-Scope", string(scope))
		r.Header.Set("X-RateLimit-Bucket", "seeded")
		r.Header.Set("Retry-After", whole)
		r.Body = `{"message":"You are being rate limited.","retry_after":` + seconds + `,"global":false}`
	}
	return r
}

// Refused is an error as Discord states it, with its own code.
func Refused(status, code int) *Response {
	body, _ := json.Marshal(map[string]any{"code": code, "message": http.StatusText(status)})
	return &Response{Status: status, Body: string(body), Header: http.Header{"Content-Type": {"application/json"}}}
}

// faults are the faults that a test injects.
type faults struct {
	mu     sync.Mutex
	hooks  []func(*http.Request) *Response
	closed []closure
}

// A closure says which calls may not come, and until when.
type closure struct {
	covers func(*http.Request) bool
	until  time.Time
}

// Fault asks hook of every call, before it has an effect; nil leaves the call
// as it is. Of several hooks the first that answers decides.
func (s *Server) Fault(hook func(r *http.Request) *Response) {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.hooks = append(s.faults.hooks, hook)
}

// next is the fault of a call, nil if there is none. A call that an earlier
// 429 forbids fails the test.
func (f *faults) next(t testing.TB, r *http.Request) *Response {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, c := range f.closed {
		if early := time.Until(c.until); early > 0 && c.covers(r) {
			t.Errorf("discordtest: %s %s came %v before a 429 allowed it", r.Method, r.URL.Path, early)
		}
	}
	for _, hook := range f.hooks {
		if fault := hook(r); fault != nil {
			f.note(fault, r)
			return fault
		}
	}
	return nil
}

func (f *faults) note(fault *Response, r *http.Request) {
	if fault.scope == "" {
		return
	}
	method, path := r.Method, r.URL.Path
	covers := func(r *http.Request) bool { return r.Method == method && r.URL.Path == path }
	switch Scope(fault.scope) {
	case OfAll:
		covers = func(r *http.Request) bool { return !openToAll(r.URL.Path) }
	case OfEveryone:
		covers = func(*http.Request) bool { return true }
	}
	f.closed = append(f.closed, closure{covers, fault.until})
}

// fail answers a call with a fault.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, body []byte, fault *Response) {
	if fault.After {
		s.perform(r, body)
	}
	switch {
	case fault.Late > 0:
		select {
		case <-time.After(fault.Late):
			answer(w, s.perform(r, body))
		case <-s.done:
		}
		return
	case fault.Hang:
		select {
		case <-r.Context().Done():
		case <-s.done:
		}
		panic(http.ErrAbortHandler)
	case fault.Reset:
		panic(http.ErrAbortHandler)
	}
	for key, values := range fault.Header {
		w.Header()[key] = values
	}
	w.WriteHeader(fault.Status)
	strings.NewReader(fault.Body).WriteTo(w)
}
