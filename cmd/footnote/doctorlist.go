package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"footnote/retrieval"
)

// unlisted says that the model of the settings is not among those that its
// endpoint lists, which not every endpoint that answers minds. There is nothing
// to say if asking the model failed for another reason than its name.
func (s *settings) unlisted(ctx context.Context, asking error) (finding, bool) {
	fault, _ := errors.AsType[*retrieval.EndpointError](asking)
	if fault != nil && fault.Setting != "model.name" {
		return finding{}, false
	}
	names, err := s.listedModels(ctx)
	if err != nil || len(names) == 0 || slices.ContainsFunc(names, s.isModel) {
		return finding{}, false
	}
	f := finding{"model", statusNote, fmt.Sprintf("the endpoint does not list %q", oneLine(s.Model.Name)), "check model.name"}
	if asking == nil {
		f.Detail += ", so another model may answer"
	}
	if near := nearest(s.Model.Name, names); near != "" {
		f.Fix = fmt.Sprintf("did you mean model.name = %q?", oneLine(near))
	} else if len(names) <= listedAtMost {
		f.Fix = "set model.name to one that it lists: " + oneLine(list(names))
	}
	return f, true
}

// listedAtMost is how many models are told by name.
const listedAtMost = 8

// isModel says whether a listed name is that of the settings. Ollama adds a
// tag to names that have none.
func (s *settings) isModel(listed string) bool {
	return listed == s.Model.Name || listed == s.Model.Name+":latest"
}

// listedModels are the names of the models that the endpoint says it has.
func (s *settings) listedModels(ctx context.Context) ([]string, error) {
	client := retrieval.NewEndpointClient(retrieval.Endpoint{
		Section: "model", ModelSetting: "model.name", MediaTypes: []string{"application/json"},
		MaxReply: 4 << 20, FirstByte: endpointPatience, Timeout: endpointPatience,
	})
	defer client.CloseIdleConnections()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimRight(s.Model.BaseURL, "/")+"/models", nil)
	if err != nil {
		return nil, err
	}
	if key := s.Model.APIKey.reveal(); key != "" {
		request.Header.Set("Authorization", "Bearer "+key)
	}
	reply, err := client.Do(request)
	if err != nil {
		return nil, err
	}
	defer reply.Body.Close()
	var models struct{ Data []struct{ ID string } }
	if err := json.NewDecoder(reply.Body).Decode(&models); err != nil {
		return nil, err
	}
	var names []string
	for _, m := range models.Data {
		names = append(names, m.ID)
	}
	return names, nil
}
