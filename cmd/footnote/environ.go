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

// setting looks key up among its twins.
func (v variables) setting(key string) (value, place string) {
	for _, name := range twins(key) {
		if value, place := v.get(name); place != "" {
			return value, place
		}
	}
	return "", ""
}

// secretSetting looks the secret key up: in a file that a variable ending in
// _FILE names, then among the credentials that systemd passes on, then among
// its twins. Both X and X_FILE is an error, as nobody can know which is meant.
func (v variables) secretSetting(key string) (value, place string, err error) {
	for _, name := range twins(key) {
		path, filePlace := v.get(name + "_FILE")
		if path == "" {
			continue
		}
		if _, place := v.get(name); place != "" {
			return "", "", &configError{key: key, place: place, must: "be set by only one of " + name + " and " + name + "_FILE; unset the other"}
		}
		value, err := readSecret(path)
		if err != nil {
			return "", "", &configError{key: key, place: filePlace, must: "name a file that can be read: " + readingFault(err)}
		}
		return value, "the file that " + filePlace + " names", nil
	}
	if folder, _ := v.get("CREDENTIALS_DIRECTORY"); folder != "" {
		name := strings.ReplaceAll(key, ".", "_")
		value, err := readSecret(filepath.Join(folder, name))
		switch {
		case err == nil:
			return value, "credential " + name, nil
		case !errors.Is(err, fs.ErrNotExist):
			return "", "", &configError{key: key, place: "credential " + name, must: "be readable: " + readingFault(err)}
		}
	}
	value, place = v.setting(key)
	return value, place, nil
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
