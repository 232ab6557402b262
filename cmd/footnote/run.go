package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"github.com/lmittmann/tint"
)

// An env is all that a run takes from outside.
type env struct {
	args           []string // without the name of the program
	stdin          io.Reader
	stdout, stderr io.Writer
	environ        []string // lines of the form KEY=VALUE
	now            func() time.Time
	terminal       func(stream any) bool // whether a stream is a terminal
}

// An app is one run of footnote: what every command works with.
type app struct {
	env
	input   io.Reader // standard input; reads end when the run is cancelled
	output  *output   // standard output, which stdout is too
	flags   flags
	started bool // the arguments were understood
	loaded  *settings
	log     *slog.Logger // says nothing until the settings are loaded
}

// flags are the global ones.
type flags struct {
	config, data   string
	json           bool
	quiet, verbose bool
	noColor        bool
	noInput        bool
}

// run does what e.args ask for and is the exit code. It never panics.
func run(ctx context.Context, e env) (code int) {
	out := &output{Writer: e.stdout}
	e.stdout = out
	a := &app{env: e, input: interruptible(ctx, e.stdin), output: out, log: slog.New(slog.DiscardHandler)}
	defer func() {
		if p := recover(); p != nil {
			code = a.finish(ctx, crashed(p, debug.Stack()))
		}
	}()
	return a.finish(ctx, a.execute(ctx))
}

// finish is the exit code of a run that ended with err. Output that was lost
// is a failure whatever the run came to.
func (a *app) finish(ctx context.Context, err error) int {
	code := exitFailure
	if a.output.err == nil {
		code = a.fail(ctx, err)
	}
	if a.output.err == nil {
		return code
	}
	fmt.Fprintf(a.stderr, "footnote: standard output cannot be written: %s; send it elsewhere, or make room for it\n",
		readingFault(a.output.err))
	return exitFailure
}

// asksForJSON says whether --json is among args. An error must be told as JSON
// also where the arguments cannot be parsed.
func asksForJSON(args []string) bool {
	if end := slices.Index(args, "--"); end >= 0 {
		args = args[:end]
	}
	return slices.Contains(args, "--json")
}

func (a *app) execute(ctx context.Context) error {
	root := a.rootCommand()
	a.flags.json = asksForJSON(a.args)
	root.SetArgs(a.args)
	err := root.ExecuteContext(ctx)
	var known *failure
	var done outcome
	if err == nil || a.started || errors.As(err, &known) || errors.As(err, &done) {
		return err
	}
	return usage("see: footnote help", "%w", err)
}

func crashed(p any, stack []byte) *failure {
	return &failure{
		exit: exitFailure,
		code: "internal",
		err:  fmt.Errorf("footnote has a fault of its own: %v", p),
		hint: "please report it with these lines:\n" + string(stack),
	}
}

// fail shows err, unless its reason is on the streams already, and is the exit
// code that goes with it.
func (a *app) fail(ctx context.Context, err error) int {
	var done outcome
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &done):
		return int(done)
	}
	f := diagnose(ctx, err)
	if a.flags.json {
		a.printJSON(errorJSON{errorBody{Code: f.code, Message: f.Error(), Hint: f.hint}})
		return f.exit
	}
	fmt.Fprintf(a.stderr, "footnote: %s\n", printable(f.Error()))
	if f.hint != "" {
		fmt.Fprintln(a.stderr, f.hint)
	}
	return f.exit
}

// settings are loaded once, when a command first asks for them.
func (a *app) settings() (*settings, error) {
	if a.loaded != nil {
		return a.loaded, nil
	}
	s, err := loadSettings(a.environ, a.flags.config, a.flags.data)
	if err != nil {
		return nil, err
	}
	a.loaded, a.log = s, a.logger(s)
	a.log.Debug("settings read", "file", s.file, "store", s.Data.Dir)
	a.warnOfLooseFile(s)
	return s, nil
}

// warnOfLooseFile says so if others can read the secrets in the settings file.
func (a *app) warnOfLooseFile(s *settings) {
	if !s.secretsInFile() {
		return
	}
	info, err := os.Stat(s.file)
	if err == nil && info.Mode().Perm()&0o077 != 0 {
		a.warn("%s holds a secret and others can read it; run: chmod 600 %s", s.file, s.file)
	}
}

// note tells a person something beside the answer, on stderr. --quiet
// silences it.
func (a *app) note(format string, args ...any) {
	if !a.flags.quiet {
		fmt.Fprintf(a.stderr, format+"\n", args...)
	}
}

// warn tells a person, on stderr, of something that went wrong beside what was
// asked for.
func (a *app) warn(format string, args ...any) {
	fmt.Fprintf(a.stderr, "warning: "+format+"\n", args...)
}

// logger writes to stderr at the level of the settings, or all with --verbose.
func (a *app) logger(s *settings) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(s.Log.Level)); err != nil || a.flags.verbose {
		level = slog.LevelDebug
	}
	switch {
	case s.Log.Format == "json":
		return slog.New(slog.NewJSONHandler(a.stderr, &slog.HandlerOptions{Level: level}))
	case a.terminal(a.stderr):
		return slog.New(tint.NewTextHandler(a.stderr, &tint.Options{Level: level, NoColor: !a.colour(a.stderr)}))
	}
	return slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: level}))
}
