package api

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/alexedwards/scs/v2"

	"linekeeper/agentdesk"
)

const (
	cookieName  = "lk_session"
	sessionLife = 12 * time.Hour // a shift; then sign in again
)

// What a session holds, under these keys.
const (
	accountKey = "account" // its account's name
	methodKey  = "method"  // how it began
	hintKey    = "hint"    // for the issuer, to be signed out there too
	mustKey    = "must"    // the password is to be changed before anything else
)

// identity is who asks.
type identity struct {
	account Account
	viewer  agentdesk.Viewer
	from    string    // network address
	session string    // token of the session; empty with a bearer token
	until   time.Time // end of the session; zero with a bearer token
	method  string    // byPassword, byIssuer or byToken
	hint    string    // for the issuer
	must    bool      // change the password before anything else
	client  string    // the browser, as it calls itself
}

// key is what the session is kept by: the hash of its token, as scs makes it.
func (id identity) key() string { return sessionKey(id.session) }

func sessionKey(token string) string {
	if token == "" {
		return ""
	}
	hash := sha256.Sum256([]byte(token))
	return base64.RawURLEncoding.EncodeToString(hash[:])
}

type identityKey struct{}

// who returns the identity that authenticate put there.
func who(ctx context.Context) identity {
	id, _ := ctx.Value(identityKey{}).(identity)
	return id
}

// newSessions makes the session manager by hand: scs.New starts a memory store
// whose cleaner cannot be stopped without a race.
func newSessions(store scs.Store, secure bool) *scs.SessionManager {
	return &scs.SessionManager{
		Store:            store,
		Codec:            scs.GobCodec{},
		Lifetime:         sessionLife,
		HashTokenInStore: true, // who reads the table cannot sign in with it
		Cookie: scs.SessionCookie{
			Name: hostsOwn(cookieName, secure), Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: secure, Persist: true,
		},
	}
}

// hostsOwn is a cookie's name. Where there is TLS no other host beneath the domain can set
// one of that name (RFC 6265bis §4.1.3.2), and so have somebody work in an account of its
// choice.
func hostsOwn(name string, secure bool) string {
	if secure {
		return "__Host-" + name
	}
	return name
}

// withoutSignIn are the operations that need no sign-in.
var withoutSignIn = map[string]bool{"POST " + base + "/session": true, "GET " + base + "/sign-in": true}

// beforeChange are those that are left to who has to change the password.
var beforeChange = map[string]bool{
	"GET " + base + "/session": true, "DELETE " + base + "/session": true,
	"PUT " + base + "/session/password": true, "PUT " + base + "/session/language": true,
}

// authenticate lets in whoever is signed in, and puts their identity into the
// request.
func (s *server) authenticate(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := identity{from: s.from(r), client: browser(r)}
		if withoutSignIn[r.Method+" "+r.URL.Path] {
			if cookie, err := r.Cookie(s.sessions.Cookie.Name); err == nil {
				id.session = cookie.Value // what the sign-in replaces
			}
		} else {
			var err error
			id, err = s.identify(r)
			if err == nil && id.must && !beforeChange[r.Method+" "+r.URL.Path] {
				err = errMustChange
			}
			if err != nil {
				s.fail(w, r, err)
				return
			}
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), identityKey{}, id)))
	})
}

// longestClient bounds what a browser may call itself, in bytes.
const longestClient = 200

func browser(r *http.Request) string { return browserName(r.UserAgent()) }

func browserName(given string) string {
	name := strings.Map(func(c rune) rune {
		if unicode.IsControl(c) {
			return ' '
		}
		return c
	}, strings.ToValidUTF8(given, "?"))
	return strings.ToValidUTF8(name[:min(len(name), longestClient)], "")
}

// identify finds out who asks: errSignIn when nobody does, errUnavailable when
// it cannot be known.
func (s *server) identify(r *http.Request) (identity, error) {
	id := identity{from: s.from(r)}
	var err error
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		id.method = byToken
		id.account, err = s.bearer(r.Context(), token)
	} else {
		err = s.resume(r, &id)
	}
	switch {
	case errors.Is(err, ErrNotFound), err == nil && id.account.Disabled:
		return identity{}, errSignIn
	case err != nil:
		s.log.WarnContext(r.Context(), "who asks cannot be known", "error", err)
		return identity{}, errUnavailable
	}
	id.viewer = agentdesk.ViewerOf(*s.definitions(), id.account.Name, id.account.right())
	return id, nil
}

func (s *server) bearer(ctx context.Context, token string) (Account, error) {
	hash := HashToken(token)
	return s.tokens.get(ctx, string(hash[:]), func(ctx context.Context) (Account, error) {
		return s.deps.Accounts.Token(ctx, hash)
	})
}

// resume finds the session of the request's cookie and its account.
func (s *server) resume(r *http.Request, id *identity) error {
	cookie, err := r.Cookie(s.sessions.Cookie.Name)
	if err != nil {
		return ErrNotFound
	}
	ctx, err := s.sessions.Load(r.Context(), cookie.Value)
	if err != nil {
		return fmt.Errorf("find the session: %w", err)
	}
	name := s.sessions.GetString(ctx, accountKey)
	id.session, id.until = cookie.Value, s.sessions.Deadline(ctx)
	id.method, id.hint, id.must = s.sessions.GetString(ctx, methodKey), s.sessions.GetString(ctx, hintKey), s.sessions.GetBool(ctx, mustKey)
	if name == "" || !s.now().Before(id.until) {
		return ErrNotFound
	}
	id.account, err = s.account(r.Context(), name)
	return err
}

// account is an account as it was moments ago.
func (s *server) account(ctx context.Context, name string) (Account, error) {
	return s.accounts.get(ctx, name, func(ctx context.Context) (Account, error) {
		return s.deps.Accounts.Account(ctx, name)
	})
}

// allow says no unless the viewer may do the act on what is these agents', and of
// no queue in particular.
func allow(ctx context.Context, act agentdesk.Act, agents ...string) (privileged bool, err error) {
	return allowOn(ctx, act, agentdesk.Thing{Agents: agents}, strings.Join(agents, " "))
}

// allowOf says no unless the viewer may do the act on what is of a queue.
func allowOf(ctx context.Context, act agentdesk.Act, queue string) (privileged bool, err error) {
	on := agentdesk.Thing{}
	if queue != "" {
		on.Queues = []string{queue}
	}
	return allowOn(ctx, act, on, queue)
}

// allowOn says no unless the viewer may do the act on a thing; name is what the
// audit log calls it.
func allowOn(ctx context.Context, act agentdesk.Act, on agentdesk.Thing, name string) (privileged bool, err error) {
	ok, privileged := who(ctx).viewer.May(act, on)
	if !ok {
		return false, &denied{act: act, on: name, why: errForbidden}
	}
	return privileged, nil
}

// administer says no to who is no administrator.
func (s *server) administer(ctx context.Context, act agentdesk.Act, on string) error {
	if ok, _ := who(ctx).viewer.May(act, agentdesk.Thing{}); !ok {
		return &denied{act: act, on: on, why: errAdministrators}
	}
	return nil
}
