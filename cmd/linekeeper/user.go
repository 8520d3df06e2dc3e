package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"linekeeper/agentdesk/api"
	"linekeeper/cdr/store"
	"linekeeper/cmd/internal/boot"
	"linekeeper/queue"
)

// userCommand keeps the accounts people and programs sign in with.
func userCommand() *cobra.Command {
	var config string
	cmd := &cobra.Command{Use: "user", Short: "Accounts: add, rights by queue, passwords, locks, sessions, API tokens, desk phones"}
	here := []*cobra.Command{
		userAdd(&config), userPassword(&config), userRole(&config), userGroup(&config), userLink(&config), userList(&config),
		userClose(&config, "close NAME", "Close an account: nobody signs in to it, its tokens stop", "close-account", true),
		userClose(&config, "open NAME", "Open a closed account again", "open-account", false),
		userToken(&config), userPhone(&config),
	}
	for _, c := range here {
		c.Flags().StringVar(&config, "config", "", "configuration `FILE`")
		_ = c.MarkFlagRequired("config")
	}
	cmd.AddCommand(append(here, userUnlock(), userSessions())...)
	return cmd
}

// userAdd makes an account.
func userAdd(config *string) *cobra.Command {
	var acc store.Account
	var role, password string
	var ifAbsent bool
	cmd := &cobra.Command{
		Use:   "add",
		Short: "Add an account; without --password it is read from standard input",
		Long: `Add makes an account. One that is there is not changed: user password sets its
password, user role its right. With --if-absent that is no error, for scripts that
may run twice.`,
		Args: cobra.NoArgs,
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
			return withPeople(cmd.Context(), *config, func(ctx context.Context, p people) error {
				err := p.accounts.Create(ctx, acc)
				switch {
				case errors.Is(err, store.ErrExists) && ifAbsent:
					return nil
				case errors.Is(err, store.ErrExists):
					return boot.Refuse(fmt.Errorf("there is an account %q already, and it stays as it is: `linekeeper user password` sets its password, `linekeeper user role` its right", acc.Name))
				case err != nil:
					return err
				}
				return p.done(ctx, "add-account", acc.Name, role)
			})
		},
	}
	cmd.Flags().StringVar(&acc.Name, "name", "", "name to sign in with; an agent's is the agent's ID")
	cmd.Flags().StringVar(&acc.DisplayName, "display-name", "", "name as people read it")
	cmd.Flags().StringVar(&role, "role", string(store.RoleAgent), "agent, supervisor or administrator")
	cmd.Flags().StringVar(&acc.Language, "language", "fr", "fr or en")
	cmd.Flags().StringVar(&password, "password", "", "password; visible to others on this machine, so only for trials")
	cmd.Flags().BoolVar(&ifAbsent, "if-absent", false, "leave an account that is there as it is, and say nothing")
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
				return errors.Join(err, people{accounts: a}.done(ctx, "make-token", name, label))
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
		Short: "Print what an agent's desk phone registers or calls with: registrar, user and secret",
		Long: `Phone prints what is typed into an agent's SIP desk phone: where it registers,
as whom, and the secret, which is made the first time it is asked for and stays.
A phone with a fixed contact does not register, but is asked for the same to call.
Transport is UDP, codecs PCMA and PCMU, keys RFC 4733. The agent is known to
Asterisk once floor.yaml names them with "phone: sip", or with "desk: true" for a
desk phone beside the console, which has a user and a secret of its own.

The secret is for the phone alone: nobody signs in with it.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			c, err := loadConfig(*config)
			if err != nil {
				return err
			}
			user, err := deskPhoneOf(c, args[0])
			if err != nil {
				return boot.Refuse(err)
			}
			return withAccounts(cmd.Context(), *config, func(ctx context.Context, a *store.Accounts) error {
				secret, err := a.PhoneSecret(ctx, user)
				if err != nil {
					return err
				}
				if err := (people{accounts: a}).done(ctx, "read-phone-secret", user, ""); err != nil {
					return err
				}
				_, err = fmt.Fprintf(cmd.OutOrStdout(), "registrar  %s\nuser       %s\nsecret     %s\n",
					c.Asterisk.registrar(), user, secret)
				if err == nil && user != args[0] {
					_, err = fmt.Fprintf(cmd.OutOrStdout(), "console    %s, which it sets up by itself\n", args[0])
				}
				return err
			})
		},
	}
}

// deskPhoneOf is whom an agent's desk phone registers or calls as. It refuses names
// that are no desk phone's.
func deskPhoneOf(c Config, name string) (string, error) {
	defs, err := loadDefinitions(c.Definitions, BenchConfig{})
	if err != nil {
		return "", err
	}
	for _, a := range defs.Floor.Agents {
		switch {
		case a.ID != name:
		case a.Desk:
			return queue.DeskPhone(name), nil
		case a.Phone != queue.PhoneSIP:
			return "", fmt.Errorf("%s has no desk phone: their phone is %q, the console sets it up by itself", name, a.Phone)
		default:
			return name, nil
		}
	}
	return "", fmt.Errorf("there is no agent %q: name one of %s", name, c.Definitions)
}

// withAccounts is withPeople for commands that need the accounts alone.
func withAccounts(ctx context.Context, config string, do func(context.Context, *store.Accounts) error) error {
	return withPeople(ctx, config, func(ctx context.Context, p people) error { return do(ctx, p.accounts) })
}
