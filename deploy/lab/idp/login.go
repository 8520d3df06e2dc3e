package idp

import (
	"crypto/rand"
	"crypto/subtle"
	_ "embed"
	"html/template"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/zitadel/oidc/v3/pkg/oidc"
	"github.com/zitadel/oidc/v3/pkg/op"
)

const (
	loginPath  = "/login" // where people give name and password
	stylePath  = "/login.css"
	cookieName = "lab_identity"
)

var (
	//go:embed login.html
	loginHTML string
	//go:embed login.css
	loginStyle []byte

	loginPage = template.Must(template.New("login").Parse(loginHTML))
)

// words is the page in one language.
type words struct{ Language, Title, Hint, Name, Password, Go, Wrong, Over, Cancel string }

var (
	french = words{
		"fr", "Fournisseur d’identité du labo", "Votre nom et votre mot de passe du labo (alice, alice-lab).",
		"Nom", "Mot de passe", "Se connecter", "Nom ou mot de passe incorrect.", "Cette connexion est terminée. Recommencez depuis Linekeeper.", "Annuler",
	}
	english = words{
		"en", "The lab’s identity provider", "Your name and password of the lab (alice, alice-lab).",
		"Name", "Password", "Sign in", "Wrong name or password.", "This sign-in is over. Start again from Linekeeper.", "Cancel",
	}
)

// spoken is French, unless the browser asks for English first.
func spoken(r *http.Request) words {
	if strings.HasPrefix(strings.ToLower(r.Header.Get("Accept-Language")), "en") {
		return english
	}
	return french
}

// login is the page on which people say who they are. Who has said so in this
// browser before goes straight on.
func (i *Issuer) login(w http.ResponseWriter, r *http.Request) {
	id, said := r.FormValue("id"), spoken(r)
	asked, pending := i.pending(id)
	wrong := ""
	switch {
	case !pending:
		w.WriteHeader(http.StatusBadRequest)
		wrong = said.Over
	case r.FormValue("cancel") != "":
		http.Redirect(w, r, refusal(asked), http.StatusFound)
		return
	case r.Method == http.MethodPost:
		if subject, is := i.authenticate(r.FormValue("name"), r.FormValue("password")); is {
			i.welcome(w, r, id, subject)
			return
		}
		wrong = said.Wrong
	default:
		if subject, is := i.remembered(r); is && !slices.Contains(asked.Prompt, oidc.PromptLogin) {
			i.welcome(w, r, id, subject)
			return
		}
	}
	i.show(w, map[string]any{"ID": id, "Wrong": wrong, "Pending": pending, "Words": said})
}

// show writes the page. Chromium holds redirects after a form to form-action too,
// and this one leads back to the client.
func (i *Issuer) show(w http.ResponseWriter, page map[string]any) {
	back := ""
	if to, err := url.Parse(i.client.Redirect); err == nil {
		back = " " + to.Scheme + "://" + to.Host
	}
	w.Header().Set("Content-Security-Policy", "default-src 'self'; form-action 'self'"+back+"; frame-ancestors 'none'; base-uri 'none'")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	_ = loginPage.Execute(w, page) // the browser may have gone
}

// welcome ends a sign-in here and sends the browser back with its code.
func (i *Issuer) welcome(w http.ResponseWriter, r *http.Request, id, subject string) {
	cookie := &http.Cookie{Name: cookieName, Value: rand.Text(), Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	i.mu.Lock()
	if asked := i.requests[id]; asked != nil {
		asked.subject, asked.at = subject, time.Now()
	}
	i.browsers[cookie.Value] = subject
	i.mu.Unlock()
	http.SetCookie(w, cookie)
	http.Redirect(w, r, op.AuthCallbackURL(i.provider)(r.Context(), id), http.StatusFound)
}

// refusal is how the client hears of a sign-in that was given up (RFC 6749
// §4.1.2.1).
func refusal(asked request) string {
	answer := url.Values{"error": {"access_denied"}, "state": {asked.State}}
	return asked.RedirectURI + "?" + answer.Encode()
}

// pending is a sign-in under way.
func (i *Issuer) pending(id string) (request, bool) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if asked := i.requests[id]; asked != nil {
		return *asked, true
	}
	return request{}, false
}

func (i *Issuer) authenticate(name, password string) (subject string, is bool) {
	for p := range maps.Values(i.people) {
		if p.Name == name && subtle.ConstantTimeCompare([]byte(p.Password), []byte(password)) == 1 {
			return p.Subject, true
		}
	}
	return "", false
}

// remembered is who signed in here before in this browser.
func (i *Issuer) remembered(r *http.Request) (subject string, is bool) {
	cookie, err := r.Cookie(cookieName)
	if err != nil {
		return "", false
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	subject, is = i.browsers[cookie.Value]
	return subject, is
}
