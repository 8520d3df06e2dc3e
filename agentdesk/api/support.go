package api

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"unicode"

	"linekeeper/agentdesk"
	"linekeeper/agentdesk/api/internal/rest"
	"linekeeper/cdr"
	"linekeeper/queue"
)

// The problems of remote support.
var (
	errTool = (&problem{status: 404, code: "unknown-tool", title: "There is no such support tool."}).
		saying("Cet outil d’assistance à distance n’existe pas.", "There is no such remote-support tool.")
	errCode = (&problem{status: 400, code: "bad-code", title: "The code is none of this tool."}).
		saying("Ce code n’a pas la forme attendue par l’outil. Vérifiez-le.", "This is not what a code of the tool looks like. Check it.")
	errUnreadable = (&problem{status: 409, code: "not-read-out", title: "This code is not to be read out."}).
			saying("Ce code ne peut pas être lu à l’appelant.", "This code cannot be read out to the caller.")
	errNoCallTicket = (&problem{status: 409, code: "no-ticket", title: "The call has no ticket."}).
			saying("L’appel n’a pas de ticket. Créez-en un d’abord.", "The call has no ticket. Make one first.")
)

// addSupport adds the support tools to the catalogue.
func (c *catalogue) addSupport(tools []queue.SupportTool) {
	shown := make([]rest.SupportTool, 0, len(tools))
	c.support = make(map[string]*queue.SupportTool, len(tools))
	for i := range tools {
		t := &tools[i]
		c.support[t.ID] = t
		tool := rest.SupportTool{Id: t.ID, Fr: t.FR, En: t.EN, Read: t.Read}
		if t.Code != nil {
			tool.Code = &struct {
				En      string `json:"en"`
				Fr      string `json:"fr"`
				Pattern string `json:"pattern"`
			}{Fr: t.Code.FR, En: t.Code.EN, Pattern: t.Code.Pattern}
		}
		shown = append(shown, tool)
	}
	c.shown.Support = &shown
}

// SupportCall implements the operation supportCall. A link is sent before it is told,
// so that what the story says was done; a repeat sends it once.
func (s *server) SupportCall(ctx context.Context, req rest.SupportCallRequestObject) (rest.SupportCallResponseObject, error) {
	h, err := s.take(ctx, req.CallName, agentdesk.UseCall)
	if err != nil {
		return nil, err
	}
	tool := s.catalogue().support[req.Body.Tool]
	if tool == nil {
		return nil, errTool
	}
	do := Doing{Act: agentdesk.DoSupport, Tool: tool.ID, Code: squeezed(deref(req.Body.Code)), How: cdr.SupportHow(req.Body.How)}
	if err := judgeSupport(tool, do); err != nil {
		return nil, err
	}
	link, err := h.supportLink(tool, do.Code)
	if err != nil {
		return nil, err
	}
	answer := rest.SupportCall200JSONResponse{Url: link}
	if do.How == cdr.SupportSent {
		later, err := s.sendLink(ctx, &h, tool, do, link)
		if err != nil {
			return nil, err
		}
		answer.Later = &later
	}
	if err := s.do(ctx, h, agentdesk.UseCall, do); err != nil {
		return nil, err
	}
	return answer, nil
}

// squeezed is a code without its blanks, of whatever kind.
func squeezed(code string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, code)
}

// judgeSupport says whether the code is one of the tool, and may be used so.
func judgeSupport(t *queue.SupportTool, do Doing) error {
	if err := plain(do.Code); err != nil {
		return err
	}
	switch {
	case !t.Fits(do.Code):
		return errCode
	case do.How == cdr.SupportRead && (!t.Read || do.Code == "" || strings.Trim(do.Code, "0123456789") != ""):
		return errUnreadable
	}
	return nil
}

// supportLink is the tool's link for the call.
func (h *inHand) supportLink(t *queue.SupportTool, code string) (string, error) {
	values := map[string]string{"{code}": code, "{call}": string(h.id), "{agent}": h.agent}
	if n := len(h.live.Call.Tickets); n > 0 {
		values["{ticket}"] = h.live.Call.Tickets[n-1].Ticket
	} else if strings.Contains(t.URL, "{ticket}") {
		return "", errNoCallTicket
	}
	return linkOf(t, values), nil
}

// linkOf puts values, by placeholder, into the tool's URL, each escaped so that
// it can be nothing but a value there (RFC 3986 §2.3).
func linkOf(t *queue.SupportTool, values map[string]string) string {
	pairs := make([]string, 0, 2*len(values))
	for _, name := range queue.SupportPlaceholders {
		pairs = append(pairs, name, strings.ReplaceAll(url.QueryEscape(values[name]), "+", "%20"))
	}
	return strings.NewReplacer(pairs...).Replace(t.URL)
}

// sendLink writes the link to the requestor of the call's newest ticket.
func (s *server) sendLink(ctx context.Context, h *inHand, t *queue.SupportTool, do Doing, link string) (later bool, err error) {
	tickets := h.live.Call.Tickets
	if s.deps.Tickets == nil || len(tickets) == 0 {
		return false, errNoCallTicket
	}
	to := tickets[len(tickets)-1]
	ask, cancel := context.WithTimeout(ctx, ticketsWithin)
	defer cancel()
	err = s.deps.Tickets.Reply(ask, h.id, Reply{
		System: to.System, Ticket: to.Ticket, About: "support/" + do.Tool + "/" + do.Code,
		Text: supportText(h.live.Call.Language, t, do.Code, link),
	})
	switch {
	case errors.Is(err, ErrLater):
		return true, nil
	case errors.Is(err, ErrNotFound):
		return false, errNoTicket
	case err != nil:
		s.log.WarnContext(ctx, "a support link was not sent", "call", h.id, "ticket", to.Ticket, "error", err)
		return false, errTicketsDown
	}
	return false, nil
}

// supportText is what the requestor reads, in the caller's language.
func supportText(language string, t *queue.SupportTool, code, link string) string {
	text, label, named := "Bonjour,\n\nPour que nous puissions vous aider à distance avec %s, ouvrez ce lien :\n\n%s\n", t.FR, ""
	if t.Code != nil {
		named = t.Code.FR + " : " + code
	}
	if strings.HasPrefix(language, "en") {
		text, label = "Hello,\n\nTo let us help you remotely with %s, open this link:\n\n%s\n", t.EN
		if t.Code != nil {
			named = t.Code.EN + ": " + code
		}
	}
	text = fmt.Sprintf(text, label, link)
	if named != "" {
		text += "\n" + named + "\n"
	}
	return text
}
