package discord

import (
	"context"
	"errors"
	"net"
	"slices"
	"strconv"
	"testing"
	"time"

	"footnote/bot/discordtest"
)

func TestDroppedConnectionResumes(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.ResumeAt("ws://127.0.0.2:1/gateway")
		b.Overlap(1)
		stop := b.connect()
		b.pass(time.Minute)
		b.Dispatch("SEEN", nil)
		b.pass(0)
		b.Drop()
		b.Dispatch("MISSED", nil)
		b.pass(5 * time.Second)
		_ = stop()
		b.expect(1, 1, 2)
		if r := b.Resumes()[0]; r.Host != "127.0.0.2:1" || r.Seq != 2 || r.Token != benchToken {
			t.Errorf("resumed at %s after event %d", r.Host, r.Seq)
		}
		if got := b.names(); !slices.Equal(got, []string{"READY", "SEEN", "SEEN", "MISSED"}) {
			t.Errorf("handed on: %v", got)
		}
	})
}

func TestResumeFallsBackToTheFrontDoor(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.ResumeAt("ws://127.0.0.2:1/gateway")
		pipes := b.network
		b.network = func(ctx context.Context, network, address string) (net.Conn, error) {
			if address == "127.0.0.2:1" {
				return nil, errors.New("no route to host")
			}
			return pipes(ctx, network, address)
		}
		stop := b.connect()
		b.pass(time.Minute)
		b.Drop()
		b.pass(5 * time.Second)
		_ = stop()
		b.expect(1, 1, 3)
	})
}

// A dead connection is found within one and a half heartbeat intervals of its
// last sign of life. To hang up on a peer that takes nothing may take as long
// as a write, and then comes the wait before the next attempt.
func TestDeadConnectionIsFound(t *testing.T) {
	found := benchInterval*3/2 + writeLimit + 2*time.Second
	for name, die := range map[string]func(*bench){
		"half open": func(b *bench) { b.Freeze(); b.pass(found) },
		"events, and no heartbeat is acknowledged": func(b *bench) {
			for range found / time.Second {
				b.Dispatch("NOISE", nil)
				b.pass(time.Second)
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			onBench(t, func(t *testing.T, b *bench) {
				b.Script(func(c *discordtest.Conn) {
					c.Hello()
					c.Await(discordtest.OpIdentify)
					c.Ready()
				})
				stop := b.connect()
				b.pass(time.Millisecond)
				die(b)
				_ = stop()
				b.expect(1, 1, 2)
			})
		})
	}
}

func TestSilentConnectionIsAbandonedWithin15s(t *testing.T) {
	for name, silence := range map[string]func(*bench){
		"no Hello": func(b *bench) { b.Script(func(*discordtest.Conn) {}) },
		"no answer to the handshake": func(b *bench) {
			pipes, first := b.network, true
			b.network = func(ctx context.Context, network, address string) (net.Conn, error) {
				if !first {
					return pipes(ctx, network, address)
				}
				first = false
				ours, _ := net.Pipe()
				return ours, nil
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			onBench(t, func(t *testing.T, b *bench) {
				silence(b)
				stop := b.connect()
				b.pass(16 * time.Second)
				if len(b.dials()) != 2 || b.state() != Ready {
					t.Errorf("after 16 s: %d connections, %s", len(b.dials()), b.state())
				}
				_ = stop()
			})
		})
	}
}

func TestReconnectAsFirstPacketOfAResume(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.Script((*discordtest.Conn).Serve, func(c *discordtest.Conn) { c.Hello(); c.Send(discordtest.OpReconnect, nil) })
		stop := b.connect()
		b.pass(time.Minute)
		b.Drop()
		b.Dispatch("MISSED", nil)
		b.pass(30 * time.Second)
		if b.state() != Ready || !slices.Contains(b.names(), "MISSED") {
			t.Errorf("after 30 s: %s, handed on %v", b.state(), b.names())
		}
		_ = stop()
		if len(b.dials()) != 3 || len(b.Identifies()) != 1 {
			t.Errorf("%d connections, %d identifies", len(b.dials()), len(b.Identifies()))
		}
	})
}

func TestRefusedSession(t *testing.T) {
	for name, test := range map[string]struct {
		data       any
		identifies int
		resumes    int
	}{
		"for good":  {false, 2, 0},
		"for now":   {true, 1, 1},
		"malformed": {map[string]any{}, 2, 0},
	} {
		t.Run(name, func(t *testing.T) {
			onBench(t, func(t *testing.T, b *bench) {
				stop := b.connect()
				b.pass(time.Minute)
				refused := time.Now()
				b.Send(discordtest.OpInvalidSession, test.data)
				b.pass(10 * time.Second)
				_ = stop()
				b.expect(test.identifies, test.resumes, 2)
				if gap := b.dials()[1].Sub(refused); gap < time.Second || gap > 5*time.Second {
					t.Errorf("connected again after %v, want 1 to 5 s", gap)
				}
			})
		})
	}
}

func TestSessionThatIsNeverResumedIsGivenUp(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.Script((*discordtest.Conn).Serve)
		b.Always(func(c *discordtest.Conn) {
			c.Hello()
			if _, ok := c.Await(discordtest.OpResume); ok {
				c.Send(discordtest.OpInvalidSession, true)
			}
		})
		stop := b.connect()
		b.pass(time.Minute)
		b.Drop()
		b.pass(time.Hour)
		_ = stop()
		if n := len(b.Identifies()); n < 2 {
			t.Errorf("%d identifies, %d resumes", n, len(b.Resumes()))
		}
	})
}

func TestCloseCodes(t *testing.T) {
	for _, code := range []int{4000, 4001, 4008, 1000, 1001, 1011} {
		closes(t, code, "", 1, 1, 2)
	}
	for _, code := range []int{4003, 4007, 4009} {
		closes(t, code, "", 2, 0, 2)
	}
	for code, setting := range map[int]string{
		4004: "discord.token", 4010: "discord.api_url", 4011: "discord.token", 4012: "discord.api_url",
		4013: "discord.mentions", 4014: "discord.mentions",
	} {
		closes(t, code, setting, 1, 0, 1)
	}
}

// closes says what comes of a close code within an hour; setting is of the
// fatal error, if it is fatal.
func closes(t *testing.T, code int, setting string, identifies, resumes, dials int) {
	t.Run(strconv.Itoa(code), func(t *testing.T) {
		onBench(t, func(t *testing.T, b *bench) {
			stop := b.connect()
			b.pass(time.Minute)
			b.Close(code)
			b.pass(time.Hour)
			err := stop()
			b.expect(identifies, resumes, dials)
			var fatal *FatalError
			if errors.As(err, &fatal) != (setting != "") || fatal != nil && fatal.Setting != setting {
				t.Errorf("ended with %v, want an error of %q", err, setting)
			}
		})
	})
}

func TestBackoffDoublesTo600s(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.network = func(context.Context, string, string) (net.Conn, error) { return nil, errors.New("no route to host") }
		stop := b.connect()
		b.pass(2 * time.Hour)
		_ = stop()
		most := time.Second
		for i, at := range b.dials()[1:] {
			if gap := at.Sub(b.dials()[i]); gap < most/2 || gap > most {
				t.Errorf("wait %d was %v, want %v to %v", i+1, gap, most/2, most)
			}
			most = min(2*most, 600*time.Second)
		}
		if len(b.Identifies()) != 0 || len(b.budget.times) != 0 {
			t.Error("an attempt that reached nobody was counted as an identify")
		}
	})
}
