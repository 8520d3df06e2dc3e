package api

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"

	"github.com/felixge/httpsnoop"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/gorilla/mux"
	validator "github.com/oapi-codegen/nethttp-middleware"
	"go.opentelemetry.io/contrib/instrumentation/github.com/gorilla/mux/otelmux"

	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/agentdesk/sso"
)

// The doors beside the contract's operations.
const (
	livePath = base + "/live"
	sipPath  = "/sip"
)

// largestBody bounds a request's body, in bytes: a note or a ticket's text of
// 8,000 characters fits four times over.
const largestBody = 128 << 10

//go:embed openapi.yaml
var contract []byte

// Contract returns openapi.yaml, for whoever wants to build against it.
func Contract() []byte { return append([]byte(nil), contract...) }

// router leads every path to what answers it.
func (s *server) router() *mux.Router {
	root := mux.NewRouter()
	root.Use(otelmux.Middleware("linekeeper", otelmux.WithFilter(traced)))
	mount(root, "/metrics", s.deps.Metrics)
	mount(root, "/healthz", s.deps.Health)
	mount(root, "/readyz", s.deps.Ready)
	root.HandleFunc(livePath, s.live).Methods(http.MethodGet)
	root.HandleFunc(sipPath, s.phone).Methods(http.MethodGet)

	if s.deps.SSO != nil {
		root.HandleFunc(singlePath, s.beginSingle).Methods(http.MethodGet)
		root.HandleFunc(sso.Callback, s.finishSingle).Methods(http.MethodGet)
		root.HandleFunc(stylePath, refusedStyle).Methods(http.MethodGet)
	}

	desk := root.PathPrefix(base).Subrouter()
	desk.Use(noStore, s.authenticate, s.validate())
	rest.HandlerWithOptions(
		rest.NewStrictHandlerWithOptions(s, nil, rest.StrictHTTPServerOptions{
			RequestErrorHandlerFunc: s.badRequest, ResponseErrorHandlerFunc: s.fail,
		}),
		rest.GorillaServerOptions{BaseRouter: desk, ErrorHandlerFunc: s.badRequest})
	none := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { errNoPath.write(w) })
	wrong := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { errMethod.write(w) })
	desk.NotFoundHandler, desk.MethodNotAllowedHandler = none, wrong
	root.PathPrefix("/api").Handler(none)
	root.NotFoundHandler, root.MethodNotAllowedHandler = none, wrong
	if s.deps.Pages != nil {
		root.PathPrefix("/").Handler(s.deps.Pages)
	}
	return root
}

func mount(root *mux.Router, path string, h http.Handler) {
	if h != nil {
		root.Handle(path, h).Methods(http.MethodGet, http.MethodHead)
	}
}

// around is what holds for every request: headers, no writes from other sites,
// bounded bodies, a line in the log.
func (s *server) around(next http.Handler) http.Handler {
	next = bounded(next)
	csrf := http.NewCrossOriginProtection()
	csrf.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { errOrigin.write(w) }))
	return s.logged(s.headers(csrf.Handler(next)))
}

// bounded bounds bodies: definitions are a site's whole directory.
func bounded(next http.Handler) http.Handler {
	small, large := http.MaxBytesHandler(next, largestBody), http.MaxBytesHandler(next, largestDefinitions)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == definitionsPath {
			large.ServeHTTP(w, r)
			return
		}
		small.ServeHTTP(w, r)
	})
}

// socket says that the request is for a websocket, which lasts a whole shift.
func socket(r *http.Request) bool { return r.URL.Path == livePath || r.URL.Path == sipPath }

// traced leaves out websockets, whose span would last as long, and what is
// asked by machines every few seconds.
func traced(r *http.Request) bool {
	return !socket(r) && strings.HasPrefix(r.URL.Path, base+"/")
}

// logged writes the access log, at debug. It holds no query: that may hold a
// caller's number.
func (s *server) logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if socket(r) || !s.log.Enabled(r.Context(), slog.LevelDebug) {
			next.ServeHTTP(w, r)
			return
		}
		m := httpsnoop.CaptureMetrics(next, w, r)
		s.log.LogAttrs(r.Context(), slog.LevelDebug, "request",
			slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Int("status", m.Code),
			slog.Int64("bytes", m.Written), slog.Duration("took", m.Duration), slog.String("from", s.from(r)))
	})
}

// policy lets pages load what comes with them, talk to this origin only (its
// websockets included: CSP3 §6.7.2.8), run nothing inline, and be framed by nobody.
// Scripts may set styles by the object model.
const policy = "default-src 'self'; img-src 'self' data:; " +
	"media-src 'self' blob: data:; connect-src 'self'; object-src 'none'; base-uri 'none'; " +
	"form-action 'self'; frame-ancestors 'none'"

func (s *server) headers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY") // for browsers that know no frame-ancestors
		h.Set("Permissions-Policy", "microphone=(self), camera=(), geolocation=(), payment=()")
		if s.deps.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// validate refuses what is not as the contract has it, before any operation
// sees it. The contract is read for the first request: a controller that starts
// has calls to take back.
func (s *server) validate() mux.MiddlewareFunc {
	read := sync.OnceValues(s.readContract)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			validated, err := read()
			if err != nil {
				s.fail(w, r, err)
				return
			}
			validated(next).ServeHTTP(w, r)
		})
	}
}

func (s *server) readContract() (mux.MiddlewareFunc, error) {
	spec, err := openapi3.NewLoader().LoadFromData(contract)
	if err != nil {
		return nil, fmt.Errorf("read openapi.yaml: %w", err)
	}
	return validator.OapiRequestValidatorWithOptions(spec, &validator.Options{
		DoNotValidateServers: true, // by their path alone
		Prefix:               base,
		Options:              openapi3filter.Options{AuthenticationFunc: openapi3filter.NoopAuthenticationFunc},
		ErrorHandlerWithOpts: func(_ context.Context, err error, w http.ResponseWriter, r *http.Request, _ validator.ErrorHandlerOpts) {
			s.badRequest(w, r, err)
		},
	}), nil
}

// badRequest answers to what the contract refuses. The detail says where, never
// what was sent.
func (s *server) badRequest(w http.ResponseWriter, r *http.Request, err error) {
	var large *http.MaxBytesError
	var schema *openapi3.SchemaError
	var request *openapi3filter.RequestError
	switch {
	case errors.As(err, &large):
		errTooLarge.write(w)
	case errors.As(err, &schema):
		errBadRequest.because(strings.Join(schema.JSONPointer(), "/") + ": " + schema.Reason).write(w)
	case errors.As(err, &request) && request.RequestBody != nil && !isJSON(r):
		errMediaType.write(w)
	case errors.As(err, &request) && request.Parameter != nil:
		errBadRequest.because("parameter " + request.Parameter.Name).write(w)
	default:
		errBadRequest.write(w)
	}
}

func isJSON(r *http.Request) bool {
	media, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	return strings.EqualFold(strings.TrimSpace(media), "application/json")
}
