package store

import (
	"fmt"
	"net/mail"
	"regexp"

	"linekeeper/cdr/numbers"
)

// e164Pattern is ITU-T E.164: a plus, then at most 15 digits.
var e164Pattern = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// readDirectory reads directory.yaml into defs.
func (f *file) readDirectory(defs *Definitions) {
	if f.body == nil {
		return
	}
	root, ok := f.mapping(f.body, "the directory", directoryFields...)
	if !ok {
		return
	}
	ids, numbers := known{}, known{}
	for _, n := range f.list(root.given("contacts"), "contacts") {
		if s, ok := f.mapping(n, "contact", contactFields...); ok {
			defs.Contacts = append(defs.Contacts, s.contact(ids, numbers))
		}
	}
}

// contact reads one person.
func (s fields) contact(ids, numbers known) Contact {
	var c Contact
	c.ID = s.id(ids)
	if c.ID != "" {
		s.what += " " + c.ID
	}
	c.Name = s.label("name", "add name: the agent sees who calls")
	if s.given("site") != nil {
		c.Site = s.label("site", "name the place, or leave site out")
	}
	c.Email = s.email()
	c.Language = s.language("language")
	c.VIP = s.flag("vip")
	c.Numbers = s.callsFrom(numbers)
	return c
}

func (s fields) email() string {
	v, ok := s.optional("email")
	if !ok {
		return ""
	}
	if a, err := mail.ParseAddress(v.text); err != nil || a.Address != v.text {
		s.complain(v.at, fmt.Sprintf("%q is not an e-mail address", clean(v.text)), "write name@host, or leave email out")
	}
	return v.text
}

// callsFrom reads the numbers a contact calls from. No two contacts share one:
// a caller is one person or nobody.
func (s fields) callsFrom(numbers known) []string {
	var all []string
	written := s.texts("numbers")
	for _, v := range written {
		if !isE164(v.text) {
			s.complain(v.at, fmt.Sprintf("%q is not a telephone number in E.164", clean(v.text)), `write it with its country and all its digits, in quotes: "+33199001001"`)
			continue
		}
		numbers.add(s.file, "number", v)
		all = append(all, v.text)
	}
	if len(written) == 0 && isList(s.given("numbers")) {
		s.complain(s.at, s.what+" has no number to be known by", `list one or more under numbers, such as "+33199001001"`)
	}
	return all
}

// isE164 says whether a number could exist, by its country's lengths, and is written as
// a caller's is read.
func isE164(s string) bool {
	e164, ok := numbers.E164(s, "")
	return ok && e164 == s && e164Pattern.MatchString(s)
}
