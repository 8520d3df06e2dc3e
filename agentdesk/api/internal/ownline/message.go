package ownline

import (
	"regexp"
	"strconv"
	"strings"
)

// message is one SIP message as far as it matters whose it is.
type message struct {
	method string              // empty: it is an answer
	status int                 // of an answer
	fields map[string][]string // by their long names, in small letters
}

// one is a field that is there once.
func (m *message) one(field string) string { return m.fields[field][0] }

// answers says that it is an answer to a request of that method.
func (m *message) answers(method string) bool {
	return m.method == "" && strings.HasSuffix(m.one("cseq"), " "+method)
}

var (
	requestLine = regexp.MustCompile(`^([A-Z]{1,20}) \S+ SIP/2\.0$`)
	answerLine  = regexp.MustCompile(`^SIP/2\.0 ([1-6][0-9]{2}) `)
	fieldName   = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$`)
)

// read reads a frame that is one message and nothing else: no field over two lines, no
// line end but CRLF, and a body as long as it says.
func read(frame string) (*message, error) {
	head, body, whole := strings.Cut(frame, "\r\n\r\n")
	lines := strings.Split(head, "\r\n")
	m := &message{fields: map[string][]string{}}
	if found := requestLine.FindStringSubmatch(lines[0]); found != nil {
		m.method = found[1]
	} else if found := answerLine.FindStringSubmatch(lines[0]); found != nil {
		m.status, _ = strconv.Atoi(found[1])
	} else {
		return nil, ErrUnreadable
	}
	for _, line := range lines {
		whole = whole && !strings.ContainsAny(line, "\r\n\x00")
	}
	for _, line := range lines[1:] {
		name, value, ok := strings.Cut(line, ":")
		whole = whole && ok && fieldName.MatchString(name)
		name = long(name)
		m.fields[name] = append(m.fields[name], strings.Trim(value, " \t"))
	}
	if !whole || !m.sound(body) {
		return nil, ErrUnreadable
	}
	return m, nil
}

// sound says that what every message has once is there once, and that its length is
// right.
func (m *message) sound(body string) bool {
	for _, name := range []string{"from", "to", "call-id", "cseq"} {
		if len(m.fields[name]) != 1 {
			return false
		}
	}
	switch lengths := m.fields["content-length"]; len(lengths) {
	case 0:
		return body == ""
	case 1:
		return lengths[0] == strconv.Itoa(len(body))
	}
	return false
}

// compact are the short names of fields that matter here (RFC 3261 §7.3.3).
var compact = map[string]string{"f": "from", "t": "to", "i": "call-id", "m": "contact", "l": "content-length", "v": "via"}

func long(name string) string {
	name = strings.ToLower(name)
	if full := compact[name]; full != "" {
		return full
	}
	return name
}
