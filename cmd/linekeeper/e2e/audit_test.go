package e2e

import (
	"context"
	"net/url"
)

// auditLog is what the audit log has of a question: who did what and how it went.
func (s *stack) auditLog(ctx context.Context, of url.Values) ([]string, error) {
	var log struct {
		Entries []struct{ Account, Act, Outcome string }
	}
	err := s.getJSON(ctx, s.env["LAB_HTTP"]+"/api/v1/audit?"+of.Encode(), "Bearer "+s.env["LAB_TOKEN"], &log)
	var acts []string
	for _, e := range log.Entries {
		acts = append(acts, e.Account+" "+e.Act+" "+e.Outcome)
	}
	return acts, err
}
