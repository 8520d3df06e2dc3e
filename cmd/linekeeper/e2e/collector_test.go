package e2e

import (
	"compress/gzip"
	"encoding/hex"
	"io"
	"net"
	"net/http"
	"sync"
	"time"

	tracepb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	"google.golang.org/protobuf/proto"
)

// collector is an OpenTelemetry collector that keeps the names of the spans of
// each trace (OTLP/HTTP, protobuf) and takes everything else without a look.
type collector struct {
	url    string
	server *http.Server
	served sync.WaitGroup

	mu    sync.Mutex
	spans map[string][]span // by trace ID, in hex
}

type span struct{ name, id, parent string }

func newCollector() (*collector, error) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c := &collector{url: "http://" + l.Addr().String(), spans: map[string][]span{}}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v1/traces", c.take)
	mux.HandleFunc("POST /", func(http.ResponseWriter, *http.Request) {})
	c.server = &http.Server{Handler: mux, ReadHeaderTimeout: 5 * time.Second}
	c.served.Go(func() { _ = c.server.Serve(l) })
	return c, nil
}

func (c *collector) close() error {
	err := c.server.Close()
	c.served.Wait()
	return err
}

func (c *collector) take(w http.ResponseWriter, r *http.Request) {
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		z, err := gzip.NewReader(body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		body = z
	}
	data, err := io.ReadAll(body)
	var batch tracepb.ExportTraceServiceRequest
	if err == nil {
		err = proto.Unmarshal(data, &batch)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, resource := range batch.ResourceSpans {
		for _, scope := range resource.ScopeSpans {
			for _, s := range scope.Spans {
				trace := hex.EncodeToString(s.TraceId)
				c.spans[trace] = append(c.spans[trace], span{s.Name, hex.EncodeToString(s.SpanId), hex.EncodeToString(s.ParentSpanId)})
			}
		}
	}
}

// trace are the spans of a trace, by name.
func (c *collector) trace(id string) map[string][]span {
	c.mu.Lock()
	defer c.mu.Unlock()
	named := map[string][]span{}
	for _, s := range c.spans[id] {
		named[s.name] = append(named[s.name], s)
	}
	return named
}
