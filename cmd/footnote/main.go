// Command footnote answers questions from news articles and shows the exact
// words of the dated sources that bear each sentence out.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"golang.org/x/term"
	_ "modernc.org/sqlite" // the driver of the store
)

func main() { os.Exit(mainCode()) }

// mainCode runs footnote in this process and is its exit code. The first
// interrupt cancels what is going on, so that it can end cleanly; the second
// ends the process at once.
func mainCode() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop)
	return run(ctx, env{
		args:     os.Args[1:],
		stdin:    os.Stdin,
		stdout:   os.Stdout,
		stderr:   os.Stderr,
		environ:  os.Environ(),
		now:      time.Now,
		terminal: isTerminal,
	})
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
