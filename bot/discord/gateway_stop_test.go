package discord

import (
	"context"
	"errors"
	"net"
	"runtime"
	"testing"
	"time"

	"footnote/bot/discordtest"
)

func TestFiftyDropsLeaveNoGoroutine(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		stop := b.connect()
		b.pass(time.Minute)
		before := runtime.NumGoroutine()
		for range 50 {
			b.Drop()
			b.pass(time.Minute)
		}
		if after := runtime.NumGoroutine(); after > before {
			t.Errorf("%d goroutines, %d before", after, before)
		}
		_ = stop()
		b.expect(1, 50, 51)
	})
}

// Stop takes at most 5 s in every state, which the bench sees to, and nothing
// is dialled afterwards.
func TestStopInEveryState(t *testing.T) {
	hang := func(ctx context.Context, _, _ string) (net.Conn, error) { <-ctx.Done(); return nil, ctx.Err() }
	mute := func(context.Context, string, string) (net.Conn, error) { ours, _ := net.Pipe(); return ours, nil }
	never := func(*discordtest.Conn) {}
	tests := []struct {
		name    string
		prepare func(*bench)
		after   time.Duration
		meddle  func(*bench)
	}{
		{"asking for the gateway", func(b *bench) {
			b.ask = func(ctx context.Context) (gatewayInfo, error) { <-ctx.Done(); return gatewayInfo{}, ctx.Err() }
		}, time.Second, nil},
		{"dialling", func(b *bench) { b.network = hang }, time.Second, nil},
		{"shaking hands", func(b *bench) { b.network = mute }, time.Second, nil},
		{"waiting for Hello", func(b *bench) { b.Always(never) }, time.Second, nil},
		{"waiting for its turn", func(b *bench) { b.budget.times = []time.Time{time.Now()} }, time.Second, nil},
		{"waiting for its budget", func(b *bench) { b.info.Limit.Remaining = 0; b.info.Limit.ResetAfter = 1e6 }, time.Second, nil},
		{"backing off", func(b *bench) { b.Always(func(c *discordtest.Conn) { c.Drop() }) }, time.Hour, nil},
		{"open", func(*bench) {}, time.Minute, nil},
		{"resuming", func(b *bench) { b.Script((*discordtest.Conn).Serve); b.Always((*discordtest.Conn).Hello) }, time.Minute, (*bench).drop},
		{"stuck", func(*bench) {}, time.Second, func(b *bench) { b.Freeze(); b.pass(benchInterval * 11 / 10) }},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			onBench(t, func(t *testing.T, b *bench) {
				test.prepare(b)
				stop := b.connect()
				b.pass(test.after)
				if test.meddle != nil {
					test.meddle(b)
				}
				if err := stop(); err != nil {
					t.Errorf("stopping: %v", err)
				}
				dials := len(b.dials())
				b.pass(30 * time.Second)
				if again := len(b.dials()); again != dials {
					t.Errorf("%d connections, and %d after the stop", dials, again)
				}
			})
		})
	}
}

// drop cuts the connection and waits for the next.
func (b *bench) drop() {
	b.Drop()
	b.pass(2 * time.Second)
}

func TestAskDecidesWhetherToGoOn(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		asked := 0
		b.ask = func(context.Context) (gatewayInfo, error) {
			if asked++; asked < 5 {
				return gatewayInfo{}, errors.New("502 Bad Gateway")
			}
			return gatewayInfo{}, &FatalError{"discord.token", "refused"}
		}
		stop := b.connect()
		b.pass(time.Minute)
		var fatal *FatalError
		if err := stop(); asked != 5 || !errors.As(err, &fatal) {
			t.Errorf("asked %d times, ended with %v", asked, err)
		}
	})
}

func TestOneShardsFatalErrorEndsAll(t *testing.T) {
	onBench(t, func(t *testing.T, b *bench) {
		b.info.Shards = 2
		b.Script((*discordtest.Conn).Serve, func(c *discordtest.Conn) { c.Hello(); c.Await(discordtest.OpIdentify); c.Close(4014) })
		stop := b.connect()
		b.pass(time.Hour)
		var fatal *FatalError
		if err := stop(); !errors.As(err, &fatal) || len(b.dials()) != 2 {
			t.Errorf("%d connections, ended with %v", len(b.dials()), err)
		}
	})
}
