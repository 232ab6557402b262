package main

import "time"

// A config holds every setting of the contract; the toml tags are its keys.
type config struct {
	Data       dataConfig       `toml:"data"`
	Embeddings embeddingsConfig `toml:"embeddings"`
	Model      modelConfig      `toml:"model"`
	Discord    discordConfig    `toml:"discord"`
	Limits     limitsConfig     `toml:"limits"`
	Log        logConfig        `toml:"log"`
	Metrics    metricsConfig    `toml:"metrics"`
	Feeds      []feedConfig     `toml:"feeds"`
	Folders    []folderConfig   `toml:"folders"`
}

type dataConfig struct {
	Dir string `toml:"dir"`
}

type embeddingsConfig struct {
	Provider   string   `toml:"provider"`
	Path       string   `toml:"path"`
	BaseURL    string   `toml:"base_url"`
	Model      string   `toml:"model"`
	Dimensions int      `toml:"dimensions"` // 0 is the model's own
	APIKey     secret   `toml:"api_key"`
	Timeout    duration `toml:"timeout"`
}

type modelConfig struct {
	Provider    string   `toml:"provider"`
	BaseURL     string   `toml:"base_url"`
	Name        string   `toml:"name"`
	APIKey      secret   `toml:"api_key"`
	Temperature float64  `toml:"temperature"`
	Context     int      `toml:"context"`    // tokens of a prompt and its completion together
	MaxTokens   int      `toml:"max_tokens"` // of a completion
	Timeout     duration `toml:"timeout"`
	DailyTokens int      `toml:"daily_tokens"` // 0 is no limit
}

type discordConfig struct {
	Token    secret   `toml:"token"`
	APIURL   string   `toml:"api_url"`
	Guild    string   `toml:"guild"`
	Channels []string `toml:"channels"`
	Roles    []string `toml:"roles"`
	Admins   []string `toml:"admins"`
	Mentions bool     `toml:"mentions"`
	Threads  bool     `toml:"threads"`
}

type limitsConfig struct {
	UserPerMinute  int `toml:"user_per_minute"`
	GuildPerMinute int `toml:"guild_per_minute"`
	Workers        int `toml:"workers"`
	Queue          int `toml:"queue"`
}

type logConfig struct {
	Level  string `toml:"level"`
	Format string `toml:"format"`
}

type metricsConfig struct {
	Listen string `toml:"listen"` // "" is no metrics
}

type feedConfig struct {
	URL        string   `toml:"url"`
	Outlet     string   `toml:"outlet"`
	Every      duration `toml:"every"` // 0 is fifteen minutes
	FullText   bool     `toml:"full_text"`
	Collection string   `toml:"collection"`
	Keep       duration `toml:"keep"` // 0 is for ever
}

type folderConfig struct {
	Path       string `toml:"path"`
	Collection string `toml:"collection"`
}

// defaults are the settings of somebody who has set nothing.
func defaults() config {
	return config{
		Embeddings: embeddingsConfig{
			Provider: "builtin",
			BaseURL:  "https://api.openai.com/v1",
			Timeout:  duration{30 * time.Second},
		},
		Model: modelConfig{
			Provider:  "none",
			BaseURL:   "https://api.openai.com/v1",
			Context:   4096,
			MaxTokens: 1000,
			Timeout:   duration{time.Minute},
		},
		Discord: discordConfig{APIURL: "https://discord.com/api/v10", Mentions: true},
		Limits:  limitsConfig{UserPerMinute: 5, GuildPerMinute: 30, Workers: 4, Queue: 50},
		Log:     logConfig{Level: "info", Format: "text"},
		Metrics: metricsConfig{Listen: "127.0.0.1:9464"},
	}
}
