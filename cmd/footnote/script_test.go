//go:build linux

package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"footnote/prompts/promptstest"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"footnote": func() { os.Exit(mainCode()) }})
}

// TestScript runs what a user could have typed, each script in a home of its
// own. HF_ENDPOINT is a hub with the model owner/Tiny-Model, at REVISION and
// with the hash TINY. MODEL_HONEST and so on are the addresses of models.
func TestScript(t *testing.T) {
	server := newHub(t)
	endpoints := make(map[string]string)
	for name, turn := range models() {
		endpoints["MODEL_"+strings.ToUpper(name)] = promptstest.NewModel(t, turn).URL()
	}
	endpoints["MODEL_SECURE"] = strings.Replace(endpoints["MODEL_HONEST"], "http:", "https:", 1)
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(e *testscript.Env) error {
			e.Setenv("HOME", filepath.Join(e.WorkDir, "home"))
			e.Setenv("TZ", "UTC")
			e.Setenv("HF_ENDPOINT", server.URL)
			for name, address := range endpoints {
				e.Setenv(name, address)
			}
			e.Setenv("REVISION", hubRevision)
			e.Setenv("TINY", sumOf(tinyModel()["model.safetensors"]))
			return nil
		},
		Condition: canMount,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits":    cmdExits,
			"mkfifo":   cmdMkfifo,
			"bytes":    cmdBytes,
			"longline": cmdLongline,
			"disk":     cmdDisk,
			"readonly": cmdReadonly,
			"sql":      cmdSQL,
			"tiny":     cmdTiny,
		},
	})
}

// cmdExits is "exits CODE PROGRAM ARGS...": the program ends with that code.
func cmdExits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	var exit *exec.ExitError
	switch {
	case err == nil && want != 0:
		ts.Fatalf("exit code 0, want %d", want)
	case errors.As(err, &exit) && exit.ExitCode() != want:
		ts.Fatalf("exit code %d, want %d", exit.ExitCode(), want)
	case exit == nil:
		ts.Check(err)
	}
}

// cmdMkfifo is "mkfifo FILE".
func cmdMkfifo(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(syscall.Mkfifo(ts.MkAbs(args[0]), 0o600))
}

// cmdBytes is "bytes FILE GO-STRING": a file of any bytes, escaped as in Go.
func cmdBytes(ts *testscript.TestScript, _ bool, args []string) {
	content, err := strconv.Unquote(`"` + args[1] + `"`)
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(content), 0o600))
}

// cmdLongline is "longline FILE MIB": one line of words, that many MiB long.
func cmdLongline(ts *testscript.TestScript, _ bool, args []string) {
	mib, err := strconv.Atoi(args[1])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes.Repeat([]byte("all work "), mib<<20/9), 0o600))
}

// canMount is the condition [mount]: this process may mount a disk of its own.
func canMount(condition string) (bool, error) {
	if condition != "mount" {
		return false, fmt.Errorf("there is no condition %q", condition)
	}
	folder, err := os.MkdirTemp("", "footnote-mount")
	if err != nil {
		return false, err
	}
	defer os.Remove(folder)
	if syscall.Mount("tmpfs", folder, "tmpfs", 0, "size=64k") != nil {
		return false, nil
	}
	return true, syscall.Unmount(folder, 0)
}

// cmdDisk is "disk FOLDER KIB": a disk of that size, mounted there.
func cmdDisk(ts *testscript.TestScript, _ bool, args []string) {
	folder := ts.MkAbs(args[0])
	ts.Check(os.MkdirAll(folder, 0o700))
	ts.Check(syscall.Mount("tmpfs", folder, "tmpfs", 0, "size="+args[1]+"k"))
	ts.Defer(func() { ts.Check(syscall.Unmount(folder, syscall.MNT_DETACH)) })
}

// cmdReadonly is "readonly FOLDER": the disk mounted there can only be read
// from now on.
func cmdReadonly(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(syscall.Mount("tmpfs", ts.MkAbs(args[0]), "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""))
}

// cmdSQL is "sql FILE STATEMENT", for stores that footnote itself would never
// write.
func cmdSQL(ts *testscript.TestScript, _ bool, args []string) {
	db, err := sql.Open("sqlite", ts.MkAbs(args[0]))
	ts.Check(err)
	defer db.Close()
	_, err = db.ExecContext(context.Background(), args[1])
	ts.Check(err)
}

// cmdTiny is "tiny FOLDER": a model of a few kilobytes that embeds by letters.
func cmdTiny(ts *testscript.TestScript, _ bool, args []string) {
	for name, data := range tinyModel() {
		path := filepath.Join(ts.MkAbs(args[0]), filepath.FromSlash(name))
		ts.Check(os.MkdirAll(filepath.Dir(path), 0o700))
		ts.Check(os.WriteFile(path, data, 0o600))
	}
}
