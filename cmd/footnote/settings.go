package main

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"reflect"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// settings are the configuration in force and where each value comes from.
type settings struct {
	config
	file    string            // the settings file that was read; "" if there is none
	origins map[string]string // the place of each key that somebody set
	env     variables

	borrowed   map[string]bool // the keys whose value comes from a variable of other programs
	passedOver []error         // what is wrong with such values, where nothing uses them
}

// A configError says which setting is wrong, where it was set and what to do
// about it. It never holds the value of a secret.
type configError struct {
	key   string // may be empty: the place as a whole is wrong
	place string
	must  string // what follows "must"; a sentence of its own where key is empty
}

// Error is one line: place, key, fix. What nobody set has no place.
func (e *configError) Error() string {
	switch {
	case e.key == "":
		return e.place + ": " + e.must
	case e.place == unset:
		return e.key + " must " + e.must
	}
	return e.place + ": " + e.key + " must " + e.must
}

// loadSettings reads the settings file (flagged if that is not empty, else
// the first there is of the usual places), lays the environment over it and
// checks the result. Its errors are *configError.
func loadSettings(environ []string, flagged, dataFlag string) (*settings, error) {
	env, err := newVariables(environ)
	if err != nil {
		return nil, err
	}
	s := &settings{config: defaults(), origins: make(map[string]string), env: env, borrowed: make(map[string]bool)}
	if err := s.readFile(flagged); err != nil {
		return nil, err
	}
	if err := s.overlay(); err != nil {
		return nil, err
	}
	if err := s.placeData(dataFlag); err != nil {
		return nil, err
	}
	return s, s.check()
}

// readFile takes the settings of the file that counts, if there is one.
func (s *settings) readFile(flagged string) error {
	fromEnv, _ := s.env.get("FOOTNOTE_CONFIG")
	if named := cmp.Or(flagged, fromEnv); named != "" {
		data, err := readSettings(named)
		if err != nil {
			return unreadable(named, err)
		}
		return s.decode(named, data)
	}
	for _, path := range s.usualFiles() {
		data, err := readSettings(path)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			continue
		case err != nil:
			return unreadable(path, err)
		}
		return s.decode(path, data)
	}
	return nil
}

func unreadable(path string, err error) error {
	return &configError{place: path, must: "the settings file cannot be read: " + readingFault(err)}
}

// usualFiles are the places of a settings file that nobody named, the first
// one that exists counting.
func (s *settings) usualFiles() []string {
	files := []string{"config.toml"}
	if home := s.home("XDG_CONFIG_HOME", ".config"); home != "" {
		files = append(files, filepath.Join(home, "footnote", "config.toml"))
	}
	return append(files, "/etc/footnote/config.toml")
}

// home is the folder that the variable xdg names, else the one at below in
// the home folder, else "".
func (s *settings) home(xdg, below string) string {
	if folder, _ := s.env.get(xdg); filepath.IsAbs(folder) {
		return folder
	}
	if home, _ := s.env.get("HOME"); home != "" {
		return filepath.Join(home, below)
	}
	return ""
}

// decode takes the settings of a file's content.
func (s *settings) decode(path string, data []byte) error {
	decoder := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields()
	if err := decoder.Decode(&s.config); err != nil {
		return explain(path, err)
	}
	var tables map[string]any
	if err := toml.Unmarshal(data, &tables); err != nil {
		return explain(path, err)
	}
	for section, table := range tables {
		s.origins[section] = path
		fields, _ := table.(map[string]any)
		for name := range fields {
			s.origins[section+"."+name] = path
		}
	}
	s.file = path
	return nil
}

// explain turns an error of the TOML decoder into one that names keys and
// positions and repeats nothing of the file's values.
func explain(path string, err error) error {
	var unknown *toml.StrictMissingError
	if errors.As(err, &unknown) {
		return &configError{place: path, must: "footnote does not know " + list(unknownKeys(unknown)) + "; remove or correct it"}
	}
	var decode *toml.DecodeError
	if !errors.As(err, &decode) {
		// The decoder gives no position where a time is not written as text.
		return &configError{place: path, must: `a time lacks its unit or its quotes; write it as "30s", "5m" or "7d"`}
	}
	row, column := decode.Position()
	place := fmt.Sprintf("%s:%d:%d", path, row, column)
	key := decode.Key()
	name := oneLine(strings.Join(key, "."))
	if strings.Contains(decode.Error(), "already") {
		return &configError{key: name, place: place, must: "be set only once; remove one of the two"}
	}
	if t, ok := typeOf(reflect.TypeFor[config](), key); ok && len(key) > 0 {
		return &configError{key: name, place: place, must: "be " + kindOf(t)}
	}
	return &configError{place: place, must: "this is not valid TOML; look for a missing quote, bracket or equals sign"}
}

func unknownKeys(unknown *toml.StrictMissingError) []string {
	var keys []string
	for _, e := range unknown.Errors {
		row, column := e.Position()
		key := strings.Join(e.Key(), ".")
		where := fmt.Sprintf("line %d, column %d", row, column)
		if near := nearest(key, keysOf(reflect.TypeFor[config]())); near != "" {
			where += "; did you mean " + near + "?"
		}
		keys = append(keys, fmt.Sprintf("%s (%s)", oneLine(key), where))
	}
	return keys
}

// overlay sets what the environment sets.
func (s *settings) overlay() error {
	for key, value := range leaves(&s.config) {
		f, err := s.env.setting(key), error(nil)
		if _, isSecret := value.Interface().(secret); isSecret {
			f, err = s.env.secretSetting(key)
		}
		switch {
		case err != nil && f.borrowed && s.idle(key):
			s.passedOver = append(s.passedOver, err)
			continue
		case err != nil:
			return err
		case f.place == "":
			continue
		}
		if err := setText(value, f.value); err != nil {
			return &configError{key: key, place: f.place, must: "be " + kindOf(value.Type())}
		}
		s.origins[key] = f.place
		if f.borrowed {
			s.borrowed[key] = true
		}
	}
	return nil
}

// idle reports whether nothing uses the setting key as the providers are set.
// They come first in their sections, so overlay has them before their keys.
func (c config) idle(key string) bool {
	section, _, _ := strings.Cut(key, ".")
	switch section {
	case "embeddings":
		return c.Embeddings.Provider != "openai"
	case "model":
		return c.Model.Provider == "none"
	}
	return section == "discord" // the bot looks at these itself, see checkDiscord
}

// placeData settles the folder of the store: the flag, else what is set, else
// the usual place for a user's data.
func (s *settings) placeData(flag string) error {
	if flag != "" {
		s.Data.Dir, s.origins["data.dir"] = flag, "--data"
	}
	if below, ok := strings.CutPrefix(s.Data.Dir, "~/"); ok {
		s.Data.Dir = s.home("", below)
	} else if s.Data.Dir == "" {
		if home := s.home("XDG_DATA_HOME", filepath.Join(".local", "share")); home != "" {
			s.Data.Dir = filepath.Join(home, "footnote")
		}
	}
	if s.Data.Dir == "" {
		return &configError{key: "data.dir", place: s.place("data.dir"), must: "be set, as there is no home folder; or pass --data FOLDER"}
	}
	return nil
}

// unset is the place of a key that nobody set.
const unset = "default"

// place is where key was set, or unset.
func (s *settings) place(key string) string {
	section, _, _ := strings.Cut(key, "[")
	return cmp.Or(s.origins[key], s.origins[section], unset)
}

// check reports the first rule that the settings break. What another program's
// variable says breaks none where nothing uses it.
func (s *settings) check() error {
	for _, r := range s.rules() {
		if r.ok {
			continue
		}
		err := &configError{key: r.key, place: s.place(r.key), must: r.must}
		if !s.borrowed[r.key] || !s.idle(r.key) {
			return err
		}
		s.passedOver = append(s.passedOver, err)
	}
	return nil
}

// secretsInFile says whether the settings file itself holds a secret.
func (s *settings) secretsInFile() bool {
	for key, value := range leaves(&s.config) {
		held, isSecret := value.Interface().(secret)
		if isSecret && held.value != "" && s.origins[key] == s.file {
			return true
		}
	}
	return false
}
