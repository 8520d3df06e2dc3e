package main

import (
	"linekeeper/agentdesk"
	"linekeeper/queue/store"
)

// articles are the knowledge articles of definitions, as the base takes them.
func articles(d *definitions) []agentdesk.Article {
	all := make([]agentdesk.Article, len(d.Articles))
	for i, a := range d.Articles {
		all[i] = agentdesk.Article{
			ID: a.ID, Language: a.Language, Title: a.Title, Keywords: a.Keywords, Categories: a.Categories, Queues: a.Queues, Body: a.Body,
		}
	}
	return all
}

// Script implements api.Scripts: what the agents of a queue say and check, by the
// definitions in force.
func (s *site) Script(queue string) *agentdesk.Script {
	d := s.now.Load()
	for i := range d.Scripts {
		if d.Scripts[i].ID == d.QueueScripts[queue] {
			return shownScript(&d.Scripts[i])
		}
	}
	return nil
}

func shownScript(s *store.Script) *agentdesk.Script {
	shown := &agentdesk.Script{ID: s.ID, FR: s.FR, EN: s.EN, Steps: make([]agentdesk.ScriptStep, len(s.Steps))}
	for i, step := range s.Steps {
		shown.Steps[i] = agentdesk.ScriptStep{ID: step.ID, FR: step.FR, EN: step.EN, Check: step.Check, Verifies: step.Verifies}
	}
	return shown
}
