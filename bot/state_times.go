package bot

import (
	"context"
	"database/sql"
	"time"
)

// keepsTimes is for how long the state knows when people asked and when the
// bot identified itself.
const keepsTimes = 24 * time.Hour

// A taking is a question that counts, for each of its keys.
type taking struct {
	keys []string // "user:1", "guild:2"
	at   time.Time
}

// Takings are the times of questions since a time, by key, the oldest first.
func (s *State) Takings(ctx context.Context, since time.Time) (map[string][]time.Time, error) {
	takings := make(map[string][]time.Time)
	_, err := queryAll(ctx, s.db, func(scan func(...any) error) (none struct{}, err error) {
		var key string
		var at int64
		err = scan(&key, &at)
		takings[key] = append(takings[key], unstamp(at))
		return none, err
	}, `SELECT key, at FROM takings WHERE at >= ? ORDER BY at, key`, stamp(since))
	return takings, s.explain("reading who asked how often", err)
}

// took keeps that questions count.
func (s *State) took(ctx context.Context, takings ...taking) error {
	return s.write(ctx, "keeping who asked how often", func(tx *sql.Tx) error {
		for _, t := range takings {
			for _, key := range t.keys {
				if _, err := tx.ExecContext(ctx, `INSERT INTO takings (key, at) VALUES (?, ?)`, key, stamp(t.at)); err != nil {
					return err
				}
			}
		}
		_, err := tx.ExecContext(ctx, `DELETE FROM takings WHERE at < (SELECT max(at) FROM takings) - ?`, keepsTimes.Microseconds())
		return err
	})
}

// Identifies are the times since a time at which the bot identified itself,
// the oldest first.
func (s *State) Identifies(ctx context.Context, since time.Time) ([]time.Time, error) {
	times, err := queryAll(ctx, s.db, func(scan func(...any) error) (time.Time, error) {
		var at int64
		err := scan(&at)
		return unstamp(at), err
	}, `SELECT at FROM identifies WHERE at >= ? ORDER BY at`, stamp(since))
	return times, s.explain("reading when the bot identified itself", err)
}

// Identified keeps that the bot identifies itself. It is on the disk when it
// returns.
func (s *State) Identified(ctx context.Context, at time.Time) error {
	return s.write(ctx, "keeping when the bot identified itself", func(tx *sql.Tx) error {
		if _, err := tx.ExecContext(ctx, `DELETE FROM identifies WHERE at < ?`, stamp(at.Add(-keepsTimes))); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO identifies (at) VALUES (?)`, stamp(at))
		return err
	})
}
