package corpus

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// maxFile is how large a file of one article may be, in bytes. It leaves room
// for what is not text; MaxText bounds the text.
const maxFile = 32 << 20

// ErrNoArticles is why a folder that could be read gave nothing.
var ErrNoArticles = fmt.Errorf("the folder holds no articles; %w", errUnread)

// errUnread says what Load reads, for whoever gave it something else.
var errUnread = errors.New("footnote reads .txt, .md and .jsonl files")

// An Item is one thing that Load found: an article or, where Err is set, the
// reason why there is none.
type Item struct {
	Article Article
	Source  string // the absolute path of the file; "-" for standard input
	Line    int    // the line of a JSONL file, from 1; else 0
	Err     error  // fit to be shown to whoever supplied the source
}

// Where names the place of i in messages: a path, or path:line.
func (i Item) Where() string {
	if i.Line == 0 {
		return i.Source
	}
	return i.Source + ":" + strconv.Itoa(i.Line)
}

// A format turns a source into articles. It is a type in a file of its own,
// and a line in formats.
type format interface {
	// claims reports whether a source is of this format. Ext is the ending of
	// its name in lower case, with its dot, or "" if it has none; head is how
	// it begins.
	claims(ext string, head []byte) bool
	// read yields what the source holds, without Source, and without ID where
	// the source gives none.
	read(src source) iter.Seq[Item]
}

// formats are the formats that Load reads. The first that claims a source
// reads it.
func formats() []format { return []format{jsonl{}, markdown{}, plain{}} }

// A source is a file or a stream to read articles from.
type source struct {
	size int64 // bytes; 0 if unknown
	r    *bufio.Reader
}

// text is all of src as one cleaned text.
func (src source) text() (string, error) {
	if src.size > maxFile {
		return "", tooLarge(src.size)
	}
	data, err := io.ReadAll(io.LimitReader(src.r, maxFile+1))
	switch {
	case err != nil:
		return "", plainError(err)
	case len(data) > maxFile:
		return "", tooLarge(int64(len(data)))
	}
	return clean(data)
}

func tooLarge(size int64) error {
	return fmt.Errorf("the file has %d MiB or more; footnote reads texts of up to %d MiB: split it, or write it as .jsonl, one article a line", size>>20, maxFile>>20)
}

// Load yields the articles of place in the order of their paths: of a file, of
// all files in a folder and the folders below it, or of stdin if place is "-".
// What is hidden is left out; what is no regular file, or no text, is an Item
// with the reason. A link is followed only to a file inside the folder. An id
// that two articles share is yielded twice. Load ends early when ctx is done,
// except while stdin keeps it waiting.
func Load(ctx context.Context, place string, stdin io.Reader) iter.Seq[Item] {
	return func(yield func(Item) bool) {
		for item := range load(ctx, place, stdin) {
			if ctx.Err() != nil || !yield(item) {
				return
			}
		}
	}
}

// Parse yields the articles of one file's content. The name decides how it is
// read, and its base without the ending is the id of an article that has none.
// A name that tells of no known format gives one error.
func Parse(name string, data []byte) iter.Seq2[Article, error] {
	base := filepath.Base(name)
	id := func(Article) ArticleID { return ArticleID(strings.TrimSuffix(base, filepath.Ext(base))) }
	return func(yield func(Article, error) bool) {
		src := source{size: int64(len(data)), r: bufio.NewReader(bytes.NewReader(data))}
		for item := range read(name, src, id) {
			if !yield(item.Article, item.Err) {
				return
			}
		}
	}
}

func load(ctx context.Context, place string, stdin io.Reader) iter.Seq[Item] {
	switch place {
	case "":
		return one(Item{Err: errors.New("no path was given; give a file, a folder, or - for standard input")})
	case "-":
		return readAs("-", source{r: reader(ctx, stdin)}, stdinID)
	}
	path, err := filepath.Abs(place)
	if err != nil {
		return one(Item{Source: place, Err: fmt.Errorf("finding the absolute path: %w", err)})
	}
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return one(Item{Source: path, Err: plainError(err)})
	case info.IsDir():
		return loadFolder(ctx, path)
	}
	return loadFile(ctx, host{}, path, path)
}

// loadFolder yields the articles of the folder at path. An os.Root keeps
// links from leading out of it.
func loadFolder(ctx context.Context, path string) iter.Seq[Item] {
	return func(yield func(Item) bool) {
		root, err := os.OpenRoot(path)
		if err != nil {
			yield(Item{Source: path, Err: plainError(err)})
			return
		}
		defer root.Close()
		bare := true
		for name, err := range walk(root) {
			for item := range loadEntry(ctx, root, name, filepath.Join(path, name), err) {
				bare = bare && errors.Is(item.Err, errUnread)
				if !yield(item) {
					return
				}
			}
		}
		if bare {
			yield(Item{Source: path, Err: ErrNoArticles})
		}
	}
}

// walk yields the files of root and of the folders below it in the order of
// their paths, without those that are hidden, and what of it cannot be read
// with the reason.
func walk(root *os.Root) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		_ = fs.WalkDir(root.FS(), ".", func(name string, entry fs.DirEntry, err error) error {
			switch {
			case err == nil && entry.IsDir() && isHidden(name):
				return fs.SkipDir
			case err == nil && (entry.IsDir() || isHidden(name)):
				return nil
			case !yield(filepath.FromSlash(name), err):
				return fs.SkipAll
			}
			return nil
		})
	}
}

// loadEntry yields what the file called name in root holds, whose absolute path
// is path, or the reason why the walk could not reach it.
func loadEntry(ctx context.Context, root *os.Root, name, path string, err error) iter.Seq[Item] {
	if err != nil {
		return one(Item{Source: path, Err: plainError(err)})
	}
	if err := checkLink(root, name); err != nil {
		return one(Item{Source: path, Err: err})
	}
	return loadFile(ctx, root, name, path)
}

// checkLink reports why name, if it is a link, is not followed.
func checkLink(root *os.Root, name string) error {
	info, err := root.Lstat(name)
	if err != nil || info.Mode()&fs.ModeSymlink == 0 {
		return nil
	}
	if _, err := root.Stat(name); err != nil {
		return fmt.Errorf("this link is not followed, for it must lead to a file inside the folder: %w", withoutPath(err))
	}
	return nil
}

func isHidden(name string) bool {
	base := filepath.Base(name)
	return base != "." && strings.HasPrefix(base, ".")
}

// A filesystem opens files: that of the host, or one folder of it.
type filesystem interface {
	Stat(name string) (fs.FileInfo, error)
	OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error)
}

// host is the file system as the process sees it.
type host struct{}

func (host) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }

func (host) OpenFile(name string, flag int, perm fs.FileMode) (*os.File, error) {
	return os.OpenFile(name, flag, perm)
}

// loadFile yields the articles of the file called name in fsys, whose absolute
// path is path.
func loadFile(ctx context.Context, fsys filesystem, name, path string) iter.Seq[Item] {
	return func(yield func(Item) bool) {
		f, size, err := openRegular(fsys, name)
		if err != nil {
			yield(Item{Source: path, Err: err})
			return
		}
		defer f.Close()
		id := func(Article) ArticleID { return fileID(path) }
		readAs(path, source{size: size, r: reader(ctx, f)}, id)(yield)
	}
}

// openRegular opens a regular file, and nothing that could keep a reader
// waiting: not if name is a pipe, nor if it becomes one meanwhile.
func openRegular(fsys filesystem, name string) (*os.File, int64, error) {
	info, err := fsys.Stat(name)
	if err != nil {
		return nil, 0, plainError(err)
	}
	if err := checkRegular(info.Mode()); err != nil {
		return nil, 0, err
	}
	f, err := fsys.OpenFile(name, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, 0, plainError(err)
	}
	info, err = f.Stat()
	if err == nil {
		err = checkRegular(info.Mode())
	}
	if err != nil {
		f.Close()
		return nil, 0, err
	}
	return f, info.Size(), nil
}

func checkRegular(mode fs.FileMode) error {
	switch {
	case mode.IsRegular():
		return nil
	case mode.IsDir():
		return errors.New("this is a link to a folder, which is not followed; give the folder by its own path")
	case mode&fs.ModeNamedPipe != 0:
		return errors.New("this is a named pipe, not a file; to read from a pipe, send it to standard input and give - as the path")
	}
	return errors.New("this is a socket or a device, not a file; give a file, a folder, or -")
}

// readAs yields what src holds as found at path, which is also its name.
func readAs(path string, src source, id func(Article) ArticleID) iter.Seq[Item] {
	return func(yield func(Item) bool) {
		for item := range read(path, src, id) {
			item.Source = path
			if !yield(item) {
				return
			}
		}
	}
}

// read yields what src holds, in the format that its name or its first bytes
// tell. An article without an id gets the one that id gives it.
func read(name string, src source, id func(Article) ArticleID) iter.Seq[Item] {
	head, _ := src.r.Peek(2048) // short sources are no error, and others come back when they are read
	f, err := pick(extension(name), head)
	if err != nil {
		return one(Item{Err: err})
	}
	return func(yield func(Item) bool) {
		for item := range f.read(src) {
			if item.Err == nil && item.Article.ID == "" {
				item.Article.ID = id(item.Article)
			}
			if !yield(checked(item)) {
				return
			}
		}
	}
}

// checked is i, without its article if that may not enter the corpus.
func checked(i Item) Item {
	if i.Err == nil {
		i.Err = i.Article.Validate()
		if i.Err != nil && i.Line > 0 {
			i.Err = fmt.Errorf("line %d: %w", i.Line, i.Err)
		}
	}
	if i.Err != nil {
		i.Article = Article{}
	}
	return i
}

func pick(ext string, head []byte) (format, error) {
	for _, f := range formats() {
		if f.claims(ext, head) {
			return f, nil
		}
	}
	return nil, fmt.Errorf("%s files are not read; %w", ext, errUnread)
}

// extension is the ending of name in lower case, with its dot. "" if it has
// none: a full stop in a name, as in "U.S. deal" or "v1.2", begins no ending.
func extension(name string) string {
	ext := strings.ToLower(filepath.Ext(name))
	if len(ext) > 10 || strings.ContainsRune(ext, ' ') || strings.Trim(ext, ".0123456789") == "" {
		return ""
	}
	return ext
}

// reader is a buffered r that ends with the error of ctx when that is done.
func reader(ctx context.Context, r io.Reader) *bufio.Reader {
	return bufio.NewReaderSize(readerFunc(func(p []byte) (int, error) {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return r.Read(p)
	}), 64<<10)
}

type readerFunc func(p []byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// plainError is err in words for people, without the name of the file, which
// stands beside it.
func plainError(err error) error {
	err = withoutPath(err)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w; check the path", err)
	case errors.Is(err, fs.ErrPermission):
		return fmt.Errorf("%w; change the permissions or run as another user", err)
	}
	return fmt.Errorf("it cannot be read: %w", err)
}

func withoutPath(err error) error {
	if path, ok := errors.AsType[*fs.PathError](err); ok {
		return path.Err
	}
	return err
}

func one(i Item) iter.Seq[Item] {
	return func(yield func(Item) bool) { yield(i) }
}
