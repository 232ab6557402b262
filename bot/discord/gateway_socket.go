package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

const (
	maxPacket    = 16 << 20         // bytes; longer ones are passed over
	readyLimit   = 30 * time.Second // from Hello to the first event
	maxHeartbeat = 10 * time.Minute
	minHeartbeat = time.Second
)

// A socket is one websocket, from its opening to its loss. One goroutine reads,
// one writes.
type socket struct {
	shard   *shard
	conn    *websocket.Conn
	raw     net.Conn // beneath conn
	turn    *turn    // to identify; nil if the socket is to resume
	session string   // to resume

	hello chan time.Duration // the heartbeat interval, once
	beats chan struct{}      // heartbeats that Discord asks for

	// Of the reader. Deadlines of connections are of the machine's own clock.
	opened   time.Time
	greeted  time.Time
	acked    time.Time // or greeted
	interval time.Duration
	heard    bool // an event
	ready    time.Time
}

func newSocket(s *shard, conn *websocket.Conn, raw net.Conn, turn *turn, opened time.Time) *socket {
	return &socket{
		shard: s, conn: conn, raw: raw, turn: turn, session: s.session, opened: opened,
		hello: make(chan time.Duration, 1), beats: make(chan struct{}, 1),
	}
}

// run serves the connection until it is lost, and says why it was.
func (k *socket) run(ctx context.Context) error {
	writing, stop := context.WithCancel(ctx)
	defer stop()
	var writer sync.WaitGroup
	var failed error
	writer.Go(func() {
		if failed = k.write(writing); failed != nil {
			// Discord may have closed and said why: the reader finds it.
			_ = k.shard.gateway.sleep(writing, time.Second)
		}
		k.hangUp(ctx)
	})
	err := k.read()
	stop()
	writer.Wait()
	if failed != nil {
		return fmt.Errorf("%w, and then %w", failed, err)
	}
	return err
}

// lived says whether the connection was ready for a while.
func (k *socket) lived() bool {
	return !k.ready.IsZero() && time.Since(k.ready) >= k.shard.gateway.Timing.of(livedLimit)
}

// hangUp closes: for good if ctx has ended, else so that the session stays.
// What lies beneath is closed first, as TLS would wait to say goodbye.
func (k *socket) hangUp(ctx context.Context) {
	code := closeGoingOn
	if ctx.Err() != nil {
		code = websocket.CloseNormalClosure
	}
	goodbye := websocket.FormatCloseMessage(code, "")
	_ = k.conn.WriteControl(websocket.CloseMessage, goodbye, time.Now().Add(time.Second))
	_ = k.raw.Close()
	_ = k.conn.Close()
}

// read takes packets until one of them, or their absence, ends the connection.
func (k *socket) read() error {
	for {
		if err := k.conn.SetReadDeadline(k.deadline()); err != nil {
			return err
		}
		p, err := k.next()
		if err != nil {
			return k.explain(err)
		}
		if err := k.take(p); err != nil {
			return err
		}
	}
}

// deadline is when the connection counts as dead. Only an acknowledged
// heartbeat puts it off: each is answered within an interval.
func (k *socket) deadline() time.Time {
	if k.interval == 0 {
		return k.opened.Add(k.shard.gateway.Timing.of(helloLimit))
	}
	dead := k.acked.Add(k.interval + k.interval/2)
	if ready := k.greeted.Add(k.shard.gateway.Timing.of(readyLimit)); !k.heard && ready.Before(dead) {
		return ready
	}
	return dead
}

// explain is why nothing more could be read.
func (k *socket) explain(err error) error {
	var failure net.Error
	if !errors.As(err, &failure) || !failure.Timeout() {
		return err
	}
	k.shard.gateway.observe("zombie")
	if k.interval == 0 {
		return errNoHello
	}
	return errSilent
}

// next reads a packet. One that is no JSON, or too long, is read over: it is
// the zero packet, which says nothing.
func (k *socket) next() (packet, error) {
	_, r, err := k.conn.NextReader()
	if err != nil {
		return packet{}, err
	}
	text, err := io.ReadAll(io.LimitReader(r, maxPacket+1))
	if err != nil {
		return packet{}, err
	}
	var p packet
	if len(text) > maxPacket || json.Unmarshal(text, &p) != nil {
		k.shard.gateway.observe("bad packet")
		return packet{}, nil
	}
	return p, nil
}
