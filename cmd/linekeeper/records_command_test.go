package main

import (
	"bytes"
	"testing"

	"linekeeper/cdr/store/storetest"
	"linekeeper/cmd/internal/boot"
	"linekeeper/ivr/asteriskfake"
)

// The records' tools say what they did, also where there is nothing to do.
func TestRecordsCommands(t *testing.T) {
	c := testConfig(t, asteriskfake.Start(t))
	c.Postgres.DSN = boot.DSN(storetest.DSN(t))
	file := configFile(t, c)
	for command, says := range map[string]string{
		"rebuild":  "0 records rebuilt, 0 could not be read\n",
		"left-out": "nothing was left out\n",
	} {
		var out, progress bytes.Buffer
		err := execute(boot.Life{Accept: t.Context(), Finish: t.Context()}, []string{"records", command, "--config", file}, &out, &progress)
		if err != nil || out.String() != says {
			t.Errorf("%s says %q, %v", command, out.String(), err)
		}
	}
}
