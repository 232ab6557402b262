package main

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"
)

// load writes file as config.toml in a folder of its own, goes there and
// loads the settings under environ.
func load(t testing.TB, file string, environ ...string) (*settings, error) {
	t.Helper()
	t.Chdir(t.TempDir())
	write(t, "config.toml", file)
	return loadSettings(append([]string{"HOME=/home/reader"}, environ...), "", "")
}

func write(t testing.TB, name, content string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

func TestExampleShowsEveryDefault(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "config.example.toml"))
	if err != nil {
		t.Fatal(err)
	}
	lit := regexp.MustCompile(`(?m)^# ([a-z_]+ = .*|\[\[.*)$`).ReplaceAllString(string(data), "$1")
	s := &settings{config: defaults(), origins: make(map[string]string)}
	if err := s.decode("config.example.toml", []byte(lit)); err != nil {
		t.Fatal(err)
	}
	for key := range leaves(&s.config) {
		if s.origins[key] == "" {
			t.Errorf("the example lacks %s", key)
		}
	}
	if len(s.Feeds) != 1 || len(s.Folders) != 1 {
		t.Error("the example shows no feed or no folder")
	}
	s.Feeds, s.Folders = nil, nil
	want := defaults()
	want.Discord.Channels, want.Discord.Roles, want.Discord.Admins = []string{}, []string{}, []string{}
	if !reflect.DeepEqual(s.config, want) {
		t.Errorf("the example says %+v\ndefaults are %+v", s.config, want)
	}
}

func TestDefaultsKeepTheRules(t *testing.T) {
	for _, rule := range defaults().rules() {
		if !rule.ok {
			t.Errorf("%s must %s", rule.key, rule.must)
		}
	}
}

func TestEveryKeyHasAnEnvironmentTwin(t *testing.T) {
	values := map[reflect.Type]string{
		reflect.TypeFor[string]():   "other",
		reflect.TypeFor[secret]():   "other",
		reflect.TypeFor[bool]():     "true",
		reflect.TypeFor[int]():      "7",
		reflect.TypeFor[float64]():  "0.5",
		reflect.TypeFor[duration](): "7d",
		reflect.TypeFor[[]string](): "1,2",
	}
	var c config
	for key, value := range leaves(&c) {
		name := "FOOTNOTE_" + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
		env, err := newVariables([]string{name + "=" + values[value.Type()]})
		if err != nil {
			t.Fatal(err)
		}
		s := &settings{origins: make(map[string]string), env: env}
		if err := s.overlay(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if s.origins[key] != "environment variable "+name {
			t.Errorf("%s did not set %s", name, key)
		}
	}
}

func TestPrecedence(t *testing.T) {
	const file = "[data]\ndir = 'of-file'\n[log]\nlevel = 'warn'\n"
	tests := []struct {
		name, flag string
		environ    []string
		dir, place string
	}{
		{"file over default", "", nil, "of-file", "config.toml"},
		{"environment over file", "", []string{"FOOTNOTE_DATA_DIR=of-env"}, "of-env", "environment variable FOOTNOTE_DATA_DIR"},
		{"flag over environment", "of-flag", []string{"FOOTNOTE_DATA_DIR=of-env"}, "of-flag", "--data"},
		{"an empty variable is not set", "", []string{"FOOTNOTE_DATA_DIR="}, "of-file", "config.toml"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "config.toml", file)
			s, err := loadSettings(tt.environ, "", tt.flag)
			if err != nil {
				t.Fatal(err)
			}
			if s.Data.Dir != tt.dir || s.place("data.dir") != tt.place {
				t.Errorf("data.dir = %q from %s", s.Data.Dir, s.place("data.dir"))
			}
		})
	}
}

func TestDataFolderByDefault(t *testing.T) {
	tests := []struct {
		name    string
		environ []string
		want    string
	}{
		{"XDG_DATA_HOME", []string{"XDG_DATA_HOME=/data", "HOME=/home/reader"}, "/data/footnote"},
		{"home", []string{"HOME=/home/reader"}, "/home/reader/.local/share/footnote"},
		{"a relative XDG_DATA_HOME is void", []string{"XDG_DATA_HOME=data", "HOME=/home/reader"}, "/home/reader/.local/share/footnote"},
		{"tilde", []string{"FOOTNOTE_DATA_DIR=~/news", "HOME=/home/reader"}, "/home/reader/news"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			s, err := loadSettings(tt.environ, "", "")
			if err != nil {
				t.Fatal(err)
			}
			if s.Data.Dir != tt.want {
				t.Errorf("data.dir = %q, want %q", s.Data.Dir, tt.want)
			}
		})
	}
}

func TestDotenvLiesBelowTheEnvironment(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, ".env", "# keys\nexport FOOTNOTE_LOG_LEVEL='debug'\nFOOTNOTE_LOG_FORMAT=text\nnot a setting\n")
	s, err := loadSettings([]string{"HOME=/home/reader", "FOOTNOTE_LOG_FORMAT=json"}, "", "")
	if err != nil {
		t.Fatal(err)
	}
	if s.Log.Level != "debug" || s.Log.Format != "json" {
		t.Errorf("log = %+v", s.Log)
	}
}

func TestUnusedVariablesOfOtherProgramsRefuseNothing(t *testing.T) {
	for variable, want := range map[string]string{
		"OPENAI_BASE_URL=http://localhost:8080": "environment variable OPENAI_BASE_URL: embeddings.base_url must be an http or https address that ends in /v1",
		"OPENAI_API_KEY=two words":              "environment variable OPENAI_API_KEY: embeddings.api_key must have no blanks, quotes or line breaks",
		"OPENAI_API_KEY_FILE=nowhere":           "environment variable OPENAI_API_KEY_FILE: embeddings.api_key must name a file that can be read: no such file or directory",
		"DISCORD_TOKEN=Bot abc":                 `environment variable DISCORD_TOKEN: discord.token must be the bare token: no blanks, quotes or line breaks, and no "Bot " before it`,
		"DISCORD_GUILD_ID=mine":                 "environment variable DISCORD_GUILD_ID: discord.guild must be the guild's id, digits only",
	} {
		s, err := load(t, "", variable)
		if err != nil {
			t.Errorf("%s: %v", variable, err)
			continue
		}
		if len(s.passedOver) == 0 || s.passedOver[0].Error() != want {
			t.Errorf("%s: passed over %v, want %s", variable, s.passedOver, want)
		}
	}
}

func TestOwnNameOfASecretWins(t *testing.T) {
	for _, environ := range [][]string{
		{"FOOTNOTE_EMBEDDINGS_API_KEY=own", "OPENAI_API_KEY_FILE=other"},
		{"FOOTNOTE_EMBEDDINGS_API_KEY=own", "OPENAI_API_KEY=other"},
		{"FOOTNOTE_EMBEDDINGS_API_KEY_FILE=key", "OPENAI_API_KEY=other"},
	} {
		t.Chdir(t.TempDir())
		write(t, "key", "own\n")
		write(t, "other", "other\n")
		s, err := loadSettings(append(environ, "HOME=/home/reader"), "", "")
		if err != nil || s.Embeddings.APIKey.reveal() != "own" {
			t.Errorf("%q: %v", environ, err)
		}
	}
}

func TestBadSettings(t *testing.T) {
	const endpoint = "[embeddings]\nprovider = 'openai'\nmodel = 'm'\n"
	tests := []struct {
		name, file string
		environ    []string
		want       string
	}{
		{"unknown keys, all of them", "[log]\nlevl = 'info'\n[discord]\ntokn = 'x'\n", nil,
			"config.toml: footnote does not know log.levl (line 2, column 1; did you mean log.level?) and discord.tokn (line 4, column 1; did you mean discord.token?); remove or correct it"},
		{"unknown section", "[modell]\nname = 'x'\n", nil, "config.toml: footnote does not know modell (line 1, column 2; did you mean model?); remove or correct it"},
		{"wrong type", "[limits]\nworkers = 'four'\n", nil, "config.toml:2:11: limits.workers must be a whole number"},
		{"bad duration", "[model]\ntimeout = 'soon'\n", nil, `config.toml:2:11: model.timeout must be a time such as "30s", "5m" or "7d"`},
		{"number for a duration", "[model]\ntimeout = 30\n", nil, `config.toml: a time lacks its unit or its quotes; write it as "30s", "5m" or "7d"`},
		{"twice", "[log]\nlevel = 'info'\nlevel = 'warn'\n", nil, "config.toml:3:1: level must be set only once; remove one of the two"},
		{"value for a section", "log = 'debug'\n", nil, "config.toml:1:7: log must be a table, under a line in brackets"},
		{"not TOML", "[log\nlevel", nil, "config.toml:1:5: this is not valid TOML; look for a missing quote, bracket or equals sign"},
		{"out of range", "[limits]\nworkers = 0\n", nil, "config.toml: limits.workers must be 1 to 256"},
		{"not one of", "[log]\nlevel = 'loud'\n", nil, `config.toml: log.level must be "debug", "info", "warn" or "error"`},
		{"of the environment", "", []string{"FOOTNOTE_LIMITS_WORKERS=many"}, "environment variable FOOTNOTE_LIMITS_WORKERS: limits.workers must be a whole number"},
		{"endpoint", "[embeddings]\nbase_url = 'https://example.org'\n", nil, "config.toml: embeddings.base_url must be an http or https address that ends in /v1"},
		{"local encoder", "[embeddings]\nprovider = 'local'\n", nil, `embeddings.path must name a model's folder, zip or wheel, or an installed one (see: footnote model list), because embeddings.provider is "local"`},
		{"model without a name", "[model]\nprovider = 'openai'\n", nil, `model.name must name the endpoint's model, because model.provider is "openai"`},
		{"context that leaves no room", "[model]\nprovider = 'openai'\nname = 'm'\nmax_tokens = 4000\n", nil,
			"model.context must be model.max_tokens and 512 or more, so that there is room for the sources"},
		{"token with its prefix", "", []string{"FOOTNOTE_DISCORD_TOKEN=Bot abc"}, `environment variable FOOTNOTE_DISCORD_TOKEN: discord.token must be the bare token: no blanks, quotes or line breaks, and no "Bot " before it`},
		{"feed", "[[feeds]]\nurl = 'ftp://example.org'\n", nil, "config.toml: feeds[0].url must be the http or https address of a feed"},
		{"secret in two places", endpoint, []string{"OPENAI_API_KEY=a", "OPENAI_API_KEY_FILE=b"},
			"environment variable OPENAI_API_KEY: embeddings.api_key must be set by only one of OPENAI_API_KEY and OPENAI_API_KEY_FILE; unset the other"},
		{"secret file that is not there", endpoint, []string{"OPENAI_API_KEY_FILE=nowhere"},
			"environment variable OPENAI_API_KEY_FILE: embeddings.api_key must name a file that can be read: no such file or directory"},
		{"borrowed address that is used", endpoint, []string{"OPENAI_BASE_URL=http://localhost:8080"},
			"environment variable OPENAI_BASE_URL: embeddings.base_url must be an http or https address that ends in /v1"},
		{"home folder that is not known", "", []string{"HOME=", "FOOTNOTE_DATA_DIR=~/x"},
			"environment variable FOOTNOTE_DATA_DIR: data.dir must be set, as there is no home folder; or pass --data FOLDER"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := load(t, tt.file, tt.environ...); err == nil || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestNamedFileMustBeThere(t *testing.T) {
	t.Chdir(t.TempDir())
	_, err := loadSettings(nil, "nowhere.toml", "")
	if want := "nowhere.toml: the settings file cannot be read: no such file or directory"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestSecretSources(t *testing.T) {
	tests := []struct {
		name    string
		environ []string
		place   string
	}{
		{"file without its line break", []string{"DISCORD_TOKEN_FILE=token"}, "the file that environment variable DISCORD_TOKEN_FILE names"},
		{"credential", []string{"CREDENTIALS_DIRECTORY=credentials"}, "credential discord_token"},
		{"variable", []string{"DISCORD_TOKEN=s3cr3t"}, "environment variable DISCORD_TOKEN"},
		{"credential over variable", []string{"CREDENTIALS_DIRECTORY=credentials", "DISCORD_TOKEN=other"}, "credential discord_token"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "token", "s3cr3t\r\n")
			if err := os.Mkdir("credentials", 0o700); err != nil {
				t.Fatal(err)
			}
			write(t, "credentials/discord_token", "s3cr3t\n")
			s, err := loadSettings(append(tt.environ, "HOME=/home/reader"), "", "")
			if err != nil {
				t.Fatal(err)
			}
			if s.Discord.Token.reveal() != "s3cr3t" || s.place("discord.token") != tt.place {
				t.Errorf("token %q from %s", s.Discord.Token.reveal(), s.place("discord.token"))
			}
		})
	}
}

func TestSecretNeverPrints(t *testing.T) {
	s := secret{"s3cr3t"}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "token", s)
	encoded, err := json.Marshal(map[string]any{"token": s, "pointer": &s})
	if err != nil {
		t.Fatal(err)
	}
	shown := fmt.Sprintf("%v %+v %#v %s %q %v", s, s, s, s, s, []secret{s}) + log.String() + string(encoded)
	if strings.Contains(shown, "s3cr3t") {
		t.Errorf("shown: %s", shown)
	}
}

func TestDuration(t *testing.T) {
	tests := []struct {
		text string
		want time.Duration
	}{{"30s", 30 * time.Second}, {"7d", 7 * 24 * time.Hour}, {"2w", 14 * 24 * time.Hour}, {"0d", 0}}
	for _, tt := range tests {
		var d, again duration
		if err := d.UnmarshalText([]byte(tt.text)); err != nil || d.Duration != tt.want {
			t.Errorf("%s is %v, %v", tt.text, d, err)
		}
		if err := again.UnmarshalText([]byte(d.String())); err != nil || again != d {
			t.Errorf("%v reads back as %v, %v", d, again, err)
		}
	}
	for _, bad := range []string{"", "d", "-1d", "99999999d", "1.5d", "soon", "30"} {
		if err := new(duration).UnmarshalText([]byte(bad)); err == nil {
			t.Errorf("%q is a duration", bad)
		}
	}
}

// FuzzConfig: no settings file makes footnote panic, and no error shows the
// value of a secret or a line of the file.
func FuzzConfig(f *testing.F) {
	f.Add([]byte("[log]\nlevel = 'info'\n"))
	f.Add([]byte("[data]\ndir = 3\n"))
	f.Add([]byte("[[feeds]]\nurl = 'https://example.org'\n[feeds.more]\n"))
	f.Add([]byte("x = \"\"\""))
	f.Add([]byte("[discord]\n\"\x1b[2J\" = 1\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		const canary = "c4n4ry-0f-the-m1ne"
		data = append(data, "\n[model]\napi_key = \""+canary+"\"\n"...)
		s := &settings{config: defaults(), origins: make(map[string]string)}
		err := s.decode("config.toml", data)
		if err == nil {
			err = s.check()
		}
		if err == nil {
			return
		}
		if shown := err.Error(); strings.Contains(shown, canary) || strings.ContainsAny(shown, "\x1b\n") {
			t.Errorf("the error shows %q", shown)
		}
	})
}
