package main

import (
	"context"
	"fmt"
	"os"
	"runtime"

	"github.com/spf13/cobra"

	"linekeeper/cmd/internal/boot"
	"linekeeper/cmd/internal/realtime"
)

// serveCommand runs the controller until it is told to stop. Calls in Asterisk
// go on; the next controller takes them back.
func serveCommand(life boot.Life) *cobra.Command {
	var config string
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Run the controller",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := loadConfig(config)
			if err != nil {
				return err
			}
			leaveCores()
			first := comeFirst(c)
			defs, err := startDefinitions(c)
			if err != nil {
				return err
			}
			return serve(life, c, defs, first)
		},
	}
	cmd.Flags().StringVar(&config, "config", "", "configuration `FILE`")
	_ = cmd.MarkFlagRequired("config")
	return cmd
}

// serve runs a controller of a good configuration. first is what kept it from coming
// first, if anything.
func serve(life boot.Life, c Config, defs *definitions, first error) error {
	log, _, err := boot.NewLog(os.Stderr, c.Log)
	if err != nil {
		return boot.Refuse(err)
	}
	log.Info("configuration", "config", boot.Redacted(c), "version", version())
	logDefinitions(c, defs, log)
	if first != nil {
		log.Warn("calls are led at the usual priority, which a busy machine makes them wait at; set realtime: false to be content with it", "err", first)
	}
	app, err := newApp(life.Accept, c, defs, log)
	if err != nil {
		return err
	}
	<-life.Accept.Done()
	log.Info("stopping; calls go on in Asterisk", "live", app.calls.Live())
	// The deadline is the stack's: parts that stop in order get their share even
	// when Finish ends early.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(life.Finish), grace)
	defer cancel()
	if err := app.stop(ctx); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	return nil
}

// leaveCores uses half of the machine's cores, unless GOMAXPROCS says otherwise.
// Asterisk, which does most of a call's work, needs the others; and a process that
// wakes a second thread for each of many short tasks pays more for the waking than
// for the task (make bench-asterisk).
func leaveCores() {
	if os.Getenv("GOMAXPROCS") == "" {
		runtime.GOMAXPROCS(max(1, runtime.NumCPU()/2))
	}
}

// comeFirst runs the controller as Asterisk runs, before what has no deadline: on a busy
// machine a call would wait else behind what is written about the calls before it. With
// half of the cores at most (leaveCores) it starves nobody. It is done before all that
// takes long: after a crash calls wait for the rest of the start, too.
func comeFirst(c Config) error {
	if !c.Realtime {
		return nil
	}
	return realtime.Run(os.Getpid(), realtime.Calls)
}
