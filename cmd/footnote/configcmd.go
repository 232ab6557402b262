package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"
)

type configJSON struct {
	File     *string       `json:"file"`
	Settings []settingJSON `json:"settings"`
}

type settingJSON struct {
	Key    string `json:"key"`
	Value  any    `json:"value"`
	Origin string `json:"origin"`
}

// configCommand is "footnote config".
func (a *app) configCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "config",
		Short: "The settings in force and where each comes from",
		Args:  atMost(0),
		RunE: func(*cobra.Command, []string) error {
			s, err := a.settings()
			if err != nil {
				return err
			}
			if a.flags.json {
				return a.printJSON(s.json())
			}
			return a.printSettings(s)
		},
	}
}

// json is every setting of s; secrets encode themselves masked, and addresses
// are shown without what may be one.
func (s *settings) json() configJSON {
	var out configJSON
	if s.file != "" {
		out.File = &s.file
	}
	for key, value := range values(&s.config) {
		shown := value.Interface()
		if items, ok := shown.([]string); ok && items == nil {
			shown = []string{}
		}
		if text, ok := shown.(string); ok && strings.HasSuffix(key, "url") {
			shown = maskURL(text)
		}
		out.Settings = append(out.Settings, settingJSON{key, shown, s.place(key)})
	}
	return out
}

func (a *app) printSettings(s *settings) error {
	var rows [][]string
	for _, setting := range s.json().Settings {
		rows = append(rows, []string{setting.Key, shownValue(setting.Value), setting.Origin})
	}
	file := s.file
	if file == "" {
		file = "none was found"
	}
	_, err := fmt.Fprintf(a.stdout, "Settings file: %s\n\n%s\n", file, strings.Join(columns(rows), "\n"))
	return err
}

// shownValue is a setting as it would stand in a file.
func shownValue(value any) string {
	switch v := value.(type) {
	case string:
		return fmt.Sprintf("%q", v)
	case []string:
		return fmt.Sprintf("%q", v)
	case fmt.Stringer:
		return fmt.Sprintf("%q", v.String())
	}
	return fmt.Sprint(value)
}
