package script

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"linekeeper/ivr"
)

// given are the variables Linekeeper fills before or during a flow.
var given = []string{
	"caller.number", "caller.name", "dialled", ivr.VarLanguage, ivr.VarQueueLeft,
	"contact.id", "contact.name", "contact.email", "contact.site", "contact.language", "contact.vip",
}

// named judges a name of something that exists outside the flow.
func (f *file) named(what, name string, node ast.Node, list []string) {
	switch {
	case !isName(name):
		f.problem(node, fmt.Sprintf("%q is no name for a %s", name, what), "use small letters, digits and dashes, beginning with a letter")
	case !allowed(name, list):
		f.problem(node, fmt.Sprintf("unknown %s %q", what, name), suggest(name, list))
	}
}

// language reads a language that must be written out.
func (f *file) language(in *fields, key string) string {
	name, node := in.text(key)
	if node != nil {
		f.spoken(name, node)
	}
	return name
}

// spoken judges a language.
func (f *file) spoken(name string, node ast.Node) {
	switch {
	case !ivr.IsLanguage(name):
		f.problem(node, fmt.Sprintf("%q is no language", name), "write it as fr, en or fr_CA")
	case !allowed(name, f.ctx.Languages):
		f.problem(node, fmt.Sprintf("there are no prompts in language %q", name), suggest(name, f.ctx.Languages))
	}
}

// needs reads skills with the least level that will do.
func (f *file) needs(in *fields) []ivr.Need {
	sub := in.sub("needs")
	if sub == nil {
		return nil
	}
	var needs []ivr.Need
	for _, skill := range sub.names() {
		f.named("skill", skill, sub.keys[skill], f.ctx.Skills)
		needs = append(needs, ivr.Need{Skill: skill, Level: sub.number(skill, 1, 10, 1)})
	}
	return needs
}

// textMap reads texts by name, which may mention variables.
func (f *file) textMap(in *fields) map[string]string {
	if in == nil {
		return nil
	}
	out := map[string]string{}
	for _, name := range in.names() {
		if !ivr.IsVariable(name) {
			f.problem(in.keys[name], fmt.Sprintf("%q is no name", name), "use small letters, digits, - and _, in parts joined by dots")
			continue
		}
		text, node := in.text(name)
		if node != nil {
			f.reads(text, node)
		}
		out[name] = text
	}
	return out
}

// reads notes the variables a text mentions.
func (f *file) reads(text string, node ast.Node) {
	names, err := ivr.References(text)
	if err != nil {
		f.problem(node, err.Error(), `write ${name} for a variable, "$${" for the characters themselves`)
		return
	}
	for _, name := range names {
		f.mentions = append(f.mentions, mention{variable: name, node: node})
	}
}

// writes notes a variable the flow fills.
func (f *file) writes(name string, node ast.Node, secret bool) {
	first, _, _ := strings.Cut(name, ".")
	switch {
	case !ivr.IsVariable(name):
		f.problem(node, fmt.Sprintf("%q is not a variable's name", name), "use small letters, digits, - and _, in parts joined by dots")
		return
	case slices.Contains(given, name) || first == "caller" || first == "contact" || first == "queue":
		f.problem(node, fmt.Sprintf("variable %q is filled by Linekeeper", name), "choose another name")
		return
	}
	if f.variables == nil {
		f.variables = map[string]bool{}
	}
	f.variables[name] = f.variables[name] || secret
}

// checkMentions refuses variables nobody fills, and secret ones: what a set step
// reads ends up where people and records see it.
func (f *file) checkMentions() {
	all := slices.Concat(given, slices.Collect(maps.Keys(f.variables)))
	for _, m := range f.mentions {
		secret, written := f.variables[m.variable]
		switch {
		case secret:
			f.problem(m.node, fmt.Sprintf("variable %q was keyed in secretly", m.variable), "leave it out of this text")
		case !written && !slices.Contains(given, m.variable):
			f.problem(m.node, fmt.Sprintf("unknown variable %q", m.variable), suggest(m.variable, all))
		}
	}
}
