package boot

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func serve(t *testing.T, handler http.Handler) (*HTTP, string) {
	t.Helper()
	l, err := Listen(t.Context(), HTTPConfig{Listen: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	h := Serve(l, handler, discard())
	return h, "http://" + h.Addr().String()
}

// get asks url on a connection of its own and returns status and body.
func get(t *testing.T, url string) (int, string, error) {
	t.Helper()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	request, err := http.NewRequestWithContext(context.Background(), http.MethodGet, url, nil)
	if err != nil {
		return 0, "", err
	}
	answer, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		return 0, "", err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	return answer.StatusCode, string(body), err
}

func TestHTTPDrainsWhatItAccepted(t *testing.T) {
	inside, finish, stopping := make(chan struct{}), make(chan struct{}), make(chan struct{})
	h, url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(inside)
		<-finish
		if r.Context().Err() != nil {
			t.Error("the request was cancelled while draining")
		}
		_, _ = io.WriteString(w, "done")
	}))
	h.OnStop(func() { close(stopping) })
	answered := make(chan string, 1)
	go func() {
		_, body, err := get(t, url)
		answered <- body
		if err != nil {
			t.Error(err)
		}
	}()
	<-inside
	stopped := make(chan error, 1)
	go func() { stopped <- h.Stop(context.Background()) }()
	<-stopping
	if _, _, err := get(t, url); err == nil {
		t.Error("a new connection was taken while stopping")
	}
	close(finish)
	if got := <-answered; got != "done" {
		t.Errorf("answer %q", got)
	}
	if err := <-stopped; err != nil {
		t.Error(err)
	}
}

func TestHTTPCutsOffAtTheDeadline(t *testing.T) {
	inside, ended := make(chan struct{}), make(chan error, 1)
	h, url := serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		close(inside)
		<-r.Context().Done()
		ended <- context.Cause(r.Context())
	}))
	cut := make(chan error, 1)
	go func() { _, _, err := get(t, url); cut <- err }()
	<-inside
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := h.Stop(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Stop = %v", err)
	}
	if <-cut == nil {
		t.Error("the client was left without an error")
	}
	<-ended
}

func TestHTTPEndsUpgradedConnectionsContexts(t *testing.T) {
	cause := make(chan error, 1)
	h, url := serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer conn.Close()
		_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\n\r\n")
		<-r.Context().Done()
		cause <- context.Cause(r.Context())
	}))
	conn, err := net.Dial("tcp", strings.TrimPrefix(url, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: desk\r\nUpgrade: websocket\r\n\r\n")
	if line, err := bufio.NewReader(conn).ReadString('\n'); err != nil || !strings.Contains(line, "101") {
		t.Fatalf("%q, %v", line, err)
	}
	if err := h.Stop(t.Context()); err != nil {
		t.Error(err)
	}
	if err := <-cause; !errors.Is(err, ErrStopped) {
		t.Errorf("cause = %v", err)
	}
}

func TestShedAnswersOverloadAndSparesTheAccepted(t *testing.T) {
	inside, finish := make(chan struct{}), make(chan struct{})
	handler := Shed(1, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			close(inside)
			<-finish
		}
	}))
	ask := func(path, upgrade string) *httptest.ResponseRecorder {
		r, w := httptest.NewRequest(http.MethodGet, path, nil), httptest.NewRecorder()
		r.Header.Set("Upgrade", upgrade)
		handler.ServeHTTP(w, r)
		return w
	}
	slow := make(chan int, 1)
	go func() { slow <- ask("/slow", "").Code }()
	<-inside
	if w := ask("/", ""); w.Code != http.StatusServiceUnavailable || w.Header().Get("Retry-After") == "" {
		t.Errorf("overload: %d %v", w.Code, w.Header())
	}
	if w := ask("/", "WebSocket"); w.Code != http.StatusOK {
		t.Errorf("websocket: %d", w.Code)
	}
	close(finish)
	if code := <-slow; code != http.StatusOK {
		t.Errorf("accepted request: %d", code)
	}
	if w := ask("/", ""); w.Code != http.StatusOK {
		t.Errorf("after the rush: %d", w.Code)
	}
}

func TestListenSaysWhatIsTaken(t *testing.T) {
	h, url := serve(t, http.NotFoundHandler())
	address := strings.TrimPrefix(url, "http://")
	if _, err := Listen(t.Context(), HTTPConfig{Listen: address}); err == nil || !strings.Contains(err.Error(), address) {
		t.Errorf("error = %v", err)
	}
	if err := h.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}
