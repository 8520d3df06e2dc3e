package appqueue

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// What Asterisk takes at most (main/config.c).
const (
	mostIncludes = 10   // files in files
	longestLine  = 8190 // bytes; longer ones are skipped
)

// What is taken here at most, so that a few lines that inherit from one another
// do not fill the machine.
const (
	fileLimit     = 8 << 20
	mostFiles     = 1000
	mostVariables = 200_000
)

// place is where something stands.
type place struct {
	File string
	Line int // from 1; 0 is the file as a whole
}

func (p place) String() string {
	if p.Line == 0 {
		return p.File
	}
	return fmt.Sprintf("%s:%d", p.File, p.Line)
}

// SyntaxError says why Asterisk, too, would refuse a file.
type SyntaxError struct {
	place
	Reason string
	Do     string
}

// Error implements error.
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s: %s\n  to do: %s", e.place, e.Reason, e.Do)
}

// variable is one "name = value".
type variable struct {
	place
	name, value string
}

// section is what stands under one "[name]".
type section struct {
	place
	name     string
	template bool // "[name](!)": there to be inherited from
	vars     []variable
}

// conf is a configuration file with all it includes.
type conf struct {
	dir      string // Asterisk's configuration folder
	sections []*section
	current  *section // the section made or added to last, where an include begins
	open     []string // the files being read, the outermost first
	notes    []Note
	files    int // read so far
	size     int // variables so far, inherited ones too
}

// readConf reads a file of the folder. An error that is fs.ErrNotExist says that
// there is none.
func readConf(dir, name string) (*conf, error) {
	c := &conf{dir: dir}
	path := filepath.Join(dir, name)
	data, err := readLimited(path)
	if err != nil {
		return nil, err
	}
	return c, c.parse(path, data)
}

// readLimited reads a regular file that may be a configuration.
func readLimited(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("read Asterisk's configuration: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, &SyntaxError{place{path, 0}, "this is not a regular file", "name the folder with Asterisk's *.conf files, usually /etc/asterisk"}
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("read Asterisk's configuration: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, fileLimit+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("read Asterisk's configuration: %w", err)
	case len(data) > fileLimit:
		return nil, &SyntaxError{place{path, 0}, fmt.Sprintf("larger than %d bytes: this is no configuration", fileLimit), "see whether the right file is named"}
	case bytes.IndexByte(data, 0) >= 0:
		return nil, &SyntaxError{place{path, 0}, "this is no text: this is no configuration", "see whether the right file is named"}
	}
	return data, nil
}

// parse reads the text of a file. Lines before the first section belong to the
// section the including file was in.
func (c *conf) parse(path string, data []byte) error {
	c.open = append(c.open, path)
	defer func() { c.open = c.open[:len(c.open)-1] }()
	if c.files++; c.files > mostFiles {
		return &SyntaxError{place{path, 0}, fmt.Sprintf("more than %d files are included", mostFiles), "include fewer"}
	}
	r := reader{conf: c, at: place{path, 0}, in: c.current}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	var comment comments
	for line := range strings.Lines(string(data)) {
		r.at.Line++
		if len(strings.TrimSuffix(line, "\n")) > longestLine {
			c.note(r.at, Dropped, "", "the line is longer than Asterisk reads, so it has none of it either", "shorten it, or leave it")
			continue
		}
		if err := r.line(strings.TrimSpace(comment.strip(line, r.at.Line))); err != nil {
			return err
		}
	}
	if comment.depth > 0 {
		c.note(place{path, comment.since}, Dropped, "", "a comment that begins here never ends; what follows was not read, by Asterisk neither", `end it with "--;"`)
	}
	return nil
}

// reader reads one file's lines into its conf.
type reader struct {
	*conf
	at place
	in *section // this file's own; an include does not change it
}

func (r *reader) fault(reason, do string) error { return &SyntaxError{r.at, reason, do} }

func (r *reader) line(text string) error {
	switch {
	case text == "":
		return nil
	case text[0] == '[':
		return r.header(text)
	case text[0] == '#':
		return r.directive(text[1:])
	default:
		return r.setting(text)
	}
}

// header reads "[name]" and "[name](!,template,+)".
func (r *reader) header(text string) error {
	name, rest, closed := strings.Cut(text[1:], "]")
	if !closed {
		return r.fault("a section's name is not closed", `write it as [name]`)
	}
	s := &section{place: r.at, name: name}
	if !strings.HasPrefix(rest, "(") {
		r.begin(s)
		return nil
	}
	options, _, closed := strings.Cut(rest[1:], ")")
	if !closed {
		return r.fault("what follows a section's name is not closed", "write it as [name](template)")
	}
	adds := false
	for option := range strings.SplitSeq(options, ",") {
		switch {
		case option == "!":
			s.template = true
		case strings.HasPrefix(option, "+"):
			base := r.find(name, false)
			if option != "+" {
				return r.fault(fmt.Sprintf("%q chooses a section by what is in it, which is not read here", option), "write [name](+), or the section's whole text")
			}
			if base == nil {
				return r.fault(fmt.Sprintf("there is no section %q to add to", name), "define it above, or remove (+)")
			}
			base.template = base.template || s.template
			base.vars = append(base.vars, s.vars...)
			s, adds = base, true
		default:
			base := r.find(option, true)
			if base == nil {
				return r.fault(fmt.Sprintf("section %q inherits from %q, which is not defined above", name, option), "define it above; names in the parentheses have no spaces between them")
			}
			s.vars = append(s.vars, base.vars...)
			if r.size += len(base.vars); r.size > mostVariables {
				return r.fault(fmt.Sprintf("the sections inherit more than %d settings", mostVariables), "let fewer inherit from one another")
			}
		}
	}
	if adds {
		r.in, r.current = s, s
		return nil
	}
	r.begin(s)
	return nil
}

func (r *reader) begin(s *section) {
	r.sections = append(r.sections, s)
	r.in, r.current = s, s
}

// find is the first section of a name; templates are found only by who inherits.
func (c *conf) find(name string, templates bool) *section {
	for _, s := range c.sections {
		if strings.EqualFold(s.name, name) && (templates || !s.template) {
			return s
		}
	}
	return nil
}

// setting reads "name = value", "name => value" and "name += value".
func (r *reader) setting(text string) error {
	if r.in == nil {
		return r.fault("a setting stands before the first section", "see whether this is an Asterisk configuration; settings stand under a [section]")
	}
	escaped := 0
	if text[0] == '\\' { // the first character stands for itself
		if text = text[1:]; text == "" || text[0] <= ' ' {
			return r.fault(`a line begins with "\" and nothing behind it`, "remove it")
		}
		escaped = 1
	}
	i := strings.IndexByte(text[escaped:], '=')
	if i < 0 {
		r.note(r.at, Dropped, text, `there is no "=" in the line, so Asterisk has none of it either`, "correct it, or leave it")
		return nil
	}
	i += escaped
	name, value := text[:i], text[i+1:]
	if i > escaped && name[i-1] == '+' {
		name = strings.TrimSpace(name[:i-1])
		if v := r.in.last(name); v != nil {
			v.value = strings.TrimSpace(v.value + strings.TrimRight(value, " \t"))
			return nil
		}
	}
	name, value = strings.TrimSpace(name), strings.TrimSpace(strings.TrimPrefix(value, ">"))
	if name == "" {
		r.note(r.at, Dropped, text, "the line names nothing, so Asterisk has none of it either", "correct it, or leave it")
		return nil
	}
	r.in.vars = append(r.in.vars, variable{r.at, name, value})
	return nil
}

// last is the variable a "+=" adds to.
func (s *section) last(name string) *variable {
	for i := range slices.Backward(s.vars) {
		if s.vars[i].name == name {
			return &s.vars[i]
		}
	}
	return nil
}

func (c *conf) note(at place, kind Kind, what, why, do string) {
	c.notes = append(c.notes, Note{place: at, Kind: kind, What: what, Why: why, Do: do})
}
