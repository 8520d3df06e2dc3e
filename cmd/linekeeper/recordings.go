package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"

	"linekeeper/agentdesk/api"
	"linekeeper/cdr"
	"linekeeper/cdr/recording"
	"linekeeper/cmd/internal/boot"
	"linekeeper/ivr/asterisk"
)

// RecordingsConfig is where recorded talks are kept. Whether talks are recorded is
// in the definitions of the queues.
type RecordingsConfig struct {
	// Dir is the folder of their sounds, Linekeeper's alone; empty: "recordings" in
	// the data folder.
	Dir string `yaml:"dir"`
	// Keep is how long they are kept, such as "90d" (the default) or "720h"; "0" is
	// for ever.
	Keep string `yaml:"keep"`
}

const day = 24 * time.Hour

// keep is how long recordings are kept, 0 for ever.
func (c RecordingsConfig) keep() (time.Duration, error) {
	switch c.Keep {
	case "":
		return 90 * day, nil
	case "0":
		return 0, nil
	}
	if days, ok := strings.CutSuffix(c.Keep, "d"); ok {
		if n, err := strconv.Atoi(days); err == nil && n > 0 && n <= 36500 {
			return time.Duration(n) * day, nil
		}
	} else if d, err := time.ParseDuration(c.Keep); err == nil && d >= time.Hour {
		return d, nil
	}
	return 0, fmt.Errorf("recordings.keep %q is no time of an hour or more: give one such as 90d or 720h, or 0 for ever", c.Keep)
}

func (c RecordingsConfig) validate() error {
	_, err := c.keep()
	return err
}

// startRecordings brings recorded talks from Asterisk into the store, beside the
// calls.
func (a *app) startRecordings(context.Context) error {
	keep, err := a.config.Recordings.keep()
	if err != nil {
		return boot.Refuse(err)
	}
	if a.sounds, err = recording.OpenStore(a.config.recordingsDir()); err != nil {
		return boot.Refuse(err)
	}
	keeper := recording.NewKeeper(a.facts, tracksOf{a.node}, a.sounds, recording.Config{Keep: keep, Log: a.log})
	keeper.Start(context.Background())
	a.stack.Push("recordings", func(context.Context) error { return keeper.Stop() })
	return nil
}

// tracksOf is Asterisk's disk as the store of recordings reads it.
type tracksOf struct{ node *asterisk.Node }

// Fetch implements recording.Source.
func (s tracksOf) Fetch(ctx context.Context, name string, to io.WriteSeeker) (length time.Duration, err error) {
	tracks, err := s.node.Tracks(ctx, name)
	if err != nil {
		if e, is := errors.AsType[*asterisk.Error](err); is && e.Status == http.StatusNotFound {
			return 0, fmt.Errorf("%w: %w", recording.ErrNotThere, err)
		}
		return 0, err
	}
	defer func() { err = errors.Join(err, tracks.Close()) }()
	return asterisk.WriteStereo(to, asterisk.Stretch{Tracks: tracks})
}

// Drop implements recording.Source.
func (s tracksOf) Drop(ctx context.Context, name string) error { return s.node.DropTracks(ctx, name) }

// soundsPort is the store of recordings as the API reads it.
type soundsPort struct{ store *recording.Store }

// Open implements api.Recordings.
func (p soundsPort) Open(_ context.Context, call cdr.CallID, part cdr.RecordingPart) (api.Sound, error) {
	f, err := p.store.Open(call, part.Part, part.BeganAt)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %w", api.ErrNotFound, err)
	}
	if err != nil {
		return nil, err
	}
	return f, nil
}

// Delete implements api.Recordings.
func (p soundsPort) Delete(_ context.Context, call cdr.CallID, part cdr.RecordingPart) error {
	return p.store.Delete(call, part.Part, part.BeganAt)
}
