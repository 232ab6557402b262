package discord

import (
	"context"
	"encoding/json"
	"fmt"
	"runtime"
	"time"

	"github.com/gorilla/websocket"
)

// The operations of the gateway.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opAck            = 11
)

// writeLimit bounds one write: a connection that takes nothing for so long is
// dead, and the end of ctx must not wait longer.
const writeLimit = 3 * time.Second

// A packet is what comes in.
type packet struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  int64           `json:"s"`
	Name string          `json:"t"`
}

// take does what a packet asks for. Its error ends the connection.
func (k *socket) take(p packet) error {
	switch p.Op {
	case opDispatch:
		k.dispatch(p)
	case opHeartbeat:
		select {
		case k.beats <- struct{}{}:
		default: // one is due already
		}
	case opReconnect:
		return errReconnect
	case opInvalidSession:
		k.shard.gateway.observe("invalid session")
		return invalidSession{resumable: string(p.Data) == "true"}
	case opHello:
		k.greet(p.Data)
	case opAck:
		k.acked = time.Now()
	}
	return nil
}

// greet takes the first Hello.
func (k *socket) greet(data json.RawMessage) {
	var hello struct {
		Interval int64 `json:"heartbeat_interval"` // milliseconds
	}
	if k.interval != 0 || json.Unmarshal(data, &hello) != nil {
		return
	}
	interval := time.Duration(min(hello.Interval, maxHeartbeat.Milliseconds())) * time.Millisecond
	k.interval = max(interval, k.shard.gateway.Timing.of(minHeartbeat))
	k.greeted = time.Now()
	k.acked = k.greeted
	k.hello <- k.interval
}

// dispatch keeps the session up to date and hands an event on.
func (k *socket) dispatch(p packet) {
	if p.Name == "" {
		return
	}
	k.heard = true
	k.turn.end()
	if p.Seq > 0 {
		k.shard.seq.Store(p.Seq)
	}
	switch p.Name {
	case "READY":
		k.shard.begin(p.Data)
		k.open()
	case "RESUMED":
		k.open()
		return
	}
	k.shard.gateway.handle(event{p.Name, k.shard.number, p.Data})
}

// open says that events come in from now on.
func (k *socket) open() {
	k.ready = time.Now()
	k.shard.tell(Ready)
	k.shard.gateway.observe("ready")
	k.shard.gateway.Log.Info("connected to discord", "shard", k.shard.number, "shards", k.shard.count)
}

// write introduces the bot when it has been greeted, and then keeps the
// connection alive until ctx ends.
func (k *socket) write(ctx context.Context) error {
	var interval time.Duration
	select {
	case interval = <-k.hello:
	case <-ctx.Done():
		return nil
	}
	if err := k.introduce(ctx); err != nil {
		return err
	}
	// Discord asks for a random first beat, so that bots do not beat in step.
	next := time.NewTimer(k.shard.gateway.between(0, interval))
	defer next.Stop()
	for {
		select {
		case <-next.C:
			next.Reset(interval)
		case <-k.beats:
		case <-ctx.Done():
			return nil
		}
		if err := k.send(opHeartbeat, k.seq()); err != nil {
			return err
		}
	}
}

// introduce resumes the session or begins a new one.
func (k *socket) introduce(ctx context.Context) error {
	s := k.shard
	if k.turn == nil {
		s.gateway.observe("resume")
		return k.send(opResume, map[string]any{"token": s.gateway.Token, "session_id": k.session, "seq": s.seq.Load()})
	}
	if err := k.turn.spend(ctx); err != nil {
		return err
	}
	s.gateway.observe("identify")
	return k.send(opIdentify, map[string]any{
		"token":      s.gateway.Token,
		"intents":    s.gateway.intents,
		"shard":      [2]int{s.number, s.count},
		"properties": map[string]string{"os": runtime.GOOS, "browser": "footnote", "device": "footnote"},
	})
}

// seq is the last event's, as a heartbeat carries it; nil before the first.
func (k *socket) seq() any {
	if seq := k.shard.seq.Load(); seq > 0 {
		return seq
	}
	return nil
}

// send is for the writer alone.
func (k *socket) send(op int, data any) error {
	text, err := json.Marshal(map[string]any{"op": op, "d": data})
	if err != nil {
		return fmt.Errorf("encoding for discord's gateway: %w", err)
	}
	if err := k.conn.SetWriteDeadline(time.Now().Add(writeLimit)); err != nil {
		return err
	}
	return k.conn.WriteMessage(websocket.TextMessage, text)
}
