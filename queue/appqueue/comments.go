package appqueue

import "strings"

// mostNested is how deep Asterisk lets comments nest.
const mostNested = 128

// comments takes them off lines: from ";" to the end, and from ";--" to "--;"
// over lines, nested. "\;" is a semicolon, ";---" an ordinary comment.
type comments struct {
	depth int
	since int // the line the outermost open one began on
}

// strip is what of a line is not comment.
func (c *comments) strip(line string, number int) string {
	var kept strings.Builder
	keep := func(s string) {
		if c.depth == 0 {
			kept.WriteString(s)
		}
	}
	start := 0 // of what is not looked at yet
	for i := 0; i < len(line); i++ {
		if line[i] != ';' {
			continue
		}
		rest := line[i:]
		switch {
		case i > start && line[i-1] == '\\':
			keep(line[start:i-1] + ";")
			start = i + 1
		case strings.HasPrefix(rest, ";--") && !strings.HasPrefix(rest, ";---") && c.depth < mostNested:
			keep(line[start:i])
			if c.depth++; c.depth == 1 {
				c.since = number
			}
			i += 2
			start = i + 1
		case c.depth > 0 && i >= start+2 && line[i-2:i] == "--":
			c.depth--
			start = i + 1
		case c.depth == 0:
			keep(line[start:i])
			return kept.String()
		default:
			start = i + 1
		}
	}
	keep(line[start:])
	return kept.String()
}
