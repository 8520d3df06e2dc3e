package main

import (
	"context"
	"fmt"

	"linekeeper/cdr/queuelog"
	"linekeeper/cmd/internal/boot"
	"linekeeper/queue"
)

// QueueLogConfig is Asterisk's queue_log, as Linekeeper writes it for readers
// such as QueueMetrics and Asternic.
type QueueLogConfig struct {
	// File is where it is written; empty writes none. It must be Linekeeper's
	// alone: not the one an Asterisk with app_queue writes. Its position lies
	// beside it. logrotate may move it away ("create" or "nocreate" with
	// "delaycompress", never "copytruncate"); no signal is needed.
	File string `yaml:"file"`
	// AgentNames is how lines name agents: "interface" (PJSIP/alice, the default)
	// or "name" (Alice Moreau), as log_membername_as_agent has it.
	AgentNames queuelog.AgentNames `yaml:"agent_names"`
	// CallerNames adds callers' names to ENTERQUEUE, as log-caller-id-name does.
	CallerNames bool `yaml:"caller_names"`
}

func (c QueueLogConfig) validate() error {
	switch c.AgentNames {
	case "", queuelog.InterfacesOfAgents, queuelog.NamesOfAgents:
		return nil
	}
	return fmt.Errorf("queue_log.agent_names %q is unknown: it is \"interface\" or \"name\"", c.AgentNames)
}

// startQueueLog writes queue_log beside the calls, if it is configured.
func (a *app) startQueueLog(context.Context) error {
	c := a.config.QueueLog
	if c.File == "" {
		return nil
	}
	follower, err := queuelog.NewFollower(a.facts, queuelog.Config{
		File: c.File, Style: queuelog.Style{Agents: c.AgentNames, CallerNames: c.CallerNames},
		Members: queueLogMembers(a.defs.Floor.Agents), Log: a.log,
	})
	if err != nil {
		return boot.Refuse(err)
	}
	follower.Start(context.Background())
	a.queueLog = follower
	a.stack.Push("queue_log", func(context.Context) error { return follower.Stop() })
	return nil
}

// queueLogMembers are the agents as queue_log tells them: app_queue's members.
func queueLogMembers(agents []queue.Agent) []queuelog.Member {
	members := make([]queuelog.Member, len(agents))
	for i, a := range agents {
		m := queuelog.Member{Agent: a.ID, Interface: "PJSIP/" + a.ID, Name: a.Name}
		for _, q := range a.Queues {
			m.Queues = append(m.Queues, queuelog.Membership{Queue: q, Tier: a.Member[q].Tier})
		}
		members[i] = m
	}
	return members
}
