package api

import (
	_ "embed"
	"html/template"
	"net/http"
	"time"

	"linekeeper/agentdesk/sso"
)

// The page of who is not let in stands on its own: without a session there is no
// console. The content security policy has its style in a file.
var (
	//go:embed refused.html
	refusedHTML string
	//go:embed refused.css
	refusedCSS []byte

	refusedTemplate = template.Must(template.New("refused").Parse(refusedHTML))
)

// stylePath is where the page's style is.
const stylePath = "/sign-in/page.css"

// refusal is a reason in one language: what, why, and what to do.
type refusal struct{ Title, Why, Do string }

// refusals are the reasons in both languages, French first.
var refusals = map[sso.Reason][2]refusal{
	sso.Cancelled: {
		{"Connexion interrompue", "La connexion a été annulée ou refusée par votre fournisseur d’identité.", "Réessayez. Si cela se répète, demandez à votre service informatique l’accès à Linekeeper."},
		{"Sign-in cancelled", "The sign-in was cancelled, or your identity provider refused it.", "Try again. If it happens again, ask your IT department for access to Linekeeper."},
	},
	sso.Stale: {
		{"Connexion expirée", "Cette connexion a été commencée il y a trop longtemps, ou dans une autre fenêtre.", "Recommencez."},
		{"Sign-in expired", "This sign-in was begun too long ago, or in another window.", "Start again."},
	},
	sso.Unanswered: {
		{"Le fournisseur d’identité ne répond pas", "Linekeeper n’a pas pu vérifier qui vous êtes.", "Réessayez dans un instant. Si cela dure, prévenez votre administrateur."},
		{"The identity provider does not answer", "Linekeeper could not check who you are.", "Try again in a moment. If it lasts, tell your administrator."},
	},
	sso.Unverified: {
		{"Adresse non vérifiée", "Votre fournisseur d’identité n’a pas vérifié votre adresse électronique.", "Faites vérifier votre adresse, puis réessayez."},
		{"Address not verified", "Your identity provider has not verified your e-mail address.", "Have your address verified, then try again."},
	},
	sso.Nameless: {
		{"Compte non reconnu", "Votre fournisseur d’identité n’a pas transmis de nom de compte utilisable ici.", "Prévenez votre administrateur."},
		{"Account not recognised", "Your identity provider sent no account name that can be used here.", "Tell your administrator."},
	},
	sso.NoRole: {
		{"Accès refusé", "Aucun de vos groupes ne donne accès à Linekeeper.", "Demandez à votre administrateur d’être ajouté au bon groupe."},
		{"Access denied", "None of your groups gives access to Linekeeper.", "Ask your administrator to be added to the right group."},
	},
	sso.NoAccount: {
		{"Accès refusé", "Vous n’avez pas de compte dans Linekeeper.", "Demandez à votre administrateur d’en créer un."},
		{"Access denied", "You have no account in Linekeeper.", "Ask your administrator to make one."},
	},
	sso.NotTheirs: {
		{"Compte déjà pris", "Un compte porte déjà ce nom et n’est pas relié à votre identité.", "Demandez à votre administrateur de le relier (linekeeper user link)."},
		{"Account taken", "An account of this name is there already and not linked to your identity.", "Ask your administrator to link it (linekeeper user link)."},
	},
	sso.Disabled: {
		{"Compte fermé", "Votre compte Linekeeper est fermé.", "Adressez-vous à votre administrateur."},
		{"Account closed", "Your Linekeeper account is closed.", "Ask your administrator."},
	},
	sso.NoDatabase: {
		{"Connexion impossible pour le moment", "Linekeeper ne peut pas lire les comptes en ce moment.", "Réessayez dans un instant."},
		{"Sign-in not possible at the moment", "Linekeeper cannot read the accounts at the moment.", "Try again in a moment."},
	},
}

// refusedStatus is the answer's status: what the browser or its owner can mend is
// theirs, the rest is ours.
func refusedStatus(why sso.Reason) int {
	switch why {
	case sso.Stale:
		return http.StatusBadRequest
	case sso.Unanswered:
		return http.StatusBadGateway
	case sso.NoDatabase:
		return http.StatusServiceUnavailable
	case sso.Cancelled, sso.Unverified, sso.Nameless, sso.NoRole, sso.NoAccount, sso.NotTheirs, sso.Disabled:
	}
	return http.StatusForbidden
}

func (s *server) refusedPage(w http.ResponseWriter, r *http.Request, why *sso.Refused) {
	words := refusals[why.Reason]
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(refusedStatus(why.Reason))
	err := refusedTemplate.Execute(w, map[string]any{
		"FR": words[0], "EN": words[1], "Account": why.Account, "Reason": string(why.Reason),
		"At": s.now().UTC().Format(time.RFC3339),
	})
	if err != nil && r.Context().Err() == nil {
		s.log.WarnContext(r.Context(), "a page was not sent", "error", err)
	}
}

// refusedStyle is the page's style.
func refusedStyle(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/css; charset=utf-8")
	w.Header().Set("Cache-Control", "public, max-age=3600")
	_, _ = w.Write(refusedCSS) // the browser may have gone
}
