package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	tracenoop "go.opentelemetry.io/otel/trace/noop"

	"linekeeper/agentdesk/api"
	"linekeeper/cdr/store"
	"linekeeper/cmd/internal/boot"
	"linekeeper/queue"
)

// userCommand keeps the accounts people and programs sign in with.
func userCommand() *cobra.Command {
	var config string
	cmd := &cobra.Command{Use: "user", Short: "Add accounts, set passwords, make API tokens, tell what a desk phone registers with"}
	cmd.PersistentFlags().StringVar(&config, "config", "", "configuration `FILE`")
	_ = cmd.MarkPersistentFlagRequired("config")
	cmd.AddCommand(userAdd(&config), userToken(&config), userPhone(&config))
	return cmd
}

// userAdd makes an account, or sets the password, role and name of one that is
// there: what was asked for is true afterwards, however often it is asked.
func userAdd(config *string) *cobra.Command {
	var acc store.Account
	var role, password string
	cmd := &cobra.Command{
		Use:   "add",
		Short: "Add an account, or change one that is there; without --password it is read from standard input",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := readPassword(cmd.InOrStdin(), &password); err != nil {
				return err
			}
			acc.Role = store.Role(role)
			if acc.DisplayName == "" {
				acc.DisplayName = acc.Name
			}
			hash, err := api.HashPassword(password)
			if err != nil {
				return err
			}
			acc.PasswordHash = hash
			return withAccounts(cmd.Context(), *config, func(ctx context.Context, a *store.Accounts) error {
				return putAccount(ctx, a, acc)
			})
		},
	}
	cmd.Flags().StringVar(&acc.Name, "name", "", "name to sign in with; an agent's is the agent's ID")
	cmd.Flags().StringVar(&acc.DisplayName, "display-name", "", "name as people read it")
	cmd.Flags().StringVar(&role, "role", string(store.RoleAgent), "agent, supervisor or administrator")
	cmd.Flags().StringVar(&acc.Language, "language", "fr", "fr or en")
	cmd.Flags().StringVar(&password, "password", "", "password; visible to others on this machine, so only for trials")
	_ = cmd.MarkFlagRequired("name")
	return cmd
}

// minPassword is the shortest password taken (NIST SP 800-63B §5.1.1.2).
const minPassword = 8

func readPassword(in io.Reader, password *string) error {
	if *password == "" {
		data, err := io.ReadAll(io.LimitReader(in, 1024))
		if err != nil {
			return fmt.Errorf("read the password: %w", err)
		}
		*password = strings.TrimRight(string(data), "\r\n")
	}
	if len(*password) < minPassword {
		return boot.Refuse(fmt.Errorf("the password is shorter than %d characters: choose a longer one", minPassword))
	}
	return nil
}

func putAccount(ctx context.Context, a *store.Accounts, acc store.Account) error {
	err := a.Create(ctx, acc)
	if errors.Is(err, store.ErrExists) {
		return a.SetPassword(ctx, acc.Name, acc.PasswordHash)
	}
	return err
}

// userToken makes a bearer token and prints it, alone on its line.
func userToken(config *string) *cobra.Command {
	var name, label string
	var life time.Duration
	cmd := &cobra.Command{
		Use:   "token",
		Short: "Make an API bearer token for an account; one of the same label is replaced",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return withAccounts(cmd.Context(), *config, func(ctx context.Context, a *store.Accounts) error {
				var expires time.Time
				if life > 0 {
					expires = time.Now().Add(life)
				}
				token, err := a.CreateToken(ctx, name, label, expires)
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(cmd.OutOrStdout(), token)
				return err
			})
		},
	}
	cmd.Flags().StringVar(&name, "name", "", "account the token speaks for")
	cmd.Flags().StringVar(&label, "label", "cli", "what the token is for")
	cmd.Flags().DurationVar(&life, "life", 0, "how long it is good, such as 720h; 0 is for ever")
	_ = cmd.MarkFlagRequired("name")
	return cmd
}

// userPhone prints what an agent's desk phone is set up with. Who may read the
// database may read the secret: it is kept as it is, for Asterisk must know it.
func userPhone(config *string) *cobra.Command {
	return &cobra.Command{
		Use:   "phone NAME",
		Short: "Print what an agent's desk phone registers with: registrar, user and secret",
		Long: `Phone prints what is typed into an agent's SIP desk phone: where it registers,
as whom, and the secret, which is made the first time it is asked for and stays.
Transport is UDP, codecs PCMA and PCMU, keys RFC 4733. The agent is known to
Asterisk once floor.yaml names them with "phone: sip".

The secret is for the phone alone: nobody signs in with it.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := loadConfig(*config)
			if err != nil {
				return err
			}
			if err := hasDeskPhone(c, args[0]); err != nil {
				return boot.Refuse(err)
			}
			return withAccounts(cmd.Context(), *config, func(ctx context.Context, a *store.Accounts) error {
				secret, err := a.PhoneSecret(ctx, args[0])
				if err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "registrar  %s\nuser       %s\nsecret     %s\n",
					c.Asterisk.registrar(), args[0], secret)
				return err
			})
		},
	}
}

// hasDeskPhone refuses names that no desk phone registers with.
func hasDeskPhone(c Config, name string) error {
	defs, err := loadDefinitions(c.Definitions, BenchConfig{})
	if err != nil {
		return err
	}
	for _, a := range defs.Floor.Agents {
		switch {
		case a.ID != name:
		case a.Contact != "":
			return fmt.Errorf("%s's phone does not register: it is called at %s", name, a.Contact)
		case a.Phone != queue.PhoneSIP:
			return fmt.Errorf("%s has no desk phone: their phone is %q, the console sets it up by itself", name, a.Phone)
		default:
			return nil
		}
	}
	return fmt.Errorf("there is no agent %q: name one of %s", name, c.Definitions)
}

// withAccounts opens the configured database, brings its schema up to date and
// runs do.
func withAccounts(ctx context.Context, config string, do func(context.Context, *store.Accounts) error) error {
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
	return do(ctx, store.NewAccounts(pool))
}
