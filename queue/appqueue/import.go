package appqueue

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
)

// The files read.
const (
	queuesFile = "queues.conf"
	rulesFile  = "queuerules.conf"
	agentsFile = "agents.conf"
	realtime   = "extconfig.conf"
)

// Import is what Asterisk's files come to.
type Import struct {
	// Notes are what does not carry over, or differs.
	Notes []Note

	from   string
	queues []*queueDef
	agents []*agentDef
}

// Read reads the queues, rules and agents of an Asterisk configuration folder.
// It fails as Asterisk would (SyntaxError), and when there is no queues.conf or
// no queue in it; all else is a note.
func Read(dir string) (*Import, error) {
	m := &mapper{Import: &Import{from: filepath.Join(dir, queuesFile)}, ids: ids{}, byInterface: map[string]*agentDef{}, seen: map[string]bool{}}
	queues, err := readConf(dir, queuesFile)
	if err != nil {
		return nil, err
	}
	m.Notes = append(m.Notes, queues.notes...)
	if err := m.readRules(dir); err != nil {
		return nil, err
	}
	if err := m.readPool(dir); err != nil {
		return nil, err
	}
	m.general(queues)
	for _, s := range queues.sections {
		if !s.template && !strings.EqualFold(s.name, "general") {
			m.queue(s)
		}
	}
	if len(m.queues) == 0 {
		return nil, &SyntaxError{place{m.from, 0}, "no queue is defined in it", "see whether the right folder is named; queues that live in a database only cannot be imported"}
	}
	m.poolLeft()
	if err := m.readRealtime(dir); err != nil {
		return nil, err
	}
	m.Notes = once(m.Notes)
	return m.Import, nil
}

// once leaves out what is said twice: a template's settings are met in every
// section that inherits them.
func once(notes []Note) []Note {
	said := map[Note]bool{}
	return slices.DeleteFunc(notes, func(n Note) bool {
		twice := said[n]
		said[n] = true
		return twice
	})
}

// optional reads a file that need not be there.
func (m *mapper) optional(dir, name string) (*conf, error) {
	c, err := readConf(dir, name)
	if errors.Is(err, fs.ErrNotExist) {
		return &conf{}, nil
	}
	if err != nil {
		return nil, err
	}
	m.Notes = append(m.Notes, c.notes...)
	return c, nil
}

// readRealtime notes what comes from a database.
func (m *mapper) readRealtime(dir string) error {
	c, err := m.optional(dir, realtime)
	if err != nil {
		return err
	}
	for _, s := range c.sections {
		for _, v := range s.vars {
			switch strings.ToLower(v.name) {
			case "queues", "queue_members", "queue_rules", "queues.conf", "queuerules.conf", "agents.conf":
				m.note(v, Dropped, "queues also come from a database, which is not read", fmt.Sprintf("export the table to %s, or write them in floor.yaml", queuesFile))
			}
		}
	}
	return nil
}

// general notes the settings of [general].
func (m *mapper) general(c *conf) {
	s := c.find("general", false)
	if s == nil {
		return
	}
	for _, v := range s.vars {
		yes := isTrue(v.value)
		switch strings.ToLower(v.name) {
		case "persistentmembers":
			m.note(v, Unneeded, "agents' states always outlive a restart", "")
		case "autofill":
			m.autofill(v)
		case "shared_lastcall":
			m.note(v, Unneeded, "a wrap-up always keeps an agent from all queues", "")
		case "monitor-type":
			m.note(v, Unneeded, oneFile, "")
		case "negative_penalty_invalid":
			m.note(v, Unneeded, "there are no negative tiers", "")
		case "log_membername_as_agent":
			m.note(v, Changed, "it is set where queue_log is switched on", `write "queue_log: {agent_names: `+map[bool]string{true: "name", false: "interface"}[yes]+`}" in the configuration of serve`)
		case "log-caller-id-name":
			m.note(v, Changed, "it is set where queue_log is switched on", fmt.Sprintf(`write "queue_log: {caller_names: %t}" in the configuration of serve`, yes))
		case "force_longest_waiting_caller":
			m.note(v, Changed, "an agent always takes from the weightiest queue the highest priority, then the longest wait", "give queues the same weight to have the longest wait decide")
		case "log_unpause_on_reason_change":
			m.note(v, Dropped, "queue_log has no UNPAUSE when only the reason of a pause changes", "")
		default:
			m.note(v, Dropped, "app_queue knows no such setting either", "correct it, or leave it")
		}
	}
}

func (m *mapper) autofill(v variable) {
	if isTrue(v.value) {
		m.note(v, Unneeded, "it is always on", "")
		return
	}
	m.note(v, Changed, "autofill is always on: calls are offered in parallel", "")
}

// isTrue is Asterisk's ast_true.
func isTrue(s string) bool {
	switch strings.ToLower(s) {
	case "yes", "true", "y", "t", "1", "on":
		return true
	}
	return false
}

// isFalse is Asterisk's ast_false.
func isFalse(s string) bool {
	switch strings.ToLower(s) {
	case "no", "false", "n", "f", "0", "off":
		return true
	}
	return false
}
