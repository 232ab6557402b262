package bot

import "testing"

func TestPlainTurnsOnAndOff(t *testing.T) {
	s := newStage(t, nil)
	if r := s.slash(reader, "plain"); !r.Plain || !s.wantsPlain("reader") {
		t.Errorf("once: %+v", r)
	}
	if r := s.slash(reader, "plain"); r.Plain || s.wantsPlain("reader") {
		t.Errorf("twice: %+v", r)
	}
	s.slash(manager, "settings", "plain", "true")
	s.slash(reader, "plain")
	expect(t, s.slash(reader, "plain"), "this server has it on")
}
