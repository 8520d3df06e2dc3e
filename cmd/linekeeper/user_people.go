package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/user"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/spf13/cobra"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	tracenoop "go.opentelemetry.io/otel/trace/noop"

	"linekeeper/agentdesk/api"
	"linekeeper/cdr"
	"linekeeper/cdr/store"
	"linekeeper/cmd/internal/boot"
)

// people is what the administrator's commands work on: the database itself, so that
// they work while no controller runs.
type people struct {
	accounts *store.Accounts
	sessions *store.Sessions
}

// done writes what a command did into the audit log, as done by who runs it.
func (p people) done(ctx context.Context, act, on, detail string) error {
	return p.accounts.Audit(ctx, time.Now(), cdr.Audited{Account: commandUser(), Act: act, On: on, From: "command line", Detail: detail})
}

// commandUser is who runs the command, as the system knows them.
func commandUser() string {
	if u, err := user.Current(); err == nil {
		return "system:" + u.Username
	}
	return "system:?"
}

// withPeople opens the configured database, brings its schema up to date and runs
// do.
func withPeople(ctx context.Context, config string, do func(context.Context, people) error) error {
	return withPool(ctx, config, func(ctx context.Context, pool *pgxpool.Pool) error {
		return do(ctx, people{store.NewAccounts(pool), store.NewSessions(pool)})
	})
}

// withPool opens the configured database, brings its schema up to date and runs do.
func withPool(ctx context.Context, config string, do func(context.Context, *pgxpool.Pool) error) error {
	c, err := loadConfig(config)
	if err != nil {
		return err
	}
	pool, err := boot.Pool(ctx, c.Postgres, tracenoop.NewTracerProvider(), metricnoop.NewMeterProvider())
	if err != nil {
		return err
	}
	defer pool.Close()
	if err := store.Migrate(ctx, pool); err != nil {
		return err
	}
	return do(ctx, pool)
}

// userPassword sets somebody's password and ends their sessions.
func userPassword(config *string) *cobra.Command {
	var password string
	var temporary bool
	cmd := &cobra.Command{
		Use:   "password NAME",
		Short: "Set somebody's password, read from standard input, and end their sessions",
		Long: `Password sets the password of an account. Its sessions end: a running controller
notices within half a minute, at once for everything but consoles that are open.
With --temporary its owner must choose another one before anything else.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := readPassword(cmd.InOrStdin(), &password); err != nil {
				return err
			}
			hash, err := api.HashPassword(password)
			if err != nil {
				return err
			}
			return withPeople(cmd.Context(), *config, func(ctx context.Context, p people) error {
				if err := p.accounts.SetPassword(ctx, args[0], hash, temporary); err != nil {
					return refuseUnknown(err)
				}
				ended, err := p.sessions.EndAll(ctx, args[0], "")
				return errors.Join(err, p.done(ctx, "change-password", args[0], fmt.Sprintf("%d sessions ended", len(ended))))
			})
		},
	}
	cmd.Flags().StringVar(&password, "password", "", "password; visible to others on this machine, so only for trials")
	cmd.Flags().BoolVar(&temporary, "temporary", false, "it must be changed at the next sign-in")
	return cmd
}

// userRole sets somebody's role and the queues it holds for.
func userRole(config *string) *cobra.Command {
	var queues []string
	var none bool
	cmd := &cobra.Command{
		Use:   "role NAME agent|supervisor|administrator",
		Short: "Set somebody's role, and for which queues it holds",
		Long: `Role sets the role of an account. Without --queues it holds for the usual: an
agent's for the queues they serve, the others' for all queues. --queues names queues
and groups (support-n1,@second-line); --no-queues leaves none. An administrator's
holds for all. A running controller follows within half a minute.`,
		Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			name, role := args[0], store.Role(args[1])
			if !slices.Contains([]store.Role{store.RoleAgent, store.RoleSupervisor, store.RoleAdministrator}, role) {
				return boot.Refuse(fmt.Errorf("role %q is none of agent, supervisor, administrator", role))
			}
			var held []string
			switch {
			case none:
				held = []string{}
			case cmd.Flags().Changed("queues"):
				held = queues
			}
			if role == store.RoleAdministrator && held != nil {
				return boot.Refuse(errors.New("an administrator's right holds for all queues: name none"))
			}
			return withPeople(cmd.Context(), *config, func(ctx context.Context, p people) error {
				if err := knownQueues(ctx, *config, p, held); err != nil {
					return err
				}
				if err := p.accounts.SetRight(ctx, name, role, held); err != nil {
					return refuseUnknown(err)
				}
				return p.done(ctx, "set-right", name, rightWords(role, held))
			})
		},
	}
	cmd.Flags().StringSliceVar(&queues, "queues", nil, "`QUEUES` the role holds for: IDs and @GROUP, with commas between")
	cmd.Flags().BoolVar(&none, "no-queues", false, "it holds for no queue")
	cmd.MarkFlagsMutuallyExclusive("queues", "no-queues")
	return cmd
}

// knownQueues refuses queues the definitions do not have, and groups there are
// none of.
func knownQueues(ctx context.Context, config string, p people, named []string) error {
	if len(named) == 0 {
		return nil
	}
	c, err := loadConfig(config)
	if err != nil {
		return err
	}
	defs, err := startDefinitions(c)
	if err != nil {
		return err
	}
	groups, err := p.accounts.QueueGroups(ctx)
	if err != nil {
		return err
	}
	known := ids(defs.Floor.Queues)
	for _, g := range groups {
		known = append(known, "@"+g.Name)
	}
	for _, n := range named {
		if !slices.Contains(known, n) {
			return boot.Refuse(fmt.Errorf("there is no queue or group %q: known are %s", n, strings.Join(known, ", ")))
		}
	}
	return nil
}

// userGroup names several queues at once, for rights.
func userGroup(config *string) *cobra.Command {
	var queues []string
	cmd := &cobra.Command{
		Use:   "group NAME --queues QUEUES",
		Short: "Name several queues, for rights to hold for as @NAME; without queues the group goes",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withPeople(cmd.Context(), *config, func(ctx context.Context, p people) error {
				name := strings.TrimPrefix(args[0], "@")
				if err := knownQueues(ctx, *config, p, queues); err != nil {
					return err
				}
				if slices.ContainsFunc(queues, func(q string) bool { return strings.HasPrefix(q, "@") }) {
					return boot.Refuse(errors.New("a group holds queues, no groups"))
				}
				if err := p.accounts.SetQueueGroup(ctx, store.QueueGroup{Name: name, Queues: queues}); err != nil {
					return err
				}
				return p.done(ctx, "set-group", "@"+name, strings.Join(queues, " "))
			})
		},
	}
	cmd.Flags().StringSliceVar(&queues, "queues", nil, "`QUEUES` of the group, with commas between")
	return cmd
}

// userLink says who an account is at single sign-on.
func userLink(config *string) *cobra.Command {
	var subject string
	cmd := &cobra.Command{
		Use:   "link NAME --subject SUBJECT",
		Short: "Say who an account is at single sign-on, by the issuer's subject",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := loadConfig(*config)
			if err != nil {
				return err
			}
			if c.SignIn.OIDC.Issuer == "" {
				return boot.Refuse(errors.New("sign_in.oidc.issuer is empty: there is no single sign-on"))
			}
			return withPeople(cmd.Context(), *config, func(ctx context.Context, p people) error {
				err := p.accounts.SetSubject(ctx, args[0], c.SignIn.OIDC.Issuer, subject)
				if errors.Is(err, store.ErrNotFound) {
					return boot.Refuse(fmt.Errorf("there is no account %q, or it is somebody else at single sign-on already", args[0]))
				}
				if err != nil {
					return err
				}
				return p.done(ctx, "link", args[0], subject)
			})
		},
	}
	cmd.Flags().StringVar(&subject, "subject", "", "the claim `sub` of who it is")
	_ = cmd.MarkFlagRequired("subject")
	return cmd
}

// userClose closes an account, or opens it again.
func userClose(config *string, use, short, act string, disabled bool) *cobra.Command {
	return &cobra.Command{
		Use: use, Short: short, Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return withPeople(cmd.Context(), *config, func(ctx context.Context, p people) error {
				if err := p.accounts.SetDisabled(ctx, args[0], disabled); err != nil {
					return refuseUnknown(err)
				}
				return p.done(ctx, act, args[0], "")
			})
		},
	}
}

// userList prints everybody who may sign in.
func userList(config *string) *cobra.Command {
	return &cobra.Command{
		Use: "list", Short: "List accounts with their rights, and the groups rights name", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withPeople(cmd.Context(), *config, func(ctx context.Context, p people) error {
				all, err := p.accounts.All(ctx)
				if err != nil {
					return err
				}
				groups, err := p.accounts.QueueGroups(ctx)
				if err != nil {
					return err
				}
				return printPeople(cmd.OutOrStdout(), all, groups)
			})
		},
	}
}

func printPeople(out io.Writer, all []store.Account, groups []store.QueueGroup) error {
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "NAME\tRIGHT\tSIGNS IN BY\tPASSWORD SET\tSTATE")
	for _, a := range all {
		var by []string
		set, state := "-", "open"
		if a.PasswordHash != "" {
			by, set = append(by, "password"), a.PasswordAt.Local().Format(time.DateOnly)
		}
		if a.Subject != "" {
			by = append(by, "single sign-on")
		}
		switch {
		case a.Disabled:
			state = "closed"
		case a.MustChange:
			state = "must change the password"
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", a.Name, rightWords(a.Role, a.Queues), strings.Join(by, ", "), set, state)
	}
	for _, g := range groups {
		fmt.Fprintf(table, "@%s\t%s\t\t\t\n", g.Name, strings.Join(g.Queues, " "))
	}
	return table.Flush()
}

func rightWords(role store.Role, queues []string) string {
	switch {
	case queues == nil:
		return string(role)
	case len(queues) == 0:
		return string(role) + " of no queue"
	}
	return string(role) + " of " + strings.Join(queues, " ")
}

func refuseUnknown(err error) error {
	if errors.Is(err, store.ErrNotFound) {
		return boot.Refuse(err)
	}
	return err
}
