package retrieval

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"time"
)

// Note is what was noted last under a key, and when. It is "" if there is
// nothing, or if it is not what was saved: a note is of what can be found out
// again.
func (s *Store) Note(ctx context.Context, key string) (value string, at time.Time, err error) {
	err = s.read(ctx, "reading a note", func(tx *sql.Tx) error {
		value, at, err = readNote(ctx, tx, key)
		if _, ok := errors.AsType[*DamageError](err); ok {
			return nil
		}
		return err
	})
	return value, at, err
}

// SetNote notes a value under a key, in place of what was noted there.
func (s *Store) SetNote(ctx context.Context, key, value string, at time.Time) error {
	noted := at.UTC().Format(timeLayout)
	return s.write(ctx, "keeping a note", func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT OR REPLACE INTO notes (key, at, sum, value) VALUES (?, ?, ?, ?)`,
			key, noted, seal("note", key, noted, value), value)
		return err
	})
}

// readNote is the row of a key, empty if there is none, or if it is not what
// was saved: then beside a *DamageError.
func readNote(ctx context.Context, q querier, key string) (string, time.Time, error) {
	damage := &DamageError{What: "what was noted of " + key + " is not what was saved"}
	var noted, value string
	var sum []byte
	err := scan(ctx, q.QueryRowContext(ctx, `SELECT at, sum, value FROM notes WHERE key = ?`, key), &noted, &sum, &value)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", time.Time{}, nil
	case err != nil && !errors.Is(err, errMalformed):
		return "", time.Time{}, err
	case err != nil || !bytes.Equal(sum, seal("note", key, noted, value)):
		return "", time.Time{}, damage
	}
	at, err := time.Parse(timeLayout, noted)
	if err != nil {
		return "", time.Time{}, damage
	}
	return value, at.UTC(), nil
}
