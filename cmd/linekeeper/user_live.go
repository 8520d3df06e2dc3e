package main

import (
	"fmt"
	"net/http"
	"net/url"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"
)

// The commands below speak to a live controller: what they change is in its memory
// besides, and counts at once.

// userUnlock lets somebody try passwords again without waiting.
func userUnlock() *cobra.Command {
	var at controller
	cmd := &cobra.Command{
		Use:   "unlock NAME",
		Short: "Let somebody who has mistyped too often try again at once, on a live controller",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return at.ask(cmd.Context(), http.MethodPost, personPath(args[0])+"/unlock", nil, nil)
		},
	}
	at.flags(cmd)
	return cmd
}

// userSessions lists somebody's sessions, or ends them.
func userSessions() *cobra.Command {
	var at controller
	var end bool
	cmd := &cobra.Command{
		Use:   "sessions NAME",
		Short: "List somebody's sessions on a live controller, or end them all",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			path := personPath(args[0]) + "/sessions"
			if end {
				return at.ask(cmd.Context(), http.MethodDelete, path, nil, nil)
			}
			var answer struct {
				Sessions []struct {
					BeganAt time.Time `json:"began_at"`
					SeenAt  time.Time `json:"seen_at"`
					Address string    `json:"address"`
					Client  string    `json:"client"`
					Method  string    `json:"method"`
				} `json:"sessions"`
			}
			if err := at.ask(cmd.Context(), http.MethodGet, path, nil, &answer); err != nil {
				return err
			}
			table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 0, 2, ' ', 0)
			fmt.Fprintln(table, "BEGAN\tSEEN\tFROM\tBY\tBROWSER")
			for _, s := range answer.Sessions {
				fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", localTime(s.BeganAt), localTime(s.SeenAt), s.Address, s.Method, s.Client)
			}
			return table.Flush()
		},
	}
	at.flags(cmd)
	cmd.Flags().BoolVar(&end, "end", false, "end them all; their consoles close at once")
	return cmd
}

func personPath(name string) string { return "/people/" + url.PathEscape(name) }

func localTime(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05") }
