package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"footnote/retrieval/bert"
	"footnote/retrieval/bert/hub"
	"footnote/retrieval/bert/mini"
)

// Where a model of the list comes from.
const (
	sourceBuiltin   = "builtin"
	sourceInstalled = "installed"
	sourceHub       = "hub"  // it can be had there
	sourcePath      = "path" // the settings name it by its path
)

// builtinLicence is that of the built-in model, as its card says.
const builtinLicence = "Apache-2.0"

type modelJSON struct {
	Name      string `json:"name"`
	Source    string `json:"source"`
	Model     string `json:"model"`     // of its vector space; "" if it is not here or cannot be read
	Dimension int    `json:"dimension"` // 0 if it cannot be read
	Bytes     int64  `json:"bytes"`     // of its weights; 0 if they are in the binary
	Licence   string `json:"licence"`   // "" if nobody knows it
	InUse     bool   `json:"in_use"`

	about string // for people
}

// modelsFolder is where models are installed, each in a folder of its name.
func (s *settings) modelsFolder() string { return filepath.Join(s.Data.Dir, "models") }

// checkModelName refuses what cannot be the name of an installed model: it is
// a folder's, and stands where a provider's may stand too.
func checkModelName(name string) error {
	if !regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$`).MatchString(name) {
		return usage("", "%q cannot be a model's name; use up to 64 letters, digits, points and hyphens, such as bge-small", oneLine(clip(name, 80)))
	}
	if oneOf(name, "builtin", "none", "local", "openai") {
		return usage("", "%q is the name of a provider; give the model another one", name)
	}
	return nil
}

// modelPath is where the local model is that path means: the installed one of
// that name if there is one, else what lies at path.
func (s *settings) modelPath(path string) string {
	if checkModelName(path) == nil && isFolder(filepath.Join(s.modelsFolder(), path)) {
		return filepath.Join(s.modelsFolder(), path)
	}
	if below, ok := strings.CutPrefix(path, "~/"); ok {
		return s.home("", below)
	}
	return path
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

// installed are the names of the installed models, in order.
func (s *settings) installed() ([]string, error) {
	entries, err := os.ReadDir(s.modelsFolder())
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("reading the folder of the models: %w", err)
	}
	var names []string
	for _, entry := range entries {
		if entry.IsDir() && checkModelName(entry.Name()) == nil {
			names = append(names, entry.Name())
		}
	}
	return names, nil
}

// models are the built-in model, the installed ones, one that the settings
// name by its path, and those to be had.
func (a *app) models(s *settings) ([]modelJSON, error) {
	names, err := s.installed()
	if err != nil {
		return nil, err
	}
	all := []modelJSON{builtinModel(s)}
	for _, name := range names {
		all = append(all, a.describe(s, name, sourceInstalled))
	}
	if path := s.Embeddings.Path; s.Embeddings.Provider == "local" && !slices.Contains(names, path) {
		all = append(all, a.describe(s, path, sourcePath))
	}
	for _, m := range hub.Known() {
		if !slices.Contains(names, m.Name) {
			about := fmt.Sprintf("%s (MTEB retrieval %.1f)", m.About, m.Retrieval)
			all = append(all, modelJSON{Name: m.Name, Source: sourceHub, Dimension: m.Dimension, Bytes: m.Bytes, Licence: m.Licence, about: about})
		}
	}
	return all, nil
}

func builtinModel(s *settings) modelJSON {
	name, _, _ := strings.Cut(mini.Name, "@")
	m := modelJSON{Name: name, Source: sourceBuiltin, Model: mini.Name, Licence: builtinLicence, about: mini.Name}
	m.InUse = s.Embeddings.Provider == "builtin"
	if model, err := mini.Open(); err == nil {
		m.Dimension = model.Dimension()
	}
	return m
}

// describe says what is known of a local model. One that cannot be read is
// told on stderr and has no vector space.
func (a *app) describe(s *settings, name, source string) modelJSON {
	m, err := bert.Open(s.modelPath(name))
	if err != nil {
		a.warn("%s: %s", printable(name), printable(err.Error()))
		return modelJSON{Name: name, Source: source, InUse: s.uses(name), about: "cannot be read"}
	}
	return s.entry(name, source, m)
}

// entry is what a list says of a local model.
func (s *settings) entry(name, source string, m *bert.Model) modelJSON {
	return modelJSON{
		Name:      name,
		Source:    source,
		Model:     m.Model(),
		Dimension: m.Dimension(),
		Bytes:     int64(m.Bytes()),
		Licence:   licenceOf(m.WeightsSum()),
		InUse:     s.uses(name),
		about:     m.Model(),
	}
}

// uses says whether the settings name the local model name.
func (s *settings) uses(name string) bool {
	return s.Embeddings.Provider == "local" && s.Embeddings.Path == name
}

// licenceOf is the licence of the known model whose weights have the SHA-256
// sum, or "".
func licenceOf(sum string) string {
	known, _ := knownAs(sum)
	return known.Licence
}

// knownAs is the known model whose weights have the SHA-256 sum.
func knownAs(sum string) (hub.Model, bool) {
	all := hub.Known()
	i := slices.IndexFunc(all, func(m hub.Model) bool { return m.Pin.Weights == sum })
	if i < 0 {
		return hub.Model{}, false
	}
	return all[i], true
}

// size is that of the weights for people.
func (m modelJSON) size() string {
	switch {
	case m.Source == sourceBuiltin:
		return "in the binary"
	case m.Bytes == 0:
		return "unknown"
	}
	return megabytes(m.Bytes)
}

// megabytes is n bytes for people.
func megabytes(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/1e6) }
