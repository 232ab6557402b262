package discord

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"footnote/bot/discordtest"
)

// The bench has pipes and its own clock; this is connect itself on real
// sockets, a hundred times as fast as with Discord.
func TestConnectOverLoopback(t *testing.T) {
	before := goleak.IgnoreCurrent()
	t.Cleanup(func() { goleak.VerifyNone(t, before) })
	const scale = 100
	gateway := discordtest.NewGateway(t)
	gateway.Pace(identifyPause/scale, 1)
	server := httptest.NewServer(gateway)
	t.Cleanup(server.Close)
	ready := make(chan struct{}, 1)
	o := Options{
		Token: benchToken, Log: slog.New(slog.DiscardHandler), Now: time.Now, Budget: new(memoryBudget), Timing: Timing{scale},
		State: func(_, _ int, s ShardState) {
			if s == Ready {
				ready <- struct{}{}
			}
		},
	}
	ask := func(context.Context) (gatewayInfo, error) {
		return gatewayInfo{URL: strings.Replace(server.URL, "http", "ws", 1)}, nil
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- connect(ctx, o, 1, ask, func(event) {}) }()
	for range 5 {
		<-ready
		gateway.Drop()
	}
	<-ready
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("stopping: %v", err)
	}
}

// Whatever comes in, the times of the connection stay sane and nothing panics.
func FuzzPacket(f *testing.F) {
	for _, text := range []string{
		`null`, `{}`, `{"op":0,"t":"READY","s":1,"d":{"session_id":"x","resume_gateway_url":"::"}}`, `{"op":0,"t":"READY","d":null}`,
		`{"op":0,"t":"RESUMED","s":-1}`, `{"op":1}`, `{"op":7}`, `{"op":9,"d":null}`, `{"op":10,"d":{"heartbeat_interval":1e300}}`,
		`{"op":10,"d":{"heartbeat_interval":-1}}`, `{"op":10,"d":{"heartbeat_interval":9223372036854775807}}`, `{"op":11,"d":[]}`,
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		g := &gateway{Options: Options{Log: slog.New(slog.DiscardHandler)}, handle: func(event) {}}
		k := newSocket(&shard{gateway: g}, nil, nil, nil, time.Now())
		var p packet
		if json.Unmarshal(text, &p) != nil {
			return
		}
		_, _ = k.take(p), k.take(p)
		if k.interval != 0 && (k.interval < minHeartbeat || k.interval > maxHeartbeat) {
			t.Errorf("a heartbeat interval of %v", k.interval)
		}
		if _, err := k.shard.address(); k.shard.seq.Load() < 0 || err != nil {
			t.Errorf("after event %d, connecting again: %v", k.shard.seq.Load(), err)
		}
	})
}
