package store

import (
	"fmt"
	"strconv"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// fields are the named fields of one mapping, with where it begins.
type fields struct {
	file  *file
	what  string // what it defines, for the reader of a Problem
	at    *token.Token
	nodes map[string]ast.Node
}

func (s fields) complain(at *token.Token, reason, do string) { s.file.complain(at, reason, do) }

// given is the field's node, nil when it is absent or null.
func (s fields) given(name string) ast.Node {
	n := s.nodes[name]
	if n == nil || n.Type() == ast.NullType {
		return nil
	}
	return n
}

// optional reads a single value; ok is false when there is none.
func (s fields) optional(name string) (value, bool) {
	n := s.given(name)
	if n == nil {
		return value{at: s.at}, false
	}
	return s.file.scalar(n, name)
}

// text reads a value that must be there.
func (s fields) text(name, do string) (value, bool) {
	if s.given(name) == nil {
		s.complain(s.at, fmt.Sprintf("%s lacks %s", s.what, name), do)
		return value{at: s.at}, false
	}
	return s.file.scalar(s.nodes[name], name)
}

// longestLabel is the most characters a label may have; a button shows it.
const longestLabel = 60

// label reads a text people see.
func (s fields) label(name, do string) string {
	v, ok := s.text(name, do)
	if !ok {
		return ""
	}
	switch n := utf8.RuneCountInString(v.text); {
	case n == 0:
		s.complain(v.at, fmt.Sprintf("%s of %s is empty", name, s.what), do)
	case n > longestLabel:
		s.complain(v.at, fmt.Sprintf("%s of %s is %d characters long", name, s.what, n), fmt.Sprintf("keep it to %d characters", longestLabel))
	case !printable(v.text):
		s.complain(v.at, fmt.Sprintf("%s of %s holds characters that do not print", name, s.what), "write it on one line, in plain letters")
	}
	return v.text
}

func printable(s string) bool {
	for _, r := range s {
		if !unicode.IsPrint(r) {
			return false
		}
	}
	return utf8.ValidString(s)
}

// duration reads a time between least and most; def when it is not given.
func (s fields) duration(name string, def, least, most time.Duration) time.Duration {
	v, ok := s.optional(name)
	if !ok {
		return def
	}
	d, err := time.ParseDuration(v.text)
	if err != nil {
		s.complain(v.at, fmt.Sprintf("%s %q is not a duration", name, clean(v.text)), "write a number with its unit: 20s, 1m30s, 2m")
		return def
	}
	if d < least || d > most {
		s.complain(v.at, fmt.Sprintf("%s %s is out of bounds", name, clean(v.text)), fmt.Sprintf("choose between %s and %s", short(least), short(most)))
		return def
	}
	return d
}

// short prints a duration without its zero tail: 5m, not 5m0s.
func short(d time.Duration) string {
	switch {
	case d >= time.Hour && d%time.Hour == 0:
		return strconv.Itoa(int(d/time.Hour)) + "h"
	case d >= time.Minute && d%time.Minute == 0:
		return strconv.Itoa(int(d/time.Minute)) + "m"
	default:
		return d.String()
	}
}

// whole reads a whole number between least and most.
func (s fields) whole(name string, def, least, most int) int {
	v, ok := s.optional(name)
	if !ok {
		return def
	}
	n, err := strconv.Atoi(v.text)
	if err != nil || n < least || n > most {
		s.complain(v.at, fmt.Sprintf("%s %q is out of bounds", name, clean(v.text)), fmt.Sprintf("write a whole number from %d to %d", least, most))
		return def
	}
	return n
}

// decimal reads a number between 0 and most.
func (s fields) decimal(name string, def, most float64) float64 {
	v, ok := s.optional(name)
	if !ok {
		return def
	}
	n, err := strconv.ParseFloat(v.text, 64)
	if err != nil || !(n >= 0 && n <= most) { // NaN is neither
		s.complain(v.at, fmt.Sprintf("%s %q is out of bounds", name, clean(v.text)), fmt.Sprintf("write a number from 0 to %g", most))
		return def
	}
	return n
}

// flag reads true or false; false when it is not given.
func (s fields) flag(name string) bool {
	v, ok := s.optional(name)
	if ok && v.text != "true" && v.text != "false" {
		s.complain(v.at, fmt.Sprintf("%s %q is neither true nor false", name, clean(v.text)), "write true or false")
	}
	return v.text == "true"
}

// texts reads a list of single values.
func (s fields) texts(name string) []value {
	var all []value
	for _, n := range s.file.list(s.given(name), name) {
		if v, ok := s.file.scalar(n, "an entry of "+name); ok {
			all = append(all, v)
		}
	}
	return all
}
