package ticket

import "linekeeper/cdr"

// words are the words of a note in one language.
type words struct {
	colon, date                           string
	arrived, caller, withheld, dialled    string
	menu, queue, wait, offer, agent, talk string
	wrapUp, outcome, call                 string
	values                                map[string]string
}

// of says a value of cdr's in this language; a value without a word stays. The
// prefix tells apart what has one word in cdr and several here.
func (w words) of(prefix, value string) string {
	if said, ok := w.values[prefix+value]; ok {
		return said
	}
	return value
}

var french = words{
	colon: " : ", date: "02/01/2006 15:04:05",
	arrived: "Appel", caller: "Appelant", withheld: "numéro masqué", dialled: "Numéro composé",
	menu: "Menu", queue: "File", wait: "attente", offer: "Proposé à", agent: "Agent", talk: "conversation",
	wrapUp: "Saisie post-appel", outcome: "Résultat", call: "Référence",
	values: map[string]string{
		string(cdr.OutcomeOpen): "en cours", string(cdr.OutcomeAnswered): "traité",
		string(cdr.OutcomeAbandoned): "abandonné", string(cdr.OutcomeShortAbandon): "abandon court",
		string(cdr.OutcomeInFlow): "terminé dans le menu", string(cdr.OutcomeLost): "perdu",
		"left-" + string(cdr.LeftAnswered): "décroché", "left-" + string(cdr.LeftAbandoned): "abandon",
		"left-" + string(cdr.LeftLost): "perdu", "left-": "",
		"offer-" + string(cdr.OfferRingNoAns): "sans réponse", "offer-" + string(cdr.OfferRejected): "refusé",
		"offer-" + string(cdr.OfferCallerGone): "l'appelant a raccroché", "offer-" + string(cdr.OfferUnreachable): "poste injoignable",
		"offer-" + string(cdr.OfferWithdrawn): "retiré", "offer-" + string(cdr.OfferLost): "perdu", "offer-": "",
		"by-" + string(cdr.ByCaller): "raccroché par l'appelant", "by-" + string(cdr.ByAgent): "raccroché par l'agent",
		"by-" + string(cdr.BySystem): "coupé par le système", "by-": "",
	},
}

var english = words{
	colon: ": ", date: "2006-01-02 15:04:05",
	arrived: "Call", caller: "Caller", withheld: "number withheld", dialled: "Number dialled",
	menu: "Menu", queue: "Queue", wait: "waited", offer: "Offered to", agent: "Agent", talk: "talked",
	wrapUp: "Wrap-up", outcome: "Outcome", call: "Reference",
	values: map[string]string{
		string(cdr.OutcomeOpen): "still going on", string(cdr.OutcomeAnswered): "answered",
		string(cdr.OutcomeAbandoned): "abandoned", string(cdr.OutcomeShortAbandon): "short abandon",
		string(cdr.OutcomeInFlow): "ended in the menu", string(cdr.OutcomeLost): "lost",
		"left-" + string(cdr.LeftAnswered): "answered", "left-" + string(cdr.LeftAbandoned): "abandoned",
		"left-" + string(cdr.LeftLost): "lost", "left-": "",
		"offer-" + string(cdr.OfferRingNoAns): "no answer", "offer-" + string(cdr.OfferRejected): "rejected",
		"offer-" + string(cdr.OfferCallerGone): "the caller hung up", "offer-" + string(cdr.OfferUnreachable): "phone unreachable",
		"offer-" + string(cdr.OfferWithdrawn): "withdrawn", "offer-" + string(cdr.OfferLost): "lost", "offer-": "",
		"by-" + string(cdr.ByCaller): "the caller hung up", "by-" + string(cdr.ByAgent): "the agent hung up",
		"by-" + string(cdr.BySystem): "cut by the system", "by-": "",
	},
}
