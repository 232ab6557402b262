package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"footnote/corpus"
	"footnote/corpus/sample"
	"footnote/prompts"
	"footnote/retrieval"
)

// modelPatience is how long a person may wait for a first sentence before
// doctor calls the model slow.
const modelPatience = 10 * time.Second

// examineModel asks the language model of the settings a question over a sample
// article; refused says that its settings or its key were.
func (a *app) examineModel(ctx context.Context, s *settings) (findings []finding, refused bool) {
	if s.Model.Provider == "none" {
		return []finding{{
			"model", statusNote, "none: answers are quotes only",
			`set model.provider to "openai", and model.name, to have a language model write them`,
		}}, false
	}
	lib, err := a.quietLibrary(ctx)
	if err != nil { // the store's own finding says why
		return []finding{{"model", statusNote, "not asked, as the store cannot be opened", ""}}, false
	}
	defer lib.close()
	report, err := a.tryModel(ctx, lib)
	spent := a.tokensToday(ctx, lib)
	if err != nil {
		findings, refused = []finding{s.modelFault(err, spent)}, diagnose(ctx, err).exit == exitConfig
	} else {
		findings = []finding{s.modelFinding(report, spent)}
	}
	if f, ok := s.unlisted(ctx, err); ok {
		findings = append(findings, f)
	}
	return findings, refused
}

// probeQuestion is one that a sample article answers.
const probeQuestion = "Will the shells be taken from the South Korean military's own stocks?"

// tryModel asks the model a question over a sample article.
func (a *app) tryModel(ctx context.Context, lib *library) (prompts.Probe, error) {
	completer, err := a.completer(ctx, lib)
	if err != nil {
		return prompts.Probe{}, err
	}
	articles, err := sample.Articles()
	if err != nil {
		return prompts.Probe{}, fmt.Errorf("reading the sample articles: %w", err)
	}
	searcher, err := retrieval.NewSearcher(ctx, retrieval.NewMemory(articles, corpus.Chunker{}), retrieval.SearcherOptions{})
	if err != nil {
		return prompts.Probe{}, fmt.Errorf("indexing the sample articles: %w", err)
	}
	return prompts.NewGenerative(prompts.NewExtractive(searcher), completer, a.loaded.modelOptions()).Probe(ctx, probeQuestion)
}

// tokensToday says how many tokens the model took today, of how many it may;
// "" if nobody knows.
func (a *app) tokensToday(ctx context.Context, lib *library) string {
	if lib.store == nil {
		return ""
	}
	t, err := lib.store.TokensOn(ctx, a.now().UTC())
	if err != nil {
		return ""
	}
	spent := count(t.Prompt+t.Completion+t.Reserved, "token")
	if limit := a.loaded.Model.DailyTokens; limit > 0 {
		spent += " of " + grouped(limit)
	}
	return "; " + spent + " used today"
}

// modelFault is what is known of a model that could not be asked.
func (s *settings) modelFault(err error, spent string) finding {
	if errors.Is(err, retrieval.ErrBudget) {
		return finding{"model", statusNote, s.modelName() + ": not asked, as too little is left of the day's tokens" + spent, moreTokens}
	}
	e, ok := errors.AsType[*retrieval.EndpointError](err)
	if !ok {
		return finding{"model", statusBroken, s.modelName() + ": " + operatorsWord(err), ""}
	}
	what := e.What
	if e.Status != 0 {
		what += fmt.Sprintf(" (status %d)", e.Status)
	}
	return finding{"model", statusBroken, s.modelName() + ": " + what, e.Do}
}

// modelFinding is what is known of a model that was asked.
func (s *settings) modelFinding(r prompts.Probe, spent string) finding {
	f := judge(r)
	f.Detail = s.modelName() + ": " + f.Detail
	f.Detail += spent
	return f
}

// judge says what a model made of a plain question whose source answers it.
func judge(r prompts.Probe) finding {
	all := count(r.Verified+r.Removed, "sentence")
	switch {
	case r.Finish == prompts.Withheld:
		return finding{"model", statusBroken, "its provider's filter withheld the answer", "choose another model.name"}
	case r.Verified == 0 && r.Finish == prompts.Full:
		return finding{"model", statusBroken, "its completion was full before a sentence could be verified",
			"raise model.max_tokens and model.context, or choose another model.name"}
	case r.Verified+r.Removed == 0:
		return finding{"model", statusBroken, "it wrote no sentence that answers",
			"choose another model.name: this one does not keep to the format, or does not see what the source says"}
	case r.Verified == 0:
		return finding{"model", statusBroken, "of " + all + " none could be verified",
			"choose another model.name: this one may write in another language, or does not copy its quotes"}
	case r.First > modelPatience:
		return finding{"model", statusNote, fmt.Sprintf("slow, its first sentence came after %.0f s; %d of %s verified", r.First.Seconds(), r.Verified, all),
			"choose a smaller model.name, or a faster server at model.base_url"}
	}
	return finding{"model", statusOK, fmt.Sprintf("%d of %s verified in %.1f s", r.Verified, all, r.Elapsed.Seconds()), ""}
}

// modelName is the model and where it is.
func (s *settings) modelName() string {
	return oneLine(s.Model.Name) + " at " + maskURL(s.Model.BaseURL)
}
