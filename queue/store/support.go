package store

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"linekeeper/queue"
)

const (
	longestURL     = 500
	longestPattern = 200
)

var (
	schemePattern      = regexp.MustCompile(`^[a-z][a-z0-9+.-]{1,31}$`)
	placeholderPattern = regexp.MustCompile(`\{[^{}]*\}?|\}`)
	// neverOpened are schemes that would run or read something in the agent's browser.
	neverOpened = []string{"http", "javascript", "vbscript", "data", "file", "blob", "about", "view-source", "filesystem"}
)

// readSupport reads the remote-support tools.
func (f *file) readSupport(root fields, defs *Definitions) {
	k := known{}
	for _, n := range f.list(root.given("support"), "support") {
		s, ok := f.mapping(n, "support tool", supportFields...)
		if !ok {
			continue
		}
		t := queue.SupportTool{Label: s.bilingual(k), Read: s.flag("read")}
		if t.ID != "" {
			s.what += " " + t.ID
		}
		t.Scheme = s.scheme()
		t.Code = s.supportCode()
		t.URL = s.supportURL(&t)
		if n := s.given("read"); n != nil && t.Read && t.Code == nil {
			s.complain(n.GetToken(), s.what+" is read out and has no code", "add code: its fr, en and pattern, or remove read")
		}
		defs.Floor.Support = append(defs.Floor.Support, t)
	}
}

// scheme reads which scheme besides https a tool's URL may have.
func (s fields) scheme() string {
	v, ok := s.optional("scheme")
	switch {
	case !ok:
		return ""
	case !schemePattern.MatchString(v.text) || slices.Contains(neverOpened, v.text):
		s.complain(v.at, fmt.Sprintf("%q is no scheme of a support tool", clean(v.text)), "name the tool's own, such as anydesk or teamviewer10; https needs no naming")
		return ""
	}
	return v.text
}

// supportCode reads what the code of a tool's session is.
func (s fields) supportCode() *queue.SupportCode {
	n := s.given("code")
	if n == nil {
		return nil
	}
	c, ok := s.file.mapping(n, "code of "+s.what, supportCodeFields...)
	if !ok {
		return nil
	}
	code := &queue.SupportCode{
		FR: c.label("fr", "add fr: what the code is called in French"),
		EN: c.label("en", "add en: what the code is called in English"),
	}
	v, ok := c.text("pattern", `add pattern: what the code looks like without blanks, such as "[0-9]{9,10}"`)
	if !ok {
		return code
	}
	_, err := regexp.Compile(`^(?:` + v.text + `)$`)
	switch {
	case err != nil:
		c.complain(v.at, fmt.Sprintf("pattern %q is no regular expression", clean(v.text)), `write one of RE2's, in quotes, such as "[0-9]{9,10}"`)
	case v.text == "" || len(v.text) > longestPattern:
		c.complain(v.at, fmt.Sprintf("pattern of %s is empty or too long", c.what), fmt.Sprintf("write up to %d characters", longestPattern))
	}
	code.Pattern = v.text
	return code
}

// supportURL reads where a tool's session is opened. A browser opens it on an
// agent's click, so what it may be is narrow.
func (s fields) supportURL(t *queue.SupportTool) string {
	v, ok := s.text("url", `add url: where its session is opened, such as "https://example.com/{code}"`)
	if !ok {
		return ""
	}
	if reason, do := judgeURL(v.text, t); reason != "" {
		s.complain(v.at, fmt.Sprintf("url of %s %s", s.what, reason), do)
	}
	return v.text
}

// judgeURL says what is wrong with a tool's URL, and what to do.
func judgeURL(text string, t *queue.SupportTool) (reason, do string) {
	for _, p := range placeholderPattern.FindAllString(text, -1) {
		if !slices.Contains(queue.SupportPlaceholders, p) {
			return fmt.Sprintf("holds %s", clean(p)), "use " + strings.Join(queue.SupportPlaceholders, ", ")
		}
	}
	u, err := url.Parse(placeholderPattern.ReplaceAllString(text, "x"))
	switch {
	case len(text) > longestURL:
		return "is too long", fmt.Sprintf("keep it to %d characters", longestURL)
	case err != nil || strings.ContainsFunc(text, func(r rune) bool { return r <= ' ' || r > '~' || r == '\\' }):
		return "is no URL", "write it as a browser shows it, without blanks, in ASCII"
	case u.Scheme == "https":
		host, _, _ := strings.Cut(strings.TrimPrefix(text, "https://"), "/")
		if u.Hostname() == "" || u.User != nil || strings.ContainsAny(strings.FieldsFunc(host+" ", func(r rune) bool { return r == '?' || r == '#' })[0], "{}@") {
			return "does not name its host", "write the host itself: no placeholder and no password in it"
		}
	case t.Scheme == "" || u.Scheme != t.Scheme:
		return fmt.Sprintf("has the scheme %q", clean(u.Scheme)), "write https://, or name the tool's own under scheme, such as scheme: anydesk"
	}
	if strings.Contains(text, "{code}") && t.Code == nil {
		return "holds {code}, which is not defined", "add code: its fr, en and pattern"
	}
	return "", ""
}

// supportItem is a tool as a person compares it.
func supportItem(t *queue.SupportTool) item {
	code := ""
	if t.Code != nil {
		code = fmt.Sprintf("“%s” “%s” %s", t.Code.FR, t.Code.EN, t.Code.Pattern)
	}
	return item{"support", t.ID, append(labelFieldsOf(t.Label),
		field{"url", t.URL}, field{"scheme", t.Scheme}, field{"code", code}, field{"read", truth(t.Read)})}
}
