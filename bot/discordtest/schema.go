package discordtest

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// specName is Discord's OpenAPI file, beside the papers of the project.
const specName = "discord-openapi.json"

const specURL = "mem:///openapi.json"

// A spec holds bodies to Discord's OpenAPI file. A nil one holds them to
// nothing.
type spec struct {
	file any

	mu       sync.Mutex
	compiler *jsonschema.Compiler
	compiled map[string]*jsonschema.Schema // by place in the file
}

// openSpec is the file's, from a folder "shared" above the test's, or says that
// its check is skipped.
func openSpec(t testing.TB) *spec {
	t.Helper()
	s, err := sharedSpec()
	if err != nil {
		t.Fatalf("discordtest: reading %s: %v", specName, err)
	}
	if s == nil {
		t.Logf("discordtest: skipped the check by %s, which is not in a folder named shared above", specName)
	}
	return s
}

// sharedSpec reads the file once for all servers: that takes a while.
var sharedSpec = sync.OnceValues(func() (*spec, error) {
	path, ok := findShared(specName)
	if !ok {
		return nil, nil
	}
	return readSpec(path)
})

func findShared(name string) (string, bool) {
	dir, err := os.Getwd()
	if err != nil {
		return "", false
	}
	for {
		path := filepath.Join(dir, "shared", name)
		if _, err := os.Stat(path); err == nil {
			return path, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}

func readSpec(path string) (*spec, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	file, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		return nil, err
	}
	allowStringPermissions(file)
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	c.AssertFormat()
	if err := c.AddResource(specURL, file); err != nil {
		return nil, err
	}
	return &spec{file: file, compiler: c, compiled: make(map[string]*jsonschema.Schema)}, nil
}

// allowStringPermissions lets a command's permissions be a decimal string, as
// Discord's documentation has it; the file asks for an integer.
func allowStringPermissions(file any) {
	for _, name := range []string{"ApplicationCommandUpdateRequest", "ApplicationCommandCreateRequest"} {
		properties, ok := at(file, "components", "schemas", name, "properties").(map[string]any)
		if ok {
			properties["default_member_permissions"] = map[string]any{"type": []any{"string", "null"}, "pattern": "^[0-9]+$"}
		}
	}
}

// check says what is wrong with a body by the file, and which path of the file
// it is; "" if there is none.
func (s *spec) check(method, path string, body []byte) (template string, breaches []string) {
	o, _, ok := find(method, path)
	if !ok {
		return "", []string{"no such call is known"}
	}
	if s == nil {
		return o.template, nil
	}
	place := []string{"paths", o.template, strings.ToLower(method)}
	if at(s.file, place...) == nil {
		return o.template, []string{"Discord has no such call"}
	}
	schema := append(place, "requestBody", "content", "application/json", "schema")
	node := at(s.file, schema...)
	if node == nil {
		return o.template, unwanted(body)
	}
	if len(body) == 0 {
		return o.template, []string{"the body is missing"}
	}
	return o.template, s.validate(schema, node, body)
}

func unwanted(body []byte) []string {
	if len(body) == 0 {
		return nil
	}
	return []string{"a call without a body has one"}
}

func (s *spec) validate(place []string, node any, body []byte) []string {
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(string(body)))
	if err != nil {
		return []string{"the body is not JSON"}
	}
	compiled, err := s.compile(place)
	if err != nil {
		return []string{err.Error()}
	}
	var breaches []string
	if err := compiled.Validate(value); err != nil {
		breaches = append(breaches, err.Error())
	}
	return append(breaches, s.unknownKeys([]any{node}, value, "")...)
}

// compile compiles each schema of the file once.
func (s *spec) compile(place []string) (*jsonschema.Schema, error) {
	var pointer strings.Builder
	for _, part := range place {
		escaped := strings.NewReplacer("~", "~0", "/", "~1", "{", "%7B", "}", "%7D").Replace(part)
		pointer.WriteString("/" + escaped)
	}
	url := specURL + "#" + pointer.String()
	s.mu.Lock()
	defer s.mu.Unlock()
	if schema, ok := s.compiled[url]; ok {
		return schema, nil
	}
	schema, err := s.compiler.Compile(url)
	if err != nil {
		return nil, fmt.Errorf("compiling Discord's schema: %w", err)
	}
	s.compiled[url] = schema
	return schema, nil
}

// at is what lies at a place in a JSON value; nil if nothing does.
func at(value any, place ...string) any {
	for _, key := range place {
		object, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = object[key]
	}
	return value
}

// unknownKeys are the keys of a value that none of the schemas that it may
// follow names. The file itself leaves objects open, so that a misspelt key
// would pass.
func (s *spec) unknownKeys(schemas []any, value any, where string) []string {
	var breaches []string
	switch value := value.(type) {
	case []any:
		items := s.children(schemas, func(schema map[string]any) any { return schema["items"] })
		for _, v := range value {
			breaches = append(breaches, s.unknownKeys(items, v, where+"[]")...)
		}
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			below := s.children(schemas, func(schema map[string]any) any {
				if known := at(schema, "properties", key); known != nil {
					return known
				}
				return schema["additionalProperties"]
			})
			if len(below) == 0 {
				breaches = append(breaches, fmt.Sprintf("Discord knows no %s.%s", where, key))
				continue
			}
			breaches = append(breaches, s.unknownKeys(below, value[key], where+"."+key)...)
		}
	}
	return breaches
}

// children are what pick finds in schemas, and in what these refer to.
func (s *spec) children(schemas []any, pick func(map[string]any) any) []any {
	var found []any
	for _, schema := range s.flat(schemas) {
		if child := pick(schema); child != nil {
			found = append(found, child)
		}
	}
	return found
}

// flat are schemas with those that they refer to or are made of.
func (s *spec) flat(schemas []any) []map[string]any {
	var all []map[string]any
	for _, one := range schemas {
		schema, ok := one.(map[string]any)
		if !ok {
			continue
		}
		all = append(all, schema)
		if ref, ok := schema["$ref"].(string); ok {
			place := strings.Split(strings.TrimPrefix(ref, "#/"), "/")
			all = append(all, s.flat([]any{at(s.file, place...)})...)
		}
		for _, key := range []string{"allOf", "anyOf", "oneOf"} {
			if parts, ok := schema[key].([]any); ok {
				all = append(all, s.flat(parts)...)
			}
		}
	}
	return all
}

// decode reads a body for the rules that the file does not hold.
func decode(body []byte) any {
	var value any
	if json.Unmarshal(body, &value) != nil {
		return nil
	}
	return value
}

// writes says whether a method changes something by a body.
func writes(method string) bool {
	return method == http.MethodPost || method == http.MethodPatch || method == http.MethodPut
}
