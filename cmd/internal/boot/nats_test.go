package boot

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// crashDir names the data folder to the child of the kill -9 test.
const crashDir = "LINEKEEPER_BOOT_CRASH_DIR"

// crashed is how many acknowledged messages the child leaves behind.
const crashed = 2000

func startNATS(t testing.TB, config NATSConfig, dir string) *NATS {
	t.Helper()
	n, err := NewNATS(config, dir, discard())
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func stopNATS(t testing.TB, n *NATS) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := n.Stop(ctx); err != nil {
		t.Error(err)
	}
}

func testStream(ctx context.Context, conn *nats.Conn) (jetstream.JetStream, jetstream.Stream, error) {
	js, err := jetstream.New(conn)
	if err != nil {
		return nil, nil, err
	}
	stream, err := js.CreateOrUpdateStream(ctx, jetstream.StreamConfig{
		Name: "FACTS", Subjects: []string{"facts.>"}, Storage: jetstream.FileStorage, AllowMsgTTL: true,
	})
	return js, stream, err
}

func TestNATSKeepsWhatItAcknowledgedOverARestart(t *testing.T) {
	dir := t.TempDir()
	for round := uint64(1); round <= 3; round++ {
		n := startNATS(t, NATSConfig{}, dir)
		js, _, err := testStream(t.Context(), n.Conn)
		if err != nil {
			t.Fatal(err)
		}
		ack, err := js.Publish(t.Context(), "facts.call.c1", []byte("fact"))
		if err != nil || ack.Sequence != round {
			t.Errorf("round %d: ack %+v, %v", round, ack, err)
		}
		if n.ClientURL() != "" {
			t.Errorf("listens on %s without being asked", n.ClientURL())
		}
		stopNATS(t, n)
	}
}

// TestNATSLosesNothingToKillNine runs this test binary as a child which writes
// acknowledged messages and a KV entry and is then killed by the kernel.
func TestNATSLosesNothingToKillNine(t *testing.T) {
	dir := t.TempDir()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), crashDir+"="+dir)
	out, err := child.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("child: %v\n%s", err, out)
	}
	began := time.Now()
	n := startNATS(t, NATSConfig{}, dir)
	defer stopNATS(t, n)
	t.Logf("started again in %s", time.Since(began))
	js, stream, err := testStream(t.Context(), n.Conn)
	if err != nil {
		t.Fatal(err)
	}
	if got := stream.CachedInfo().State; got.Msgs != crashed || got.LastSeq != crashed {
		t.Errorf("stream holds %d messages up to %d, want %d", got.Msgs, got.LastSeq, crashed)
	}
	last, err := stream.GetMsg(t.Context(), crashed)
	if err != nil || string(last.Data) != fmt.Sprint(crashed) {
		t.Errorf("last message: %v, %v", last, err)
	}
	calls, err := js.KeyValue(t.Context(), "calls")
	if err != nil {
		t.Fatal(err)
	}
	if entry, err := calls.Get(t.Context(), "c1"); err != nil || string(entry.Value()) != fmt.Sprint(crashed) {
		t.Errorf("snapshot: %v, %v", entry, err)
	}
	// The server still knows the IDs it took, so a fact sent again is refused.
	ack, err := js.Publish(t.Context(), "facts.call.c1", nil, jetstream.WithMsgID(fmt.Sprint(crashed)))
	if err != nil || !ack.Duplicate {
		t.Errorf("repeated fact: %+v, %v", ack, err)
	}
}

// crashWriter is the child: it never returns.
func crashWriter(dir string) {
	fail := func(err error) {
		if err != nil {
			fmt.Println(err)
			os.Exit(3)
		}
	}
	ctx := context.Background()
	n, err := NewNATS(NATSConfig{}, dir, discard())
	fail(err)
	js, _, err := testStream(ctx, n.Conn)
	fail(err)
	calls, err := js.CreateKeyValue(ctx, jetstream.KeyValueConfig{Bucket: "calls"})
	fail(err)
	for i := 1; i <= crashed; i++ {
		_, err = js.Publish(ctx, "facts.call.c1", fmt.Append(nil, i), jetstream.WithMsgID(fmt.Sprint(i)))
		fail(err)
	}
	_, err = calls.Put(ctx, "c1", fmt.Append(nil, crashed))
	fail(err)
	fail(syscall.Kill(os.Getpid(), syscall.SIGKILL))
	select {} // the signal is on its way
}

func TestNATSListensOnLoopbackForTheLab(t *testing.T) {
	n := startNATS(t, NATSConfig{Listen: "127.0.0.1:0"}, t.TempDir())
	defer stopNATS(t, n)
	other := startNATS(t, NATSConfig{URL: n.ClientURL()}, "")
	defer stopNATS(t, other)
	if _, _, err := testStream(t.Context(), other.Conn); err != nil {
		t.Errorf("from another connection: %v", err)
	}
	for _, address := range []string{"0.0.0.0:4222", "[::]:4222", "nats.example:4222", "127.0.0.1", "127.0.0.1:x", ":4222"} {
		if _, err := NewNATS(NATSConfig{Listen: address}, t.TempDir(), discard()); err == nil {
			t.Errorf("%q was accepted", address)
		}
	}
}

func TestNATSSaysWhyItCannotStart(t *testing.T) {
	n := startNATS(t, NATSConfig{Listen: "127.0.0.1:0"}, t.TempDir())
	defer stopNATS(t, n)
	taken := strings.TrimPrefix(n.ClientURL(), "nats://")
	if _, err := NewNATS(NATSConfig{Listen: taken}, t.TempDir(), discard()); err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("port in use: %v", err)
	}
	file := write(t, "not a folder")
	if _, err := NewNATS(NATSConfig{}, file, discard()); err == nil || !strings.Contains(err.Error(), file+": Can't start JetStream") {
		t.Errorf("data folder is a file: %v", err)
	}
}

func TestNATSClusterAwayDoesNotFailTheStart(t *testing.T) {
	n := startNATS(t, NATSConfig{URL: "nats://127.0.0.1:1"}, "")
	if n.Conn.IsConnected() {
		t.Error("connected to nobody")
	}
	stopNATS(t, n)
}

// BenchmarkNATSStart measures start with 100,000 facts of 300 bytes in the
// stream, after a clean stop and after a kill. The killed store is a copy of a
// living one's files: what the kernel holds when the process is gone.
func BenchmarkNATSStart(b *testing.B) {
	clean, killed := b.TempDir(), b.TempDir()
	n := startNATS(b, NATSConfig{}, clean)
	js, _, err := testStream(b.Context(), n.Conn)
	if err != nil {
		b.Fatal(err)
	}
	for i := range 100_000 {
		if _, err := js.PublishAsync(fmt.Sprintf("facts.call.%d", i/15), make([]byte, 300)); err != nil {
			b.Fatal(err)
		}
	}
	<-js.PublishAsyncComplete()
	if err := os.CopyFS(killed, os.DirFS(clean)); err != nil {
		b.Fatal(err)
	}
	stopNATS(b, n)
	b.Run("clean", func(b *testing.B) {
		for b.Loop() {
			n := startNATS(b, NATSConfig{}, clean)
			b.StopTimer()
			stopNATS(b, n)
			b.StartTimer()
		}
	})
	b.Run("killed", func(b *testing.B) {
		for b.Loop() {
			b.StopTimer()
			dir := b.TempDir()
			if err := os.CopyFS(dir, os.DirFS(killed)); err != nil {
				b.Fatal(err)
			}
			b.StartTimer()
			n := startNATS(b, NATSConfig{}, dir)
			b.StopTimer()
			if _, stream, err := testStream(b.Context(), n.Conn); err != nil || stream.CachedInfo().State.Msgs != 100_000 {
				b.Fatalf("recovered %+v, %v", stream.CachedInfo().State, err)
			}
			stopNATS(b, n)
			b.StartTimer()
		}
	})
}
