package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

var script = []byte(strings.Repeat("console.log('bonjour');\n", 50))

func built() http.Handler {
	return handler(fstest.MapFS{
		".gitkeep":            {},
		"index.html":          {Data: []byte("<!doctype html><title>Linekeeper</title>")},
		"icon.svg":            {Data: []byte("<svg xmlns='http://www.w3.org/2000/svg'/>")},
		"assets/app-1a2b3.js": {Data: script},
	})
}

func get(t *testing.T, h http.Handler, path string, header ...string) *http.Response {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Result()
}

func TestCacheRules(t *testing.T) {
	t.Parallel()
	h := built()
	for path, want := range map[string]string{
		"/":                    "no-cache",
		"/index.html":          "no-cache",
		"/icon.svg":            "no-cache",
		"/floor":               "no-cache",
		"/assets/app-1a2b3.js": "public, max-age=31536000, immutable",
	} {
		if got := get(t, h, path).Header.Get("Cache-Control"); got != want {
			t.Errorf("%s: Cache-Control %q, want %q", path, got, want)
		}
	}
}

func TestRoutesOfTheConsoleGetItsIndex(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/", "/floor", "/calls/018f", "/../etc/passwd", "/.gitkeep"} {
		res := get(t, built(), path)
		body, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(string(body), "<title>Linekeeper") {
			t.Errorf("%s: %d %q %v, want the index", path, res.StatusCode, body, err)
		}
	}
}

func TestAssetOfAnotherBuildIsNotFound(t *testing.T) {
	t.Parallel()
	if res := get(t, built(), "/assets/app-old.js"); res.StatusCode != http.StatusNotFound {
		t.Errorf("status %d, want 404", res.StatusCode)
	}
}

func TestPolicyForbidsInlineScriptAndStyle(t *testing.T) {
	t.Parallel()
	got := get(t, built(), "/").Header.Get("Content-Security-Policy")
	if !strings.HasPrefix(got, "default-src 'self'; ") || strings.Contains(got, "unsafe") || strings.ContainsAny(got, "\r\n") {
		t.Errorf("policy %q", got)
	}
}

func TestUnchangedFileIsNotSentAgain(t *testing.T) {
	t.Parallel()
	h := built()
	etag := get(t, h, "/").Header.Get("ETag")
	res := get(t, h, "/", "If-None-Match", `"other", W/`+etag)
	if res.StatusCode != http.StatusNotModified {
		t.Errorf("status %d, want 304", res.StatusCode)
	}
}

func TestGzipOnlyWhenTaken(t *testing.T) {
	t.Parallel()
	for accept, zipped := range map[string]bool{
		"":                 false,
		"br":               false,
		"gzip;q=0":         false,
		"gzip;q=0.0":       false,
		"gzip;q=0.5":       true,
		"deflate, gzip, *": true,
	} {
		res := get(t, built(), "/assets/app-1a2b3.js", "Accept-Encoding", accept)
		body := io.Reader(res.Body)
		if got := res.Header.Get("Content-Encoding") == "gzip"; got != zipped {
			t.Errorf("%q: gzip %v, want %v", accept, got, zipped)
			continue
		}
		if zipped {
			var err error
			if body, err = gzip.NewReader(res.Body); err != nil {
				t.Fatal(err)
			}
		}
		got, err := io.ReadAll(body)
		if err != nil || !bytes.Equal(got, script) {
			t.Errorf("%q: %d bytes, %v; want the script", accept, len(got), err)
		}
	}
}

func TestOnlyReading(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	built().ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", nil))
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST: %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

func TestUnbuiltConsoleSaysSo(t *testing.T) {
	t.Parallel()
	res := get(t, handler(fstest.MapFS{".gitkeep": {}}), "/")
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusServiceUnavailable || !strings.Contains(string(body), "npm run build") {
		t.Errorf("%d %q %v", res.StatusCode, body, err)
	}
	if res.Header.Get("Cache-Control") != "no-store" {
		t.Error("the page must not be kept: the next build has the console")
	}
}

func TestEmbeddedFolderIsServed(t *testing.T) {
	t.Parallel()
	res := get(t, Handler(), "/")
	if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("status %d, want the console or the page that it is missing", res.StatusCode)
	}
}
