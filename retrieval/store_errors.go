package retrieval

import (
	"context"
	"errors"
	"fmt"

	"footnote/corpus"
)

// Errors of a Store that a caller acts on.
var (
	ErrNotFound = errors.New("not in the store")
	ErrNewer    = errors.New("the store is of a newer version")
	ErrReadOnly = errors.New("the store can only be read")
	ErrDamaged  = errors.New("the structure of the store is damaged")
	ErrTraces   = errors.New("removed, but not erased from the disk")
)

// A DamageError says that something in the store is not what was saved. Its
// content is never handed out.
type DamageError struct {
	Article corpus.ArticleID // "" if it is no article's
	What    string           // what is wrong, as a clause: "its text is not what was saved"
	lost    bool             // no statement reaches it, so it can be neither replaced nor removed
}

// lostArticle is the damage of an article whose place in the file is broken.
func lostArticle(id corpus.ArticleID) error {
	return &DamageError{Article: id, What: "its rows cannot be read", lost: true}
}

// Error is a sentence that also says what to do.
func (e *DamageError) Error() string {
	if e.Article == "" {
		return "the store is damaged: " + e.What
	}
	remedy := "ingest it again, or remove it"
	if e.lost {
		remedy = "move the others to a new store: footnote articles export -o FILE, then footnote --data FOLDER ingest FILE"
	}
	return fmt.Sprintf("article %q is damaged: %s; %s", string(e.Article), e.What, remedy)
}

// A plainError is one sentence for people; its cause is for errors.Is.
type plainError struct {
	text  string
	cause error
}

func (e *plainError) Error() string { return e.text }
func (e *plainError) Unwrap() error { return e.cause }

// Primary result codes of SQLite, the low byte of what its driver reports
// (sqlite.org/rescode.html).
const (
	codeError     = 1
	codePerm      = 3
	codeBusy      = 5
	codeLocked    = 6
	codeReadOnly  = 8
	codeInterrupt = 9
	codeIO        = 10
	codeCorrupt   = 11
	codeFull      = 13
	codeCantOpen  = 14
	codeTooBig    = 18
	codeNotADB    = 26

	codeShortRead = codeIO | 2<<8
	codeShmSize   = codeIO | 19<<8 // shared memory, which is a file beside the store
)

// sqliteCode is the extended result code of SQLite in err, or 0. The driver's
// own type is known to the main package only.
func sqliteCode(err error) int {
	var coded interface{ Code() int }
	if !errors.As(err, &coded) {
		return 0
	}
	return coded.Code()
}

// cannotWrite reports whether err says that a file or its folder may not be
// written.
func cannotWrite(err error) bool {
	switch sqliteCode(err) & 0xff {
	case codeCantOpen, codeReadOnly, codePerm:
		return true
	}
	return false
}

// errMalformed says that a row holds values of another kind than its columns.
var errMalformed = errors.New("a row is malformed")

// unreadable reports whether err says that the structure of the file is
// broken. A fixed statement that SQLite does not understand means that its
// tables are not those which were made.
func unreadable(err error) bool {
	if errors.Is(err, errMalformed) {
		return true
	}
	code := sqliteCode(err)
	return code&0xff == codeError || unlikeDatabase(code)
}

// diskFull reports whether a result code says that there is no room left.
func diskFull(code int) bool { return code&0xff == codeFull || code == codeShmSize }

// unlikeDatabase reports whether a result code says that a file is not the
// database that was written.
func unlikeDatabase(code int) bool {
	switch code & 0xff {
	case codeCorrupt, codeNotADB:
		return true
	}
	return code == codeShortRead
}

// explain is err as a sentence for people where SQLite has a code for it, and
// otherwise err with what was being done.
func (s *Store) explain(doing string, err error) error {
	var plain *plainError
	var damage *DamageError
	if err == nil || errors.As(err, &plain) || errors.As(err, &damage) {
		return err
	}
	code := sqliteCode(err)
	if errors.Is(err, errMalformed) {
		code = codeCorrupt
	}
	if text := s.sentence(code); text != "" {
		if unlikeDatabase(code) {
			err = errors.Join(ErrDamaged, err)
		}
		return &plainError{text: text, cause: err}
	}
	switch code & 0xff {
	case codeReadOnly:
		return s.readOnlyError(err)
	case codeInterrupt:
		return fmt.Errorf("%s: %w", doing, context.Canceled)
	}
	return fmt.Errorf("%s: %w", doing, err)
}

// sentence says what a result code of SQLite means here and what to do, or
// nothing for a code that nobody but a programmer can do something about.
func (s *Store) sentence(code int) string {
	if code == codeShortRead {
		return s.path + " is cut short; restore a backup, or move it away and ingest again"
	}
	if diskFull(code) {
		return "the disk is full; nothing that was saved is lost; free some space and run the same command again"
	}
	switch code & 0xff {
	case codeBusy, codeLocked:
		return "another footnote process holds the store for writing; try again"
	case codeIO:
		return "the disk under " + s.path + " does not answer as it should; check it, then try again"
	case codeCorrupt:
		return s.path + " is damaged; restore a backup, or move it away and ingest again"
	case codeCantOpen, codePerm:
		return s.path + " cannot be opened; check that you may read and write it and its folder"
	case codeTooBig:
		return "the text is too large for the store; split it into several articles"
	case codeNotADB:
		return s.path + " is not a store of footnote; move it away, or use another --data folder"
	}
	return ""
}

func (s *Store) readOnlyError(cause error) error {
	return &plainError{
		text:  s.path + " can only be read; make it and its folder writable, or use another --data folder",
		cause: errors.Join(ErrReadOnly, cause),
	}
}
