package promptstest

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestModelListsItself(t *testing.T) {
	reply, err := http.Get(NewModel(t).URL() + "/models")
	if err != nil {
		t.Fatal(err)
	}
	defer reply.Body.Close()
	if body, err := io.ReadAll(reply.Body); err != nil || !strings.Contains(string(body), `"id":"`+Name+`"`) {
		t.Errorf("got %s, %v", body, err)
	}
}

func TestTurnsAreUsedInOrderAndTheLastRepeats(t *testing.T) {
	m := NewModel(t, Refuses(503, ""), Cut("text", 0), RefusesSchema(Says("text")))
	for i, want := range []string{"503 ", "200 ", "200 " + Stream("text", "stop"), "200 " + Stream("text", "stop")} {
		reply, err := http.Post(m.URL()+"/chat/completions", "application/json", strings.NewReader(`{"model":"any"}`))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(reply.Body)
		if got := reply.Status[:4] + string(body); got != want || err != nil {
			t.Errorf("reply %d is %q, %v, want %q", i, got, err, want)
		}
		reply.Body.Close()
	}
	if asked := m.Requests(); len(asked) != 4 || asked[3].Model != "any" || asked[3].ResponseFormat != nil {
		t.Errorf("was asked %+v", asked)
	}
}
