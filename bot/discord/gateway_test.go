package discord

import (
	"slices"
	"strings"
	"testing"
	"time"

	"footnote/bot/discordtest"
)

func TestFirstConnection(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.Greet(func(int) discordtest.Greeting {
			return discordtest.Greeting{Guilds: []map[string]any{{"id": "7"}}}
		})
		stop := b.connect()
		b.pass(time.Minute)
		if err := stop(); err != nil {
			t.Errorf("stopping: %v", err)
		}
		b.expect(1, 0, 1)
		asked := b.Identifies()[0]
		if asked.Token != benchToken || asked.Intents != 1 || asked.Shard != [2]int{0, 1} {
			t.Errorf("identified with intents %b as shard %v", asked.Intents, asked.Shard)
		}
		if got := b.names(); !slices.Equal(got, []string{"READY", "GUILD_CREATE"}) {
			t.Errorf("handed on: %v", got)
		}
		if want := []ShardState{Waiting, Connecting, Ready}; !slices.Equal(b.states, want) {
			t.Errorf("states %v, want %v", b.states, want)
		}
	})
}

func TestLivingConnectionStays(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		stop := b.connect()
		b.pass(24 * time.Hour)
		_ = stop()
		b.expect(1, 0, 1)
	})
}

// Operations come at any time, also before READY.
func TestUntimelyOperations(t *testing.T) {
	type conn = discordtest.Conn
	tests := []struct {
		name       string
		part       func(*conn)
		identifies int
		resumes    int
		dials      int
	}{
		{"op 7 at rest", func(c *conn) { c.Hello(); c.Await(2); c.Ready(); c.Await(1); c.Send(7, nil) }, 1, 1, 2},
		{"op 7 before Hello", func(c *conn) { c.Send(7, nil) }, 1, 0, 2},
		{"op 7 before READY", func(c *conn) { c.Hello(); c.Await(2); c.Send(7, nil) }, 2, 0, 2},
		{"op 11 before Hello", func(c *conn) { c.Send(11, nil); c.Serve() }, 1, 0, 1},
		{"op 1 before Hello", func(c *conn) { c.Send(1, nil); c.Serve() }, 1, 0, 1},
		{"op 11 and op 1 before READY", func(c *conn) {
			c.Hello()
			c.Send(11, nil)
			c.Send(1, nil)
			c.Await(1)
			c.Ready()
			c.Listen()
		}, 1, 0, 1},
		{"Hello twice", func(c *conn) { c.Hello(); c.Hello(); c.Listen() }, 1, 0, 1},
		{"no READY", func(c *conn) {
			c.Hello()
			for range 100 {
				c.Await(1)
				c.Send(11, nil)
			}
		}, 2, 0, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			onBench(t, func(t *testing.T, b *bench) {
				b.Script(test.part)
				stop := b.connect()
				b.pass(time.Minute)
				if b.state() != Ready {
					t.Errorf("after a minute: %s", b.state())
				}
				_ = stop()
				b.expect(test.identifies, test.resumes, test.dials)
			})
		})
	}
}

func TestBadPacketsAreReadOver(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		stop := b.connect()
		b.pass(time.Minute)
		for _, text := range []string{
			"", "null", "{", "[]", "7", `{"op":"0"}`, `{"op":0}`, `{"op":0,"t":null,"s":null}`, `{"op":99,"s":9000}`,
			`{"op":0,"t":"X","s":"1"}`, `{"op":10,"d":null}`, `{"op":11,"s":9000}`, "\x00\xff",
			`{"op":0,"t":"HUGE","d":"` + strings.Repeat("x", maxPacket) + `"}`,
		} {
			b.Raw(text)
		}
		b.Raw(`{"op":0,"t":"UNKNOWN","s":null,"d":null}`)
		b.Dispatch("AFTER", nil)
		b.pass(time.Second)
		b.Drop()
		b.pass(5 * time.Second)
		_ = stop()
		b.expect(1, 1, 2)
		if got := b.names(); !slices.Equal(got, []string{"READY", "UNKNOWN", "AFTER"}) {
			t.Errorf("handed on: %v", got)
		}
		if seq := b.Resumes()[0].Seq; seq != 2 {
			t.Errorf("resumed after event %d, want 2: only events count", seq)
		}
	})
}

func TestBurstIsHandedOnInOrder(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		stop := b.connect()
		b.pass(time.Minute)
		want := []string{"READY"}
		for i := range 10_000 {
			want = append(want, string(rune('A'+i%26)))
			b.Dispatch(want[i+1], nil)
		}
		b.pass(time.Second)
		_ = stop()
		if got := b.names(); !slices.Equal(got, want) {
			t.Errorf("%d events handed on", len(got))
		}
	})
}

func TestHeartbeatsCarryTheLastEvent(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		var beats []string
		b.Script(func(c *discordtest.Conn) {
			c.Hello()
			c.Send(discordtest.OpHeartbeat, nil)
			for range 2 {
				data, _ := c.Await(discordtest.OpHeartbeat)
				beats = append(beats, string(data))
				c.Send(discordtest.OpAck, nil)
				c.Ready()
			}
		})
		stop := b.connect()
		b.pass(benchInterval)
		_ = stop()
		if !slices.Equal(beats, []string{"null", "1"}) {
			t.Errorf("heartbeats carried %v, want null before READY and then 1", beats)
		}
	})
}

func TestShardsIdentifyInTurn(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.info.Shards, b.info.Limit.MaxConcurrency = 4, 2
		b.Pace(5*time.Second, 2)
		stop := b.connect()
		b.pass(6 * time.Second)
		b.DispatchTo(3, "THEIRS", nil)
		b.pass(time.Second)
		_ = stop()
		var shards []int
		for _, asked := range b.Identifies() {
			shards = append(shards, asked.Shard[0])
		}
		slices.Sort(shards)
		if !slices.Equal(shards, []int{0, 1, 2, 3}) {
			t.Errorf("identified: %v", shards)
		}
		if last := b.events[len(b.events)-1]; last.Name != "THEIRS" || last.Shard != 3 {
			t.Errorf("the last event was %s of shard %d", last.Name, last.Shard)
		}
	})
}
