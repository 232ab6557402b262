package bot

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"
)

// Rate keeps what a person thinks of an answer. The last word counts.
func (s *State) Rate(ctx context.Context, answer, person string, up bool, at time.Time) error {
	return s.exec(ctx, "keeping a rating", `INSERT OR REPLACE INTO ratings (answer, person, up, at) VALUES (?, ?, ?, ?)`,
		answer, person, up, stamp(at))
}

// Wait keeps a question that waits for an article; once a person and answer.
// The ID is given by the state.
func (s *State) Wait(ctx context.Context, w Waiting) error {
	ask, err := json.Marshal(w.Ask)
	if err != nil {
		return fmt.Errorf("keeping a question that waits: %w", err)
	}
	return s.exec(ctx, "keeping a question that waits", `INSERT INTO waiting (answer, guild, channel, person, at, ask)
		VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (answer, person) DO NOTHING`, w.Answer, w.Guild, w.Channel, w.Person, stamp(w.At), string(ask))
}

// Waiting are all questions that wait, the oldest first.
func (s *State) Waiting(ctx context.Context) ([]Waiting, error) {
	all, err := queryAll(ctx, s.db, readWaiting, `SELECT id, answer, guild, channel, person, at, ask FROM waiting ORDER BY id`)
	return all, s.explain("reading the questions that wait", err)
}

func readWaiting(scan func(...any) error) (Waiting, error) {
	var w Waiting
	var at int64
	var ask string
	if err := scan(&w.ID, &w.Answer, &w.Guild, &w.Channel, &w.Person, &at, &ask); err != nil {
		return Waiting{}, err
	}
	w.At = unstamp(at)
	return w, json.Unmarshal([]byte(ask), &w.Ask)
}

// StopWaiting drops a question that waits. It is no error if there is none.
func (s *State) StopWaiting(ctx context.Context, id int64) error {
	return s.exec(ctx, "dropping a question that waits", `DELETE FROM waiting WHERE id = ?`, id)
}

// Servers are the settings of all servers that have some, by id.
func (s *State) Servers(ctx context.Context) (map[string]Settings, error) {
	const doing = "reading the settings of servers"
	servers := make(map[string]Settings)
	_, err := queryAll(ctx, s.db, func(scan func(...any) error) (none struct{}, err error) {
		var guild, text string
		if err := scan(&guild, &text); err != nil {
			return none, err
		}
		var set Settings
		err = json.Unmarshal([]byte(text), &set)
		servers[guild] = set
		return none, err
	}, `SELECT guild, settings FROM servers`)
	return servers, s.explain(doing, err)
}

// SetServer keeps the settings of a server.
func (s *State) SetServer(ctx context.Context, guild string, set Settings) error {
	const doing = "keeping the settings of a server"
	text, err := json.Marshal(set)
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return s.exec(ctx, doing, `INSERT OR REPLACE INTO servers (guild, settings) VALUES (?, ?)`, guild, string(text))
}

// join keeps that the bot is in servers, until ForgetServer. before are all that
// it was in.
func (s *State) join(ctx context.Context, guilds []string) (before []string, err error) {
	err = s.write(ctx, "keeping where the bot is", func(tx *sql.Tx) error {
		if before, err = queryTexts(ctx, tx, `SELECT guild FROM joined`); err != nil {
			return err
		}
		for _, guild := range guilds {
			if _, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO joined (guild) VALUES (?)`, guild); err != nil {
				return err
			}
		}
		return nil
	})
	return before, err
}

// PlainFor are the people who want plain text.
func (s *State) PlainFor(ctx context.Context) (map[string]bool, error) {
	people, err := queryTexts(ctx, s.db, `SELECT person FROM plain`)
	plain := make(map[string]bool, len(people))
	for _, person := range people {
		plain[person] = true
	}
	return plain, s.explain("reading who wants plain text", err)
}

// SetPlain keeps whether a person wants plain text.
func (s *State) SetPlain(ctx context.Context, person string, plain bool) error {
	statement := `DELETE FROM plain WHERE person = ?`
	if plain {
		statement = `INSERT OR IGNORE INTO plain (person) VALUES (?)`
	}
	return s.exec(ctx, "keeping who wants plain text", statement, person)
}
