package discord

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"footnote/bot/discordtest"
)

const (
	benchToken    = "bench-token-that-no-log-may-hold"
	benchURL      = "ws://127.0.0.1:1/gateway"
	benchInterval = 40 * time.Second
)

// A bench is a bot's gateway and Discord's, in a bubble of synctest: pipes for
// the network, hours that pass in no time.
type bench struct {
	*discordtest.Gateway
	t       *testing.T
	options Options
	budget  *memoryBudget
	ask     func(context.Context) (gatewayInfo, error)
	network func(context.Context, string, string) (net.Conn, error)

	mu       sync.Mutex // see note
	info     gatewayInfo
	log      bytes.Buffer
	events   []event
	observed []string
	states   []ShardState
	dialled  []time.Time
}

// onBench runs a test in a bubble. What it starts has ended when it returns:
// synctest sees to that.
func onBench(t *testing.T, test func(*testing.T, *bench)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		b := &bench{Gateway: discordtest.NewGateway(t), t: t, budget: new(memoryBudget)}
		b.Interval(benchInterval)
		b.info.URL, b.info.Shards = benchURL, 1
		b.info.Limit.Total, b.info.Limit.Remaining, b.info.Limit.MaxConcurrency = 1000, 1000, 1
		b.ask = func(context.Context) (info gatewayInfo, err error) {
			b.note(func() { info = b.info })
			return info, nil
		}
		b.network = servePipes(t, b.Gateway)
		b.options = Options{
			Token: benchToken, Log: slog.New(slog.NewTextHandler(b, &slog.HandlerOptions{Level: slog.LevelDebug})),
			Now: time.Now, Budget: b.budget,
			Observe: func(event string) { b.note(func() { b.observed = append(b.observed, event) }) },
			State:   func(_, _ int, s ShardState) { b.note(func() { b.states = append(b.states, s) }) },
		}
		test(t, b)
		if strings.Contains(b.log.String(), benchToken) {
			t.Error("the log holds the token")
		}
	})
}

// servePipes serves a handler over pipes, and returns what dials them.
func servePipes(t *testing.T, h http.Handler) func(context.Context, string, string) (net.Conn, error) {
	l := &pipes{conns: make(chan net.Conn), end: make(chan struct{})}
	server := &http.Server{Handler: h}
	var serving sync.WaitGroup
	serving.Go(func() { _ = server.Serve(l) })
	t.Cleanup(func() {
		_ = server.Close()
		serving.Wait()
	})
	return l.dial
}

type pipes struct {
	conns chan net.Conn
	end   chan struct{}
	once  sync.Once
}

func (l *pipes) dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case l.conns <- theirs:
		return ours, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.end:
		return nil, net.ErrClosed
	}
}

func (l *pipes) Close() error   { l.once.Do(func() { close(l.end) }); return nil }
func (l *pipes) Addr() net.Addr { return new(net.UnixAddr) }

// note changes or reads what goroutines of the connection share with the test.
func (b *bench) note(change func()) {
	b.mu.Lock()
	defer b.mu.Unlock()
	change()
}

func (b *bench) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.log.Write(p)
}

// connect begins to connect. stop ends that and says how it ended; it fails
// the test if that takes longer than 5 s.
func (b *bench) connect() (stop func() error) {
	ctx, cancel := context.WithCancel(b.t.Context())
	g := &gateway{
		Options: b.options, intents: 1, ask: b.ask, random: rand.Float64,
		handle: func(e event) { b.note(func() { b.events = append(b.events, e) }) },
		network: func(ctx context.Context, network, address string) (net.Conn, error) {
			b.note(func() { b.dialled = append(b.dialled, time.Now()) })
			return b.network(ctx, network, address)
		},
	}
	ended := make(chan error, 1)
	go func() { ended <- g.run(ctx) }()
	return func() error {
		started := time.Now()
		cancel()
		err := <-ended
		if took := time.Since(started); took > 5*time.Second {
			b.t.Errorf("stopping took %v", took)
		}
		return err
	}
}

// pass lets time pass, and what is then due happen.
func (b *bench) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// names are the events that were handed on, in order.
func (b *bench) names() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	var names []string
	for _, e := range b.events {
		names = append(names, e.Name)
	}
	return names
}

// dials are when connections were tried.
func (b *bench) dials() []time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.dialled)
}

// saw counts an observed event.
func (b *bench) saw(event string) (n int) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, o := range b.observed {
		if o == event {
			n++
		}
	}
	return n
}

func (b *bench) state() ShardState {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.states) == 0 {
		return ""
	}
	return b.states[len(b.states)-1]
}

// expect holds what the fake has seen to what it should have.
func (b *bench) expect(identifies, resumes, dials int) {
	b.t.Helper()
	if i, r, d := len(b.Identifies()), len(b.Resumes()), len(b.dials()); i != identifies || r != resumes || d != dials {
		b.t.Errorf("%d identifies, %d resumes, %d connections; want %d, %d, %d", i, r, d, identifies, resumes, dials)
	}
}

// A memoryBudget remembers over connects, as a disk does over restarts.
type memoryBudget struct {
	broken atomic.Bool
	slow   time.Duration // the next note's way to the disk
	mu     sync.Mutex
	times  []time.Time
}

func (m *memoryBudget) Identifies(_ context.Context, since time.Time) ([]time.Time, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken.Load() {
		return nil, errors.New("the disk is gone")
	}
	return slices.DeleteFunc(slices.Clone(m.times), func(at time.Time) bool { return at.Before(since) }), nil
}

func (m *memoryBudget) Identified(_ context.Context, at time.Time) error {
	m.mu.Lock()
	m.times = append(m.times, at)
	slow := m.slow
	m.slow = 0
	m.mu.Unlock()
	time.Sleep(slow)
	return nil
}
