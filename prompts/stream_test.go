package prompts

import (
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"footnote/prompts/promptstest"
)

// readEvents returns the events of a stream as KIND(DATA), and the error that
// ended them unless that is io.EOF.
func readEvents(stream io.Reader) (string, error) {
	var all []string
	body := newEventBody(io.NopCloser(stream))
	for {
		e, err := body.events.next()
		if err == io.EOF {
			return strings.Join(all, " "), nil
		}
		if err != nil {
			return strings.Join(all, " "), err
		}
		all = append(all, e.kind+"("+string(e.data)+")")
	}
}

func TestEventsOfAStream(t *testing.T) {
	tests := []struct{ name, stream, want string }{
		{"LF", "data: a\n\ndata: b\n\n", "(a) (b)"},
		{"CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", "(a) (b)"},
		{"CR", "data: a\r\rdata: b\r\r", "(a) (b)"},
		{"all of them", "data: a\r\n\ndata: b\n\r\ndata: c\r\n\r\r\r\ndata: d\r\r", "(a) (b) (c) (d)"},
		{"no space", "data:a\n\n", "(a)"},
		{"more spaces", "data:   a \n\n", "(a)"},
		{"colons", "data: a:b: c\n\n", "(a:b: c)"},
		{"two lines", "data: a\ndata: b\n\n", "(a\nb)"},
		{"comments", ": c\n\n: d\ndata: a\n:\ndata: b\n\n", "(a\nb)"},
		{"kind", "event: error\ndata: a\n\ndata: b\n\n", "error(a) (b)"},
		{"kind below", "data: a\nevent: x\n\n", "x(a)"},
		{"kind without data", "event: error\n\ndata: b\n\n", "(b)"},
		{"other fields", "id: 1\nretry: 2\nx: 3\nnone\ndata: a\n\n", "(a)"},
		{"error field", "error: a\n\n", "error(a)"},
		{"byte order mark", "\ufeffdata: a\n\n", "(a)"},
		{"byte order mark later", "data: a\n\n\ufeffdata: b\n\n", "(a)"},
		{"byte order mark alone in a line", "\ufeff", ""},
		{"no empty line", "data: a\n", "(a)"},
		{"no end of line", "data: a\n\ndata: b", "(a) (b)"},
		{"empty data", "data:\n\ndata\n\ndata: \n\n", ""},
		{"nothing", "", ""},
		{"runes", "data: é東\n\n", "(é東)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := readEvents(strings.NewReader(tt.stream)); got != tt.want || err != nil {
				t.Errorf("got %q, %v, want %q", got, err, tt.want)
			}
			if got, err := readEvents(iotest.OneByteReader(strings.NewReader(tt.stream))); got != tt.want || err != nil {
				t.Errorf("byte by byte: got %q, %v, want %q", got, err, tt.want)
			}
		})
	}
}

func TestEventsComeBeforeTheErrorOfTheirStream(t *testing.T) {
	broken := errors.New("broken")
	got, err := readEvents(io.MultiReader(strings.NewReader("data: a\n\ndata: b\n"), iotest.ErrReader(broken)))
	if got != "(a)" || err != broken {
		t.Errorf("got %q, %v", got, err)
	}
}

// TestEventComesOnceItIsWhole has a stream that goes on only when its event
// was read.
func TestEventComesOnceItIsWhole(t *testing.T) {
	for _, end := range []string{"\n\n", "\r\n\r\n", "\r\r"} {
		out, in := io.Pipe()
		body := newEventBody(out)
		go func() { _, _ = io.WriteString(in, "data: a"+end) }()
		if e, err := body.events.next(); string(e.data) != "a" || err != nil {
			t.Errorf("%q: got %q, %v", end, e.data, err)
		}
		if err := body.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestBoundsOfAStream(t *testing.T) {
	full := strings.Repeat("a", maxEvent-len("data: "))
	tests := []struct {
		name, stream string
		events       int
		fits         bool
	}{
		{"a full line", "data: " + full + "\n\n", 1, true},
		{"more than a line", "data: " + full + "a\n\n", 0, false},
		{"more than a line of no data", ":" + full + "aaaaaaa\n\n", 0, false},
		{"full lines one by one", strings.Repeat("data: "+full+"\n\n", 3), 3, true},
		{"two full lines together", "data: " + full + "\ndata: " + full + "\n\n", 0, false},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := readEvents(strings.NewReader(tt.stream))
			if n := strings.Count(got, "("); n != tt.events {
				t.Errorf("got %d events, want %d", n, tt.events)
			}
			if tt.fits {
				checkFault(t, err, "", false)
			} else {
				checkFault(t, err, modelAddress, false)
			}
		})
	}
}

func TestStreamInEveryForm(t *testing.T) {
	const text = "“東京” said: é\n12 of 30\ttanks"
	good := promptstest.Stream(text, "stop")
	forms := map[string]string{
		"LF":                 good,
		"CRLF":               strings.ReplaceAll(good, "\n", "\r\n"),
		"CR":                 strings.ReplaceAll(good, "\n", "\r"),
		"without spaces":     strings.ReplaceAll(good, "data: ", "data:"),
		"with other lines":   strings.ReplaceAll(good, "data: ", ": ping\nid: 1\nretry: 5\nevent: message\ndata: "),
		"over several lines": strings.ReplaceAll(good, `"choices"`, "\ndata:\ndata: \"choices\""),
		"with a mark":        "\ufeff" + good,
		"without its end":    strings.TrimRight(strings.TrimSuffix(good, promptstest.Done), "\n"),
		"and what follows":   good + promptstest.Delta("not this") + "{",
		"with null errors":   strings.ReplaceAll(good, `"choices"`, `"error":null,"choices"`),
	}
	for name, stream := range forms {
		t.Run(name, func(t *testing.T) {
			for _, parts := range [][]string{{stream}, strings.SplitAfter(stream, ""), {stream[:len(stream)/2], stream[len(stream)/2:]}} {
				got, err := complete(t, sends(nil, parts...).completer(t, 0))
				if got.Text != text || got.Finish != Whole || err != nil {
					t.Errorf("in %d parts: got %+v, %v", len(parts), got, err)
				}
			}
		})
	}
}

func TestStreamSplitAtEveryByte(t *testing.T) {
	stream := promptstest.Stream("é東 said", "stop")
	for n := range len(stream) {
		got, err := complete(t, sends(nil, stream[:n], stream[n:]).completer(t, 0))
		if got.Text != "é東 said" || got.Finish != Whole || err != nil {
			t.Fatalf("split at %d: got %+v, %v", n, got, err)
		}
	}
}

// FuzzStream holds a completion to its contract whatever the endpoint sends:
// see complete.
func FuzzStream(f *testing.F) {
	f.Add([]byte(promptstest.Stream("a text", "stop")), false)
	f.Add([]byte(promptstest.Stream("a text", "length")), true)
	f.Add([]byte("\ufeffevent: error\r\ndata: {\"error\":\"x\"}\r\r: c\n\n"), false)
	f.Add([]byte("data: {\"choices\":[{\"index\":-1},{\"delta\":{\"content\":\"\xff\\ud800\\u0000\",\"refusal\":null}}]}\n"), true)
	f.Add([]byte("data: {\"usage\":{\"prompt_tokens\":-1e9},\"choices\":null}\n\ndata: [DONE]\n\n"), false)
	f.Fuzz(func(t *testing.T, stream []byte, breaks bool) {
		var ending error
		if breaks {
			ending = io.ErrUnexpectedEOF
		}
		got, err := complete(t, sends(ending, string(stream)).completer(t, 0))
		said := strings.Contains(string(stream), "stop") || strings.Contains(string(stream), `\u`)
		if got.Finish == Whole && (!said || strings.TrimSpace(got.Text) == "") {
			t.Errorf("whole: %q", got.Text)
		}
		if got.Finish == Broken && err == nil && got.Text == "" {
			t.Error("nothing, without an error")
		}
	})
}
