package bot

import (
	"reflect"
	"strconv"
	"testing"
)

func TestSettingsChangeAtOnceAndStay(t *testing.T) {
	s := newStage(t, nil)
	for _, step := range []struct {
		options []string
		want    Settings
	}{
		{nil, Settings{}},
		{[]string{"channel", "7"}, Settings{Channels: []string{"7"}}},
		{[]string{"channel", "8", "role", "9"}, Settings{Channels: []string{"7", "8"}, Roles: []string{"9"}}},
		{[]string{"channel", "7", "outlets", "AP, reuters ,"}, Settings{Channels: []string{"8"}, Roles: []string{"9"}, Outlets: []string{"AP", "reuters"}}},
		{[]string{"outlets", "-", "plain", "true"}, Settings{Channels: []string{"8"}, Roles: []string{"9"}, Plain: true}},
		{[]string{"plain", "false", "role", "9"}, Settings{Channels: []string{"8"}}},
		{[]string{"reset", "true", "plain", "true"}, Settings{Plain: true}},
	} {
		s.slash(manager, "settings", step.options...)
		if got := s.settings("town"); !equalSettings(got, step.want) {
			t.Errorf("after %v: %+v, want %+v", step.options, got, step.want)
		}
	}
	kept, err := s.options.State.Servers(t.Context())
	if err != nil || !equalSettings(kept["town"], Settings{Plain: true}) {
		t.Errorf("kept: %+v, %v", kept, err)
	}
}

// equalSettings takes an empty list for none.
func equalSettings(a, b Settings) bool {
	for _, set := range []*Settings{&a, &b} {
		for _, list := range []*[]string{&set.Channels, &set.Roles, &set.Outlets} {
			if len(*list) == 0 {
				*list = nil
			}
		}
	}
	return reflect.DeepEqual(a, b)
}

func TestSettingsAreShown(t *testing.T) {
	s := newStage(t, nil)
	expect(t, s.slash(manager, "settings"), "Settings of this server", "Channels: all", "Who may ask: everybody", "Outlets: all", "Plain text: off")
	r := s.slash(manager, "settings", "channel", "7", "role", "9", "outlets", "AP, Bugle", "plain", "true")
	expect(t, r, "Changed.", "Channels: 7", "Who may ask: 9", "Outlets: AP, Bugle", "Plain text: on", "No article here is from “Bugle” yet.")
	if b := r.Blocks[1]; b.Spans[1].Style != ChannelName {
		t.Errorf("a channel is shown as %+v", b.Spans[1])
	}
}

func TestSettingsRefuse(t *testing.T) {
	s := newStage(t, func(o *Options) { o.Channels = []string{"square"} })
	expect(t, s.slash(manager, "settings", "channel", "7"), "Choose another one")
	var full Settings
	for i := range mostPlaces {
		full.Roles = append(full.Roles, strconv.Itoa(i))
	}
	if err := s.setSettings(t.Context(), "town", full); err != nil {
		t.Fatal(err)
	}
	expect(t, s.slash(manager, "settings", "role", "one more"), "too many")
	if n := len(s.settings("town").Roles); n != mostPlaces {
		t.Errorf("%d roles", n)
	}
}
