package main

import (
	"strings"
	"testing"
	"time"

	"footnote/prompts"
)

func TestDoctorJudgesAModel(t *testing.T) {
	tests := []struct {
		name        string
		report      prompts.Probe
		status      string
		detail, fix string
	}{
		{"good", prompts.Probe{Verified: 2, Removed: 1, Finish: prompts.Whole, First: time.Second, Elapsed: 2500 * time.Millisecond},
			statusOK, "m at http://localhost/v1: 2 of 3 sentences verified in 2.5 s; 900 tokens used today", ""},
		{"slow", prompts.Probe{Verified: 1, Finish: prompts.Whole, First: 12 * time.Second},
			statusNote, "slow, its first sentence came after 12 s; 1 of 1 sentence verified", "model.base_url"},
		{"nothing verified", prompts.Probe{Removed: 3, Finish: prompts.Whole}, statusBroken, "of 3 sentences none could be verified", "model.name"},
		{"another format", prompts.Probe{Finish: prompts.Whole}, statusBroken, "it wrote no sentence that answers", "model.name"},
		{"too little room to write", prompts.Probe{Removed: 1, Finish: prompts.Full}, statusBroken, "its completion was full", "model.max_tokens"},
		{"withheld", prompts.Probe{Finish: prompts.Withheld}, statusBroken, "its provider's filter withheld the answer", "model.name"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := &settings{config: config{Model: modelConfig{Name: "m", BaseURL: "http://localhost/v1"}}}
			f := s.modelFinding(tt.report, "; 900 tokens used today")
			if f.Status != tt.status || !strings.Contains(f.Detail, tt.detail) || !strings.Contains(f.Fix, tt.fix) {
				t.Errorf("got %+v", f)
			}
		})
	}
}

func TestOllamaTagsAreNoOtherModels(t *testing.T) {
	s := &settings{config: config{Model: modelConfig{Name: "llama3.2"}}}
	for listed, want := range map[string]bool{"llama3.2": true, "llama3.2:latest": true, "llama3.2:1b": false} {
		if s.isModel(listed) != want {
			t.Errorf("%s is the model: %v", listed, !want)
		}
	}
}
