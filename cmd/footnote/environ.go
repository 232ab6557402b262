package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// maxSettings bounds every file that settings are read from, in bytes.
const maxSettings = 1 << 20

// variables are the environment of the process and, beneath it, the lines of
// .env. A variable that is empty counts as not set, as container files often
// pass one on without a value.
type variables struct{ process, dotenv map[string]string }

// newVariables reads environ, lines of the form KEY=VALUE, and the file .env
// of the current folder if there is one.
func newVariables(environ []string) (variables, error) {
	v := variables{process: make(map[string]string, len(environ))}
	for _, line := range environ {
		key, value, _ := strings.Cut(line, "=")
		v.process[key] = value
	}
	info, err := os.Stat(".env")
	if err != nil || !info.Mode().IsRegular() {
		return v, nil
	}
	data, err := readSettings(".env")
	if err != nil {
		return v, &configError{place: ".env", must: readingFault(err)}
	}
	v.dotenv = parseDotenv(data)
	return v, nil
}

// get is the value of name and the place it was set in; both are empty if it
// is not set.
func (v variables) get(name string) (value, place string) {
	if value := v.process[name]; value != "" {
		return value, "environment variable " + name
	}
	if value := v.dotenv[name]; value != "" {
		return value, name + " in .env"
	}
	return "", ""
}

// parseDotenv reads lines KEY=VALUE, with or without quotes or a leading
// "export". Others are passed over: the file may belong to another program.
func parseDotenv(data []byte) map[string]string {
	found := make(map[string]string)
	for line := range strings.Lines(string(data)) {
		line = strings.TrimPrefix(strings.TrimSpace(line), "export ")
		key, value, ok := strings.Cut(line, "=")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		found[strings.TrimSpace(key)] = unquote(strings.TrimSpace(value))
	}
	return found
}

func unquote(s string) string {
	for _, quote := range []string{`"`, `'`} {
		if len(s) >= 2 && strings.HasPrefix(s, quote) && strings.HasSuffix(s, quote) {
			return s[1 : len(s)-1]
		}
	}
	return s
}

// twins are the environment variables that set key, the first that is set
// winning: its own, then those that other programs use for the same thing.
func twins(key string) []string {
	own := "FOOTNOTE_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
	switch key {
	case "discord.token":
		return []string{own, "DISCORD_TOKEN", "DISCORD_BOT_TOKEN"}
	case "discord.guild":
		return []string{own, "DISCORD_GUILD_ID"}
	case "embeddings.api_key", "model.api_key":
		return []string{own, "OPENAI_API_KEY"}
	case "embeddings.base_url", "model.base_url":
		return []string{own, "OPENAI_BASE_URL"}
	}
	return []string{own}
}

// A found is what the environment says of a setting; without a place it says
// nothing.
type found struct {
	value, place string
	borrowed     bool // the variable is one of other programs too
}

// setting looks key up among its twins.
func (v variables) setting(key string) found {
	for i, name := range twins(key) {
		if value, place := v.get(name); place != "" {
			return found{value, place, i > 0}
		}
	}
	return found{}
}

// secretSetting looks the secret key up: under its own name, then among the
// credentials that systemd passes on, then under the names of other programs.
// An error comes with what is known of the variable at fault.
func (v variables) secretSetting(key string) (f found, err error) {
	names := twins(key)
	if f, err = v.secretNamed(key, names[0]); f.place != "" {
		return f, err
	}
	if f, err = v.credential(key); f.place != "" {
		return f, err
	}
	for _, name := range names[1:] {
		if f, err = v.secretNamed(key, name); f.place != "" {
			f.borrowed = true
			return f, err
		}
	}
	return found{}, nil
}

// secretNamed is the secret in the variable name, or in the file that the
// variable name_FILE names. Both at once is an error, as nobody can know which
// is meant.
func (v variables) secretNamed(key, name string) (found, error) {
	value, place := v.get(name)
	path, filePlace := v.get(name + "_FILE")
	switch {
	case path == "":
		return found{value: value, place: place}, nil
	case place != "":
		return found{place: place}, &configError{key: key, place: place, must: "be set by only one of " + name + " and " + name + "_FILE; unset the other"}
	}
	value, err := readSecret(path)
	if err != nil {
		return found{place: filePlace}, &configError{key: key, place: filePlace, must: "name a file that can be read: " + readingFault(err)}
	}
	return found{value: value, place: "the file that " + filePlace + " names"}, nil
}

// credential is the secret in the file that systemd laid out for key, if it
// did.
func (v variables) credential(key string) (found, error) {
	folder, _ := v.get("CREDENTIALS_DIRECTORY")
	if folder == "" {
		return found{}, nil
	}
	name := strings.ReplaceAll(key, ".", "_")
	place := "credential " + name
	value, err := readSecret(filepath.Join(folder, name))
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return found{}, nil
	case err != nil:
		return found{place: place}, &configError{key: key, place: place, must: "be readable: " + readingFault(err)}
	}
	return found{value: value, place: place}, nil
}

// readSecret is the content of the file path without the line break that
// editors leave at its end.
func readSecret(path string) (string, error) {
	data, err := readSettings(path)
	return strings.TrimSuffix(strings.TrimSuffix(string(data), "\n"), "\r"), err
}

// readSettings is the content of the regular file path without a byte order
// mark. It never waits, as opening a pipe would.
func readSettings(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular():
		return nil, errors.New("it is not a regular file")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxSettings+1))
	if len(data) > maxSettings {
		return nil, fmt.Errorf("it is larger than %d bytes", maxSettings)
	}
	return bytes.TrimPrefix(data, []byte("\ufeff")), err
}

// readingFault says why a file could not be read, without its path.
func readingFault(err error) string {
	var pathError *fs.PathError
	if errors.As(err, &pathError) {
		return pathError.Err.Error()
	}
	return err.Error()
}
