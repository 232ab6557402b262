package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"

	"footnote/bot"
	"footnote/bot/discord"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// A meter counts what the bot does, for Prometheus, and knows whether it is
// ready. It sees no word of a question or an answer.
type meter struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	answers  *prometheus.CounterVec
	tokens   *prometheus.CounterVec
	events   *prometheus.CounterVec
	seconds  *prometheus.HistogramVec

	mu     sync.Mutex
	states []discord.ShardState // of each connection; none before the first
	bot    *bot.Bot             // set before anything is asked or measured
}

func newMeter(s *service) *meter {
	m := &meter{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "footnote_requests_total", Help: "Requests by command or button and by what became of them."}, []string{"name", "outcome"}),
		answers: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "footnote_answers_total", Help: "Answers by verdict, and by why quotes served instead of a model."}, []string{"verdict", "fallback"}),
		tokens: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "footnote_tokens_total", Help: "Tokens that the language model took."}, []string{"kind"}),
		events: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "footnote_discord_events_total", Help: "What happened on the connection to Discord."}, []string{"event"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "footnote_request_seconds", Help: "Time until a request was acknowledged, got its slot, had its model's text, and was done.",
			Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300}}, []string{"phase"}),
	}
	m.registry.MustRegister(m.requests, m.answers, m.tokens, m.events, m.seconds,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		gauge("footnote_articles", "Articles that everybody may ask.", func() float64 {
			return float64(s.corpus("").Scope.Coverage().Articles)
		}),
		gauge("footnote_running", "Requests that are being worked on.", func() float64 { return float64(m.bot.Stats().Running) }),
		gauge("footnote_queued", "Requests that wait for a slot.", func() float64 { return float64(m.bot.Stats().Queued) }),
		gauge("footnote_ready", "1 if the bot is connected, else 0.", func() float64 {
			if m.ready() {
				return 1
			}
			return 0
		}))
	return m
}

func gauge(name, help string, value func() float64) prometheus.GaugeFunc {
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value)
}

// record counts a request.
func (m *meter) record(r bot.Record) {
	m.requests.WithLabelValues(r.Name, string(r.Outcome)).Inc()
	for phase, d := range map[string]time.Duration{"acknowledged": r.Ack, "waited": r.Waited, "model": r.Model, "done": r.Elapsed} {
		if d > 0 {
			m.seconds.WithLabelValues(phase).Observe(d.Seconds())
		}
	}
	if r.Answer == "" {
		return
	}
	m.answers.WithLabelValues(r.Verdict.String(), string(r.Fallback)).Inc()
	m.tokens.WithLabelValues("prompt").Add(float64(r.Usage.PromptTokens))
	m.tokens.WithLabelValues("completion").Add(float64(r.Usage.CompletionTokens))
}

// observe counts what happened on the connection.
func (m *meter) observe(event string) { m.events.WithLabelValues(event).Inc() }

// shard takes note of what a connection, of so many, is doing.
func (m *meter) shard(n, all int, state discord.ShardState) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.states = slices.Grow(m.states, max(0, all-len(m.states)))[:all]
	m.states[n] = state
}

// ready says whether every connection is.
func (m *meter) ready() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return len(m.states) > 0 && !slices.ContainsFunc(m.states, func(s discord.ShardState) bool { return s != discord.Ready })
}

// lines are the states of the connections, for /status.
func (m *meter) lines() []string {
	m.mu.Lock()
	defer m.mu.Unlock()
	lines := make([]string, len(m.states))
	for n, state := range m.states {
		lines[n] = fmt.Sprintf("shard %d: %s", n, state)
	}
	return lines
}

// handler answers /metrics, /healthz (the process lives) and /readyz (it is
// connected).
func (m *meter) handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if !m.ready() {
			http.Error(w, "not connected to Discord", http.StatusServiceUnavailable)
			return
		}
		fmt.Fprintln(w, "ready")
	})
	return mux
}

// metricsPatience bounds a request for metrics.
const metricsPatience = 10 * time.Second

// listenForMetrics is where metrics.listen says, nil if that is nowhere. An
// address that cannot be had is an error if somebody set it, else a warning.
func (a *app) listenForMetrics() (net.Listener, error) {
	listen := a.loaded.Metrics.Listen
	if listen == "" {
		return nil, nil
	}
	listener, err := net.Listen("tcp", loopback(listen))
	if err == nil {
		return listener, nil
	}
	place := a.loaded.place("metrics.listen")
	if place == unset {
		a.log.Warn("no metrics: the usual address is taken; set metrics.listen to another, or to nothing", "address", listen)
		return nil, nil
	}
	return nil, &configError{key: "metrics.listen", place: place, must: "be an address that is free: " + err.Error()}
}

// serveMetrics answers at listener until ctx ends.
func (a *app) serveMetrics(ctx context.Context, listener net.Listener, m *meter) {
	server := &http.Server{Handler: m.handler(), ReadTimeout: metricsPatience, WriteTimeout: metricsPatience, MaxHeaderBytes: 1 << 14}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	a.log.Info("metrics", "address", listener.Addr().String())
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		a.log.Warn("metrics ended", "error", err)
	}
}

// loopback is a listening address that names no host on this machine alone.
func loopback(listen string) string {
	if host, port, err := net.SplitHostPort(listen); err == nil && host == "" {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return listen
}
