package discordtest

import (
	"encoding/json"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// A Conn is one connection to a Gateway, as its script sees it. Nothing that
// it sends blocks. When the other side has gone all its methods return at once.
type Conn struct {
	gateway *Gateway
	socket  *websocket.Conn
	host    string
	path    string
	out     chan gatewayMessage
	drop    func()
	gone    chan struct{} // closed by drop
	frozen  atomic.Bool

	identify Identify // the last one that was read
	early    bool     // identify came too soon
	resume   Resume   // the last one that was read
}

// A gatewayMessage is what goes out: a text, or a close frame.
type gatewayMessage struct {
	kind int
	data []byte
}

// A gatewayFrame is one packet, in either direction.
type gatewayFrame struct {
	Op   int             `json:"op"`
	Data json.RawMessage `json:"d"`
	Seq  *int            `json:"s"`
	Name *string         `json:"t"`
}

func newConn(g *Gateway, socket *websocket.Conn, r *http.Request) *Conn {
	gone := make(chan struct{})
	return &Conn{
		gateway: g, socket: socket, host: r.Host, path: r.URL.Path,
		out:  make(chan gatewayMessage, 1<<15), // more than any test's burst
		gone: gone,
		drop: sync.OnceFunc(func() { close(gone); _ = socket.Close() }),
	}
}

// Serve is what a gateway does: Hello, and then Listen.
func (c *Conn) Serve() {
	c.Hello()
	c.Listen()
}

// Hello says Hello.
func (c *Conn) Hello() {
	c.gateway.mu.Lock()
	interval := c.gateway.interval
	c.gateway.mu.Unlock()
	c.Send(OpHello, map[string]any{"heartbeat_interval": interval.Milliseconds()})
}

// Listen answers what comes in until the other side has gone.
func (c *Conn) Listen() {
	for {
		f, ok := c.read()
		if !ok {
			return
		}
		switch f.Op {
		case OpHeartbeat:
			c.Send(OpAck, nil)
		case OpIdentify:
			c.Ready()
		case OpResume:
			c.Resumed()
		}
	}
}

// Await reads on until an operation comes in, and answers nothing. It is false
// when the other side has gone.
func (c *Conn) Await(op int) (data json.RawMessage, ok bool) {
	for {
		f, ok := c.read()
		if !ok || f.Op == op {
			return f.Data, ok
		}
	}
}

// Ready answers the last identify: with READY, or with op 9 if it was early.
func (c *Conn) Ready() {
	if c.early {
		c.Send(OpInvalidSession, false)
		return
	}
	c.gateway.begin(c)
}

// Resumed answers the last resume: with what was missed and RESUMED, or with
// op 9 if there is no such session or no such sequence.
func (c *Conn) Resumed() {
	if !c.gateway.replay(c) {
		c.Send(OpInvalidSession, false)
	}
}

// Send sends an operation.
func (c *Conn) Send(op int, data any) { c.sendFrame(op, data, nil, nil) }

// Raw sends a text as it is.
func (c *Conn) Raw(text string) { c.put(gatewayMessage{websocket.TextMessage, []byte(text)}) }

// Close sends a close frame.
func (c *Conn) Close(code int) {
	c.put(gatewayMessage{websocket.CloseMessage, websocket.FormatCloseMessage(code, "")})
}

// Drop cuts the connection without a word.
func (c *Conn) Drop() { c.drop() }

// Freeze leaves the connection open and dead: nothing more is read or sent.
func (c *Conn) Freeze() { c.frozen.Store(true) }

func (c *Conn) sendFrame(op int, data any, seq *int, name *string) {
	encoded, err := json.Marshal(data)
	if err == nil {
		encoded, err = json.Marshal(gatewayFrame{op, encoded, seq, name})
	}
	if err != nil {
		c.gateway.t.Errorf("discordtest: encoding op %d: %v", op, err)
		return
	}
	c.put(gatewayMessage{websocket.TextMessage, encoded})
}

func (c *Conn) put(m gatewayMessage) {
	select {
	case c.out <- m:
	case <-c.gone:
	}
}

// write sends what is put out until the connection has gone.
func (c *Conn) write() {
	for {
		select {
		case m := <-c.out:
			if c.frozen.Load() {
				continue
			}
			if err := c.socket.WriteMessage(m.kind, m.data); err != nil {
				return // the reader notices as well
			}
		case <-c.gone:
			return
		}
	}
}

// read is the next frame that came in; identifies and resumes are noted.
func (c *Conn) read() (f gatewayFrame, ok bool) {
	_, text, err := c.socket.ReadMessage()
	if c.frozen.Load() {
		<-c.gone
	}
	if err != nil {
		return gatewayFrame{}, false
	}
	if err := json.Unmarshal(text, &f); err != nil {
		c.gateway.t.Errorf("discordtest: a frame that is no JSON: %v", err)
		return gatewayFrame{}, false
	}
	switch f.Op {
	case OpIdentify:
		c.noteIdentify(f.Data)
	case OpResume:
		c.noteResume(f.Data)
	}
	return f, true
}

func (c *Conn) noteIdentify(data json.RawMessage) {
	var asked struct {
		Token      string
		Intents    *int
		Shard      [2]int
		Properties map[string]string
	}
	if err := json.Unmarshal(data, &asked); err != nil || asked.Intents == nil || asked.Token == "" ||
		asked.Shard[1] < 1 || asked.Properties["os"] == "" {
		c.gateway.t.Errorf("discordtest: an identify that lacks something: %v", err)
		return
	}
	c.identify = Identify{time.Now(), asked.Token, *asked.Intents, asked.Shard}
	c.early = c.gateway.noteIdentify(c.identify)
}

func (c *Conn) noteResume(data json.RawMessage) {
	var asked struct {
		Token   string
		Session string `json:"session_id"`
		Seq     *int
	}
	if err := json.Unmarshal(data, &asked); err != nil || asked.Token == "" || asked.Session == "" || asked.Seq == nil {
		c.gateway.t.Errorf("discordtest: a resume that lacks something: %v", err)
		return
	}
	c.resume = Resume{time.Now(), asked.Token, asked.Session, *asked.Seq, c.host}
	c.gateway.set(func() { c.gateway.resumes = append(c.gateway.resumes, c.resume) })
}
