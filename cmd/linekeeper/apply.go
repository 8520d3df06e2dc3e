package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"linekeeper/cmd/internal/boot"
	"linekeeper/queue/store"
)

// revisionFile stands in an exported folder and says what it was exported of, so
// that an apply of it cannot undo somebody else's.
const revisionFile = ".linekeeper-revision"

// applyCommand puts a folder's definitions in force on a live controller.
func applyCommand() *cobra.Command {
	var at controller
	var dryRun bool
	cmd := &cobra.Command{
		Use:   "apply DIR",
		Short: "Put the definitions of a folder in force, without dropping anybody",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return apply(cmd.Context(), at, args[0], dryRun, cmd.OutOrStdout())
		},
	}
	at.flags(cmd)
	cmd.Flags().BoolVar(&dryRun, "dry-run", false, "say what would change, and change nothing")
	return cmd
}

// apply checks a folder here, then has the controller check it again, says what
// changes and, unless this is only a try, has it changed.
func apply(ctx context.Context, at controller, dir string, dryRun bool, out io.Writer) error {
	d, err := loadDefinitions(dir, BenchConfig{})
	if err != nil {
		return err
	}
	var force inForce
	if err := at.ask(ctx, http.MethodGet, "/definitions", nil, &force); err != nil {
		return err
	}
	base, err := baseOf(dir, force.Revision)
	if err != nil {
		return err
	}
	var outcome applyOutcome
	path := "/definitions?base=" + url.QueryEscape(base)
	if err := at.ask(ctx, http.MethodPut, path+"&dry_run=true", d.files, &outcome); err != nil {
		return err
	}
	outcome.print(out)
	switch {
	case len(outcome.Changes) == 0 && outcome.Revision == force.Revision && force.Version > 0:
		_, err = fmt.Fprintf(out, "nothing to apply: version %d is just this\n", force.Version)
		return errors.Join(err, keepRevision(dir, force.Revision))
	case dryRun:
		_, err = fmt.Fprintf(out, "dry run: %s; nothing has changed\n", counted(outcome.Changes))
		return err
	}
	if err := at.ask(ctx, http.MethodPut, path, d.files, &outcome); err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "version %d is in force: %s\n", outcome.Version, counted(outcome.Changes))
	return errors.Join(err, keepRevision(dir, outcome.Revision))
}

// baseOf is what the folder was exported of or, if it was not, what is in force.
func baseOf(dir, inForce string) (string, error) {
	data, err := os.ReadFile(filepath.Join(dir, revisionFile))
	if errors.Is(err, os.ErrNotExist) {
		return inForce, nil
	}
	if err != nil {
		return "", fmt.Errorf("read what the folder was exported of: %w", err)
	}
	return strings.TrimSpace(string(data)), nil
}

// keepRevision notes what an exported folder is of now; in others it notes nothing.
func keepRevision(dir, revision string) error {
	path := filepath.Join(dir, revisionFile)
	if _, err := os.Stat(path); err != nil {
		return nil //nolint:nilerr // it was not exported
	}
	return os.WriteFile(path, []byte(revision+"\n"), 0o644)
}

func counted(changes []store.Change) string {
	acts := map[store.Act]int{}
	for _, c := range changes {
		acts[c.Act]++
	}
	return fmt.Sprintf("%d added, %d changed, %d removed", acts[store.Added], acts[store.Changed], acts[store.Removed])
}

// inForce is the answer to GET /definitions.
type inForce struct {
	Version   int64       `json:"version"`
	Revision  string      `json:"revision"`
	AppliedAt time.Time   `json:"applied_at"`
	AppliedBy string      `json:"applied_by"`
	Files     store.Files `json:"files"`
}

// applyOutcome is the answer to PUT /definitions.
type applyOutcome struct {
	Version  int64           `json:"version"`
	Revision string          `json:"revision"`
	Changes  []store.Change  `json:"changes"`
	Warnings []store.Problem `json:"warnings"`
}

func (o *applyOutcome) print(out io.Writer) {
	for _, w := range o.Warnings {
		fmt.Fprintln(out, "warning:", w.Error())
	}
	for _, c := range o.Changes {
		fmt.Fprintln(out, c)
	}
}

// controller is a live controller's API.
type controller struct{ url, token string }

func (c *controller) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&c.url, "url", os.Getenv("LAB_HTTP"), "controller's `URL`; default: environment LAB_HTTP")
	cmd.Flags().StringVar(&c.token, "token", "", "API `TOKEN` of an administrator, visible to others on this machine; default: environment LAB_TOKEN")
}

// askWithin bounds one question: an apply waits for PostgreSQL and the disk.
const askWithin = time.Minute

// ask asks the API and reads the answer into answer.
func (c *controller) ask(ctx context.Context, method, path string, body, answer any) error {
	if c.url == "" {
		return boot.Refuse(errors.New("which controller? Give --url, or LAB_HTTP in the environment"))
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	data, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimSuffix(c.url, "/")+"/api/v1"+path, bytes.NewReader(data))
	if err != nil {
		return boot.Refuse(err)
	}
	token := c.token
	if token == "" {
		token = os.Getenv("LAB_TOKEN")
	}
	req.Header.Set("Authorization", "Bearer "+token)
	req.Header.Set("Content-Type", "application/json")
	resp, err := (&http.Client{Timeout: askWithin}).Do(req)
	if err != nil {
		return fmt.Errorf("ask the controller: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode/100 != 2 {
		return refusal(resp)
	}
	if answer == nil {
		return nil
	}
	if err := json.NewDecoder(resp.Body).Decode(answer); err != nil {
		return fmt.Errorf("read the controller's answer: %w", err)
	}
	return nil
}

// refusal is the problem a controller answered with, as a person reads it.
func refusal(resp *http.Response) error {
	var p struct {
		Title    string          `json:"title"`
		Detail   string          `json:"detail"`
		Problems []store.Problem `json:"problems"`
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, 1<<20)).Decode(&p); err != nil || p.Title == "" {
		return fmt.Errorf("the controller answers %s", resp.Status)
	}
	errs := []error{errors.New(strings.TrimSpace("the controller refuses: " + p.Title + " " + p.Detail))}
	for i := range p.Problems {
		errs = append(errs, &p.Problems[i])
	}
	return boot.Refuse(errors.Join(errs...))
}
