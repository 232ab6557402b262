package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"footnote/bot"
	"footnote/prompts"
	"footnote/retrieval"
)

// The exit codes of the contract.
const (
	exitDone        = 0
	exitFailure     = 1
	exitUsage       = 2
	exitNothing     = 3 // the articles do not answer, or nothing was found
	exitSkipped     = 4 // some inputs were skipped
	exitDamage      = 5
	exitConfig      = 78
	exitInterrupted = 130
)

// An outcome ends a run with an exit code whose reason is on the streams
// already.
type outcome int

func (o outcome) Error() string { return fmt.Sprintf("exit code %d", int(o)) }

// A failure is an error together with what a script and a person need to act
// on it.
type failure struct {
	exit int
	code string // a word that scripts may rely on
	err  error
	hint string // what to do; may be empty
}

func (f *failure) Error() string { return f.err.Error() }
func (f *failure) Unwrap() error { return f.err }

// usage is the failure of somebody who called footnote in a way it does not
// know. The hint may be empty.
func usage(hint, format string, args ...any) *failure {
	return &failure{exit: exitUsage, code: "usage", err: fmt.Errorf(format, args...), hint: hint}
}

// diagnose turns any error of a command into a failure.
func diagnose(ctx context.Context, err error) *failure {
	var known *failure
	var config *configError
	var endpoint *retrieval.EndpointError
	var damage *retrieval.DamageError
	switch {
	case errors.As(err, &known):
		return known
	case ctx.Err() != nil || errors.Is(err, context.Canceled):
		return &failure{exit: exitInterrupted, code: "interrupted", err: errors.New("interrupted")}
	case errors.As(err, &config):
		return &failure{exit: exitConfig, code: "config", err: err}
	case errors.Is(err, prompts.ErrContext):
		return &failure{exit: exitConfig, code: "config", err: err}
	case errors.As(err, &endpoint):
		return endpointFailure(endpoint, err)
	case errors.As(err, &damage):
		return &failure{exit: exitFailure, code: "damage", err: err, hint: "see all that is damaged with: footnote check"}
	case errors.Is(err, retrieval.ErrDamaged):
		return &failure{exit: exitFailure, code: "damage", err: err}
	case errors.Is(err, bot.ErrInUse):
		return &failure{exit: exitFailure, code: "already_running", err: err}
	case errors.Is(err, retrieval.ErrNewer):
		return &failure{exit: exitFailure, code: "newer_store", err: err}
	case errors.Is(err, retrieval.ErrReadOnly):
		return &failure{exit: exitFailure, code: "read_only", err: err}
	case errors.Is(err, retrieval.ErrNotFound):
		return &failure{exit: exitFailure, code: "not_found", err: err}
	}
	return &failure{exit: exitFailure, code: "failure", err: err}
}

// endpointFailure tells an endpoint that is away for now from one whose
// settings are wrong.
func endpointFailure(e *retrieval.EndpointError, err error) *failure {
	switch {
	case errors.Is(e, retrieval.ErrUnavailable):
		return &failure{exit: exitFailure, code: "endpoint", err: err}
	case e.Status == http.StatusUnauthorized || e.Status == http.StatusForbidden:
		return &failure{exit: exitConfig, code: "unauthorized", err: err}
	}
	return &failure{exit: exitConfig, code: "config", err: err}
}
