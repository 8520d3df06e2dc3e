package boot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

func TestRunExitCodes(t *testing.T) {
	boom := errors.New("boom")
	for name, c := range map[string]struct {
		err  error
		code int
		says string
	}{
		"well":                       {nil, ExitOK, ""},
		"broke":                      {boom, ExitFailed, "linekeeper: boom\n"},
		"refused":                    {fmt.Errorf("serve: %w", Refuse(boom)), ExitRefused, "linekeeper: serve: boom\n"},
		"cancelled, but not by user": {context.Canceled, ExitFailed, "linekeeper: context canceled\n"},
		"refuse nothing":             {Refuse(nil), ExitOK, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			code := Run("linekeeper", time.Second, &out, func(Life) error { return c.err })
			if code != c.code || out.String() != c.says {
				t.Errorf("exit %d saying %q, want %d saying %q", code, out.String(), c.code, c.says)
			}
		})
	}
}

func TestRunEndsAcceptAtTheFirstSignal(t *testing.T) {
	var out bytes.Buffer
	code := Run("linekeeper", time.Hour, &out, func(life Life) error {
		if err := syscall.Kill(os.Getpid(), syscall.SIGTERM); err != nil {
			return err
		}
		<-life.Accept.Done()
		if life.Finish.Err() != nil {
			t.Error("Finish ended with Accept")
		}
		return life.Accept.Err()
	})
	if code != ExitOK || out.Len() != 0 {
		t.Errorf("exit %d saying %q", code, &out)
	}
}

func TestLifeFinishesByGraceOrSecondSignal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, second := range map[string]bool{"grace": false, "second signal": true} {
			signals := make(chan os.Signal, 3)
			life, end := newLife(signals, 20*time.Second)
			began := time.Now()
			signals <- syscall.SIGINT
			<-life.Accept.Done()
			if second {
				signals <- syscall.SIGINT
			}
			<-life.Finish.Done()
			want := 20 * time.Second
			if second {
				want = 0
			}
			if took := time.Since(began); took != want {
				t.Errorf("%s: finished after %s, want %s", name, took, want)
			}
			end()
		}
	})
}
