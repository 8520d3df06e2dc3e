package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"linekeeper/agentdesk/sso"
	"linekeeper/deploy/lab"
	"linekeeper/deploy/lab/idp"
)

// labIssuerCommand is the lab's OpenID Connect issuer, in the foreground. The lab
// starts it; nobody else has a use for it.
func labIssuerCommand() *cobra.Command {
	var port int
	var console string
	cmd := &cobra.Command{
		Use: "issuer", Short: "Serve the lab's OpenID Connect issuer, on loopback", Args: cobra.NoArgs, Hidden: true,
		RunE: func(cmd *cobra.Command, _ []string) error { return serveIssuer(cmd.Context(), port, console) },
	}
	cmd.Flags().IntVar(&port, "port", lab.DefaultPorts().Issuer, "where it listens")
	cmd.Flags().StringVar(&console, "console", "http://127.0.0.1:8080", "`URL` of the console it signs people in for")
	return cmd
}

// serveIssuer answers until ctx ends.
func serveIssuer(ctx context.Context, port int, console string) error {
	client := idp.Client{ID: lab.ClientID, Secret: lab.ClientSecret, Redirect: console + sso.Callback, SignedOut: console}
	issuer, err := idp.New(lab.IssuerURL(port), client, labGuests()...)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return fmt.Errorf("serve the lab's issuer: %w", err)
	}
	server := &http.Server{Handler: issuer, ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve the lab's issuer: %w", err)
	}
	return nil
}

// labGuests are the lab's people as the issuer knows them.
func labGuests() []idp.Person {
	var all []idp.Person
	for _, g := range lab.Guests() {
		all = append(all, idp.Person{
			Subject: g.Subject, Name: g.Name, Password: g.Password, DisplayName: g.DisplayName, Email: g.Email, EmailVerified: true,
		})
	}
	return all
}
