package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rooms are the packages of the house in line: each imports only those before
// it.
func rooms() []string { return []string{"corpus", "retrieval", "prompts", "bot", "cmd"} }

// doors are the only files that may import a library, as patterns of
// filepath.Match. A library is named by the beginning of its import path.
func doors() map[string][]string {
	return map[string][]string{
		"github.com/philippgille/chromem-go": {"retrieval/chromem.go"},
		"github.com/sashabaranov/go-openai":  {"retrieval/openai.go", "prompts/openai.go"},
		"github.com/bwmarrin/discordgo":      {"bot/discord*.go", "bot/discord/*.go"},
		"database/sql":                       {"retrieval/store*.go", "bot/state*.go"},
		"modernc.org/sqlite":                 {"cmd/footnote/main.go"},
		"github.com/pelletier/go-toml":       {"cmd/footnote/*.go"},
		"github.com/spf13/":                  {"cmd/footnote/*.go"},
		"charm.land/":                        {"cmd/footnote/*.go"},
		"github.com/vbauerster/mpb":          {"cmd/footnote/*.go"},
		"github.com/lmittmann/tint":          {"cmd/footnote/*.go"},
		"golang.org/x/term":                  {"cmd/footnote/*.go"},
		"golang.org/x/sys/cpu":               {"retrieval/bert/kernel*.go"},
		"golang.org/x/text":                  {"retrieval/bert/normalize.go"},
		"github.com/gorilla/websocket":       {"bot/discord/gateway*.go", "bot/discordtest/gateway*.go"},
		"github.com/prometheus/":             {"cmd/footnote/metrics.go"},
		"github.com/santhosh-tekuri/":        {"bot/discordtest/schema.go"},
		"os/signal":                          {"cmd/footnote/*.go"},
	}
}

// imports are the import paths of every Go file of the module, by its path
// below the module's root, with slashes.
func imports(t *testing.T) map[string][]string {
	t.Helper()
	root := filepath.Join("..", "..")
	found := make(map[string][]string)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && path != root && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata") {
			return fs.SkipDir
		}
		if entry.IsDir() || filepath.Ext(path) != ".go" {
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(root, path)
		for _, spec := range file.Imports {
			imported, unquoteErr := strconv.Unquote(spec.Path.Value)
			if unquoteErr != nil {
				return unquoteErr
			}
			found[filepath.ToSlash(name)] = append(found[filepath.ToSlash(name)], imported)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestPackagesImportOnlyToTheirLeft(t *testing.T) {
	line := rooms()
	for file, paths := range imports(t) {
		room, _, _ := strings.Cut(file, "/")
		for _, path := range paths {
			inner, ok := strings.CutPrefix(path, "footnote/")
			if !ok {
				continue
			}
			imported, _, _ := strings.Cut(inner, "/")
			if slices.Index(line, imported) > slices.Index(line, room) {
				t.Errorf("%s imports %s, which stands to its right", file, path)
			}
		}
	}
}

func TestLibrariesHaveOneDoor(t *testing.T) {
	for file, paths := range imports(t) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		for _, path := range paths {
			for library, allowed := range doors() {
				if strings.HasPrefix(path, library) && !isOneOf(t, file, allowed) {
					t.Errorf("%s imports %s, whose door is %v", file, path, allowed)
				}
			}
		}
	}
}

func isOneOf(t *testing.T, file string, patterns []string) bool {
	t.Helper()
	return slices.ContainsFunc(patterns, func(pattern string) bool {
		ok, err := filepath.Match(pattern, file)
		if err != nil {
			t.Fatal(err)
		}
		return ok
	})
}
