package appqueue

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"github.com/goccy/go-yaml"
)

// The definitions as floor.yaml spells them (queue/store, floor.schema.json).

type floorDef struct {
	Queues []*queueDef `yaml:"queues"`
	Agents []*agentDef `yaml:"agents,omitempty"`
}

type queueDef struct {
	ID             string       `yaml:"id"`
	FR             string       `yaml:"fr"`
	EN             string       `yaml:"en"`
	Weight         int          `yaml:"weight,omitempty"`
	Strategy       string       `yaml:"strategy"`
	Ring           string       `yaml:"ring"`
	Tiers          []tierDef    `yaml:"tiers,omitempty,flow"`
	WrapUp         *wrapUpDef   `yaml:"wrap-up,omitempty,flow"`
	NoAnswer       *missDef     `yaml:"no-answer,omitempty,flow"`
	Reject         *missDef     `yaml:"reject,omitempty,flow"`
	JoinEmpty      []string     `yaml:"join-empty,omitempty,flow"`
	LeaveWhenEmpty []string     `yaml:"leave-when-empty,omitempty,flow"`
	MaxCalls       int          `yaml:"max-calls,omitempty"`
	Announce       *announceDef `yaml:"announce,omitempty"`
	ServiceLevel   *levelDef    `yaml:"service-level,omitempty,flow"`
	Music          string       `yaml:"music,omitempty"`
	Recording      string       `yaml:"recording,omitempty"`
}

type tierDef struct {
	After string `yaml:"after"`
	Least int    `yaml:"least,omitempty"`
	Most  int    `yaml:"most"`
}

type wrapUpDef struct {
	Mode string `yaml:"mode"`
	For  string `yaml:"for,omitempty"`
}

type missDef struct {
	Delay string `yaml:"delay"`
}

type announceDef struct {
	First         string   `yaml:"first,omitempty"`
	Every         string   `yaml:"every,omitempty"`
	Place         bool     `yaml:"place,omitempty"`
	PlaceMost     int      `yaml:"place-most,omitempty"`
	PlaceOnlyUp   bool     `yaml:"place-only-up,omitempty"`
	Wait          bool     `yaml:"wait,omitempty"`
	Periodic      []string `yaml:"periodic,omitempty,flow"`
	PeriodicEvery string   `yaml:"periodic-every,omitempty"`
}

type levelDef struct {
	Within string `yaml:"within"`
	Goal   int    `yaml:"goal"`
}

type agentDef struct {
	ID     string       `yaml:"id"`
	Name   string       `yaml:"name"`
	Queues []*memberDef `yaml:"queues"`
	WrapUp *wrapUpDef   `yaml:"wrap-up,omitempty,flow"`
	Weight int          `yaml:"weight,omitempty"`
	Phone  string       `yaml:"phone"`

	shared bool // its weight comes from a queue already
}

type memberDef struct {
	Queue string `yaml:"queue"`
	Tier  int    `yaml:"tier,omitempty"`
	Order int    `yaml:"order,omitempty"`
}

// Files are the definitions as files of a folder, by name: floor.yaml and an
// empty directory.yaml. queue/store.Load takes them.
func (i *Import) Files() (map[string]string, error) {
	text, err := yaml.MarshalWithOptions(floorDef{i.queues, i.agents}, yaml.IndentSequence(true))
	if err != nil {
		return nil, fmt.Errorf("write floor.yaml: %w", err)
	}
	head := "# Imported from " + printable(i.from) + ". What does not carry over stands in\n" +
		"# " + ReportFile + " beside this file; read it before you apply this.\n\n"
	return map[string]string{
		"floor.yaml":     head + string(text),
		"directory.yaml": "# Who calls: nothing in Asterisk's queue files says it.\n\ncontacts: []\n",
	}, nil
}

// ReportFile is what the report is called beside the definitions.
const ReportFile = "import-report.txt"

// Queues and Agents are how many there are.
func (i *Import) Queues() int { return len(i.queues) }

// Agents is how many agents there are.
func (i *Import) Agents() int { return len(i.agents) }

// seconds spells so many seconds.
func seconds(n int) string {
	d := time.Duration(n) * time.Second
	switch {
	case n > 0 && d%time.Hour == 0:
		return fmt.Sprintf("%dh", n/3600)
	case n > 0 && d%time.Minute == 0:
		return fmt.Sprintf("%dm", n/60)
	}
	return fmt.Sprintf("%ds", n)
}

// ids are the IDs given, each of queues and agents by its own kind.
type ids map[string]bool

// longestID is queue/store's.
const longestID = 32

// folded are the letters people's names have and IDs do not.
var folded = strings.NewReplacer(
	"à", "a", "â", "a", "ä", "a", "á", "a", "ç", "c", "é", "e", "è", "e", "ê", "e", "ë", "e", "î", "i", "ï", "i", "í", "i",
	"ô", "o", "ö", "o", "ó", "o", "ù", "u", "û", "u", "ü", "u", "ú", "u", "ñ", "n", "œ", "oe", "æ", "ae", "ß", "ss",
)

// give makes an ID of a name: small letters, digits and dashes, not given yet.
// What does not begin with a letter gets the kind before it.
func (k ids) give(kind, name string) string {
	var b strings.Builder
	for _, r := range folded.Replace(strings.ToLower(name)) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "-"):
			b.WriteByte('-')
		}
	}
	id := strings.Trim(b.String(), "-")
	if id == "" || id[0] < 'a' {
		id = strings.Trim(kind+"-"+id, "-")
	}
	id = strings.Trim(id[:min(len(id), longestID)], "-")
	unique := id
	for n := 2; k[kind+"/"+unique]; n++ {
		tail := fmt.Sprintf("-%d", n)
		unique = id[:min(len(id), longestID-len(tail))] + tail
	}
	k[kind+"/"+unique] = true
	return unique
}

// longestLabel is queue/store's.
const longestLabel = 60

// label makes a name people see of a text.
func label(s, otherwise string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || r == 0xfffd {
			return -1
		}
		return r
	}, s))
	if r := []rune(s); len(r) > longestLabel {
		s = strings.TrimSpace(string(r[:longestLabel]))
	}
	if s == "" {
		return otherwise
	}
	return s
}
