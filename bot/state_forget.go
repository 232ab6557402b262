package bot

import (
	"context"
	"database/sql"
	"fmt"

	"footnote/retrieval"
)

// ForgetPerson erases all rows of a person from the disk. The answers are
// those that the person was shown, for the store to forget. The error wraps
// retrieval.ErrTraces if the rows are gone but still lie on the disk.
func (s *State) ForgetPerson(ctx context.Context, person string) (answers []string, err error) {
	return s.forget(ctx, "forgetting a person", "person", person,
		`DELETE FROM ratings WHERE person = ?`, `DELETE FROM plain WHERE person = ?`, `DELETE FROM takings WHERE key = 'user:' || ?`)
}

// ForgetServer erases all rows of a server, as ForgetPerson does a person's.
func (s *State) ForgetServer(ctx context.Context, guild string) (answers []string, err error) {
	return s.forget(ctx, "forgetting a server", "guild", guild,
		`DELETE FROM servers WHERE guild = ?`, `DELETE FROM joined WHERE guild = ?`, `DELETE FROM takings WHERE key = 'guild:' || ?`)
}

// forget erases what was asked and what waits by one column, what others wait
// for of that, as it holds the question, and what the other statements delete.
func (s *State) forget(ctx context.Context, doing, column, value string, others ...string) (answers []string, err error) {
	err = s.write(ctx, doing, func(tx *sql.Tx) error {
		answers, err = queryTexts(ctx, tx, `SELECT answer FROM asked WHERE `+column+` = ? ORDER BY answer`, value)
		if err != nil {
			return err
		}
		for _, answer := range answers {
			if _, err := tx.ExecContext(ctx, `DELETE FROM waiting WHERE answer = ?`, answer); err != nil {
				return err
			}
			if err := dropAsked(ctx, tx, answer); err != nil {
				return err
			}
		}
		for _, statement := range append(others, `DELETE FROM waiting WHERE `+column+` = ?`) {
			if _, err := tx.ExecContext(ctx, statement, value); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answers, s.erase(ctx)
}

// erase makes what was deleted unreadable on the disk. Its own bytes are zeros
// already, but SQLite leaves copies of rows where it moved them from one page
// to another: the file is written anew without those.
func (s *State) erase(ctx context.Context) error {
	if err := s.exec(ctx, "writing the file anew", `VACUUM`); err != nil {
		return fmt.Errorf("%w: %w", retrieval.ErrTraces, err)
	}
	return s.emptyCompanion(ctx)
}

// emptyCompanion folds what was written into the one file, and leaves nothing
// in the companion file that may hold older pages.
func (s *State) emptyCompanion(ctx context.Context) error {
	var busy, pages, moved int
	err := s.db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved)
	if err != nil {
		return fmt.Errorf("%w: %w", retrieval.ErrTraces, s.explain("emptying the companion file", err))
	}
	if busy != 0 {
		return fmt.Errorf("%w: another process holds %s", retrieval.ErrTraces, s.path)
	}
	return nil
}
