package hub

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"strings"
	"syscall"
)

func newHash() hash.Hash { return sha256.New() }

func hexOf(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)) }

// A part is what there is of a file that is not whole yet. It lies beside the
// file's place, under the name FILE.part; FILE.part.etag says of which version
// it is a part.
type part struct {
	wanted
	path    string // of the file, once it is whole
	file    *os.File
	hash    hash.Hash // of what there is
	size    int64     // bytes
	etag    string    // "" if the hub gave none
	resumed bool      // some of it is of an earlier try
}

// openPart opens what there is of a file. One that nobody pinned begins anew:
// without a sum, two halves cannot be told to belong together.
func openPart(path string, w wanted) (*part, error) {
	file, err := os.OpenFile(path+".part", os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening a file for %s: %w", w.name, err)
	}
	p := &part{wanted: w, path: path, file: file, hash: newHash()}
	if w.sum == "" {
		return p, nil
	}
	if p.size, err = io.Copy(p.hash, file); err != nil {
		return nil, errors.Join(fmt.Errorf("reading what there is of %s: %w", w.name, err), file.Close())
	}
	p.resumed = p.size > 0
	if etag, err := os.ReadFile(p.etagPath()); err == nil && isETag(string(etag)) {
		p.etag = string(etag)
	}
	return p, nil
}

func (p *part) etagPath() string { return p.path + ".part.etag" }

// isETag reports whether s is a strong entity tag, which a file that was cut by
// a loss of power is not.
func isETag(s string) bool {
	return len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' &&
		!strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// digest is the SHA-256 of what there is.
func (p *part) digest() string { return hexOf(p.hash) }

// restart drops what there is, for a file whose version the hub calls etag.
func (p *part) restart(etag string) error {
	p.hash.Reset()
	p.size, p.resumed, p.etag = 0, false, ""
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return p.unwritten(err)
	}
	if err := p.file.Truncate(0); err != nil {
		return p.unwritten(err)
	}
	// A weak one says too little to put two halves together by.
	if etag == "" || strings.HasPrefix(etag, "W/") || p.sum == "" {
		return p.forgetETag()
	}
	p.etag = etag
	if err := os.WriteFile(p.etagPath(), []byte(etag), 0o600); err != nil {
		return p.unwritten(err)
	}
	return nil
}

func (p *part) forgetETag() error {
	if err := removeIfThere(p.etagPath()); err != nil {
		return p.unwritten(err)
	}
	return nil
}

// copy adds all of body and calls step after each piece of it.
func (p *part) copy(ctx context.Context, body io.Reader, step func()) error {
	buffer := make([]byte, 128<<10)
	for {
		n, err := body.Read(buffer)
		if p.size+int64(n) > p.most {
			return errors.Join(tooLarge(p.wanted), p.discard())
		}
		if _, err := p.file.Write(buffer[:n]); err != nil {
			return p.unwritten(err)
		}
		p.hash.Write(buffer[:n])
		p.size += int64(n)
		step()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return broken(ctx, err)
		}
	}
}

// finish gives the part its name, if it is what was wanted; else it is thrown
// away.
func (p *part) finish(model string) error {
	if got := p.digest(); p.sum != "" && got != p.sum {
		do := "check the revision and the hash, or use another hub"
		if p.resumed {
			do = "run the same command again, which begins anew"
		}
		what := fmt.Sprintf("%s of %s has the SHA-256 %s where %s was pinned, and was thrown away", p.name, model, got, p.sum)
		return errors.Join(fault(what, do), p.discard())
	}
	if err := p.file.Sync(); err != nil {
		return p.unwritten(err)
	}
	if err := p.close(); err != nil { // Windows renames no open file, nor does it remove one
		return err
	}
	if err := os.Rename(p.path+".part", p.path); err != nil {
		return p.unwritten(err)
	}
	return p.forgetETag()
}

// discard removes what there is.
func (p *part) discard() error {
	if err := p.close(); err != nil {
		return err
	}
	if err := os.Remove(p.path + ".part"); err != nil {
		return p.unwritten(err)
	}
	return p.forgetETag()
}

// close may be called again.
func (p *part) close() error {
	if err := p.file.Close(); err != nil && !errors.Is(err, os.ErrClosed) {
		return p.unwritten(err)
	}
	return nil
}

func (p *part) unwritten(err error) error {
	if errors.Is(err, syscall.ENOSPC) {
		return fmt.Errorf("the disk is full, so %s cannot be kept; free some space, and the same command goes on from here", p.name)
	}
	return fmt.Errorf("keeping %s: %w", p.name, err)
}
