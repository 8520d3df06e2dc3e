package web

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
)

const (
	forever = "public, max-age=31536000, immutable"
	ask     = "no-cache"
)

// file is one built file as it is sent. It is never changed once made.
type file struct {
	kind   string // media type
	etag   string
	cache  string
	plain  []byte
	zipped []byte // nil when compressing gains nothing
}

// site is the built console. It is read only once made.
type site struct {
	files map[string]*file // by path without leading slash
	index *file            // nil when the console was not built
}

func handler(built fs.FS) http.Handler {
	s := site{files: map[string]*file{}}
	err := fs.WalkDir(built, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasPrefix(path.Base(name), ".") {
			return err
		}
		body, err := fs.ReadFile(built, name)
		if err != nil {
			return err
		}
		s.files[name] = newFile(name, body)
		return nil
	})
	if err != nil {
		panic("web: read the built console: " + err.Error()) // embedded files are always readable
	}
	s.index = s.files["index.html"]
	return s
}

func newFile(name string, body []byte) *file {
	sum := sha256.Sum256(body)
	f := &file{
		kind:  mime.TypeByExtension(path.Ext(name)),
		etag:  `"` + hex.EncodeToString(sum[:8]) + `"`,
		cache: ask,
		plain: body,
	}
	// Vite puts a hash of the content into the name of all under assets.
	if strings.HasPrefix(name, "assets/") {
		f.cache = forever
	}
	if z := zip(body); len(z) < len(body) {
		f.zipped = z
	}
	return f
}

// zip compresses once, at start, so that no request pays for it.
func zip(body []byte) []byte {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		panic("web: " + err.Error()) // the level is a constant of gzip
	}
	_, err = w.Write(body)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		panic("web: compress in memory: " + err.Error()) // bytes.Buffer does not fail
	}
	return out.Bytes()
}

func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	guard(w.Header())
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	if s.index == nil {
		sayUnbuilt(w)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	f, found := s.files[name]
	switch {
	case found:
	case strings.HasPrefix(name, "assets/"):
		// An asset of another build: index.html in its place would only fail later.
		http.NotFound(w, r)
		return
	default:
		f = s.index
	}
	f.send(w, r)
}

// guard sets the headers that hold for every answer.
func guard(h http.Header) {
	h.Set("Content-Security-Policy", strings.TrimSpace(policy))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Permissions-Policy", "microphone=(self), camera=(), geolocation=()")
}

func sayUnbuilt(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(http.StatusServiceUnavailable)
	_, _ = w.Write(unbuilt) // the browser went away: nobody is left to tell
}

func (f *file) send(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Cache-Control", f.cache)
	h.Set("ETag", f.etag)
	h.Add("Vary", "Accept-Encoding")
	if match(r.Header.Get("If-None-Match"), f.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Type", f.kind)
	body := f.plain
	if f.zipped != nil && takesGzip(r.Header.Get("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		body = f.zipped
	}
	if r.Method == http.MethodHead {
		return
	}
	_, _ = w.Write(body) // the browser went away: nobody is left to tell
}

// match says whether an If-None-Match header names the tag (RFC 9110 §13.1.2;
// a weak tag compares equal here).
func match(header, etag string) bool {
	for one := range strings.SplitSeq(header, ",") {
		one = strings.TrimPrefix(strings.TrimSpace(one), "W/")
		if one == etag || one == "*" {
			return true
		}
	}
	return false
}

// takesGzip reads Accept-Encoding (RFC 9110 §12.5.3) as far as gzip goes.
func takesGzip(header string) bool {
	for one := range strings.SplitSeq(header, ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(one), ";")
		if strings.TrimSpace(coding) == "gzip" {
			q := strings.TrimRight(strings.TrimPrefix(strings.TrimSpace(weight), "q="), "0.")
			return q != "" || strings.TrimSpace(weight) == ""
		}
	}
	return false
}
