package knowledge

import (
	"regexp"
	"strings"
)

// The marks PostgreSQL puts around a hit, and between two pieces of an article.
// They are of Unicode's private use, and no article has them: plain takes them out.
const (
	hitBegin = "\ue000"
	hitEnd   = "\ue001"
	gap      = " … "
)

var (
	link = regexp.MustCompile(`!?\[([^\]\n]*)\]\([^)\n]*\)`)
	// lead is what begins a line of Markdown: a heading, a list, a quotation.
	lead  = regexp.MustCompile(`(?m)^[ \t]*(#{1,6}|[-*+>]|[0-9]{1,3}[.)])[ \t]+`)
	marks = strings.NewReplacer("**", "", "__", "", "`", "", hitBegin, "", hitEnd, "")
	space = regexp.MustCompile(`\s+`)
)

// plain is Markdown as one line of text without its marks.
func plain(markdown string) string {
	text := lead.ReplaceAllString(link.ReplaceAllString(markdown, "$1"), "")
	return strings.TrimSpace(space.ReplaceAllString(marks.Replace(text), " "))
}
