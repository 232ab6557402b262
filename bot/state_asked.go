package bot

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"footnote/retrieval"
)

// KeepAsked keeps who was shown an answer, and where. Again with the same
// Answer it replaces what was kept.
func (s *State) KeepAsked(ctx context.Context, a Asked) error {
	ask, err := json.Marshal(a.Ask)
	if err != nil {
		return fmt.Errorf("keeping who asked: %w", err)
	}
	return s.write(ctx, "keeping who asked", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM asked WHERE answer = ?`, a.Answer); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO asked (answer, guild, channel, person, conversation, private, at, ask)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?)`, a.Answer, a.Guild, a.Channel, a.Person, a.Conversation, a.Private, stamp(a.At), string(ask))
		if err != nil {
			return err
		}
		for n, message := range a.Messages {
			_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO messages (id, answer, n) VALUES (?, ?, ?)`, message, a.Answer, n)
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// Asked is what is kept of an answer. The error wraps retrieval.ErrNotFound if
// that is nothing.
func (s *State) Asked(ctx context.Context, answer string) (Asked, error) {
	return s.oneAsked(ctx, `answer = ?`, answer)
}

// AskedIn is the answer that a message shows, with the errors of Asked.
func (s *State) AskedIn(ctx context.Context, message string) (Asked, error) {
	return s.oneAsked(ctx, `answer = (SELECT answer FROM messages WHERE id = ?)`, message)
}

// LastIn is the latest answer of a conversation, with the errors of Asked.
func (s *State) LastIn(ctx context.Context, conversation string) (Asked, error) {
	return s.oneAsked(ctx, `conversation = ? AND conversation != '' ORDER BY at DESC, answer DESC LIMIT 1`, conversation)
}

// LastOf is the latest answer in a channel that a person may see: not private,
// or the person's own. It has the errors of Asked.
func (s *State) LastOf(ctx context.Context, guild, channel, person string) (Asked, error) {
	return s.oneAsked(ctx, `guild = ? AND channel = ? AND (NOT private OR person = ?) ORDER BY at DESC, answer DESC LIMIT 1`,
		guild, channel, person)
}

func (s *State) oneAsked(ctx context.Context, where string, args ...any) (Asked, error) {
	found, err := queryAll(ctx, s.db, readAsked, `SELECT answer, guild, channel, person, conversation, private, at, ask,
		(SELECT json_group_array(id) FROM (SELECT id FROM messages WHERE messages.answer = asked.answer ORDER BY n))
		FROM asked WHERE `+where, args...)
	if err != nil {
		return Asked{}, s.explain("reading who asked", err)
	}
	if len(found) == 0 {
		return Asked{}, fmt.Errorf("reading who asked: %w", retrieval.ErrNotFound)
	}
	return found[0], nil
}

func readAsked(scan func(...any) error) (Asked, error) {
	var a Asked
	var at int64
	var ask, messages string
	if err := scan(&a.Answer, &a.Guild, &a.Channel, &a.Person, &a.Conversation, &a.Private, &at, &ask, &messages); err != nil {
		return Asked{}, err
	}
	a.At = unstamp(at)
	if err := json.Unmarshal([]byte(ask), &a.Ask); err != nil {
		return Asked{}, err
	}
	err := json.Unmarshal([]byte(messages), &a.Messages)
	if len(a.Messages) == 0 {
		a.Messages = nil
	}
	return a, err
}

// DropAsked forgets who was shown an answer, how it was rated, and that others
// than the asker wait for a better one: they wait with the asker's words. It is
// no error if nothing was kept.
func (s *State) DropAsked(ctx context.Context, answer string) error {
	err := s.write(ctx, "forgetting who asked", func(tx *sql.Tx) error { return dropAsked(ctx, tx, answer) })
	if err != nil {
		return err
	}
	return s.emptyCompanion(ctx)
}

func dropAsked(ctx context.Context, tx *sql.Tx, answer string) error {
	for _, statement := range []string{
		`DELETE FROM waiting WHERE answer = ?1 AND person != (SELECT person FROM asked WHERE answer = ?1)`,
		`DELETE FROM ratings WHERE answer = ?`,
		`DELETE FROM asked WHERE answer = ?`,
	} {
		if _, err := tx.ExecContext(ctx, statement, answer); err != nil {
			return err
		}
	}
	return nil
}

// dropOld erases what was asked before a time, and how it was rated.
func (s *State) dropOld(ctx context.Context, before time.Time) error {
	err := s.write(ctx, "forgetting what is old", func(tx *sql.Tx) error {
		for _, statement := range []string{
			`DELETE FROM ratings WHERE at < ?1 OR answer IN (SELECT answer FROM asked WHERE at < ?1)`,
			`DELETE FROM asked WHERE at < ?`,
		} {
			if _, err := tx.ExecContext(ctx, statement, stamp(before)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.erase(ctx)
}

// askedBefore are the answers that were asked for before a time.
func (s *State) askedBefore(ctx context.Context, before time.Time) ([]string, error) {
	answers, err := queryTexts(ctx, s.db, `SELECT answer FROM asked WHERE at < ? ORDER BY answer`, stamp(before))
	return answers, s.explain("reading what is old", err)
}

// askedOf are the answers that a person was shown, or a server: the column says
// which.
func (s *State) askedOf(ctx context.Context, column, value string) ([]string, error) {
	answers, err := queryTexts(ctx, s.db, `SELECT answer FROM asked WHERE `+column+` = ? ORDER BY answer`, value)
	return answers, s.explain("reading what was asked", err)
}

// conversations are the latest ones of servers, at most limit, the latest first.
func (s *State) conversations(ctx context.Context, limit int) ([]string, error) {
	found, err := queryTexts(ctx, s.db, `SELECT conversation FROM asked WHERE conversation != '' AND guild != ''
		GROUP BY conversation ORDER BY max(at) DESC, conversation LIMIT ?`, limit)
	return found, s.explain("reading the conversations", err)
}
